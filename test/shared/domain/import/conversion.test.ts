import { describe, expect, test } from 'vitest';
import { createCatalogue } from '../../../../shared/domain/catalogue.ts';
import { convertBins } from '../../../../shared/domain/import/convert-bins.ts';
import { convertItems } from '../../../../shared/domain/import/convert-items.ts';
import { convertStock } from '../../../../shared/domain/import/convert-stock.ts';
import { NO_CHOICES, type ImportChoices } from '../../../../shared/domain/import/choices.ts';
import { headerKeys } from '../../../../shared/domain/import/header-words.ts';
import { guessMapping, missingFields, rememberMapping } from '../../../../shared/domain/import/mapping.ts';
import type { Table } from '../../../../shared/domain/import/table.ts';
import type { Item } from '../../../../shared/domain/item.ts';
import { lineKey } from '../../../../shared/domain/line-key.ts';
import type { Bin } from '../../../../shared/domain/location.ts';

function table(...rows: readonly (readonly string[])[]): Table {
  return {
    name: 't.csv',
    format: { kind: 'csv', encoding: 'utf-8', separator: ',' },
    rows,
    columnCount: Math.max(...rows.map((row) => row.length)),
    problems: [],
  };
}
const items = (given: Table, existing: readonly Item[] = [], choices: ImportChoices = NO_CHOICES) =>
  convertItems(given, guessMapping('items', given), existing, choices);
const bins = (given: Table, existing: readonly Bin[] = []) =>
  convertBins(given, guessMapping('bins', given), existing, NO_CHOICES);

describe('columns', () => {
  test('I70 a mapping a person confirmed is taken again for the same headers, and only for those', () => {
    const confirmed = { headerRow: 1, columns: ['sku', null, 'name'] as const };
    const remembered = rememberMapping([], headerKeys(['Code', 'Text', 'X'], 3), confirmed);
    expect(guessMapping('items', table(['CODE ', 'text', 'x'], ['B', 'b', '1']), remembered).columns).toEqual([
      'sku',
      null,
      'name',
    ]);
    expect(guessMapping('items', table(['Code', 'Text'], ['B', 'b']), remembered).columns[0]).toBe('sku');
    expect(rememberMapping(remembered, headerKeys(['Code', 'Text', 'X'], 3), confirmed)).toHaveLength(1);
    expect(rememberMapping(remembered, [], { headerRow: 0, columns: [] })).toBe(remembered);
  });

  test('I71 headers in five languages, and columns that are nothing stay untaken', () => {
    const guess = (...headers: string[]) =>
      guessMapping(
        'items',
        table(
          headers,
          headers.map(() => 'x'),
        ),
      ).columns;
    expect(guess('Codice a barre', 'Descrizione', 'Marca', 'Categoria', 'Formato', 'Negozi')).toEqual([
      'barcode',
      'name',
      'brand',
      'category',
      'size',
      null,
    ]);
    expect(guess('Artikelnummer', 'EAN', 'Bezeichnung', 'Hersteller', 'Einkaufspreis', 'Einheit')).toEqual([
      'sku',
      'barcode',
      'name',
      'brand',
      'cost',
      'unit',
    ]);
    expect(guess('Référence', 'Code-barres', 'Désignation', "Prix d'achat")).toEqual([
      'sku',
      'barcode',
      'name',
      'cost',
    ]);
    expect(guess('Código de barras', 'Nombre', 'Precio', 'Unidad')).toEqual(['barcode', 'name', 'cost', 'unit']);
    expect(guess('SKU', 'Name', 'EAN', 'Case EAN', 'Units per case', 'net_units_out')).toEqual([
      'sku',
      'name',
      'barcode',
      'packBarcode',
      'packFactor',
      null,
    ]);
    expect(guess('EAN', 'EAN', 'Name')).toEqual(['barcode', 'barcode', 'name']);
  });

  test('I72 what an import cannot do without is asked for', () => {
    expect(missingFields('items', { headerRow: 1, columns: ['name'] })).toEqual([['sku', 'barcode']]);
    expect(missingFields('stock', { headerRow: 1, columns: ['item', 'quantity'] })).toEqual([['bin']]);
    expect(missingFields('bins', { headerRow: 0, columns: ['label'] })).toEqual([]);
  });
});

