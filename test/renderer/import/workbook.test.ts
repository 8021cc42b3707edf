import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createImporter } from '../../../renderer/import/importer.ts';
import type { FromWorker } from '../../../renderer/import/import-messages.ts';
import { readTable } from '../../../renderer/import/read-table.ts';
import { guessMapping } from '../../../shared/domain/import/mapping.ts';
import { TABLE_LIMITS } from '../../../shared/domain/import/table.ts';
import { makeZip } from './make-zip.ts';
import { itemsOf, readBytes } from './read-fixture.ts';

type Sheet = { readonly name: string; readonly cells: string; readonly state?: string };

/** A workbook written by hand: what the usual writers never write. Style 1 of `formats` is the first of them. */
function workbook(
  sheets: readonly Sheet[],
  formats: readonly string[] = [],
  more: Record<string, string> = {},
): Uint8Array {
  const spaces = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return makeZip({
    'xl/workbook.xml': `<?xml version="1.0"?><x:workbook xmlns:x="y" xmlns:r="${office}"><x:sheets>${sheets
      .map(
        ({ name, state }, at) =>
          `<x:sheet name="${escape(name)}" sheetId="${at + 1}" ${state === undefined ? '' : `state="${state}"`} r:id="rId${at + 1}"/>`,
      )
      .join('')}</x:sheets></x:workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${sheets
      .map(
        (_, at) =>
          `<Relationship Id="rId${at + 1}" Type="${office}/worksheet" Target="worksheets/sheet${at + 1}.xml"/>`,
      )
      .join('')}</Relationships>`,
    'xl/styles.xml': `<styleSheet ${spaces}><numFmts>${formats
      .map((format, at) => `<numFmt numFmtId="${170 + at}" formatCode="${escape(format)}"/>`)
      .join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${formats
      .map((_, at) => `<xf numFmtId="${170 + at}"/>`)
      .join('')}<xf numFmtId="14"/></cellXfs></styleSheet>`,
    ...Object.fromEntries(
      sheets.map(({ cells }, at) => [
        `xl/worksheets/sheet${at + 1}.xml`,
        `<worksheet ${spaces}><sheetData>${cells}</sheetData></worksheet>`,
      ]),
    ),
    ...more,
  });
}
const row = (...cells: readonly string[]): string => `<row>${cells.join('')}</row>`;
const text = (value: string): string => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
const number = (value: string, style = 0): string => `<c s="${style}"><v>${value}</v></c>`;
const one = (cells: string, formats: readonly string[] = []) =>
  readBytes(workbook([{ name: 'S', cells }], formats), 'a.xlsx');
const named = (conversion: { problems: readonly { row: number; code: string }[] }) =>
  conversion.problems.map(({ row: at, code }) => `${at} ${code}`);

