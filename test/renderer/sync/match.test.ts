import { describe, expect, test } from 'vitest';
import { matchItems, matchSites } from '../../../renderer/sync/match.ts';
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