describe('items', () => {
  test('I73 several barcodes in one cell and several columns, packs with their pieces', () => {
    const [item] = items(
      table(
        ['sku', 'name', 'ean', 'ean', 'case ean', 'case quantity', 'pack name'],
        ['A', 'a', '4006381333931; 96385074', '4 006381 333948', '14006381333938', '12', 'case'],
      ),
    ).rows;
    expect(item?.barcodes).toEqual([
      { code: '4006381333931' },
      { code: '96385074' },
      { code: '4006381333948' },
      { code: '14006381333938', factor: '12', pack: 'case' },
    ]);
  });

  test('I74 things sold by weight have three decimals unless the file says otherwise', () => {
    const { rows } = items(
      table(
        ['sku', 'name', 'unit', 'decimals'],
        ['A', 'a', 'kg', ''],
        ['B', 'b', 'kg', '1'],
        ['C', 'c', 'pcs', ''],
        ['D', 'd', '', ''],
      ),
    );
    expect(rows.map((item) => [item.unit, item.precision])).toEqual([
      ['kg', 3],
      ['kg', 1],
      ['pcs', 0],
      ['pcs', 0],
    ]);
  });

  test('I75 importing again updates what the file says, keeps what it leaves empty, and never removes an item', () => {
    const before = items(
      table(
        ['sku', 'name', 'brand', 'price', 'ean'],
        ['A', 'old', 'B1', '1.50', '4006381333931'],
        ['Z', 'z', '', '', ''],
      ),
    ).rows;
    const after = items(
      table(['sku', 'name', 'brand', 'ean'], ['a', 'new', '', '96385074'], ['N', 'n', '', '']),
      before,
    );
    expect(after.counts).toMatchObject({ added: 1, changed: 1, unchanged: 0, kept: 1 });
    expect(after.rows[0]).toMatchObject({
      sku: 'A',
      name: 'new',
      brand: 'B1',
      cost: '1.5',
      barcodes: [{ code: '96385074' }, { code: '4006381333931' }],
    });
    expect(after.rows.map((item) => item.sku)).toEqual(['A', 'Z', 'N']);
  });

  test('I76 without a SKU column a known barcode updates the item that has it, instead of making another', () => {
    const before = items(table(['sku', 'name', 'ean'], ['CUP', 'cup', '4006381333931'])).rows;
    const after = items(table(['ean', 'name'], ['04006381333931', 'Blue cup'], ['96385074', 'Jug']), before);
    expect(after.counts).toMatchObject({ added: 1, changed: 1 });
    expect(after.rows.map((item) => [item.sku, item.name])).toEqual([
      ['CUP', 'Blue cup'],
      ['96385074', 'Jug'],
    ]);
  });

  test('I77 one barcode on two items is shown with both and merged into neither', () => {
    const conversion = items(table(['sku', 'name', 'ean'], ['A', 'a', '4006381333931'], ['B', 'b', '04006381333931']));
    expect(conversion.duplicates).toEqual([{ code: '04006381333931', skus: ['A', 'B'] }]);
    expect(conversion.rows).toHaveLength(2);
    expect(conversion.problems).toMatchObject([{ row: 3, column: 'ean', code: 'duplicate_barcode', other: 'A' }]);
  });

  test('I78 all problems of all rows come in one pass, in the order of rows, and one stop takes nothing in', () => {
    const given = table(
      ['sku', 'name', 'ean', 'price'],
      ['', 'a', '', ''],
      ['B', '', '2.02E+11', 'x'],
      ['C', 'c', '4006381333932', ''],
      ['D', 'd', '', '3.50'],
    );
    const blocked = items(given);
    expect(blocked).toMatchObject({ state: 'blocked', rows: [], counts: { read: 4, leftOut: 2 } });
    expect(blocked.problems.map((problem) => `${problem.row} ${problem.column} ${problem.code}`)).toEqual([
      '2 sku sku_missing',
      '3 ean code_scientific_notation',
      '3 name name_missing',
      '3 price price_unreadable',
      '4 ean code_check_digit',
    ]);
    const chosen = items(given, [], { ...NO_CHOICES, leaveOutStopped: true });
    expect(chosen).toMatchObject({ state: 'ready', counts: { added: 2, leftOut: 2 } });
    expect(chosen.rows.map((item) => item.sku)).toEqual(['C', 'D']);
  });

  test('I79 the rest of the price column settles an unclear price, or the person does', () => {
    const rows = [
      ['A', 'a', '1.507'],
      ['B', 'b', '3,50'],
    ];
    expect(items(table(['sku', 'name', 'price'], ...rows)).rows[0]?.cost).toBe('1507');
    const alone = table(['sku', 'name', 'price'], ['A', 'a', '1.507']);
    expect(items(alone).rows[0]?.cost).toBeUndefined();
    expect(items(alone, [], { ...NO_CHOICES, decimalMark: '.' }).rows[0]?.cost).toBe('1.507');
    expect(items(alone).problems).toMatchObject([{ code: 'price_ambiguous', suggestion: '1.507' }]);
  });

  test('I80 columns without headers are named by their letter', () => {
    const given = table(['A1', 'a'], ['', 'b']);
    const conversion = convertItems(given, { headerRow: 0, columns: ['sku', 'name'] }, [], NO_CHOICES);
    expect(conversion.problems).toMatchObject([{ row: 2, column: 'A', code: 'sku_missing' }]);
  });

  test('I81 damage in a column that is not taken stops nothing', () => {
    const given: Table = {
      ...table(['sku', 'name', 'remark'], ['A', 'a', 'x\u0000']),
      problems: [{ row: 2, column: 2, code: 'nul_character', severity: 'stop', value: 'x\u0000' }],
    };
    expect(items(given)).toMatchObject({
      state: 'ready',
      problems: [{ code: 'nul_character', severity: 'warn', column: 'remark', value: 'x␀' }],
    });
  });
});

