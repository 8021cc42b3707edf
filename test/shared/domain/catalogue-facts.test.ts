import { describe, expect, test } from 'vitest';
import { newBin } from '../../../shared/domain/bin-name.ts';
import { createCatalogue } from '../../../shared/domain/catalogue.ts';
import { factsOfBinRows, factsOfItemRows, type CatalogueFact } from '../../../shared/domain/catalogue-facts.ts';
import { packState, unpackState } from '../../../shared/domain/checkpoint.ts';
import type { Item } from '../../../shared/domain/item.ts';
import type { Bin } from '../../../shared/domain/location.ts';
import { foldLedger, saidOf } from '../../../shared/domain/ledger-state.ts';
import { createHistory } from './history.ts';

const TEA: Item = {
  sku: 'TEA',
  name: 'Tea',
  barcodes: [{ code: '4006381333931' }],
  unit: 'pcs',
  precision: 0,
  tracking: 'none',
};
const SHELF: Bin = { code: 'A-1', label: 'A-1', site: 'Main', zone: '', walk: 1 };
const after = (facts: readonly CatalogueFact[]) => createCatalogue([TEA], [SHELF], facts);
const codes = (facts: readonly CatalogueFact[]) =>
  after(facts)
    .item('tea')
    ?.barcodes.map(({ code }) => code);

describe('what is said of items and bins beside the files', () => {
  test('L580 the last word about a code, an item or a bin stands, whatever order the entries arrive in', () => {
    const history = createHistory();
    const say = (at: number, fact: CatalogueFact, device = 'd1') => history.say(at, fact, { device });
    say(1, { kind: 'barcode_taught', item: 'TEA', barcode: { code: '96385074' } });
    say(2, { kind: 'barcode_retired', item: 'tea', code: '04006381333931' }, 'd2');
    say(3, { kind: 'item_retired', item: 'TEA', retired: true });
    say(4, { kind: 'barcode_retired', item: 'TEA', code: '96385074' }, 'd2');
    say(5, { kind: 'item_retired', item: 'tea', retired: false }, 'd2');
    say(6, { kind: 'bin_retired', bin: 'a-1', retired: true });
    say(7, { kind: 'barcode_taught', item: 'TEA', barcode: { code: '96385074' } });
    const state = history.state();
    expect(codes(saidOf(state))).toEqual(['96385074']);
    expect(after(saidOf(state)).item('TEA')?.retired).toBeUndefined();
    expect(after(saidOf(state)).bin('A-1')?.retired).toBe(true);
    for (const mixed of [
      history.entries.toReversed(),
      history.entries.toSorted((left, right) => (left.hash < right.hash ? -1 : 1)),
    ])
      expect([...foldLedger(mixed).said]).toEqual([...state.said]);
    expect(unpackState(packState(state))?.said).toEqual(state.said);
  });

  test('L581 a code taken away is found no more; an item and a bin out of use still are', () => {
    expect(after([{ kind: 'barcode_retired', item: 'TEA', code: '4006381333931' }]).find(['g:04006381333931'])).toEqual(
      [],
    );
    const catalogue = after([
      { kind: 'item_retired', item: 'TEA', retired: true },
      { kind: 'bin_retired', bin: 'A-1', retired: true },
    ]);
    expect(catalogue.find(['g:04006381333931']).map(({ item }) => [item.sku, item.retired])).toEqual([['TEA', true]]);
    expect(catalogue.bin('a-1')).toEqual({ ...SHELF, retired: true });
  });

  test('L582 a bin made by hand is a bin until a file names it, and then it is as the file says', () => {
    const made: CatalogueFact = {
      kind: 'bin_made',
      bin: { code: 'B-9', label: 'B-9', site: 'Annex', zone: '', walk: 7 },
    };
    expect(after([made]).bin('b-9')).toMatchObject({ site: 'Annex', walk: 7 });
    const filed = createCatalogue(
      [],
      [SHELF, { code: 'B-9', label: 'Nine', site: 'Main', zone: 'B', walk: 2 }],
      [made],
    );
    expect(filed.binCount).toBe(2);
    expect(filed.bin('B-9')).toMatchObject({ label: 'Nine', site: 'Main' });
  });

  test('L583 rows of a newer file overrule what was said by hand before it, by saying so again', () => {
    const said: readonly CatalogueFact[] = [
      { kind: 'barcode_taught', item: 'TEA', barcode: { code: '96385074' } },
      { kind: 'barcode_retired', item: 'TEA', code: '4006381333931' },
      { kind: 'item_retired', item: 'TEA', retired: true },
      { kind: 'bin_retired', bin: 'A-1', retired: true },
      { kind: 'item_retired', item: 'GONE', retired: true },
    ];
    expect(factsOfItemRows([TEA], said)).toEqual([
      { kind: 'barcode_retired', item: 'TEA', code: '96385074' },
      { kind: 'barcode_taught', item: 'TEA', barcode: { code: '4006381333931' } },
      { kind: 'item_retired', item: 'TEA', retired: false },
    ]);
    expect(factsOfBinRows([SHELF], said)).toEqual([{ kind: 'bin_retired', bin: 'A-1', retired: false }]);
    expect(codes([...said, ...factsOfItemRows([TEA], said)])).toEqual(['4006381333931']);
    expect(factsOfItemRows([{ ...TEA, barcodes: [{ code: '96385074' }], retired: true }], said)).toEqual([]);
  });

  test('S583 a bin is made on purpose, with its building, and never twice', () => {
    const known: readonly Bin[] = [SHELF, { ...SHELF, code: 'A-2', walk: 7 }];
    const make = (name: string, site: string) => newBin({ name, site, zone: ' cold  room ' }, known);
    expect(make(' B-1 ', 'Main')).toEqual({
      ok: true,
      value: { code: 'B-1', label: 'B-1', site: 'Main', zone: 'cold room', walk: 8 },
    });
    expect(make('a-1', 'Annex')).toMatchObject({ value: { code: 'a-1 · Annex', label: 'a-1', site: 'Annex' } });
    expect(make('a-1', 'main')).toEqual({ ok: false, error: { code: 'is_there', bin: 'A-1' } });
    expect(make('B-1', ' ')).toEqual({ ok: false, error: { code: 'site_missing' } });
    expect(make('', 'Main')).toEqual({ ok: false, error: { code: 'name_missing' } });
    expect(make('TALLYBOOK:EMPTY', 'Main')).toEqual({ ok: false, error: { code: 'is_card' } });
    expect(make('B'.repeat(65), 'Main')).toEqual({ ok: false, error: { code: 'too_long' } });
  });
});
