import { describe, expect, test } from 'vitest';
import writeXlsxFile from 'write-excel-file/node';
import { numberText } from '../../../renderer/import/read-sheet.ts';
import { readTable } from '../../../renderer/import/read-table.ts';
import { itemsOf, readBytes, readFixture } from './read-fixture.ts';

type Cell = string | number | boolean | Date | null;

async function workbook(rows: readonly (readonly Cell[])[]): Promise<Uint8Array> {
  const cells = rows.map((row) =>
    row.map((value) => (value instanceof Date ? { value, type: Date, format: 'yyyy-mm-dd' } : value)),
  );
  return new Uint8Array(await writeXlsxFile(cells).toBuffer());
}

describe('spreadsheets', () => {
  test('I50 text comes back as it was written, blank rows keep their number', async () => {
    const rows = [['sku', 'name'], ['00123', 'Pâte "fine", 日本'], [], ['B2', ' two  words ']];
    const table = await readBytes(await workbook(rows), 'a.xlsx');
    expect(table.format).toMatchObject({ kind: 'xlsx' });
    expect(table.rows[1]).toEqual(['00123', 'Pâte "fine", 日本']);
    expect(itemsOf(table).rows.map((item) => item.sku)).toEqual(['00123', 'B2']);
    const missing = itemsOf(await readBytes(await workbook([['sku', 'name'], ['A', 'a'], [], [null, 'b']]), 'a.xlsx'));
    expect(missing.problems).toMatchObject([{ row: 4, column: 'sku', code: 'sku_missing' }]);
  });

  test('I51 a code kept as a number is whole when it fits, and named when it lost its zeros or its last digits', async () => {
    const table = await readBytes(
      await workbook([
        ['barcode', 'name'],
        [4006381333931, 'whole'],
        [41250500735, 'lost'],
        [1.2345678901234567e19, 'gone'],
      ]),
      'b.xlsx',
    );
    expect(table.rows.slice(1).map((row) => row[0])).toEqual([
      '4006381333931',
      '41250500735',
      '1.2345678901234567E+19',
    ]);
    const conversion = itemsOf(table);
    expect(conversion.problems).toMatchObject([
      { row: 3, code: 'code_lost_zeros', severity: 'warn', suggestion: '041250500735' },
      { row: 4, code: 'code_scientific_notation', severity: 'stop' },
    ]);
    expect(itemsOf(table, [], { leaveOutStopped: true, restore: ['lost_zeros'] }).rows.map((item) => item.sku)).toEqual(
      ['4006381333931', '041250500735'],
    );
  });

  test('I52 numbers come out as decimal text, never with an exponent or floating-point dust', () => {
    expect(['5', '4.006381333931E12', '0.30000000000000004', '1E-5', '-2.5', '12.10', '1e21'].map(numberText)).toEqual([
      '5',
      '4006381333931',
      '0.3',
      '0.00001',
      '-2.5',
      '12.1',
      '1E+21',
    ]);
  });

  test('I53 prices, truths and dates in cells become text', async () => {
    const table = await readBytes(
      await workbook([
        ['sku', 'name', 'price', 'x', 'y'],
        ['A', 'a', 3.57, true, new Date('2026-03-01T00:00:00Z')],
      ]),
      'c.xlsx',
    );
    expect(table.rows[1]).toEqual(['A', 'a', '3.57', 'TRUE', '2026-03-01']);
    expect(itemsOf(table).rows[0]?.cost).toBe('3.57');
  });

  test('I54 a whole real catalogue is the same through a spreadsheet as through its text file', async () => {
    const table = await readFixture('catalogue/products-openfoodfacts.csv');
    const through = await readBytes(
      await workbook(table.rows.map((row) => row.map((cell) => (cell === '' ? null : cell)))),
      'off.xlsx',
    );
    expect(itemsOf(through).rows).toEqual(itemsOf(table).rows);
    expect(itemsOf(through).problemCounts).toEqual(itemsOf(table).problemCounts);
  });

  test('I55 an archive that is cut, empty or no workbook is refused', async () => {
    const whole = await workbook([['sku'], ['A']]);
    for (const bytes of [
      whole.subarray(0, 200),
      whole.subarray(0, whole.length - 30),
      Uint8Array.from([0x50, 0x4b, 5, 6, ...new Uint8Array(18)]),
    ]) {
      expect(await readTable(bytes, 'x.xlsx')).toMatchObject({ ok: false, error: { code: 'damaged_xlsx' } });
    }
    expect(await readTable(await workbook([[]]), 'x.xlsx')).toMatchObject({ ok: false, error: { code: 'file_empty' } });
  });
});
