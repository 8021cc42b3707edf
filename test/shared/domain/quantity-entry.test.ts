import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { looksLikeBarcode, parseQuantityEntry } from '../../../shared/domain/quantity-entry.ts';
import { formatQuantity, UNIT } from '../../../shared/domain/quantity.ts';

function total(text: string): string {
  const parsed = parseQuantityEntry(text);
  return parsed.ok ? formatQuantity(parsed.value.quantity) : parsed.error.code;
}

describe('what a person types as a quantity', () => {
  test.each([
    ['24', '24'],
    ['0', '0'],
    [' 24 ', '24'],
    ['2,5', '2.5'],
    ['2.5', '2.5'],
    ['.5', '0.5'],
    ['3*12+7', '43'],
    ['3 x 12', '36'],
    ['3×12', '36'],
    ['3X12', '36'],
    ['7+3*12', '43'],
    ['50-2*3', '44'],
    ['50−2', '48'],
    ['0,1+0,2-0,3', '0'],
    ['0.005*0.2', '0.001'],
    ['2*0.00001', '0.00002'],
    ['999999999999', '999999999999'],
  ])('S35 "%s" is %s', (text, expected) => {
    expect(total(text)).toBe(expected);
  });

  test.each([
    ['', 'entry_empty'],
    ['   ', 'entry_empty'],
    ['3-4', 'entry_negative'],
    ['-4', 'entry_not_understood'],
    ['3*', 'entry_not_understood'],
    ['3**4', 'entry_not_understood'],
    ['3 4', 'entry_not_understood'],
    ['1.2.3', 'entry_not_understood'],
    ['(3)', 'entry_not_understood'],
    ['6/2', 'entry_not_understood'],
    ['1e5', 'entry_not_understood'],
    ['alert(1)', 'entry_not_understood'],
    ['0.001*0.001', 'quantity_too_precise'],
    ['999999*999999*9', 'quantity_too_large'],
    ['1+'.repeat(50), 'entry_too_long'],
  ])('S36 "%s" is refused: %s', (text, code) => {
    expect(total(text)).toBe(code);
  });

  test('S35 sums and products of whole numbers are exact', () => {
    const term = fc.array(fc.integer({ min: 0, max: 999 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(term, { minLength: 1, maxLength: 6 }), (terms) => {
        const expected = terms.reduce((sum, factors) => sum + factors.reduce((product, one) => product * one, 1), 0);
        const parsed = parseQuantityEntry(terms.map((factors) => factors.join('*')).join('+'));
        expect(parsed.ok && parsed.value.quantity).toBe(BigInt(expected) * UNIT);
      }),
    );
  });

  test('S36 no text makes it throw', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseQuantityEntry(text)).toHaveProperty('ok');
      }),
    );
  });

  test('S35 the typed form is kept in one spelling', () => {
    const parsed = parseQuantityEntry(' 3 x 12 + 7 ');
    expect(parsed.ok && parsed.value.entered).toBe('3*12+7');
  });

  test('S37 a barcode typed as a quantity is recognised', () => {
    expect(['3017620422003', '96385074', '12345678901'].every(looksLikeBarcode)).toBe(true);
    expect(['24', '10000', '12345678', '3*12'].some(looksLikeBarcode)).toBe(false);
  });
});
