import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldLedger } from '../../../shared/domain/ledger-state.ts';
import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { findSheet } from '../../../shared/domain/stocktake.ts';
import {
  againOf,
  book,
  changed,
  counted,
  created,
  createHistory,
  emptied,
  figures,
  minute,
  openedHistory,
  posted,
  review,
  submitted,
  voidOf,
} from './history.ts';
import { morning, steps } from './random-history.ts';

type History = ReturnType<typeof openedHistory>;

/** What the approver reads, and the book once all of it is posted. */
function outcome(history: History) {
  history.say(500, submitted());
  const [line] = figures(history.state());
  history.say(501, posted(review(history.state())), { by: 'mia' });
  return { counted: line?.counted, variance: line?.variance, book: book(history.state()) };
}

/** Where each line stands by a reading of the whole list: at the last statement that is neither taken back nor left out. */
function standing(entries: readonly LedgerEntry[]): Map<string, string> {
  const taken = new Set(entries.flatMap(({ fact }) => (fact.kind === 'count_voided' ? [fact.voids] : [])));
  const known = new Set<string>();
  const first = new Map<string, string>();
  const place = new Map(entries.map(({ id }, at) => [id, at]));
  const found = new Map<string, string>();
  for (const { id, fact } of entries) {
    if (fact.kind === 'stocktake_created') known.add(fact.stocktake);
    if (fact.kind !== 'counted' || !known.has(fact.stocktake)) continue;
    const stands = (fact.again !== undefined && first.get(fact.again)) || id;
    first.set(id, stands);
    if (taken.has(id)) continue;
    const key = [fact.stocktake, fact.pass, fact.item, fact.bin].join(' ').toUpperCase();
    if ((place.get(found.get(key) ?? '') ?? -1) < (place.get(stands) ?? 0)) found.set(key, stands);
  }
  return found;
}

