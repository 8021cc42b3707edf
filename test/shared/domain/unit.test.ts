import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quantityOf, UNIT } from '../../../shared/domain/quantity.ts';
import { convertQuantity, readUnit, type Unit } from '../../../shared/domain/unit.ts';
import { UNIT_ROWS } from '../../../shared/domain/unit-spellings.ts';

function unit(text: string): Unit {
  const found = readUnit(text);
  if (found === undefined) throw new Error(`no unit: ${text}`);
  return found;
}

function convert(amount: string, from: string, to: string): bigint | string {
  const converted = convertQuantity(quantityOf(amount), unit(from), unit(to));
  return converted.ok ? converted.value : converted.error.code;
}

const units = UNIT_ROWS.map(({ code }) => unit(code));

describe('units of measure', () => {
  test('S520 every spelling of a unit is that unit: code, symbol or word, in any case, with accents and points', () => {
    const same: Readonly<Record<string, readonly string[]>> = {
      KGM: ['kg', 'KG', 'KGS', 'Kgs.', 'kilo', 'Kilogramm', 'kilogrammes', 'chilo', 'kgm', 'KGM', ' kg '],
      GRM: ['g', 'gr', 'GR.', 'gram', 'Gramm', 'GRM'],
      LTR: ['l', 'L', 'LTR', 'Ltr.', 'Liter', 'litres', 'dm³', 'ℓ'],
      MLT: ['ml', 'mL', 'MLT', 'cm³', 'cc'],
      MTR: ['m', 'Meters', 'metre', 'lfm', 'lfd. m', 'MTR', 'mètres'],
      MTK: ['m²', 'm2', 'qm', 'sqm', 'sq. m', 'MTK'],
      MTQ: ['m³', 'm3', 'cbm', 'MTQ'],
      CMT: ['cm', 'CMT', 'Zentimeter'],
      MMT: ['mm', 'MMT'],
      LBR: ['lb', 'LBS', 'lbs.', 'pounds', 'LBR'],
      ONZ: ['oz', 'ounces', 'ONZ'],
      OZA: ['fl oz', 'fl. oz.', 'FLOZ', 'OZA'],
      FOT: ['ft', 'feet', 'FOT', "'"],
      INH: ['in', 'inch', 'INH', '"'],
      YRD: ['yd', 'yards', 'YRD'],
      C62: ['pcs', 'PCE', 'EA', 'each', 'H87', 'Stück', 'Stk.', 'Stueck', 'pz', 'pièce', 'unit', 'C62'],
      DZN: ['doz', 'dozen', 'DZN', 'Dtzd'],
      XCT: ['ctn', 'carton', 'Karton'],
    };
    for (const [code, spellings] of Object.entries(same))
      for (const spelling of spellings) expect([spelling, readUnit(spelling)?.code]).toEqual([spelling, code]);
  });

  test('S520 no spelling belongs to two units, and what could be two is nobody’s', () => {
    const owners = new Map<string, Set<string>>();
    for (const row of UNIT_ROWS)
      for (const spelling of [row.code, row.symbol, ...row.spellings.split(' ')].filter((text) => text !== '')) {
        expect([spelling, readUnit(spelling)?.code]).toEqual([spelling, row.code]);
        const known = owners.get(spelling) ?? new Set();
        owners.set(spelling, known.add(row.code));
      }
    expect([...owners].filter(([, codes]) => codes.size > 1)).toEqual([]);
    for (const doubtful of ['', ' ', 'ton', 'mt', 'ct', 'Pfund', 'xyz', '12'])
      expect(readUnit(doubtful)).toBeUndefined();
  });

  test('S521 an amount is converted exactly', () => {
    expect(convert('1.25', 'kg', 'g')).toBe(1250n * UNIT);
    expect(convert('1250', 'g', 'kg')).toBe(quantityOf('1.25'));
    expect(convert('0.75', 'l', 'ml')).toBe(750n * UNIT);
    expect(convert('75', 'cl', 'l')).toBe(quantityOf('0.75'));
    expect(convert('2.5', 'm', 'cm')).toBe(250n * UNIT);
    expect(convert('1', 'in', 'mm')).toBe(quantityOf('25.4'));
    expect(convert('3', 'ft', 'yd')).toBe(UNIT);
    expect(convert('1', 'lb', 'oz')).toBe(16n * UNIT);
    expect(convert('1', 'lb', 'g')).toBe(quantityOf('453.59237'));
    expect(convert('1', 'gal', 'qt')).toBe(4n * UNIT);
    expect(convert('1', 'gal', 'floz')).toBe(128n * UNIT);
    expect(convert('1', 'gal', 'in³')).toBe(231n * UNIT);
    expect(convert('1', 'yd²', 'ft²')).toBe(9n * UNIT);
    expect(convert('1', 'm³', 'l')).toBe(1000n * UNIT);
    expect(convert('3', 'doz', 'pcs')).toBe(36n * UNIT);
    expect(convert('480', 'ozt', 'oz')).toBe('not_exact');
  });

  test('S521 what has no exact result, or measures something else, is refused', () => {
    expect(convert('1', 'lb', 'kg')).toBe('not_exact');
    expect(convert('1', 'in²', 'm²')).toBe('not_exact');
    expect(convert('1', 'mm', 'km')).toBe('not_exact');
    expect(convert('1', 'kg', 'l')).toBe('unit_differs');
    expect(convert('1', 'oz', 'floz')).toBe('unit_differs');
    expect(convert('1', 'm', 'm²')).toBe('unit_differs');
    expect(convert('1', 'kg', 'pcs')).toBe('unit_differs');
    expect(convert('1', 'box', 'carton')).toBe('unit_differs');
    expect(convert('1', 'box', 'boxes')).toBe(UNIT);
  });

  test('S521 there and back is the same amount, and sums convert as their parts do', () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 15n });
    const one = fc.constantFrom(...units);
    fc.assert(
      fc.property(amount, amount, one, one, (left, right, from, to) => {
        const there = convertQuantity(left, from, to);
        const more = convertQuantity(right, from, to);
        const both = convertQuantity(left + right, from, to);
        if (there.ok) expect(convertQuantity(there.value, to, from)).toEqual({ ok: true, value: left });
        if (there.ok && more.ok) expect(both).toEqual({ ok: true, value: there.value + more.value });
        if (!there.ok && there.error.code === 'not_exact') expect(from.dimension).toBe(to.dimension);
      }),
    );
  });
});
