import { describe, expect, test } from 'vitest';
import { endsInCheckDigit, toGtin14 } from '../../../shared/domain/gtin.ts';
import { lookUpKeys, parseBarcode } from '../../../shared/domain/barcode.ts';
import { createCatalogue } from '../../../shared/domain/catalogue.ts';
import { convertBins } from '../../../shared/domain/import/convert-bins.ts';
import { NO_CHOICES } from '../../../shared/domain/import/choices.ts';
import { guessMapping } from '../../../shared/domain/import/mapping.ts';
import { itemSchema } from '../../../shared/domain/item.ts';
import { binSchema } from '../../../shared/domain/location.ts';
import { itemsOf, readFixture } from './read-fixture.ts';

const valid = (codes: readonly string[]): number => codes.filter((code) => toGtin14(code).ok).length;

describe('the real catalogues, whole', () => {
  test('I30 Datakick: 6,561 items, the one barcode with the letter o is named, and put right only when chosen', async () => {
    const table = await readFixture('catalogue/products-datakick.csv');
    expect(guessMapping('items', table)).toEqual({
      headerRow: 1,
      columns: ['barcode', 'name', 'brand', 'category', 'size'],
    });
    const conversion = itemsOf(table);
    expect(conversion.state).toBe('ready');
    expect(conversion.counts).toMatchObject({ read: 6561, added: 6561, leftOut: 0 });
    expect(conversion.problems).toEqual([
      {
        row: 506,
        cell: 0,
        column: 'barcode',
        code: 'code_letter_for_digit',
        severity: 'warn',
        value: '00o27000382493',
        suggestion: '00027000382493',
      },
    ]);
    expect(conversion.rows.filter((item) => item.brand !== undefined)).toHaveLength(6210);
    expect(conversion.rows.filter((item) => item.size !== undefined)).toHaveLength(5427);
    expect(conversion.rows.filter((item) => item.category === 'Books')).toHaveLength(131);
    expect(conversion.rows.find((item) => item.sku === '00o27000382493')).toBeDefined();
    expect(
      itemsOf(table, [], { restore: ['letter_for_digit'] }).rows.find((item) => item.sku === '00027000382493')
        ?.barcodes,
    ).toEqual([{ code: '00027000382493' }]);
    for (const item of conversion.rows) expect(itemSchema.safeParse(item).success).toBe(true);
    const catalogue = createCatalogue(conversion.rows, []);
    expect(catalogue.find(lookUpKeys(parseBarcode('041250500735'))).map((match) => match.item.name)).toEqual([
      'Vitamin C 500 mg',
    ]);
  });

  test('I31 French medicines: 5,000 distinct right codes with names, brands and prices, nothing to complain about', async () => {
    const conversion = itemsOf(await readFixture('catalogue/products-medicines-fr.csv'));
    expect(conversion.counts).toMatchObject({ read: 5000, added: 5000 });
    expect(conversion.problems).toEqual([]);
    expect(valid(conversion.rows.map((item) => item.sku))).toBe(5000);
    expect(
      conversion.rows.every(
        (item) => item.cost !== undefined && item.brand !== undefined && item.category !== undefined,
      ),
    ).toBe(true);
    expect(conversion.rows.map((item) => item.cost)).toContain('66596.2');
    expect(Math.max(...conversion.rows.map((item) => item.name.length))).toBe(243);
  });

  test('I32 Open Food Facts: 1,000 items, 996 right check digits, 22 without a name, all kept and named', async () => {
    const conversion = itemsOf(await readFixture('catalogue/products-openfoodfacts.csv'));
    expect(conversion.counts).toMatchObject({ read: 1000, added: 1000 });
    expect(conversion.rows.filter((item) => endsInCheckDigit(item.sku))).toHaveLength(996);
    expect(conversion.problemCounts).toEqual({ name_missing: 22, code_check_digit: 3 });
    expect(conversion.rows.filter((item) => item.name === '')).toHaveLength(22);
  });

  test('I33 the Italian file: Windows-1252 and semicolons seen, 1,230 right codes, 6 more with their zeros back', async () => {
    const table = await readFixture('catalogue/products-italy-cp1252-semicolon.csv');
    expect(table.format).toEqual({ kind: 'csv', encoding: 'windows-1252', separator: ';', guessed: true });
    expect(guessMapping('items', table).columns.slice(0, 5)).toEqual(['barcode', 'name', 'brand', 'category', 'size']);
    const written = itemsOf(table);
    expect(written.counts).toMatchObject({ read: 1262, added: 1262 });
    expect(written.problemCounts).toMatchObject({ name_missing: 18, code_lost_zeros: 6 });
    expect(valid(written.rows.map((item) => item.sku))).toBe(1230);
    expect(valid(itemsOf(table, [], { restore: ['lost_zeros'] }).rows.map((item) => item.sku))).toBe(1236);
    expect(written.rows.some((item) => /[àèéìòù]/.test(item.name))).toBe(true);
    expect(written.rows.some((item) => item.name.includes('�'))).toBe(false);
  });

  test('I34 the UK wholesaler: 3,956 SKUs without barcodes, 110 without a name, 146 without a price', async () => {
    const table = await readFixture('retail/items.csv');
    const conversion = itemsOf(table);
    expect(guessMapping('items', table).columns.slice(0, 3)).toEqual(['sku', 'name', 'cost']);
    expect(conversion.counts).toMatchObject({ read: 3956, added: 3956 });
    expect(conversion.problemCounts).toEqual({ name_missing: 110 });
    expect(conversion.rows.filter((item) => item.cost === undefined)).toHaveLength(146);
    expect(createCatalogue(conversion.rows, []).item('85123a')?.sku).toBe('85123A');
  });

  test('I35 the 111 SKUs that occur in two letter cases are the same items when they come again', async () => {
    const table = await readFixture('retail/items.csv');
    const first = itemsOf(table);
    const spellings = table.rows[0]?.indexOf('source_sku_spellings') ?? -1;
    const twoCases = table.rows
      .slice(1)
      .flatMap((cells) => ((cells[spellings] ?? '').trim().includes('|') ? [cells[0] ?? ''] : []));
    expect(twoCases).toHaveLength(111);
    const again = { ...table, rows: [['sku'], ...twoCases.map((sku) => [sku.toLowerCase()])], columnCount: 1 };
    expect(itemsOf(again, first.rows).counts).toMatchObject({ read: 111, added: 0, unchanged: 111 });
  });

  test('I36 OpenBoxes bins: 40 codes; the six labels that occur twice in Chicago are named, both bins stay', async () => {
    const table = await readFixture('locations/openboxes-bins.csv');
    const mapping = guessMapping('bins', table);
    expect(mapping.columns).toEqual(['site', 'label', 'bin']);
    const conversion = convertBins(table, mapping, [], NO_CHOICES);
    expect(conversion.counts).toMatchObject({ read: 40, added: 40 });
    expect(conversion.problemCounts).toEqual({ duplicate_label: 6 });
    expect(conversion.problems.map((problem) => problem.other)).toEqual([
      'CHI-1-1-1',
      'CHI-1-1-2',
      'CHI-1-1-3',
      'CHI-1-2-1',
      'CHI-1-2-2',
      'CHI-1-2-3',
    ]);
    expect(conversion.rows.every((bin) => binSchema.safeParse(bin).success)).toBe(true);
    expect(convertBins(table, mapping, conversion.rows, NO_CHOICES)).toMatchObject({
      state: 'nothing',
      counts: { unchanged: 40 },
    });
  });

  test('I37 importing any of the files a second time changes nothing', async () => {
    for (const path of [
      'products-datakick',
      'products-medicines-fr',
      'products-openfoodfacts',
      'products-italy-cp1252-semicolon',
    ]) {
      const table = await readFixture(`catalogue/${path}.csv`);
      const first = itemsOf(table);
      const second = itemsOf(table, first.rows);
      expect(second).toMatchObject({
        state: 'nothing',
        rows: [],
        counts: { added: 0, changed: 0, unchanged: first.counts.added },
      });
    }
  });
});
