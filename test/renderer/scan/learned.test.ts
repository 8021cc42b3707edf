// @vitest-environment happy-dom
import { describe, expect, test } from 'vitest';
import type { Scanner } from '../../../shared/domain/scanner.ts';
import { between, deliveries, humanKeys, machineBurst, oneOf } from './keyboards.ts';
import { openGlass, PLACES } from './page-under-glass.ts';
import { seeded } from '../../seeded.ts';

/** What the test card tells of a scanner of the collection: its pace, and that its gaps lie up to 6 ms off. */
function learned(keyMs: number, ending: Scanner['ending']): Scanner {
  return {
    id: `${keyMs} ${ending}`,
    learnedAt: '2026-11-29T08:00:00.000Z',
    keyMs,
    spreadMs: 5,
    ending,
    prefix: '',
    suffix: '',
    symbology: false,
    separators: { kind: 'sent' },
    letters: 'kept',
    keyboard: { kind: 'fits' },
  };
}

describe('learned scanners', () => {
  test('S513 of 4,000 bursts of learned scanners none becomes a quantity or a press without a question', () => {
    const wrong: unknown[] = [];
    let scans = 0;
    let asked = 0;
    for (let seed = 1; seed <= 4000; seed += 1) {
      const chance = seeded(seed);
      const where = oneOf(chance, PLACES);
      const known = chance() < 0.5;
      const burst = machineBurst(chance, 5000);
      const { code, keyMs, end } = burst;
      const inField = /field/.test(where);
      const glass = openGlass(where, (text) => known && text === code, [
        learned(keyMs, end ?? 'none'),
        learned(5, 'Tab'),
      ]);
      const value = glass.value();
      const stall = { fromMs: 4990 + chance() * 400, lastsMs: chance() < 0.3 ? chance() * 3000 : 0 };
      glass.send(burst.keys, deliveries(burst.keys, stall), stall.fromMs + stall.lastsMs);
      glass.settle();
      const told = glass.scans.length === 1 && glass.scans[0] === code && glass.value() === value;
      const doubted = glass.doubts.length === 1 && glass.doubts[0] === code && !inField;
      const keptInField = glass.doubtsInFields.length === 1 && known;
      // One digit and its Enter, or two characters that no key ends: a person's as well.
      const gaps = code.length - (end === undefined ? 1 : 0);
      const couldBe = keyMs > 8 && (gaps < 2 || (inField && gaps < 4));
      if (told) scans += 1;
      if (doubted) asked += 1;
      if (!((told || doubted || keptInField) && glass.strip() === '' && glass.presses.length === 0) && !couldBe)
        wrong.push({ seed, where, known, code, keyMs, end, ...glass, strip: glass.strip(), value: glass.value() });
      glass.close();
    }
    expect(wrong.slice(0, 4)).toEqual([]);
    expect(scans).toBeGreaterThan(3400);
    expect(asked).toBeLessThan(200);
  });

  test.each(['12', '123', 'A2', '1234', '7Q'])(
    'S513 %s at 100 ms a key is no quantity and no press once that scanner is set up, known or not',
    (code) => {
      for (const known of [true, false]) {
        const glass = openGlass('button', (text) => known && text === code, [learned(100, 'Enter')]);
        const keys = code
          .split('')
          .concat('Enter')
          .map((key, at) => ({ key, timeMs: 2000 + at * 100 + (at % 2) * 4 }));
        glass.send(
          keys,
          keys.map(({ timeMs }) => timeMs),
        );
        glass.settle();
        expect([glass.scans.concat(glass.doubts), glass.strip(), glass.presses]).toEqual([[code], '', []]);
        glass.close();
      }
    },
  );

  test('S514 what a person types stays typing in 998 of 1,000 cases, and one in fifty is asked about at most', () => {
    const CASES = 4000;
    const scanners = [learned(100, 'Enter'), learned(60, 'Enter'), learned(110, 'none')];
    let taken = 0;
    let asked = 0;
    for (let seed = 1; seed <= CASES; seed += 1) {
      const chance = seeded(seed);
      const inField = chance() < 0.4;
      const glass = openGlass(inField ? 'field in a form' : 'nowhere', () => false, scanners);
      const text = inField
        ? oneOf(chance, ['half a dozen', 'oats 500', 'A-07-2', 'L2409', '4711'])
        : String(between(chance, 1, oneOf(chance, [9, 99, 99, 999, 9999])));
      const keys = humanKeys(chance, text.split('').concat('Enter'), glass.now());
      glass.send(
        keys,
        keys.map(({ timeMs }) => timeMs),
      );
      glass.settle();
      taken += glass.scans.length;
      asked += glass.doubts.length;
      glass.close();
    }
    expect(taken).toBeLessThanOrEqual((CASES * 2) / 1000);
    expect(asked).toBeLessThanOrEqual(CASES / 50);
  });

  test('S514 digits that end otherwise than that scanner ends its scans are what they are without it', () => {
    const typed = (scanners: readonly Scanner[]) => {
      const glass = openGlass('nowhere', () => false, scanners);
      const keys = [...'123'.split(''), 'Enter'].map((key, at) => ({ key, timeMs: glass.now() + at * 100 }));
      glass.send(
        keys,
        keys.map(({ timeMs }) => timeMs),
      );
      glass.settle();
      const told = [glass.scans, glass.doubts, glass.presses, glass.strip()];
      glass.close();
      return told;
    };
    expect(typed([learned(100, 'Tab')])).toEqual(typed([]));
    expect(typed([learned(100, 'Enter')])).not.toEqual(typed([]));
  });
});