describe('bins', () => {
  test('I82 a code twice is stopped, the same row twice is not, a label twice is told', () => {
    const twice = bins(table(['code', 'label', 'site'], ['A-1', 'x', 'S'], ['a-1', 'y', 'S']));
    expect(twice).toMatchObject({ state: 'blocked', problems: [{ row: 3, code: 'bin_twice', other: '2' }] });
    expect(bins(table(['code', 'label'], ['A-1', 'x'], ['A-1', 'x']))).toMatchObject({
      state: 'ready',
      counts: { added: 1, needless: 1 },
    });
    expect(
      bins(table(['code', 'label', 'site'], ['A', 'x', 'S'], ['B', 'x', 'T'], ['C', 'x', 'S'])).problems,
    ).toMatchObject([{ row: 4, code: 'duplicate_label', other: 'A' }]);
  });

  test('I83 without a walking order the order of the file is it, after the bins that were there', () => {
    const before = bins(table(['bin', 'zone'], ['B', 'z'], ['A', 'z'])).rows;
    expect(before.map((bin) => [bin.code, bin.walk])).toEqual([
      ['B', 1],
      ['A', 2],
    ]);
    const after = bins(table(['bin', 'zone'], ['A', 'y'], ['C', 'y']), before);
    expect(after.rows).toMatchObject([
      { code: 'B', walk: 1, zone: 'z' },
      { code: 'A', walk: 2, zone: 'y' },
      { code: 'C', walk: 3 },
    ]);
    expect(bins(table(['bin', 'walk order'], ['A', '7'], ['B', 'x'])).problemCounts).toEqual({ walk_unreadable: 1 });
  });

  test('I84 a list of labels alone makes bins of which the label is the code', () => {
    expect(bins(table(['Label'], ['A-01'], [''], ['A-02'])).rows.map((bin) => [bin.code, bin.label])).toEqual([
      ['A-01', 'A-01'],
      ['A-02', 'A-02'],
    ]);
    expect(bins(table(['bin', 'label'], ['', 'x'], ['B'.repeat(65), 'y'])).problemCounts).toEqual({
      bin_missing: 1,
      bin_too_long: 1,
    });
  });
});

