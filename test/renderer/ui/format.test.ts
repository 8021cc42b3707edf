import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatQuantity, parseQuantity } from '../../../shared/domain/quantity.ts';
import { createFormats, formatMoney, formatQuantityText } from '../../../renderer/ui/format.ts';

test('U130 a quantity is shown digit for digit, in the language of the page', () => {
  expect(formatQuantityText('999999999999.12345', 'en')).toBe('999,999,999,999.12345');
  expect(formatQuantityText('1234.5', 'de')).toBe('1.234,5');
  expect(formatQuantityText('-0.00001', 'en')).toBe('−0.00001');
  expect(formatQuantityText('no number', 'en')).toBe('no number');
});

test('U131 a variance carries its sign, and zero carries none', () => {
  const { quantity, money } = createFormats('en');
  expect([quantity('5', { signed: true }), quantity('-5', { signed: true }), quantity('0', { signed: true })]).toEqual([
    '+5',
    '−5',
    '0',
  ]);
  expect([money('24.5', { signed: true }), money('0', { signed: true })]).toEqual(['+24.50', '0.00']);
  expect(formatMoney('1234.5', 'de', { currency: 'EUR' })).toContain('1.234,50');
});

test('U132 no digit of any quantity is lost on its way to the screen', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 17n) + 1n, max: 10n ** 17n - 1n }), (quantity) => {
      const shown = formatQuantityText(formatQuantity(quantity), 'en').replaceAll(',', '').replace('−', '-');
      expect(parseQuantity(shown)).toEqual({ ok: true, value: quantity });
    }),
  );
});
