import { describe, expect, test } from 'vitest';
import type { LedgerState } from '../../../shared/domain/ledger-state.ts';
import { passCoverage } from '../../../shared/domain/pass.ts';
import { findSheet } from '../../../shared/domain/stocktake.ts';
import { changed, counted, created, createHistory, emptied, place, submitted, voidOf, type Spot } from './history.ts';

function sheet(state: LedgerState, spot: Spot = {}) {
  const { stocktake, pass, bin } = place(spot);
  const found = state.stocktakes.get(stocktake);
  return found && findSheet(found, pass, bin);
}

function totals(state: LedgerState) {
  return [...(sheet(state)?.lines.values() ?? [])].map(({ item, counted, observations }) => [
    item,
    counted,
    observations,
  ]);
}

describe('sheets', () => {
  test('L1 statements about one line add up; its anchor is the last of them', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, counted('2.5'));
    const last = history.say(2, counted('1'));
    const line = [...(sheet(history.state())?.lines.values() ?? [])][0];
    expect(line).toMatchObject({ counted: 350_000n, observations: 2, anchor: { id: last.id, at: last.at } });
  });

  test('L2 everything taken back is not counted, which is not zero', () => {
    const history = createHistory();
    history.say(0, created());
    const first = history.say(1, counted('2'));
    const second = history.say(2, counted('0'));
    history.say(3, voidOf(first));
    expect(totals(history.state())).toEqual([['TEA', 0n, 1]]);
    history.say(4, voidOf(second));
    expect(totals(history.state())).toEqual([]);
    expect(sheet(history.state())?.scans).toBe(0);
  });

  test('L3 a statement taken back twice is taken back once', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, counted('2'));
    const second = history.say(2, counted('3'));
    history.say(3, voidOf(second));
    history.say(4, voidOf(second), { by: 'lea', device: 'd2' });
    expect(totals(history.state())).toEqual([['TEA', 200_000n, 1]]);
  });

  test('L4 taking back "empty" leaves no zeros behind, even where something was counted since', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, changed('5', { reason: 'opening' }));
    history.say(1, changed('5', { item: 'OIL', reason: 'opening' }));
    const empty = history.say(2, emptied());
    expect(sheet(history.state())?.state).toBe('confirmed_empty');
    const found = history.say(3, counted('3'));
    expect(sheet(history.state())?.state).toBe('open');
    history.say(4, voidOf(empty));
    expect(totals(history.state())).toEqual([['TEA', 300_000n, 1]]);
    history.say(5, voidOf(found));
    expect(totals(history.state())).toEqual([]);
    expect(sheet(history.state())?.emptyAt).toBeUndefined();
  });

  test('L5 two people found a bin empty: one takes it back, the other still says so', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, changed('5', { reason: 'opening' }));
    const first = history.say(2, emptied(), { by: 'ana' });
    const second = history.say(3, emptied(), { by: 'ben', device: 'd2' });
    history.say(4, voidOf(first), { by: 'ana' });
    expect(sheet(history.state())).toMatchObject({ state: 'confirmed_empty', emptyAt: { id: second.id } });
    expect(totals(history.state())).toEqual([['TEA', 0n, 1]]);
    history.say(5, voidOf(second), { by: 'ben', device: 'd2' });
    expect(sheet(history.state())?.state).toBe('open');
    expect(totals(history.state())).toEqual([]);
  });

  test('L6 the four states of a bin: not visited, counted, confirmed empty, skipped with a reason', () => {
    const history = createHistory();
    history.say(0, created('s1', ['A-1', 'A-2', 'A-3', 'A-4', 'A-5']));
    history.say(1, { kind: 'bin_opened', ...place() });
    history.say(2, { kind: 'bin_finished', ...place() });
    history.say(3, emptied({ bin: 'a-2 ' }));
    history.say(4, { kind: 'bin_skipped', ...place({ bin: 'A-3' }), reason: 'blocked' });
    history.say(5, { kind: 'bin_opened', ...place({ bin: 'A-4' }) });
    const stocktake = history.state().stocktakes.get('s1');
    expect(stocktake && passCoverage(stocktake, 1)).toEqual({
      finished: 1,
      confirmed_empty: 1,
      skipped: 1,
      open: 1,
      not_visited: 1,
      submitted: 0,
    });
    expect(sheet(history.state(), { bin: 'A-3' })?.skipReason).toBe('blocked');
  });

  test('L7 what is found in a skipped bin opens it again', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, { kind: 'bin_skipped', ...place(), reason: 'blocked' });
    history.say(2, counted('1'));
    expect(sheet(history.state())?.state).toBe('open');
  });

  test('L8 a sheet that was handed in stays handed in, whatever is still told about it', () => {
    const history = createHistory();
    history.say(0, created());
    history.say(1, counted('1'));
    const empty = history.say(1, emptied());
    history.say(2, submitted());
    for (const fact of [counted('1'), emptied(), voidOf(empty)]) history.say(3, fact);
    history.say(4, { kind: 'bin_opened', ...place() });
    history.say(5, { kind: 'bin_skipped', ...place(), reason: 'unsafe' });
    expect(sheet(history.state())?.state).toBe('submitted');
  });

  test('L9 unknown codes are kept with their shelf, add up, and go when taken back', () => {
    const history = createHistory();
    history.say(0, created());
    const scan = { kind: 'unknown_scanned', ...place(), code: '0001', quantity: '1', after: 'TEA' } as const;
    const first = history.say(1, scan);
    const second = history.say(2, { ...scan, quantity: '2.5' });
    expect([...(sheet(history.state())?.unknowns.values() ?? [])]).toMatchObject([
      { code: '0001', quantity: 350_000n, times: 2, scans: [{ after: 'TEA', at: first.at }, { after: 'TEA' }] },
    ]);
    history.say(3, voidOf(first));
    history.say(4, voidOf(second));
    expect(sheet(history.state())?.unknowns.size).toBe(0);
  });

  test('L10 a serial seen stays with its line and goes with its void', () => {
    const history = createHistory();
    history.say(0, created());
    const first = history.say(1, counted('1', { serial: 'S1' }));
    history.say(2, counted('1', { serial: 'S2' }));
    history.say(3, voidOf(first));
    expect([...(sheet(history.state())?.lines.values() ?? [])][0]?.serials).toEqual(['S2']);
  });
});
