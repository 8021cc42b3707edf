import { describe, expect, test } from 'vitest';
import { createCatalogue } from '../../../../shared/domain/catalogue.ts';
import type { Item } from '../../../../shared/domain/item.ts';
import { NO_MAPPING, type Mapping } from '../../../../shared/sync/seen/mapping.ts';
import { binRows, countBins, findBins, theirSites } from '../../../../renderer/features/send/mapping/bin-rows.ts';
import { findTheirItems, findTheirPlaces } from '../../../../renderer/features/send/mapping/find-theirs.ts';
import { countItems, findItems, itemRows } from '../../../../renderer/features/send/mapping/item-rows.ts';
import type { MatchProposal } from '../../../../renderer/sync/sending.ts';
import { BINS, ITEMS } from '../paper-ledger.ts';

const NOTHING: MatchProposal = { items: [], unmatched: [], several: [], sites: [], bins: [], binsMissing: [] };
const proposal: MatchProposal = {
  ...NOTHING,
  items: [
    { item: 'CUP-BLUE', remoteItem: 'V1', precision: 0, by: 'barcode' },
    { item: 'oil', remoteItem: 'V2', precision: 0, by: 'sku' },
  ],
  several: [{ item: 'TWIN-A', remoteItems: ['V7', 'V8'] }],
};
const mapping: Mapping = {
  ...NO_MAPPING,
  items: new Map([['OIL', { item: 'OIL', remoteItem: 'V9', precision: 0 }]]),
};
const THEIRS = [
  { id: 'V1', name: 'Cup, blue', sku: 'C-1', precision: 0 },
  { id: 'V7', name: 'Twin one', precision: 0 },
  { id: 'V8', name: 'Twin two', precision: 0 },
  { id: 'V9', name: 'Kokosöl', barcode: '3017620422003', precision: 0 },
];

describe('matching items', () => {
  const rows = itemRows({ items: ITEMS, nameOf: createCatalogue(ITEMS, []).name, mapping, proposal });
  const theirs = new Map(THEIRS.map((item) => [item.id, item]));
  const found = (filter: 'all' | 'suggested' | 'unmatched', text = '') =>
    findItems(rows, { filter, text, theirs: (id) => theirs.get(id) }).map(({ sku }) => sku);

  test('U205 a match that was made stands, whatever the codes suggest; every item has one row and one state', () => {
    expect(rows.map(({ sku, state, remoteItem }) => [sku, state, remoteItem])).toEqual([
      ['CUP-BLUE', 'suggested', 'V1'],
      ['OIL', 'matched', 'V9'],
      ['DRILL', 'unmatched', undefined],
      ['RICE', 'unmatched', undefined],
      ['TWIN-A', 'several', undefined],
      ['TWIN-B', 'unmatched', undefined],
    ]);
    expect(countItems(rows)).toEqual({ all: 6, matched: 1, suggested: 1, several: 1, unmatched: 3 });
  });

  test('U206 a search looks in our words and in theirs', () => {
    expect(found('all', 'kokosöl')).toEqual(['OIL']);
    expect(found('all', '3017 oil')).toEqual(['OIL']);
    expect(found('suggested', 'c-1')).toEqual(['CUP-BLUE']);
    expect(found('unmatched')).toEqual(['DRILL', 'RICE', 'TWIN-B']);
    expect(found('unmatched', 'kokosöl')).toEqual([]);
  });

  test('U207 choosing theirs begins with those that carry our code, and typing narrows all of them', () => {
    const find = findTheirItems(THEIRS, new Set(['V8']));
    expect(find('').map(({ id }) => id)).toEqual(['V8', 'V1', 'V7', 'V9']);
    expect(find('TWIN').map(({ id }) => id)).toEqual(['V7', 'V8']);
    expect(find('v9').map(({ id }) => id)).toEqual(['V9']);
    const many = Array.from({ length: 10_000 }, (_, at) => ({ id: `I${at}`, name: `Thing ${at}`, precision: 0 }));
    expect(findTheirItems(many, new Set())('thing').length).toBeLessThan(100);
    expect(findTheirItems(many, new Set())('thing 9999').map(({ id }) => id)).toEqual(['I9999']);
  });

  test('U208 ten thousand rows are matched with ten thousand suggestions', () => {
    const items: Item[] = Array.from({ length: 10_000 }, (_, at) => ({
      sku: `S${at}`,
      name: `Thing ${at}`,
      barcodes: [],
      unit: 'pcs',
      precision: 0,
      tracking: 'none',
    }));
    const suggestions = items.map(({ sku }) => ({
      item: sku,
      remoteItem: `R${sku}`,
      precision: 0,
      by: 'sku' as const,
    }));
    const many = itemRows({ items, nameOf: (sku) => sku, mapping, proposal: { ...NOTHING, items: suggestions } });
    expect(countItems(many)).toMatchObject({ all: 10_000, suggested: 10_000 });
  });
});

describe('matching bins', () => {
  const rows = binRows({
    bins: BINS,
    mapping: { ...NO_MAPPING, bins: new Map([['A-01', 'P1']]) },
    proposal: { ...NOTHING, bins: [{ bin: 'a-02', remoteLocation: 'P2' }], binsMissing: ['B-01'] },
  });
  const places = [
    { id: 'P1', name: 'A-01', active: true, site: 'East' },
    { id: 'P2', name: 'A-02', active: true, site: 'West' },
    { id: 'P3', name: 'A-03', active: false, site: 'West' },
  ];

  test('U209 a bin is matched, suggested, not there, or nothing is known of it', () => {
    expect(rows.map(({ bin, state }) => [bin, state])).toEqual([
      ['A-01', 'matched'],
      ['A-02', 'suggested'],
      ['B-01', 'missing'],
      ['B-02', 'unmatched'],
    ]);
    expect(countBins(rows)).toEqual({ all: 4, matched: 1, suggested: 1, missing: 1, unmatched: 1 });
    expect(findBins(rows, { filter: 'all', text: 'annex', theirs: () => undefined }).map(({ bin }) => bin)).toEqual([
      'B-02',
    ]);
  });

  test('U210 a place that is closed is no choice; the one of the same name comes first', () => {
    expect(findTheirPlaces(places, 'a-02')('').map(({ id }) => id)).toEqual(['P2', 'P1']);
    expect(findTheirPlaces(places, 'x')('a-03')).toEqual([]);
    expect(theirSites(places)).toEqual(['West', 'East']);
  });
});
