import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseQuantity } from '../../../shared/domain/quantity.ts';
import { formatsIn } from '../../../renderer/ui/format.ts';

test('U130 a quantity is shown digit for digit, in the language of the page', () => {
  expect(formatsIn('en').quantity('999999999999.12345')).toBe('999,999,999,999.12345');
  expect(formatsIn('de').quantity('1234.5')).toBe('1.234,5');
  expect(formatsIn('en').quantity('-0.00001')).toBe('−0.00001');
  expect(formatsIn('en').quantity('no number')).toBe('no number');
});

test('U131 a variance carries its sign, and zero carries none', () => {
  const { quantity, money } = formatsIn('en');
  expect([quantity('5', { signed: true }), quantity('-5', { signed: true }), quantity('0', { signed: true })]).toEqual([
    '+5',
    '−5',
    '0',
  ]);
  expect([money('24.5', { signed: true }), money('0', { signed: true })]).toEqual(['+24.50', '0.00']);
  expect(formatsIn('de').money('1234.5')).toBe('1.234,50');
  expect([formatsIn('en').share(-357), formatsIn('en').share(0)]).toEqual(['−35.7', '0.0']);
});

test('U132 no digit of any quantity is lost on its way to the screen', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 17n) + 1n, max: 10n ** 17n - 1n }), (quantity) => {
      const shown = formatsIn('en').amount(quantity).replaceAll(',', '').replace('−', '-');
      expect(parseQuantity(shown)).toEqual({ ok: true, value: quantity });
    }),
  );
});

test('U541 a unit stands behind its figure and is never parted from it', () => {
  expect(formatsIn('en').quantity('1.5', { signed: true, unit: 'kg' })).toBe('+1.5\u00A0kg');
  expect(formatsIn('de').quantity('4.75', { unit: 'kg' })).toBe('4,75\u00A0kg');
  expect(formatsIn('en').quantity('4.75')).toBe('4.75');
});
