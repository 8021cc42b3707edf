import { describe, expect, test } from 'vitest';
import { matchBins, matchItems, matchSites, proposeItems } from '../../../renderer/sync/match.ts';
import type { Item } from '../../../shared/domain/item.ts';

const ours = (sku: string, barcodes: Item['barcodes'] = []): Item => ({
  sku,
  name: sku,
  barcodes,
  unit: 'each',
  precision: 0,
  tracking: 'none',
});
const theirs = (id: string, more: { sku?: string; barcode?: string } = {}) => ({ id, name: id, precision: 2, ...more });
const at = (id: string, name: string, active = true) => ({ id, name, active });

describe('matching', () => {
  test('O80 an item is theirs with the same SKU in any letter case, else the one that carries one of its codes', () => {
    const { matches, unmatched } = matchItems(
      [
        ours('tea-1'),
        ours('OIL', [{ code: '4006381333931' }]),
        ours('SALT', [{ code: '5000112637922', factor: '12' }]),
      ],
      [
        theirs('V1', { sku: 'TEA-1 ' }),
        theirs('V2', { barcode: '04006381333931' }),
        theirs('V3', { barcode: '5000112637922' }),
      ],
    );
    expect(matches).toEqual([
      { item: 'tea-1', remoteItem: 'V1', precision: 2 },
      { item: 'OIL', remoteItem: 'V2', precision: 2 },
    ]);
    expect(unmatched).toEqual(['SALT']);
  });

  test('O81 a code that several of theirs carry, or none, matches nothing: it is left for a person', () => {
    const { unmatched } = matchItems(
      [ours('TEA', [{ code: '4006381333931' }]), ours('OIL')],
      [
        theirs('V1', { barcode: '4006381333931' }),
        theirs('V2', { barcode: '4006381333931' }),
        theirs('V3', { sku: '', barcode: '' }),
        theirs('V4', { sku: '' }),
      ],
    );
    expect(unmatched).toEqual(['TEA', 'OIL']);
  });

  test('O82 a SKU that is a code of theirs is found in every spelling of it', () => {
    const { matches } = matchItems([ours('4006381333931')], [theirs('V1', { sku: '04006381333931' })]);
    expect(matches).toMatchObject([{ remoteItem: 'V1' }]);
  });

  test('O83 sites match open locations by name, a lone pair each other; a name that two carry is nobody’s', () => {
    expect(matchSites(['Main', 'North'], [at('L1', 'main '), at('L2', 'North', false)])).toEqual([
      { site: 'Main', remoteLocation: 'L1' },
    ]);
    expect(matchSites(['Warehouse'], [at('L1', 'Shop'), at('L2', 'Old', false)])).toEqual([
      { site: 'Warehouse', remoteLocation: 'L1' },
    ]);
    expect(matchSites(['Main', 'North'], [at('L1', 'Main'), at('L2', 'Main')])).toEqual([]);
  });
});

describe('proposals', () => {
  test('O158 a pack’s code proposes an item only where both sides say that it holds as many pieces', () => {
    const cases = (factor: number) => ({ ...theirs('V1'), cases: [{ code: '5000112637922', factor }] });
    const item = ours('OIL', [{ code: '5000112637922', factor: '12' }]);
    expect(proposeItems([item], [cases(12)]).items).toMatchObject([{ remoteItem: 'V1', by: 'case' }]);
    expect(proposeItems([item], [cases(6)])).toMatchObject({ items: [], unmatched: ['OIL'] });
  });

  test('O159 codes that several of theirs carry are listed for a person, with all that carry them', () => {
    const found = proposeItems(
      [ours('TEA', [{ code: '4006381333931' }])],
      [theirs('V1', { sku: 'tea' }), theirs('V2', { sku: 'TEA' }), theirs('V3', { barcode: '4006381333931' })],
    );
    expect(found.items).toMatchObject([{ remoteItem: 'V3', by: 'barcode' }]);
    const left = proposeItems([ours('TEA')], [theirs('V1', { sku: 'tea' }), theirs('V2', { sku: 'TEA' })]);
    expect(left).toEqual({ items: [], unmatched: [], several: [{ item: 'TEA', remoteItems: ['V1', 'V2'] }] });
  });

  test('O160 bins match places one to one, by code, else by label, and by site where a name stands at several', () => {
    const place = (id: string, name: string, site = 'Main', active = true) => ({ id, name, active, site });
    const bin = (code: string, label = code, site = 'Main') => ({ code, label, site });
    const found = matchBins(
      [bin('a-1'), bin('A-2'), bin('X9', 'Shelf 9'), bin('A-1', 'A-1', 'Annex'), bin('A-3'), bin('A-4')],
      [
        place('P1', 'A-1'),
        place('P2', 'A-1', 'Annex'),
        place('P3', 'A-2', 'Main', false),
        place('P4', 'shelf 9'),
        place('P5', 'A-4', 'East'),
        place('P6', 'A-4', 'West'),
      ],
    );
    expect(found).toEqual({
      bins: [
        { bin: 'a-1', remoteLocation: 'P1' },
        { bin: 'X9', remoteLocation: 'P4' },
        { bin: 'A-1', remoteLocation: 'P2' },
      ],
      missing: ['A-2', 'A-3'],
    });
  });
});
