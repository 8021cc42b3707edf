import { describe, expect, test } from 'vitest';
import {
  binsOfPass,
  canSubmit,
  countStates,
  passesOf,
  submitSummary,
  zoneMaps,
} from '../../../../renderer/features/stocktakes/bin-states.ts';
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
});
