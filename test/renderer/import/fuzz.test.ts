import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createCatalogue } from '../../../shared/domain/catalogue.ts';
import { convertBins } from '../../../shared/domain/import/convert-bins.ts';
import { convertItems } from '../../../shared/domain/import/convert-items.ts';
import { convertStock } from '../../../shared/domain/import/convert-stock.ts';
import { FIELDS_OF, type ImportField } from '../../../shared/domain/import/fields.ts';
import { guessMapping } from '../../../shared/domain/import/mapping.ts';
import { itemSchema, skuKey } from '../../../shared/domain/item.ts';
import { factSchema } from '../../../shared/domain/ledger-entry.ts';
import { binSchema } from '../../../shared/domain/location.ts';
import { readTable } from '../../../renderer/import/read-table.ts';

const nastyCell = fc.oneof(
  fc.constantFrom(
    '',
    '4006381333931',
    '41250500735',
    '2.02E+11',
    '1,507',
    '1.507,88',
    '00o27000382493',
    '__proto__',
    'constructor',
    '"',
    '""',
    '=1+1',
    'a\u0000b',
    '\uFFFD',
    'A1',
    'a1',
    'Blue cup',
    ' ',
    "'",
    '-3',
    '12',
    'lot',
    'x;y|z',
  ),
  fc.string({ maxLength: 12, unit: 'binary' }),
);
const header = fc.constantFrom(
  'sku',
  'barcode',
  'name',
  'price',
  'case barcode',
  'case quantity',
  'tracking',
  'decimals',
  'unit',
  '__proto__',
  'bin',
  'label',
  'quantity',
  'lot',
  'item',
  'walk',
  'foo',
  '',
);
const tableText = fc
  .tuple(
    fc.array(header, { minLength: 1, maxLength: 6 }),
    fc.array(fc.array(nastyCell, { maxLength: 7 }), { maxLength: 12 }),
    fc.constantFrom(',', ';', '\t', '|'),
    fc.constantFrom('\n', '\r\n', '\r'),
    fc.boolean(),
  )
  .map(([headers, rows, separator, end, quoted]) =>
    [headers, ...rows]
      .map((row) => row.map((cell) => (quoted ? `"${cell.replaceAll('"', '""')}"` : cell)).join(separator))
      .join(end),
  );
const choices = fc.record({
  leaveOutStopped: fc.boolean(),
  restore: fc.subarray(['lost_zeros', 'decimal_point', 'letter_for_digit'] as const),
});

function anyMapping(
  kind: 'items' | 'bins' | 'stock',
  width: number,
  pick: readonly number[],
): { headerRow: number; columns: (ImportField | null)[] } {
  const fields = FIELDS_OF[kind];
  return {
    headerRow: (pick[0] ?? 0) % 2,
    columns: Array.from({ length: width }, (_, at) => fields[(pick[at] ?? 0) % (fields.length + 1)] ?? null),
  };
}

const before = Object.getOwnPropertyNames(Object.prototype).toSorted();

describe('whatever the file', () => {
  test('I60 any bytes: a table or a reason, never a throw', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 400 }),
          tableText.map((text) => new TextEncoder().encode(text)),
          tableText.map((text) => new Uint8Array(Buffer.from(text, 'utf16le'))),
        ),
        async (bytes) => {
          const read = await readTable(bytes, 'x');
          if (!read.ok) expect(read.error.code).toMatch(/^[a-z_]+$/);
        },
      ),
      { numRuns: 1500 },
    );
  });

  test('I61 any text, columns and choices: all rows or none, valid rows only, and importing again adds nothing', async () => {
    const known = createCatalogue(
      [{ sku: 'A1', name: 'a', barcodes: [{ code: '4006381333931' }], unit: 'pcs', precision: 0, tracking: 'none' }],
      [{ code: 'B1', label: 'x', site: '', zone: '', walk: 0 }],
    );
    await fc.assert(
      fc.asyncProperty(
        tableText,
        choices,
        fc.array(fc.nat(40), { minLength: 12, maxLength: 12 }),
        fc.boolean(),
        async (text, chosen, pick, guessed) => {
          const read = await readTable(new TextEncoder().encode(text), 'x.csv');
          if (!read.ok) return;
          const table = read.value;
          const mapping = (kind: 'items' | 'bins' | 'stock') =>
            guessed ? guessMapping(kind, table) : anyMapping(kind, table.columnCount, pick);

          const items = convertItems(table, mapping('items'), [], chosen);
          const stops = items.problems.some((problem) => problem.severity === 'stop');
          if (stops && !chosen.leaveOutStopped) expect(items.state).toBe('blocked');
          if (items.state !== 'ready') expect(items.rows).toEqual([]);
          expect(new Set(items.rows.map((item) => skuKey(item.sku))).size).toBe(items.rows.length);
          for (const item of items.rows) expect(itemSchema.safeParse(item).error).toBeUndefined();
          if (items.state === 'ready')
            expect(convertItems(table, mapping('items'), items.rows, chosen)).toMatchObject({
              counts: { added: 0, changed: 0 },
            });

          const bins = convertBins(table, mapping('bins'), [], chosen);
          for (const bin of bins.rows) expect(binSchema.safeParse(bin).error).toBeUndefined();
          if (bins.state === 'ready')
            expect(convertBins(table, mapping('bins'), bins.rows, chosen)).toMatchObject({
              counts: { added: 0, changed: 0 },
            });

          const stock = convertStock(table, mapping('stock'), { catalogue: known, openings: new Set() }, chosen);
          for (const fact of stock.rows) expect(factSchema.safeParse(fact).error).toBeUndefined();
        },
      ),
      { numRuns: 1500 },
    );
    expect(Object.getOwnPropertyNames(Object.prototype).toSorted()).toEqual(before);
    expect(Object.getOwnPropertyDescriptor({}, 'polluted')).toBeUndefined();
  });
});
