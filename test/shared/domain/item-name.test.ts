import { expect, test } from 'vitest';
import { createCatalogue } from '../../../shared/domain/catalogue.ts';
import type { Item } from '../../../shared/domain/item.ts';

const item = (sku: string, more: Partial<Item>): Item => ({
  sku,
  name: 'Whole Milk',
  barcodes: [],
  unit: 'pcs',
  precision: 0,
  tracking: 'none',
  ...more,
});

const { name, named, unit } = createCatalogue(
  [
    item('M1', { size: '1 l' }),
    item('M2', { size: '2 l' }),
    item('M3', { size: '2 l', brand: 'Alpen' }),
    item('M4', { name: 'whole milk', size: '2 L', brand: 'alpen' }),
    item('M5', { name: 'Alpen Whole Milk 2 l bottle', size: '2 l', brand: 'Alpen' }),
    item('M6', { name: 'Whole Milk 12 l', size: '2 l' }),
    item('T1', { name: 'Tea' }),
    item('T2', { name: 'Tea' }),
    item('N1', { name: '', size: 'XL' }),
    item('F1', { name: 'Flour', unit: 'KGS' }),
    item('F2', { name: 'Cable', unit: 'm' }),
    item('F3', { name: 'Eggs', unit: 'doz' }),
    item('F4', { name: 'Cup', unit: 'Stück' }),
    item('F5', { name: 'Cup', unit: '' }),
    item('F6', { name: 'Gin', unit: 'tot' }),
  ],
  [],
);

test('U540 brand and size stand wherever an item is named; two that still look alike show their SKU', () => {
  expect(['M1', 'M2', 'm3', 'M4', 'M5', 'M6', 'T1', 'T2', 'N1', 'GONE'].map(name)).toEqual([
    'Whole Milk · 1 l',
    'Whole Milk · 2 l',
    'Whole Milk · 2 l · Alpen · M3',
    'whole milk · 2 L · alpen · M4',
    // What the name says already is not said twice; "2 l" is not in "12 l".
    'Alpen Whole Milk 2 l bottle',
    'Whole Milk 12 l · 2 l',
    'Tea · T1',
    'Tea · T2',
    'N1 · XL',
    'GONE',
  ]);
  expect(named('M1')).toEqual({ name: 'Whole Milk', variant: '1 l' });
});

test('U541 a figure that does not count pieces has its unit beside it', () => {
  expect(['F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'GONE'].map(unit)).toEqual([
    'kg',
    'm',
    'doz',
    undefined,
    undefined,
    'tot',
    undefined,
  ]);
});