describe('taking back is no new look at the shelf', () => {
  test('V600 a misread taken back after a sale leaves the count at the look before it: no variance, and the book follows the sale', () => {
    const history = openedHistory();
    history.say(10, counted('10'));
    const misread = history.say(11, counted('1'));
    history.say(12, changed('-2'));
    history.say(13, voidOf(misread));
    expect(outcome(history)).toEqual({ counted: '10', variance: '0', book: '8' });
  });

  test('V601 what was taken back and said again stands where it stood, in ledgers of an older app too', () => {
    for (const isOld of [false, true]) {
      const history = openedHistory();
      const look = history.say(10, counted('10'));
      history.say(12, changed('-2'));
      history.say(13, voidOf(look));
      const again = history.say(14, againOf(look, isOld));
      expect(outcome(history)).toEqual({ counted: '10', variance: '0', book: '8' });
      history.say(510, voidOf(again));
      expect(review(history.state())).toEqual([]);
      history.say(511, againOf(again, isOld));
      expect(figures(history.state())).toMatchObject([{ counted: '10', atCount: '10' }]);
    }
  });

  test('V602 a typed total is a new look, also one that lowers the count; taken back, the look before it counts', () => {
    const lowered = (isTakenBack: boolean) => {
      const history = openedHistory();
      history.say(10, counted('10'));
      history.say(12, changed('-2'));
      const typed = history.say(13, counted('-2', { entered: '8' }));
      if (isTakenBack) history.say(14, voidOf(typed));
      return outcome(history);
    };
    expect(lowered(false)).toEqual({ counted: '8', variance: '0', book: '8' });
    expect(lowered(true)).toEqual({ counted: '10', variance: '0', book: '8' });
  });

  test('V603 an earlier statement taken back leaves the line at its last one', () => {
    const history = openedHistory();
    const misread = history.say(10, counted('1'));
    history.say(12, changed('-2'));
    history.say(13, counted('8'));
    history.say(14, changed('-3'));
    history.say(15, voidOf(misread), { by: 'lea' });
    expect(outcome(history)).toEqual({ counted: '8', variance: '0', book: '5' });
  });

  test('V604 a bin found empty, taken back and said again by a slip, is as empty as it was then', () => {
    const history = openedHistory('5');
    history.say(2, changed('-5'));
    history.say(3, changed('4', { item: 'OIL', reason: 'opening' }));
    const empty = history.say(10, emptied());
    history.say(12, changed('3', { reason: 'receipt' }));
    history.say(12, changed('3', { item: 'OIL', reason: 'receipt' }));
    history.say(13, voidOf(empty));
    expect(figures(history.state())).toEqual([]);
    const again = history.say(14, againOf(empty));
    history.say(15, changed('2', { reason: 'receipt', happenedAt: minute(9) }));
    history.say(20, submitted());
    expect(figures(history.state())).toMatchObject([
      { item: 'OIL', counted: '0', atCount: '4', since: '3', resulting: '3' },
      { item: 'TEA', counted: '0', atCount: '2', since: '3', resulting: '3' },
    ]);
    expect(review(history.state()).map(({ flags }) => flags)).toEqual([['confirmed_empty'], ['confirmed_empty']]);
    history.say(30, voidOf(again));
    expect(figures(history.state())).toEqual([]);
  });

  test('V605 two people found a bin empty: the later one taken back, the earlier one stands for what was not expected too', () => {
    const history = openedHistory('5');
    history.say(2, changed('-5'));
    history.say(10, emptied(), { by: 'ana' });
    const later = history.say(20, emptied(), { by: 'ben', device: 'd2' });
    history.say(21, voidOf(later), { by: 'ben', device: 'd2' });
    history.say(22, submitted());
    history.say(30, changed('4', { reason: 'receipt', happenedAt: minute(15) }));
    expect(figures(history.state())).toEqual([]);
    history.say(31, changed('1', { reason: 'receipt', happenedAt: minute(9) }));
    expect(figures(history.state())).toMatchObject([{ counted: '0', atCount: '1', since: '4', resulting: '4' }]);
  });

  test('V606 what was counted in an empty bin and taken back leaves the bin as empty as it was', () => {
    const history = openedHistory('2');
    history.say(2, changed('-2'));
    history.say(10, emptied());
    const slip = history.say(12, counted('3'));
    history.say(13, voidOf(slip));
    history.say(14, submitted());
    expect(figures(history.state())).toEqual([]);
    history.say(20, changed('4', { reason: 'receipt', happenedAt: minute(5) }));
    expect(figures(history.state())).toMatchObject([{ counted: '0', atCount: '4', variance: '-4' }]);
  });

  test('V607 a movement told late comes before the looks that were made after it, whichever of them are left', () => {
    const history = openedHistory();
    history.say(10, counted('1'));
    const second = history.say(20, counted('1'));
    const third = history.say(30, counted('1'));
    history.say(40, changed('-1', { happenedAt: minute(25) }));
    history.say(41, changed('-1', { happenedAt: minute(15) }));
    history.say(42, submitted());
    const seen = () => figures(history.state())[0]?.atCount;
    expect(seen()).toBe('8');
    history.say(50, voidOf(third));
    expect(seen()).toBe('9');
    history.say(51, voidOf(second));
    expect(seen()).toBe('10');
    history.say(52, againOf(third));
    expect(seen()).toBe('8');
    history.say(53, againOf(second));
    history.say(54, changed('-1', { happenedAt: minute(5) }));
    expect(figures(history.state())[0]).toMatchObject({ counted: '3', atCount: '7' });
  });

  test('V608 stock that moved only around what was taken back marks nothing', () => {
    const history = openedHistory();
    history.say(10, counted('10'));
    const misread = history.say(11, counted('1'));
    history.say(12, changed('-2'));
    const last = history.say(13, counted('1'));
    history.say(14, submitted());
    expect(review(history.state())[0]?.flags).toContain('moved_while_counting');
    history.say(15, voidOf(last));
    history.say(16, voidOf(misread));
    expect(review(history.state())[0]?.flags).toEqual([]);
  });

  test('V609 goods sold and brought back between two looks are marked, though the sum is nothing', () => {
    const history = openedHistory();
    history.say(10, counted('4'));
    history.say(11, changed('-1'));
    history.say(12, changed('1', { reason: 'receipt' }));
    history.say(13, counted('6'));
    history.say(14, submitted());
    expect(review(history.state())[0]?.flags).toContain('moved_while_counting');
  });

  test('V610 a lead who counted too takes back what is another’s: it comes off the other’s count', () => {
    const history = openedHistory();
    history.say(10, counted('5'), { by: 'lea' });
    const hers = history.say(11, counted('2'), { by: 'ana' });
    history.say(12, voidOf(hers), { by: 'lea' });
    history.say(13, submitted());
    expect(review(history.state())[0]?.people).toEqual([{ person: 'lea', quantity: 500_000n }]);
  });

  test('V611 a posting stands at the count that it names, whatever is said or taken back behind its back', () => {
    const history = openedHistory();
    history.say(10, counted('10'));
    history.say(11, submitted());
    const lines = review(history.state());
    history.say(12, changed('-2'));
    history.say(13, counted('1'), { by: 'ben' });
    history.say(14, posted(lines), { by: 'mia' });
    expect(book(history.state())).toBe('8');
  });

  test('L600 every line stands at the last statement that stands, in any order of chains', () => {
    fc.assert(
      fc.property(steps, (script) => {
        const entries = morning(script);
        const expected = standing(entries);
        const state = foldLedger(entries.toReversed());
        for (const [key, anchor] of expected) {
          const [stocktake = '', pass, item, bin = ''] = key.split(' ');
          const found = [...state.stocktakes.values()].find(({ id }) => id.toUpperCase() === stocktake);
          const sheet = found && findSheet(found, Number(pass), bin);
          const line = [...(sheet?.lines.values() ?? [])].find((one) => one.item.toUpperCase() === item);
          const isZeroed = (sheet?.empties ?? []).some(({ standsAt }) => standsAt.id === line?.anchor.id);
          if (!isZeroed) expect(line?.anchor.id).toBe(anchor);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('L601 a statement that comes after what takes it back, by another laptop’s clock, was taken back', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, changed('10', { reason: 'opening' }));
    history.say(2, counted('4'));
    const ahead = history.say(60, counted('3'), { device: 'd2' });
    history.say(20, voidOf(ahead), { by: 'lea' });
    history.say(70, submitted());
    expect(figures(history.state())).toMatchObject([{ counted: '4', atCount: '10' }]);
  });

  test('L602 a thousand scans taken back one by one stand, each time, at the scan before', () => {
    const history = createHistory();
    history.say(0, created());
    const scans = Array.from({ length: 1000 }, (_, at) => history.say(1 + at / 60, counted('1')));
    const line = () =>
      [...(history.state().stocktakes.get('s1')?.sheets.values().next().value?.lines.values() ?? [])][0];
    expect(line()?.runs.length).toBe(1);
    for (let at = 999; at >= 990; at -= 1) {
      expect(line()).toMatchObject({ counted: BigInt(at + 1) * 100_000n, anchor: { id: scans[at]?.id } });
      const scan = scans[at];
      if (scan) history.say(60, voidOf(scan));
    }
  });
});
