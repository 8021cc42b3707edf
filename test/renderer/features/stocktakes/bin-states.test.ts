import { describe, expect, test } from 'vitest';
import {
  canSubmit,
  countStates,
  submitSummary,
  zoneMaps,
} from '../../../../renderer/features/stocktakes/bin-states.ts';
import { binsOfPass, binsToHandIn, isBeingCounted, isUnderWay, passesOf } from '../../../../shared/domain/pass.ts';
import { countTasks } from '../../../../renderer/features/count/tasks.ts';
import { createCatalogue } from '../../../../shared/domain/catalogue.ts';
import { entryId, type Fact, type LedgerEntry } from '../../../../shared/domain/ledger-entry.ts';
import { foldLedger } from '../../../../shared/domain/ledger-state.ts';

const zeros = '0'.repeat(64);
const BINS = ['A-01', 'A-02', 'A-03', 'B-01', 'B-02', 'B-03'];
const catalogue = createCatalogue(
  [],
  BINS.map((code, walk) => ({ code, label: code, site: 'Main St', zone: code.slice(0, 1), walk })),
);
const sheet = (bin: string, pass = 1) => ({ stocktake: 's', pass, bin });
const counted = (bin: string, pass = 1): Fact => ({
  kind: 'counted',
  ...sheet(bin, pass),
  item: 'OIL',
  quantity: '1',
  how: 'scan',
});

function stocktakeAfter(facts: readonly Fact[]) {
  const all: Fact[] = [{ kind: 'stocktake_created', stocktake: 's', name: 'All', blind: true, bins: BINS }, ...facts];
  const entries = all.map((fact, at): LedgerEntry => ({
    id: entryId('d', at + 1),
    device: 'd',
    seq: at + 1,
    at: '2026-11-20T10:00:00.000Z',
    by: 'ana',
    v: 1,
    prev: zeros,
    hash: zeros,
    fact,
  }));
  const stocktake = foldLedger(entries).stocktakes.get('s');
  if (!stocktake) throw new Error('no stocktake');
  return stocktake;
}

const WORK: readonly Fact[] = [
  counted('A-01'),
  { kind: 'bin_finished', ...sheet('A-01') },
  { kind: 'bin_confirmed_empty', ...sheet('A-02') },
  { kind: 'bin_skipped', ...sheet('A-03'), reason: 'blocked' },
  counted('B-01'),
];

describe('bins by state', () => {
  test('U74 every bin of a stocktake stands in exactly one state, in walking order by zone', () => {
    const maps = zoneMaps(stocktakeAfter(WORK), 1, catalogue);
    expect(maps.map(({ zone, cells }) => [zone, ...cells.map(({ state }) => state)])).toEqual([
      ['A', 'finished', 'confirmed_empty', 'skipped'],
      ['B', 'open', 'not_visited', 'not_visited'],
    ]);
    expect(Object.values(countStates(maps)).reduce((sum, count) => sum + count, 0)).toBe(BINS.length);
  });

  test('U72 what would be handed in is summed up with the reasons of what was skipped; the rest stays', () => {
    const summary = submitSummary(zoneMaps(stocktakeAfter(WORK), 1, catalogue));
    expect(summary).toEqual({
      finished: 1,
      empty: 1,
      skipped: new Map([['blocked', 1]]),
      open: 1,
      notVisited: 2,
      submitted: 0,
      unknownCodes: 0,
    });
    expect(canSubmit(summary)).toBe(true);
    expect(canSubmit(submitSummary(zoneMaps(stocktakeAfter([counted('B-01')]), 1, catalogue)))).toBe(false);
  });

  test('U73 a later pass has only the bins of lines that were sent to be counted again', () => {
    const stocktake = stocktakeAfter([
      ...WORK,
      { kind: 'batch_submitted', batch: 'b', stocktake: 's', pass: 1, bins: ['A-01'] },
      { kind: 'lines_decided', batch: 'b', decision: 'recount', lines: [{ item: 'OIL', bin: 'A-01' }] },
    ]);
    expect(passesOf(stocktake)).toEqual([1, 2]);
    expect(binsOfPass(stocktake, 1)).toEqual(BINS);
    expect(binsOfPass(stocktake, 2)).toEqual(['A-01']);
  });

  test('U770 a bin counted outside the scope belongs to the pass everywhere: map, sum, what is under way, what is handed in', () => {
    const finished = (bin: string): Fact[] => [counted(bin), { kind: 'bin_finished', ...sheet(bin) }];
    const stocktake = stocktakeAfter([...finished('A-01'), ...finished('Z-09'), counted('Y-01')]);
    const maps = zoneMaps(stocktake, 1, catalogue);
    expect(maps.flatMap(({ cells }) => cells.map(({ bin }) => bin))).toEqual([...BINS, 'Z-09', 'Y-01']);
    expect(submitSummary(maps)).toMatchObject({ finished: 2, open: 1, notVisited: 5 });
    expect(binsToHandIn(stocktake, 1)).toEqual(['A-01', 'Z-09']);
    expect(countTasks([stocktake])).toMatchObject([{ ready: 2, done: 2, bins: { length: 8 } }]);
    expect([isBeingCounted(stocktake, 'z-09'), isBeingCounted(stocktake, 'X-01')]).toEqual([true, false]);
    const handed: Fact = { kind: 'batch_submitted', batch: 'b', stocktake: 's', pass: 1, bins: [...BINS] };
    const all = stocktakeAfter([...BINS.flatMap(finished), ...finished('Z-09'), handed]);
    expect([isUnderWay(all), binsToHandIn(all, 1)]).toEqual([true, ['Z-09']]);
  });

  test('U771 unknown codes of a bin that stays open are not said to go along', () => {
    const scanned: Fact = { kind: 'unknown_scanned', ...sheet('B-01'), code: '999', quantity: '1' };
    expect(submitSummary(zoneMaps(stocktakeAfter([...WORK, scanned]), 1, catalogue)).unknownCodes).toBe(0);
    const inside: Fact = { ...scanned, bin: 'A-01' };
    const stocktake = stocktakeAfter([inside, ...WORK]);
    expect(submitSummary(zoneMaps(stocktake, 1, catalogue)).unknownCodes).toBe(1);
  });
});
