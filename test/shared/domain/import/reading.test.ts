import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnDecimalMark, readDecimal } from '../../../../shared/domain/import/decimal-text.ts';
import { countUtf8, decodeWindows1252, detectEncoding } from '../../../../shared/domain/import/encoding.ts';
import { sniffSeparator } from '../../../../shared/domain/import/separator.ts';
import { columnLetter } from '../../../../shared/domain/import/table.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('encodings', () => {
  test('I20 a byte order mark decides; without one UTF-16 is seen by its zero bytes', () => {
    expect(detectEncoding(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toEqual({
      encoding: 'utf-8',
      skip: 3,
      guessed: false,
    });
    expect(detectEncoding(Uint8Array.of(0xff, 0xfe, 0x61, 0))).toMatchObject({ encoding: 'utf-16le', skip: 2 });
    expect(detectEncoding(Uint8Array.of(0xfe, 0xff, 0, 0x61))).toMatchObject({ encoding: 'utf-16be', skip: 2 });
    expect(detectEncoding(new Uint8Array(Buffer.from('sku,name\n1,a\n', 'utf16le'))).encoding).toBe('utf-16le');
    expect(detectEncoding(new Uint8Array(Buffer.from('sku,name\n1,a\n', 'utf16le').swap16())).encoding).toBe(
      'utf-16be',
    );
  });

  test('I21 valid UTF-8 is UTF-8; what is mostly no UTF-8 is a code page', () => {
    expect(detectEncoding(utf8('pâte;1')).encoding).toBe('utf-8');
    expect(detectEncoding(Uint8Array.of(0x70, 0xe2, 0x74, 0x65)).encoding).toBe('windows-1252');
    for (const bad of [
      [0xc0, 0x80],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xe2, 0x82],
      [0x80],
      [0xe0, 0x80, 0x80],
    ])
      expect(countUtf8(Uint8Array.from(bad)).strays).toBeGreaterThan(0);
  });

  test('I22 whatever text is written as UTF-8 is recognised as UTF-8', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => countUtf8(utf8(text)).strays === 0));
  });

  test('I23 every byte of Windows-1252 has its character, the euro sign and the curly quotes too', () => {
    expect(decodeWindows1252(Uint8Array.of(0x80, 0x91, 0x92, 0x96, 0xe9, 0xff))).toBe('€‘’–éÿ');
    expect(decodeWindows1252(new Uint8Array(20_000).fill(0x41))).toHaveLength(20_000);
  });
});

describe('separators', () => {
  test.each([
    ['a,b,c\n1,2,3\n', ','],
    ['a;b;c\n1;2,5;3\n', ';'],
    ['a\tb\n1\t2\n', '\t'],
    ['a|b|c\n1|2|3\n', '|'],
    ['"a,b,c,d";x\n"1,2,3,4";y\n', ';'],
    ['"line\nbreak; here",b\n1,2\n', ','],
    ['sep=;\na,b;c\n', ';'],
    ['one\ntwo\n', ','],
    ['', ','],
    ['a;b\n"never closed;', ';'],
    ['sku;price\nA;1,50\nB;2,75\n', ';'],
  ])('I24 the separator of %j is %j', (text, separator) => expect(sniffSeparator(text)).toBe(separator));
});

describe('numbers', () => {
  test.each([
    ['1507.88', '1507.88'],
    ['1.507,88 €', '1507.88'],
    ['1,507.88', '1507.88'],
    ["1'234.50", '1234.5'],
    ['1 234,50', '1234.5'],
    ['1\u202f234,5', '1234.5'],
    ['£3.50', '3.5'],
    ['CHF 12.-', '12'],
    ['12.– CHF', '12'],
    ['-5,00', '-5'],
    ['EUR 3,99', '3.99'],
    ['3.99 USD', '3.99'],
    ['1.234.567', '1234567'],
    ['1,234,567', '1234567'],
    ['.5', '0.5'],
    ['0.125', '0.125'],
    ['0,125', '0.125'],
    ['1234.567', '1234.567'],
    ['−3', '-3'],
    ['3-', '-3'],
    ['12', '12'],
    ['1.507', 'ambiguous'],
    ['1,507', 'ambiguous'],
    ['12,34,56', 'unreadable'],
    ['1.2.3', 'unreadable'],
    ['abc', 'unreadable'],
    ['', 'unreadable'],
    ['1e5', 'unreadable'],
    ['=1+1', 'unreadable'],
    ['0.1234567', 'too_precise'],
    ['9'.repeat(60), 'unreadable'],
  ])('I25 %j is read as %s', (text, expected) => {
    const reading = readDecimal(text);
    expect(reading.ok ? reading.value : reading.code).toBe(expected);
  });

  test('I26 the rest of the column settles "1.507"; a column that disagrees with itself settles nothing', () => {
    expect(columnDecimalMark(['1.507', '3.50'])).toBe('.');
    expect(columnDecimalMark(['1.507', '3,50'])).toBe(',');
    expect(columnDecimalMark(['3.50', '3,50'])).toBeUndefined();
    expect(columnDecimalMark(['1.507', 'x', '12'])).toBeUndefined();
    expect(readDecimal('1.507', '.')).toEqual({ ok: true, value: '1.507' });
    expect(readDecimal('1.507', ',')).toEqual({ ok: true, value: '1507' });
  });

  test('I27 reading a number never throws and gives only exact decimal text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."0123456789.,-+' €E".split('')), maxLength: 20 }), (text) => {
        const reading = readDecimal(text);
        if (reading.ok) expect(reading.value).toMatch(/^-?(0|[1-9]\d{0,11})(\.\d{0,4}[1-9])?$/);
      }),
    );
  });

  test('I28 columns are lettered as in a spreadsheet', () => {
    expect([0, 25, 26, 51, 701, 702].map(columnLetter)).toEqual(['A', 'Z', 'AA', 'AZ', 'ZZ', 'AAA']);
  });
});
