import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packState, unpackState } from '../../../shared/domain/checkpoint.ts';
import { emptyLedgerState, fold, foldLedger, type LedgerState } from '../../../shared/domain/ledger-state.ts';
import { orderEntries } from '../../../shared/domain/ledger-order.ts';
import type { Witness } from '../../../shared/domain/statement.ts';
import { formatQuantity } from '../../../shared/domain/quantity.ts';
import { changed, counted, created, createHistory, sheetOf, voidOf } from './history.ts';
import { morning, steps } from './random-history.ts';

/** Who listens to a line's late movements has no order. */
function listened(state: LedgerState): LedgerState {
  for (const line of state.books.lines.values())
    line.watchers = line.watchers.toSorted((left, right) => (firstOf(left) < firstOf(right) ? -1 : 1));
  return state;
}

function firstOf({ runs, takenBack }: Witness): number {
  return Math.min(...[...runs, ...takenBack].map(({ first }) => first.order));
}

describe('checkpoints', () => {
  test('L30 a state packed anywhere, read back and folded on equals one that was never packed', () => {
    fc.assert(
      fc.property(steps, fc.nat(100), (script, cut) => {
        const entries = orderEntries(morning(script));
        const at = Math.floor((entries.length * cut) / 100);
        const read = unpackState(packState(foldLedger(entries.slice(0, at))));
        expect(read).toBeDefined();
        for (const entry of entries.slice(at)) if (read) fold(read, entry);
        expect(read && listened(read)).toEqual(listened(foldLedger(entries)));
      }),
      { numRuns: 500 },
    );
  });

  test('L31 a checkpoint of another format, torn, or short of a page is not used', () => {
    const history = createHistory();
    for (let item = 0; item < 2500; item += 1) history.say(item, changed('1', { item: `I${item}` }));
    const pages = packState(history.state());
    expect(pages.length).toBe(3);
    expect(unpackState(pages)).toEqual(history.state());
    expect(unpackState(pages.slice(0, 2))).toBeUndefined();
    expect(unpackState(pages.slice(1))).toBeUndefined();
    expect(unpackState([])).toBeUndefined();
    expect(unpackState(pages.map((page, at) => (at === 1 ? page.slice(0, 500) : page)))).toBeUndefined();
    expect(unpackState(pages.map((page) => page.replace(/"format":\d+/, '"format":0')))).toBeUndefined();
  });

  test('L32 nothing happened yet is a state like any other', () => {
    expect(unpackState(packState(emptyLedgerState()))).toEqual(emptyLedgerState());
  });

  test('L839 a line that people come back to again and again costs a few bytes a visit, and each can be taken back', () => {
    const history = createHistory();
    const visits = 300;
    history.say(0, created());
    history.say(1, counted('1', { bin: 'A-2' }));
    history.say(1, counted('1'));
    const size = (): number => packState(history.state()).join('').length;
    const before = size();
    const scans = Array.from({ length: visits }, (_, visit) => {
      for (const item of ['I1', 'I2', 'I3']) history.say(visit + 2, counted('1', { item, bin: 'A-2' }));
      return history.say(visit + 2, counted('1'));
    });
    expect((size() - before) / (4 * visits)).toBeLessThan(12);
    const read = unpackState(packState(history.state()));
    const line = (): string | undefined => {
      const [only] = (read && sheetOf(read)?.lines.values()) ?? [];
      return only && formatQuantity(only.counted);
    };
    expect(line()).toBe('301');
    const scan = scans[visits / 2];
    if (read && scan) fold(read, history.say(999, voidOf(scan)));
    expect(line()).toBe('300');
    expect(read && listened(read)).toEqual(listened(history.state()));
  });
});
