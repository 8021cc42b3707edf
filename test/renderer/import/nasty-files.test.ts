import { describe, expect, test } from 'vitest';
import { readTable } from '../../../renderer/import/read-table.ts';
import { itemsOf, readBytes } from './read-fixture.ts';

const PLAIN = 'sku,name\nA1,Pâte\nB2,"Two, with comma"\n';
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const wide = (text: string, big = false): Uint8Array => {
  const bytes = Buffer.from(text, 'utf16le');
  return new Uint8Array(big ? bytes.swap16() : bytes);
};
const latin = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const joined = (...parts: (Uint8Array | readonly number[])[]): Uint8Array =>
  new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array))));

const READABLE: readonly (readonly [string, Uint8Array])[] = [
  ['plain UTF-8', utf8(PLAIN)],
  ['UTF-8 with a byte order mark', utf8(`\uFEFF${PLAIN}`)],
  ['two byte order marks', utf8(`\uFEFF\uFEFF${PLAIN}`)],
  ['UTF-16 LE with a byte order mark', wide(`\uFEFF${PLAIN}`)],
  ['UTF-16 BE with a byte order mark', wide(`\uFEFF${PLAIN}`, true)],
  ['UTF-16 LE without one', wide(PLAIN)],
  ['UTF-16 BE without one', wide(PLAIN, true)],
  ['Windows-1252', latin(PLAIN)],
  ['CRLF line ends', utf8(PLAIN.replaceAll('\n', '\r\n'))],
  ['CR line ends only', utf8(PLAIN.replaceAll('\n', '\r'))],
  ['line ends of three kinds', utf8('sku,name\r\nA1,Pâte\rB2,"Two, with comma"\n')],
  ['no line end at the end', utf8(PLAIN.trimEnd())],
  ['many line ends at the end', utf8(`${PLAIN}\n\n\n`)],
  ['semicolons', utf8('sku;name\nA1;Pâte\nB2;"Two, with comma"\n')],
  ['tabs', utf8('sku\tname\nA1\tPâte\nB2\tTwo, with comma\n')],
  ['pipes', utf8('sku|name\nA1|Pâte\nB2|Two, with comma\n')],
  ['a stated separator', utf8('sep=;\nsku;name\nA1;Pâte\nB2;Two, with comma\n')],
  ['every cell quoted', utf8('"sku","name"\n"A1","Pâte"\n"B2","Two, with comma"\n')],
  ['spaces around cells', utf8('sku , name\n A1 , Pâte \n B2 ,"Two, with comma"\n')],
  ['spaces after closing quotes', utf8('sku,name\n"A1" ,"Pâte"  \n"B2","Two, with comma"\n')],
  ['blank lines between', utf8('\n\nsku,name\n\nA1,Pâte\n,\nB2,"Two, with comma"\n')],
  ['empty columns at the end', utf8('sku,name,,,\nA1,Pâte,,,\nB2,"Two, with comma",,,\n')],
  ['rows cut short', utf8('sku,name,brand,cost\nA1,Pâte\nB2,"Two, with comma",\n')],
  ['other columns before', utf8('internal remark,sku,name\n,A1,Pâte\nx,B2,"Two, with comma"\n')],
  ['text kept as text by a formula', utf8('sku,name\n"=""A1""",Pâte\n"=""B2""","Two, with comma"\n')],
  ['German headers', utf8('Artikelnummer;Bezeichnung\nA1;Pâte\nB2;Two, with comma\n')],
  ['French headers', utf8('Référence;Désignation\nA1;Pâte\nB2;Two, with comma\n')],
  ['Italian headers', utf8('Codice articolo;Descrizione\nA1;Pâte\nB2;Two, with comma\n')],
  ['Spanish headers', utf8('Código artículo;Descripción\nA1;Pâte\nB2;Two, with comma\n')],
  ['shouted headers', utf8('SKU,PRODUCT_NAME\nA1,Pâte\nB2,"Two, with comma"\n')],
  ['a column called __proto__', utf8('__proto__,sku,name\nx,A1,Pâte\ny,B2,"Two, with comma"\n')],
  [
    'columns called constructor and toString',
    utf8('constructor,sku,name,toString\nx,A1,Pâte,z\ny,B2,"Two, with comma",z\n'),
  ],
  ['two headers that are alike', utf8('sku,name,name\nA1,Pâte,x\nB2,"Two, with comma",y\n')],
  ['a header that is a line long', utf8(`sku,name,${'long '.repeat(1000)}\nA1,Pâte,1\nB2,"Two, with comma",2\n`)],
];