describe('what a spreadsheet shows', () => {
  const SHOWN: readonly (readonly [string, string, string])[] = [
    ['00000000000000', '4006381333931', '04006381333931'],
    ['0000', '42', '0042'],
    ['0000', '123456', '123456'],
    ['00-000', '12345', '12-345'],
    ['"SKU-"0000', '42', 'SKU-0042'],
    ['000\\.000', '1234', '001.234'],
    ['0" ctn"', '10', '10 ctn'],
    ['#,##0.00" kg"', '2.5', '2.5 kg'],
    ['General" kg"', '2.5', '2.5 kg'],
    ['#,##0', '1234567', '1234567'],
    ['0.00', '2.5', '2.5'],
    ['0%', '0.5', '0.5'],
    ['0.00E+00', '4006381333931', '4006381333931'],
    ['_-* #,##0.00\\ "€"_-', '3.57', '3.57'],
    ['[$CHF] 0.00', '3.57', '3.57'],
    ['0;[Red]-0', '12', '12'],
    ['General', '12', '12'],
    ['@', '12', '12'],
    ['yyyy-mm-dd', '46082', '2026-03-01'],
    ['d. mmm', '46082', '2026-03-01'],
    ['[h]:mm', '1', '1900-01-01'],
  ];
  test.each(SHOWN)('I571 format %j makes of %s the text %s', async (format, raw, shown) => {
    expect((await one(row(number(raw, 1)), [format])).rows).toEqual([[shown]]);
  });

  test('I571 zeros of a number format come back for codes, words of one are units, money is none', async () => {
    const table = await one(
      row(text('SKU'), text('Name'), text('Barcode'), text('Cost')) +
        row(number('42', 1), text('a'), number('4006381333931', 2), number('3.57', 3)),
      ['"SKU-"0000', '00000000000000', '"EUR "0.00'],
    );
    expect(itemsOf(table).rows).toMatchObject([
      { sku: 'SKU-0042', barcodes: [{ code: '04006381333931' }], cost: '3.57' },
    ]);
  });

  test('I571 errors, dates and formulas nobody calculated are named, and the rest stays', async () => {
    const table = await one(
      row(text('SKU'), text('Name'), text('Barcode')) +
        row(text('A'), text('a'), '<c t="e"><v>#N/A</v></c>') +
        row(number('46082', 1), text('b'), number('4006381333931')) +
        row('<c t="e"><v>#REF!</v></c>', text('c')) +
        row('<c><f>A1&amp;B1</f></c>', text('d')) +
        row(text('E'), '<c t="e"><v>#NAME?</v></c>'),
    );
    expect(named(itemsOf(table))).toEqual([
      '2 cell_error',
      '3 code_is_date',
      '4 cell_error',
      '5 cell_error',
      '6 cell_error',
    ]);
    expect(itemsOf(table, [], { leaveOutStopped: true }).rows.map(({ sku, name }) => [sku, name])).toEqual([
      ['A', 'a'],
      ['E', ''],
    ]);
  });

  test('I571 a hidden sheet is not taken while a visible one holds anything', async () => {
    const sheets = [
      { name: 'Old & hidden', state: 'hidden', cells: row(text('SKU')) + row(text('OLD')) },
      { name: 'Empty', cells: '' },
      { name: 'New', cells: row(text('SKU')) + row(text('NEW')) },
    ];
    const table = await readBytes(workbook(sheets), 'a.xlsx');
    expect(table.format).toEqual({
      kind: 'xlsx',
      sheet: 'New',
      sheets: ['Old & hidden', 'Empty', 'New'],
      hidden: ['Old & hidden'],
    });
    expect(table.rows[1]).toEqual(['NEW']);
    expect((await readBytes(workbook(sheets), 'a.xlsx', { sheet: 'Old & hidden' })).rows[1]).toEqual(['OLD']);
    expect((await readBytes(workbook(sheets.slice(0, 2)), 'a.xlsx')).format).toMatchObject({ sheet: 'Old & hidden' });
  });

  test('I571 texts with runs, entities, sound, and cells that are out of the way', async () => {
    const table = await readBytes(
      workbook(
        [
          {
            name: 'S',
            cells:
              '<row r="2"><c r="B2" t="s"><v>0</v></c><c r="D2" t="s"><v>1</v></c></row><!-- a > b --><row r="4"><c r="A4" t="str"><f>1&gt;2</f><v>x &lt; y</v></c></row>',
          },
        ],
        [],
        {
          'xl/sharedStrings.xml':
            '<sst><si><r><t>two </t></r><r><rPr><b/></rPr><t xml:space="preserve">runs &#228;&amp;</t></r></si><si><t>東京</t><rPh><t>トウキョウ</t></rPh></si></sst>',
        },
      ),
      'a.xlsx',
    );
    expect(table.rows).toEqual([[], ['', 'two runs ä&', '', '東京'], [], ['x < y']]);
  });
});

describe('where a list begins', () => {
  test('I562 a merged title above the column names is no item, in any language', async () => {
    const merged = (title: string, heads: readonly string[]) =>
      workbook([
        {
          name: 'S',
          cells:
            `<row r="1"><c r="A1" t="inlineStr"><is><t>${title}</t></is></c><c r="B1" s="0"/><c r="C1" s="0"/></row>` +
            `<row r="3">${heads.map(text).join('')}</row>` +
            `<row r="4">${text('A1')}${text('Pen')}${number('4006381333931')}</row>`,
        },
      ]);
    for (const [title, heads] of [
      ['Inventory export', ['SKU', 'Description', 'UPC']],
      ['Artikelliste Stand 01.11.2026', ['Artikelnummer', 'Bezeichnung', 'EAN']],
    ] as const) {
      const table = await readBytes(merged(title, heads), 'a.xlsx');
      const { headerRow, columns } = guessMapping('items', table);
      expect([headerRow, columns]).toEqual([3, ['sku', 'name', 'barcode']]);
      expect(itemsOf(table).rows.map(({ sku }) => sku)).toEqual(['A1']);
    }
  });
});

