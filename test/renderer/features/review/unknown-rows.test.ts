import i18next from 'i18next';
import { expect, test } from 'vitest';
import { unknownRows } from '../../../../renderer/features/review/unknown-rows.ts';
import { startTexts } from '../../../../renderer/texts/texts.ts';
import { createCatalogue } from '../../../../shared/domain/catalogue.ts';
import type { Item } from '../../../../shared/domain/item.ts';
import { ONE, quantityOf } from '../../../../shared/domain/quantity.ts';
import type { CodeMatch, UnknownScan } from '../../../../shared/domain/unknown-scan.ts';
import type { UnknownInBatch } from '../../../../shared/domain/variance.ts';

const item = (sku: string, size: string, barcodes: Item['barcodes'] = []): Item => ({
  sku,
  name: 'Whole Milk',
  size,
  barcodes,
  unit: 'pcs',
  precision: 0,
  tracking: 'none',
});
const catalogue = createCatalogue([item('M1', '1 l'), item('M2', '2 l', [{ code: 'CASE', factor: '12' }])], []);

const scan = (after: string | undefined, before: string | undefined, by = 'ana'): UnknownScan => ({
  id: `${after ?? ''} ${before ?? ''}`,
  device: 'laptop',
  seq: 1,
  order: 1,
  by,
  at: '2026-11-22T09:00:00.000Z',
  quantity: ONE,
  after,
  before,
  beforeId: undefined,
});
const meaning = { id: 'm', item: 'M1', lot: undefined, factor: ONE, by: 'ben', at: '2026-11-22T09:00:00.000Z' };
const match: CodeMatch = { ...meaning, apart: undefined, kept: false, taught: undefined };

function unknown(code: string, scans: readonly UnknownScan[], more: Partial<UnknownInBatch> = {}): UnknownInBatch {
  return { bin: 'A-01', code, quantity: ONE, times: scans.length, scans, matches: [], proposals: [], ...more };
}

test('U545 codes not known stand first, between their neighbours, with what was proposed or is known by now', async () => {
  await startTexts('en');
  const rows = unknownRows(
    [
      unknown('DONE', [scan(undefined, undefined)], { matches: [match] }),
      unknown('X', [scan('M1', 'M2'), scan('M1', 'M2'), scan('M2', undefined, 'ben'), scan(undefined, 'M1')]),
      unknown('PROPOSED', [scan(undefined, undefined)], { proposals: [{ ...meaning, by: 'cleo' }] }),
      unknown('CASE', [scan(undefined, undefined)]),
    ],
    catalogue,
    i18next.getFixedT('en', 'count'),
    2026,
  );
  expect(rows.map(({ code }) => code)).toEqual(['X', 'PROPOSED', 'CASE', 'DONE']);
  expect(rows[0]).toMatchObject({
    where: 'between Whole Milk · 1 l and Whole Milk · 2 l; after Whole Milk · 2 l; before Whole Milk · 1 l',
    people: ['ana', 'ben'],
    suggestion: undefined,
  });
  expect(rows[1]?.suggestion).toMatchObject({ item: 'M1', by: 'cleo' });
  expect(rows[2]?.suggestion).toEqual({ item: 'M2', lot: undefined, factor: quantityOf('12'), by: undefined });
  expect([rows[3]?.match, rows[3]?.suggestion]).toEqual([match, undefined]);
});
