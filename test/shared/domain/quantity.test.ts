import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatQuantity,
  hasPrecision,
  ONE,
  parseQuantity,
  quantityOf,
  quantitySchema,
  UNIT,
  ZERO,
} from '../../../shared/domain/quantity.ts';

const steps = fc.bigInt({ min: -(10n ** 17n) + 1n, max: 10n ** 17n - 1n });

/** The slow, obvious reading: move the point by hand. */
function oracle(text: string): bigint {
  const negative = text.startsWith('-');
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const magnitude = BigInt(whole) * UNIT + BigInt(fraction.padEnd(5, '0'));
  return negative ? -magnitude : magnitude;
}

describe('quantity', () => {
  test('S30 a quantity is read exactly, to five decimals', () => {
    const decimal = fc
      .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 999_999_999_999n }), fc.stringMatching(/^\d{0,5}$/))
      .map(([minus, whole, fraction]) => `${minus ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`);
    fc.assert(
      fc.property(decimal, (text) => {
        expect(parseQuantity(text)).toEqual({ ok: true, value: oracle(text) });
        expect(quantityOf(text)).toBe(oracle(text));
      }),
    );
  });

  test('S31 a quantity written and read again is the same quantity, in one spelling only', () => {
    fc.assert(
      fc.property(steps, (quantity) => {
        const text = formatQuantity(quantity);
        expect(quantityOf(text)).toBe(quantity);
        expect(quantitySchema.safeParse(text).success).toBe(true);
        expect(quantitySchema.safeParse(text.includes('.') ? `${text}0` : `${text}.0`).success).toBe(false);
      }),
    );
    expect([ZERO, ONE, 250_000n, -300_000n, -1n, 10n ** 16n].map(formatQuantity)).toEqual([
      '0',
      '1',
      '2.5',
      '-3',
      '-0.00001',
      '100000000000',
    ]);
  });

  test('S32 one tenth and two tenths less three tenths is exactly nothing', () => {
    expect(quantityOf('0.1') + quantityOf('0.2') - quantityOf('0.3')).toBe(ZERO);
    expect(quantityOf('-27.57') - quantityOf('-27.56')).toBe(quantityOf('-0.01'));
  });

  test('S32 ten thousand amounts added and taken back leave what was there', () => {
    fc.assert(
      fc.property(steps, fc.array(steps, { minLength: 10_000, maxLength: 10_000 }), (start, amounts) => {
        let total = start;
        for (const amount of amounts) total += amount;
        for (const amount of amounts) total -= quantityOf(formatQuantity(amount));
        expect(total).toBe(start);
      }),
      { numRuns: 3 },
    );
  });

  test.each([
    ['', 'quantity_not_a_number'],
    ['-', 'quantity_not_a_number'],
    ['1,5', 'quantity_not_a_number'],
    ['1e3', 'quantity_not_a_number'],
    ['+1', 'quantity_not_a_number'],
    ['.5', 'quantity_not_a_number'],
    ['5.', 'quantity_not_a_number'],
    [' 1', 'quantity_not_a_number'],
    ['٣', 'quantity_not_a_number'],
    ['9'.repeat(5000), 'quantity_not_a_number'],
    ['0.000001', 'quantity_too_precise'],
    ['1000000000000', 'quantity_too_large'],
  ])('S33 "%.20s" is no quantity and says why', (text, code) => {
    const parsed = parseQuantity(text);
    expect(parsed.ok ? null : parsed.error.code).toBe(code);
    expect(() => quantityOf(text)).toThrow(code);
    expect(quantitySchema.safeParse(text).success).toBe(false);
  });

  test('S31 zeros that change nothing are read but are not canonical', () => {
    for (const [text, short] of [
      ['2.50', '2.5'],
      ['007', '7'],
      ['-0', '0'],
      ['1.000000', '1'],
    ] as const) {
      expect(formatQuantity(quantityOf(text))).toBe(short);
      expect(quantitySchema.safeParse(text).success).toBe(false);
    }
  });

  test('S34 the decimals that a quantity needs are known before it is sent', () => {
    expect(hasPrecision(quantityOf('2.5'), 0)).toBe(false);
    expect(hasPrecision(quantityOf('2.5'), 1)).toBe(true);
    expect(hasPrecision(quantityOf('-3'), 0)).toBe(true);
    expect(hasPrecision(quantityOf('0.00001'), 4)).toBe(false);
    expect(hasPrecision(quantityOf('0.00001'), 5)).toBe(true);
  });
});
