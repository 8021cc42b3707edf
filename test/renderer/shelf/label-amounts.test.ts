import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readScan } from '../../../renderer/shelf/read-scan.ts';
import { createCatalogue } from '../../../shared/domain/catalogue.ts';
import type { Item } from '../../../shared/domain/item.ts';
import { formatQuantity, quantityOf } from '../../../shared/domain/quantity.ts';

const GS = '\u001D';
const SINGLE = '04006381333931';
const CASE14 = '00021600105360';

function made(unit: string, precision = 3): Item {
  return {
    sku: `IN ${unit}`,
    name: unit,
    unit,
    precision,
    tracking: 'none',
    barcodes: [{ code: SINGLE }, { code: CASE14, pack: 'case', factor: '12' }],
  };
}

/** What one scan of the label adds to an item counted in that unit, or why it cannot be told. */
function scanned(unit: string, label: string): string | undefined {
  const meaning = readScan(
    { text: label, usText: label },
    { catalogue: createCatalogue([made(unit)], []), bins: [], year: 2026 },
  );
  if (meaning.kind !== 'item') return meaning.kind;
  const { perScan, unusable } = meaning.proposed;
  return unusable === undefined ? formatQuantity(perScan) : unusable.code;
}

describe('what a label says about quantity', () => {
  test('S522 a count on a label multiplies the pack of its code', () => {
    expect(scanned('pcs', `]C102${CASE14}11190801374${GS}100001234638`)).toBe('48');
    expect(scanned('pcs', `]C102${CASE14}3740`)).toBe('480');
    expect(scanned('pcs', `(02)${CASE14}(11)190801(37)4(10)0001234638`)).toBe('48');
    expect(scanned('pcs', `]C101${CASE14}304`)).toBe('48');
    expect(scanned('pcs', `]C101${CASE14}3040`)).toBe('480');
    expect(scanned('pcs', `]C102${SINGLE}374`)).toBe('4');
    expect(scanned('pcs', `]C101${SINGLE}3017`)).toBe('17');
    expect(scanned('pcs', `]C101${CASE14}`)).toBe('12');
  });

  test('S522 what is inside, without how many, and a count that its label contradicts, are not guessed', () => {
    expect(scanned('pcs', `]C102${CASE14}`)).toBe('label_count_missing');
    expect(scanned('pcs', `]C102${CASE14}370`)).toBe('label_count_missing');
    expect(scanned('pcs', `]C101${SINGLE}300`)).toBe('label_count_missing');
    expect(scanned('pcs', `(01)${CASE14}(37)4`)).toBe('label_count_unclear');
    expect(scanned('kg', `(02)${SINGLE}(37)4(3103)001250`)).toBe('label_count_unclear');
  });

  test.each([
    ['g', '3103001250', '1250'],
    ['KGS', '3103001250', '1.25'],
    ['kg', '3100000012', '12'],
    ['kg', '3105001250', '0.0125'],
    ['t', '3101012500', '1.25'],
    ['lb', '3201000125', '12.5'],
    ['oz', '3202000150', '24'],
    ['g', '3200000001', '453.59237'],
    ['ozt', '3561000015', '1.5'],
    ['ml', '3153000750', '750'],
    ['cl', '3153000750', '75'],
    ['l', '3163000002', '2'],
    ['fl oz', '3600000001', '32'],
    ['qt', '3610000002', '8'],
    ['gal', '3640000231', '1'],
    ['ft³', '3660000001', '27'],
    ['mm', '3113002500', '2500'],
    ['cm', '3112000250', '250'],
    ['ft', '3230000002', '6'],
    ['mm', '3210000010', '254'],
    ['in', '3220000003', '36'],
    ['qm', '3142000125', '1.25'],
    ['ft²', '3520000001', '9'],
    ['in²', '3510000001', '144'],
  ])('S523 an item counted in %s takes the measure %s as %s', (unit, measure, expected) => {
    expect(scanned(unit, `]C101${SINGLE}${measure}`)).toBe(expected);
    expect(scanned(unit, `(01)${SINGLE}(${measure.slice(0, 4)})${measure.slice(4)}(10)L1`)).toBe(expected);
  });

  test.each([
    ['pcs', '3103001250', 'label_in_pieces'],
    ['doz', '3103001250', 'label_in_pieces'],
    ['carton', '3103001250', 'label_unit_differs'],
    ['Bundl', '3103001250', 'label_unit_differs'],
    ['l', '3103001250', 'label_unit_differs'],
    ['m', '3142000125', 'label_unit_differs'],
    ['kg', '3200000001', 'label_not_exact'],
    ['m²', '3500000001', 'label_not_exact'],
    ['kg', '3303001250', 'label_of_package'],
    ['lb', '3403001250', 'label_of_package'],
    ['m', '3122000125', 'label_of_package'],
    ['m', '3132000125', 'label_of_package'],
    ['l', '3353001250', 'label_of_package'],
    ['kg', '304', 'label_in_pieces_only'],
  ])('S524 an item counted in %s refuses the label %s: %s', (unit, measure, code) => {
    expect(scanned(unit, `]C101${SINGLE}${measure}`)).toBe(code);
  });

  test('S524 what describes the carton takes nothing away from what is counted', () => {
    expect(scanned('pcs', `]C101${SINGLE}3303001250`)).toBe('1');
    expect(scanned('pcs', `]C101${CASE14}3303001250`)).toBe('12');
    expect(scanned('kg', `]C101${SINGLE}33030013003103001250`)).toBe('1.25');
    expect(scanned('m', `]C101${SINGLE}31220001253113002500`)).toBe('2.5');
    expect(scanned('pcs', `]C101${SINGLE}3103001250304`)).toBe('4');
  });

  test('S523 of two measures the one in the item’s own unit is taken', () => {
    for (const both of ['31030004543202000100', '32020001003103000454']) {
      expect(scanned('kg', `]C101${SINGLE}${both}`)).toBe('0.454');
      expect(scanned('lb', `]C101${SINGLE}${both}`)).toBe('1');
    }
  });

  test('S523 a net weight is taken to the last gram, whatever its decimals', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999 }), fc.integer({ min: 0, max: 5 }), (digits, decimals) => {
        const label = `]C101${SINGLE}310${decimals}${String(digits).padStart(6, '0')}`;
        const exact = BigInt(digits) * 10n ** BigInt(5 - decimals);
        expect(scanned('kg', label)).toBe(formatQuantity(exact));
        expect(quantityOf(scanned('g', label) ?? '')).toBe(exact * 1000n);
      }),
    );
  });
});