describe('workbooks that are not what they seem', () => {
  const refused = async (bytes: Uint8Array) => {
    const read = await readTable(bytes, 'x.xlsx');
    return read.ok ? 'read' : read.error.code;
  };

  test('I572 a file locked with a password is called that, an old one old', async () => {
    const compound = (name: string): Uint8Array => {
      const bytes = new Uint8Array(4096);
      bytes.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
      bytes.set(Buffer.from(name, 'utf16le'), 1024 + 128);
      return bytes;
    };
    expect(await refused(compound('EncryptedPackage'))).toBe('locked_xlsx');
    expect(await refused(compound('Workbook'))).toBe('old_excel');
  });

  test('I572 an archive that says it is too large is refused before anything is unpacked', async () => {
    const bytes = workbook([{ name: 'S', cells: row(text('SKU')) }]);
    const view = new DataView(bytes.buffer);
    for (let at = 0; at + 46 < bytes.length; at += 1) {
      if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, TABLE_LIMITS.unpacked + 1, true);
    }
    expect(await refused(bytes)).toBe('file_too_large');
  });

  test('I572 one that lies about it stops while it is unpacked, and holds no more than a piece', async () => {
    const filler = Buffer.alloc(60_000_000, ' ');
    const packed = deflateRawSync(filler);
    const bomb = makeZip(
      { 'xl/workbook.xml': '<workbook/>', 'xl/_rels/workbook.xml.rels': packed },
      { stated: { 'xl/_rels/workbook.xml.rels': 10 } },
    );
    const before = process.memoryUsage().arrayBuffers;
    let highest = 0;
    const watch = setInterval(() => (highest = Math.max(highest, process.memoryUsage().arrayBuffers)), 1);
    expect(await refused(bomb)).toBe('damaged_xlsx');
    clearInterval(watch);
    expect(highest - before).toBeLessThan(30_000_000);
  });

  test('I572 a file that is too large is refused before it is read', async () => {
    class Endless extends Blob {
      override get size(): number {
        return TABLE_LIMITS.bytes + 1;
      }
      override arrayBuffer(): Promise<ArrayBuffer> {
        throw new Error('it was read');
      }
    }
    const answers: FromWorker[] = [];
    const importer = createImporter((message) => answers.push(message));
    await importer({ kind: 'open', id: 1, file: new Endless(), name: 'x', what: 'items', options: {}, remembered: [] });
    expect(answers).toMatchObject([{ kind: 'refused', error: { code: 'file_too_large' } }]);
  });

  test('I60 whatever stands in the parts of a workbook: a table or a reason, never a throw', async () => {
    const piece = fc.constantFrom(
      ...'<row> <row/> </row> <row r="3"> <row r="x"> <c> <c r="B2" t="s"> <c t="e"> <c s="9"> <c t="inlineStr"> </c> <v> </v> <is> </is> <t> </t> <rPh> 1 1e400 -0 NaN &amp; &#0; &#xFFFFFFF; &bad; ]]> <![CDATA[ <!-- --> <? ?> <f/> \' " > </worksheet> _x0041_'.split(
        ' ',
      ),
    );
    const parts = fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(''));
    await fc.assert(
      fc.asyncProperty(
        parts,
        parts,
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
        async (cells, texts, flips) => {
          const bytes = workbook([{ name: 'S', cells }], ['0000'], { 'xl/sharedStrings.xml': `<sst>${texts}</sst>` });
          for (const [at, byte] of flips) bytes[at % bytes.length] = byte;
          const read = await readTable(bytes, 'x.xlsx');
          if (read.ok) itemsOf(read.value);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('I572 a bomb is refused by how it swells, whatever it says', async () => {
    const packed = deflateRawSync('<a/>'.repeat(16_000_000));
    expect(packed.length).toBeLessThan(200_000);
    const rels = 'xl/_rels/workbook.xml.rels';
    for (const stated of [64_000_000, 10]) {
      const bomb = makeZip({ 'xl/workbook.xml': '<workbook/>', [rels]: packed }, { stated: { [rels]: stated } });
      expect(await refused(bomb)).toBe('file_too_large');
    }
  });

  test('I572 document types, endless tags and rows beyond the last are refused', async () => {
    const sheet = (cells: string) => workbook([{ name: 'S', cells }]);
    expect(await refused(sheet('<!DOCTYPE x [<!ENTITY a "aaaa">]>'))).toBe('damaged_xlsx');
    expect(await refused(sheet(`<row ${'a'.repeat(1_200_000)}`))).toBe('damaged_xlsx');
    expect(await refused(sheet('<row r="1048577"><c><v>1</v></c></row>'))).toBe('too_many_rows');
    expect(await refused(sheet('<row><c><v>1</v></c>'))).toBe('damaged_xlsx');
  });

  test('I572 a cell far to the right names its row and is not kept', async () => {
    const table = await one(
      row(text('SKU'), text('Name')) +
        row(text('A'), text('a'), '<c r="XFD2"><v>1</v></c>') +
        row(text('B'), text('b')),
    );
    expect(table.columnCount).toBe(2);
    expect(named(itemsOf(table))).toEqual(['2 too_many_cells']);
    expect(itemsOf(table, [], { leaveOutStopped: true }).rows.map(({ sku }) => sku)).toEqual(['B']);
  });
});
