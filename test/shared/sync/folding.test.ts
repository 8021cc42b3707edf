import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fingerprint } from '../../../shared/domain/fingerprint.ts';
import { emptyDesk, foldDesk } from '../../../shared/sync/desk/desk-state.ts';
import { foldSendMarks, NO_SEND_MARKS } from '../../../shared/sync/outbox/open-lines.ts';
import { EMPTY_OUTBOX, foldOutbox } from '../../../shared/sync/outbox/outbox.ts';
import { CONNECTION, createLaptop } from './laptop.ts';
import { paperRemote, type Fate } from './paper-remote.ts';

const OFFSET = 0x6c62272e07bb014262b821756295c58dn;
const PRIME = 0x0000000001000000000000000000013bn;

describe('folding', () => {
  test('O134 the running projections equal those that are computed again from all entries', async () => {
    const run = fc.record({
      lines: fc.integer({ min: 1, max: 9 }),
      fates: fc.array(fc.constantFrom<Fate>('answered', 'lost', 'done_and_lost', 'half_and_lost'), { maxLength: 6 }),
      poisoned: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(run, async ({ lines, fates, poisoned }) => {
        const paper = paperRemote({ readBack: 'figures', maxLinesPerRequest: 3 });
        paper.fates.push(...fates);
        if (poisoned) paper.poisoned.add('I1');
        const laptop = createLaptop({ [CONNECTION]: paper });
        await laptop.send(Array.from({ length: lines }, (_, one) => `I${one}`));
        await laptop.run();
        const { entries } = laptop;
        const outbox = entries.reduce(foldOutbox, EMPTY_OUTBOX);
        expect([...laptop.outbox().values()]).toEqual([...outbox.values()]);
        expect([...laptop.outbox().open(CONNECTION)]).toEqual([...outbox.open(CONNECTION)]);
        expect([...laptop.outbox().again(CONNECTION)]).toEqual([...outbox.again(CONNECTION)]);
        expect(laptop.marks()).toEqual(entries.reduce(foldSendMarks, NO_SEND_MARKS));
        const state = emptyDesk();
        for (const entry of entries) foldDesk(state, entry.fact, entry);
        expect(laptop.state()).toEqual(state);
      }),
      { numRuns: 50 },
    );
  });

  test('O135 a state that was folded further is not folded a second time', async () => {
    const laptop = createLaptop({ [CONNECTION]: paperRemote() });
    await laptop.send(['I0']);
    const [first, ...rest] = laptop.entries;
    const begun = first === undefined ? NO_SEND_MARKS : foldSendMarks(NO_SEND_MARKS, first);
    const entry = rest[0];
    expect(entry).toBeDefined();
    if (entry === undefined) return;
    foldSendMarks(begun, entry);
    expect(() => foldSendMarks(begun, entry)).toThrow('only once');
    expect(NO_SEND_MARKS.posted.size + EMPTY_OUTBOX.size).toBe(0);
  });

  test('O136 a name made of a text is FNV-1a of 128 bits, the same on every machine', () => {
    const slowly = (text: string) => {
      let hash = OFFSET;
      for (let at = 0; at < text.length; at += 1)
        hash = BigInt.asUintN(128, (hash ^ BigInt(text.charCodeAt(at))) * PRIME);
      return hash.toString(16).padStart(32, '0');
    };
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => fingerprint(text) === slowly(text)));
    expect(fingerprint('')).toBe('6c62272e07bb014262b821756295c58d');
  });
});