describe('opening stock', () => {
  const catalogue = createCatalogue(
    [
      {
        sku: 'CUP',
        name: 'cup',
        barcodes: [{ code: '4006381333931' }, { code: '96385074' }],
        unit: 'pcs',
        precision: 0,
        tracking: 'none',
      },
      { sku: 'RICE', name: 'rice', barcodes: [{ code: '96385074' }], unit: 'kg', precision: 3, tracking: 'lot' },
    ],
    [
      { code: 'A-1', label: 'Shelf', site: '', zone: '', walk: 1 },
      { code: 'A-2', label: 'Shelf', site: '', zone: '', walk: 2 },
      { code: 'A-3', label: 'Top', site: '', zone: '', walk: 3 },
    ],
  );
  const stock = (
    rows: readonly (readonly string[])[],
    openings: readonly string[] = [],
    choices: ImportChoices = NO_CHOICES,
  ) => {
    const given = table(['item', 'bin', 'quantity', 'lot'], ...rows);
    return convertStock(given, guessMapping('stock', given), { catalogue, openings: new Set(openings) }, choices);
  };

  test("I85 opening quantities become facts under the item's own SKU and the bin's own code", () => {
    expect(
      stock([
        ['cup', 'a-1', '12', ''],
        ['04006381333931', 'top', '3', ''],
        ['RICE', 'A-1', '2,5', 'L7'],
      ]),
    ).toMatchObject({
      state: 'ready',
      rows: [
        { kind: 'stock_changed', item: 'CUP', bin: 'A-1', quantity: '12', reason: 'opening' },
        { item: 'CUP', bin: 'A-3', quantity: '3' },
        { item: 'RICE', bin: 'A-1', lot: 'L7', quantity: '2.5' },
      ],
    });
  });

  test('I86 a line that already has stock is stopped, never added to', () => {
    const blocked = stock([['CUP', 'A-1', '12', '']], [lineKey({ item: 'CUP', bin: 'A-1' })]);
    expect(blocked).toMatchObject({
      state: 'blocked',
      problems: [{ row: 2, code: 'already_has_opening', severity: 'stop', other: 'A-1' }],
    });
    expect(
      stock([
        ['CUP', 'A-1', '5', ''],
        ['cup', 'A-1', '5', ''],
      ]),
    ).toMatchObject({ state: 'blocked', problems: [{ row: 3, code: 'stock_twice', other: '2' }] });
  });

  test('I87 whatever cannot be booked is named', () => {
    const { problems, state } = stock([
      ['', 'A-1', '1', ''],
      ['NOPE', 'A-1', '1', ''],
      ['96385074', 'A-1', '1', ''],
      ['CUP', '', '1', ''],
      ['CUP', 'Z', '1', ''],
      ['CUP', 'Shelf', '1', ''],
      ['CUP', 'A-1', '', ''],
      ['CUP', 'A-1', 'many', ''],
      ['CUP', 'A-1', '1,5', ''],
      ['CUP', 'A-2', '-4', ''],
      ['RICE', 'A-2', '1', ''],
      ['CUP', 'A-3', '1', 'L'.repeat(65)],
    ]);
    expect(state).toBe('blocked');
    expect(problems.map((problem) => problem.code)).toEqual([
      'item_missing',
      'item_unknown',
      'item_ambiguous',
      'bin_missing',
      'bin_unknown',
      'bin_ambiguous',
      'quantity_missing',
      'quantity_unreadable',
      'quantity_too_precise',
      'quantity_negative',
      'lot_missing',
      'lot_too_long',
    ]);
    expect(stock([['CUP', 'A-1', '1.507', '']])).toMatchObject({ problems: [{ code: 'quantity_ambiguous' }] });
  });

  test('I88 nothing of something is no fact', () => {
    expect(stock([['CUP', 'A-1', '0', '']])).toMatchObject({
      state: 'nothing',
      rows: [],
      counts: { read: 1, needless: 1 },
    });
  });
});
