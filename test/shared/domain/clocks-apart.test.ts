import { describe, expect, test } from 'vitest';
import { packState, unpackState } from '../../../shared/domain/checkpoint.ts';
import type { Fact } from '../../../shared/domain/ledger-entry.ts';
import type { LedgerState } from '../../../shared/domain/ledger-state.ts';
import { reviewBatch } from '../../../shared/domain/variance.ts';
import { changed, counted, created, createHistory, minute, place, submitted } from './history.ts';

type History = ReturnType<typeof createHistory>;

/** One laptop heard all of another one, whose clock was ahead by so many minutes at least; 0: nothing showed it. */
function hears(history: History, at: number, [device, other]: readonly [string, string], aheadMin: number): void {
  const head = history.entries.findLast((entry) => entry.device === other);
  if (head === undefined) throw new Error('nothing was said');
  const ahead = aheadMin === 0 ? {} : { ahead: [{ device: other, ms: aheadMin * 60_000 }] };
  const fact: Fact = {
    kind: 'heard',
    heads: [{ device: other, seq: head.seq, hash: head.hash }],
    at: head.at,
    ...ahead,
  };
  history.say(at, fact, { device, by: 'engine' });
}

/** Minutes that the line's flag says, or nothing. */
function said(state: LedgerState): number | undefined {
  const batch = state.batches.get('b1');
  const [line] = batch === undefined ? [] : reviewBatch(batch, state.stocktakes, state.books, state.clocks);
  if (line === undefined) throw new Error('nothing was counted');
  expect(line.flags.includes('clocks_differ')).toBe(line.clocksApartMs > 0);
  return line.clocksApartMs === 0 ? undefined : line.clocksApartMs / 60_000;
}

const OFFICE = { device: 'office' };
const COLD = { device: 'cold', by: 'ben' };
/** The cold store hears the stocktake, counts, and hands in; what else is said is in between. */
function morning(countAt: number, between: { before?: (history: History) => void; after: (history: History) => void }) {
  const history = createHistory();
  history.say(0, changed('10', { reason: 'opening' }), OFFICE);
  history.say(1, created(), OFFICE);
  hears(history, 2, ['cold', 'office'], 0);
  between.before?.(history);
  history.say(countAt, counted('8'), COLD);
  between.after(history);
  history.say(countAt + 30, { kind: 'bin_finished', ...place() }, COLD);
  history.say(countAt + 31, submitted('b1', { bins: ['A-1'] }), COLD);
  return history.state();
}
const sale = (history: History, at: number, device = OFFICE) => history.say(at, changed('-2'), device);

describe('clocks that differ', () => {
  const rows: readonly [string, number | undefined, () => LedgerState][] = [
    [
      'ahead by twelve, counted after it was sold there, and told before',
      12,
      () =>
        morning(72, {
          after(history) {
            sale(history, 65);
            hears(history, 68, ['office', 'cold'], 12);
          },
        }),
    ],
    [
      'ahead by twelve, and fifteen minutes lie between',
      undefined,
      () =>
        morning(80, {
          after(history) {
            sale(history, 65);
            hears(history, 68, ['office', 'cold'], 12);
          },
        }),
    ],
    [
      'ahead by two, which is as good as right',
      undefined,
      () =>
        morning(66, {
          after(history) {
            sale(history, 65);
            hears(history, 68, ['office', 'cold'], 2);
          },
        }),
    ],
    [
      'ahead by twelve, and what was sold before by its own clock is surely before',
      undefined,
      () =>
        morning(65, {
          after(history) {
            sale(history, 72);
            hears(history, 73, ['office', 'cold'], 12);
          },
        }),
    ],
    [
      'behind by twelve: the other is ahead',
      12,
      () =>
        morning(58, {
          after(history) {
            sale(history, 65);
            hears(history, 61, ['cold', 'office'], 12);
          },
        }),
    ],
    [
      'ahead by twelve, and the sale was heard before it was counted',
      undefined,
      () =>
        morning(72, {
          before(history) {
            sale(history, 65);
            hears(history, 71, ['cold', 'office'], 0);
          },
          after: (history) => hears(history, 68, ['office', 'cold'], 12),
        }),
    ],
    [
      'recorded late for a time near it, though all was heard',
      12,
      () =>
        morning(72, {
          before(history) {
            history.say(66, changed('-2', { happenedAt: minute(65) }), OFFICE);
            hears(history, 71, ['cold', 'office'], 0);
          },
          after: (history) => hears(history, 68, ['office', 'cold'], 12),
        }),
    ],
    ['on the laptop itself', undefined, () => morning(72, { after: (history) => sale(history, 73, COLD) })],
    [
      'an opening is before everything',
      undefined,
      () =>
        morning(72, {
          after(history) {
            history.say(65, changed('3', { reason: 'opening' }), OFFICE);
            hears(history, 68, ['office', 'cold'], 12);
          },
        }),
    ],
    [
      'right again by the time it was heard, though it was ahead before',
      undefined,
      () =>
        morning(72, {
          before: (history) => hears(history, 40, ['office', 'cold'], 12),
          after(history) {
            sale(history, 65);
            hears(history, 73, ['office', 'cold'], 0);
          },
        }),
    ],
  ];

  test.each(rows)('L840 a line says that clocks differ where only they order it: %s', (_what, minutes, state) => {
    expect(said(state())).toBe(minutes);
  });

  test('L841 what is known of clocks is the same from a checkpoint', () => {
    for (const [, minutes, made] of rows) {
      const kept = unpackState(packState(made()));
      if (kept === undefined) throw new Error('no checkpoint');
      expect(kept).toEqual(made());
      expect(said(kept)).toBe(minutes);
    }
  });
});