describe('files as they come', () => {
  test.each(READABLE)('I40 %s: the same two items', async (_, bytes) => {
    const conversion = itemsOf(await readBytes(bytes));
    expect(conversion.state).toBe('ready');
    expect(conversion.rows.map((item) => [item.sku, item.name])).toEqual([
      ['A1', 'Pâte'],
      ['B2', 'Two, with comma'],
    ]);
  });

  test('I40 a file of many megabytes is cut alike wherever its pieces end', async () => {
    const line = (at: number): string => `A${at},"Pâte ${at}, ""fine""\r\nsecond line",${'x'.repeat(at % 50)}`;
    const lines = Array.from({ length: 180_000 }, (_, at) => line(at));
    const text = `sku,name,remark\r\n${lines.join('\r\n')}\r\n`;
    const bytes = Buffer.from(text);
    expect(bytes.length).toBeGreaterThan(8_000_000);
    const { rows, problems } = await readBytes(new Uint8Array(bytes));
    expect(problems).toEqual([]);
    expect(rows).toHaveLength(180_001);
    expect(
      rows.slice(1).every(([sku, name, remark], at) => {
        const right = `Pâte ${at}, "fine"\nsecond line`;
        return sku === `A${at}` && name === right && (remark ?? '') === 'x'.repeat(at % 50);
      }),
    ).toBe(true);
  });

  const HEADERLESS: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'codes and names',
      '4006381333931,Blue cup\n4006381333948,Red cup\n96385074,Jug one\n',
      ['4006381333931', '4006381333948', '96385074'],
    ],
    ['names and codes', 'Blue cup;4006381333931\nRed cup;4006381333948\n', ['4006381333931', '4006381333948']],
    ['SKUs, names, prices', 'AB-1;Blue cup small;3,50\nAB-2;Red cup small;4,75\n', ['AB-1', 'AB-2']],
    ['codes only', '4006381333931\n4006381333948\n', ['4006381333931', '4006381333948']],
  ];
  test.each(HEADERLESS)('I41 without headers: %s', async (_, text, skus) => {
    const conversion = itemsOf(await readBytes(text));
    expect(conversion.state).toBe('ready');
    expect(conversion.rows.map((item) => item.sku)).toEqual(skus);
  });

  const NAMED: readonly (readonly [string, Uint8Array | string, string, number])[] = [
    ['a NUL in a name', 'sku,name\nA1,a\u0000b\n', 'nul_character', 2],
    ['a NUL in a code', 'sku,name\nA1\u0000,ab\nB,c\n', 'nul_character', 2],
    [
      'bytes that are no UTF-8 after a UTF-8 mark',
      joined([0xef, 0xbb, 0xbf], utf8('sku,name\nA1,'), [0xe9], utf8('t\n')),
      'unreadable_character',
      2,
    ],
    ['half a UTF-16 character', joined(wide('\uFEFFsku,name\nA1,ab'), [0x61]), 'unreadable_character', 2],
    ['a quote that never closes', 'sku,name\nA1,ok\nB2,"never closed\nC3,x\nD4,y\n', 'unclosed_quote', 3],
    ['a quote that closes early', 'sku,name\nA1,"a"b"\nB2,c\n', 'stray_quote', 2],
    ['a cell of 40,000 characters', `sku,name\nA1,${'x'.repeat(40_000)}\nB2,y\n`, 'cell_too_long', 2],
    ['a separator in a bare text', 'sku,name\nA1,one\nB2,two, and more\nC3,three\n', 'too_many_cells', 3],
    ['a code in scientific notation', 'barcode,name\n2.02E+11,a\n4006381333931,b\n', 'code_scientific_notation', 2],
    ['a code in scientific notation, German', 'EAN;Name\n2,02E+11;a\n4006381333931;b\n', 'code_scientific_notation', 2],
    ['a code with a decimal point', 'barcode,name\n3017620422003.0,a\n', 'code_decimal_point', 2],
    ['a code that lost its zeros', 'barcode,name\n41250500735,a\n', 'code_lost_zeros', 2],
    ['a wrong check digit', 'barcode,name\n4006381333932,a\n', 'code_check_digit', 2],
    ['a letter for a digit', 'barcode,name\n00o27000382493,a\n', 'code_letter_for_digit', 2],
    ['a control character in a code', 'barcode,name\n40063\u000181333931,a\n', 'code_control_character', 2],
    ['a code of 200 characters', `barcode,name\n${'9'.repeat(200)},a\n`, 'code_too_long', 2],
    ['a SKU of 65 characters', `sku,name\n${'S'.repeat(65)},a\n`, 'sku_too_long', 2],
    ['a row without a SKU', 'sku,name\nA1,a\n,b\n', 'sku_missing', 3],
    ['a row without a barcode', 'barcode,name\n4006381333931,a\n,b\n', 'sku_missing', 3],
    ['a row without a name', 'sku,name\nA1,a\nB2,\n', 'name_missing', 3],
    ['a SKU twice with different names', 'sku,name\nA1,a\na1,b\n', 'sku_twice', 3],
    ['the same row twice', 'sku,name\nA1,a\nA1,a\n', 'row_twice', 3],
    [
      'one SKU in two rows with two barcodes',
      'sku,name,barcode\nA1,a,4006381333931\nA1,a,4006381333948\n',
      'rows_joined',
      3,
    ],
    ['one barcode on two SKUs', 'sku,name,barcode\nA1,a,4006381333931\nB2,b,04006381333931\n', 'duplicate_barcode', 3],
    ['a name of 500 characters', `sku,name\nA1,${'n'.repeat(500)}\n`, 'text_cut', 2],
    ['an unclear price', 'sku,name,price\nA1,a,"1,507"\n', 'price_ambiguous', 2],
    ['a price that is none', 'sku,name,price\nA1,a,ask\n', 'price_unreadable', 2],
    ['a price below zero', 'sku,name,price\nA1,a,-3\n', 'price_unreadable', 2],
    ['decimals that are none', 'sku,name,decimals\nA1,a,9\n', 'precision_unreadable', 2],
    ['tracking that is none', 'sku,name,tracking\nA1,a,sometimes\n', 'tracking_unknown', 2],
    ['a pack without its pieces', 'sku,name,case barcode\nA1,a,14006381333938\n', 'pack_without_factor', 2],
    [
      'pieces that are no number',
      'sku,name,case barcode,case quantity\nA1,a,14006381333938,dozen\n',
      'pack_factor_unreadable',
      2,
    ],
    [
      'forty-one barcodes',
      `sku,name,barcode\nA1,a,${Array.from({ length: 41 }, (_, at) => `X${at}`).join(';')}\n`,
      'too_many_barcodes',
      2,
    ],
  ];
  test.each(NAMED)('I42 %s is named with its row', async (_, file, code, row) => {
    const conversion = itemsOf(await readBytes(file));
    expect(conversion.problems.map((problem) => [problem.code, problem.row])).toContainEqual([code, row]);
    const stopped = conversion.problems.some((problem) => problem.severity === 'stop');
    expect(conversion.state === 'blocked').toBe(stopped);
    if (stopped) expect(conversion.rows).toEqual([]);
  });

  const REFUSED: readonly (readonly [string, Uint8Array | string, string])[] = [
    ['nothing', '', 'file_empty'],
    ['white space', ' \n\t\n  ', 'file_empty'],
    ['separators only', ',,,\n,,,\n', 'file_empty'],
    ['a byte order mark only', utf8('\uFEFF'), 'file_empty'],
    ['an old Excel file', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1), 'old_excel'],
    ['a picture', Uint8Array.from({ length: 3000 }, (_, at) => (at * 7919) % 256), 'not_a_table'],
    ['zeros', new Uint8Array(5000), 'not_a_table'],
    ['a broken archive', joined([0x50, 0x4b, 3, 4], utf8('not really')), 'damaged_xlsx'],
    ['513 columns', `${Array.from({ length: 513 }, (_, at) => `c${at}`).join(',')}\n`, 'too_many_columns'],
  ];
  test.each(REFUSED)('I43 %s is refused with a reason', async (_, file, code) => {
    const read = await readTable(typeof file === 'string' ? utf8(file) : file, 'x');
    expect(read).toMatchObject({ ok: false, error: { code } });
  });

  test('I44 a quote that never closes stops the import even when stopped rows may be left out', async () => {
    const table = await readBytes('sku,name\nA1,ok\nB2,"never\nC3,x\n');
    expect(itemsOf(table, [], { leaveOutStopped: true })).toMatchObject({ state: 'blocked', rows: [] });
  });

  test('I45 names that look like formulas are plain text', async () => {
    const text = 'sku,name\nA1,=cmd|calc\nA2,+1+1\nA3,-2\nA4,@SUM(A1)\nA5,<script>alert(1)</script>\n';
    expect(itemsOf(await readBytes(text)).rows.map((item) => item.name)).toEqual([
      '=cmd|calc',
      '+1+1',
      '-2',
      '@SUM(A1)',
      '<script>alert(1)</script>',
    ]);
  });

  test('I46 a person may overrule encoding and separator', async () => {
    const table = await readBytes(latin('sku;name\nA1;Pâte, fine\n'), 'x.csv', {
      encoding: 'windows-1252',
      separator: ',',
    });
    expect(table.format).toEqual({ kind: 'csv', encoding: 'windows-1252', separator: ',' });
    expect(table.rows[1]).toEqual(['A1;Pâte', ' fine']);
  });

  test('I47 quote bombs and huge lines end soon and are named', async () => {
    const bombs = [
      '"'.repeat(2_000_001),
      `sku,name\nA1,"${'a"b'.repeat(300_000)}`,
      `sku,name\nA1,${'"" '.repeat(500_000)}`,
      `sku,name\n${'" "'.repeat(300_000)}\n`,
      `sku,name\nA1,"${'x'.repeat(5_000_000)}\n`,
    ];
    for (const bomb of bombs) {
      const read = await readTable(utf8(bomb), 'bomb.csv');
      if (!read.ok) continue;
      expect(read.value.problems.length).toBeGreaterThan(0);
      expect(read.value.problems.length).toBeLessThanOrEqual(10_000);
    }
  });
});
