import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  decode,
  LAYOUT_NAMES,
  layoutNamed,
  learnLayout,
  produce,
  US_LAYOUT,
} from '../../../shared/domain/keyboard-layout.ts';
import { TEST_CARD } from '../../../shared/domain/scanner.ts';

const { layouts } = z
  .object({
    layouts: z.array(
      z.object({
        layout: z.string(),
        map: z.record(z.string(), z.string().nullable()),
        examples: z.array(z.object({ scanned: z.string(), produced: z.string() })),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('../../fixtures/gs1/keyboard-layouts.json', import.meta.url), 'utf8')));

const CARD = TEST_CARD.join('');

const named = (name: string) => layoutNamed(name) ?? expect.fail(`no layout ${name}`);

describe('keyboard layouts', () => {
  test('S20 all layouts of the collection are known', () => {
    expect(LAYOUT_NAMES.toSorted()).toEqual(layouts.map(({ layout }) => layout).toSorted());
  });

  test.each(layouts.map((layout) => [layout.layout, layout] as const))(
    'S20 codes typed under %s come back',
    (name, layout) => {
      for (const [character, produced] of Object.entries(layout.map))
        expect(produce(character, name)).toBe(produced ?? '');
      for (const { scanned, produced } of layout.examples) {
        expect(produce(scanned, name)).toBe(produced);
        expect(decode(produced, named(name))).toBe(scanned);
      }
      // A character that is a dead key, or (Greek S and W) shares its result with another, is lost for good.
      const results = Object.values(layout.map);
      const kept = Object.entries(layout.map)
        .filter(([, produced]) => produced !== null && results.filter((other) => other === produced).length === 1)
        .map(([character]) => character);
      fc.assert(
        fc.property(fc.string({ unit: fc.constantFrom(...kept) }), (text) => {
          expect(decode(produce(text, name), named(name))).toBe(text);
        }),
        { numRuns: 30 },
      );
    },
  );

  test.each(LAYOUT_NAMES)('S21 one scan of the test pattern is enough to learn %s', (name) => {
    const learnt = learnLayout(CARD, produce(CARD, name));
    // Layouts that differ only where the pattern has nothing are the same for every code.
    const found = learnt.ok ? learnt.value.name : 'none';
    expect(found).not.toBe('none');
    expect(produce(CARD, found)).toBe(produce(CARD, name));
  });

  test('S21 a reversed Caps Lock is learnt with the layout', () => {
    const learnt = learnLayout('Tally-Test', 'tALLY-tEST');
    expect(learnt).toMatchObject({ ok: true, value: { name: 'us', capsLock: true } });
    expect(learnt.ok && decode('a-01-x', learnt.value)).toBe('A-01-X');
  });

  test('S21 an unknown layout is learnt letter by letter, a contradiction is refused', () => {
    const learnt = learnLayout('0123-AB', 'zyxw~ab');
    expect(learnt).toMatchObject({ ok: true, value: { name: 'learnt' } });
    expect(learnt.ok && decode('bz~', learnt.value)).toBe('B0-');
    expect(learnLayout('0123', 'aabc')).toEqual({
      ok: false,
      error: { code: 'layout_not_recognised', received: 'aabc' },
    });
    expect(learnLayout('0123', '0')).toMatchObject({ ok: false });
  });

  test('S20 on a US keyboard nothing changes', () => {
    fc.assert(fc.property(fc.string(), (text) => decode(text, US_LAYOUT) === text));
    expect(layoutNamed('klingon')).toBeUndefined();
  });
});
