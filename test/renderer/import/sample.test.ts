import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createCatalogue } from '../../../shared/domain/catalogue.ts';
import { convertBins } from '../../../shared/domain/import/convert-bins.ts';
import { convertStock } from '../../../shared/domain/import/convert-stock.ts';
import { NO_CHOICES } from '../../../shared/domain/import/choices.ts';
import { guessMapping } from '../../../shared/domain/import/mapping.ts';
import { itemsOf, readBytes } from './read-fixture.ts';

const sample = (name: string) =>
  readBytes(new Uint8Array(readFileSync(new URL(`../../../build/samples/${name}`, import.meta.url))), name);

test('I96 the sample imports whole by guessing alone: 6,561 items, 473 bins, opening stock in every shelf', async () => {
  const items = itemsOf(await sample('items.csv'));
  const binTable = await sample('bins.csv');
  const bins = convertBins(binTable, guessMapping('bins', binTable), [], NO_CHOICES);
  expect(bins.counts.added).toBe(473);
  expect(bins.problems).toEqual([]);
  const stockTable = await sample('stock.csv');
  const catalogue = createCatalogue(items.rows, bins.rows);
  const stock = convertStock(
    stockTable,
    guessMapping('stock', stockTable),
    { catalogue, openings: new Set() },
    NO_CHOICES,
  );
  expect(stock.problems).toEqual([]);
  expect(stock.rows).toHaveLength(7290);
  expect(new Set(stock.rows.map((fact) => fact.item)).size).toBe(6561);
  expect(new Set(stock.rows.map((fact) => fact.bin)).size).toBe(468);
});
