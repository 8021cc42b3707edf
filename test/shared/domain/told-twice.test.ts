import { describe, expect, test } from 'vitest';
import { bookLine, bookNow } from '../../../shared/domain/balance.ts';
import type { Fact, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { emptyLedgerState, foldLedger, type LedgerState } from '../../../shared/domain/ledger-state.ts';
import { quantityOf } from '../../../shared/domain/quantity.ts';
import { movementReference } from '../../../shared/sync/seen/movements.ts';
import { createHistory, minute } from './history.ts';
import { takeIn } from './worlds.ts';

const taken = (nth: number, quantity = '-2'): Fact => ({
  kind: 'stock_changed',
  item: 'A',
  bin: 'A-1',
  quantity,
  reason: 'sale',
  happenedAt: minute(5),
  reference: movementReference('shop', 'sold', nth),
});
const opening: Fact = { kind: 'stock_changed', item: 'A', bin: 'A-1', quantity: '20', reason: 'opening' };
const bookOf = (state: LedgerState) => bookNow(bookLine(state.books, { item: 'A', bin: 'A-1' }));

/** A laptop that hears of entries one after another, in the order given. */
function heardBy(entries: readonly LedgerEntry[]): LedgerState {
  const laptop = { device: 'd9', held: new Map<string, LedgerEntry>(), state: emptyLedgerState() };
  for (const entry of entries) takeIn(laptop, [entry]);
  return laptop.state;
}

describe('what two laptops took over', () => {
  test('M830 a movement of a remote that two laptops took over happened once, whoever is heard first', () => {
    const history = createHistory();
    history.say(1, opening, { device: 'd1' });
    history.say(10, taken(0), { device: 'd1' });
    history.say(11, taken(1), { device: 'd1' });
    history.say(12, taken(0), { device: 'd2' });
    history.say(13, taken(2), { device: 'd2' });
    const expected = quantityOf('14');
    expect(bookOf(foldLedger(history.entries))).toBe(expected);
    const byDevice = (device: string) => history.entries.filter((entry) => entry.device === device);
    expect(bookOf(heardBy([...byDevice('d2'), ...byDevice('d1')]))).toBe(expected);
    expect(bookOf(heardBy([...byDevice('d1'), ...byDevice('d2')]))).toBe(expected);
  });

  test('M831 a receipt that people typed twice under one number is two', () => {
    const history = createHistory();
    const receipt: Fact = { ...opening, reason: 'receipt', reference: 'moved-in 7' };
    history.say(1, receipt, { device: 'd1' });
    history.say(2, receipt, { device: 'd2' });
    expect(bookOf(foldLedger(history.entries))).toBe(quantityOf('40'));
  });
});
