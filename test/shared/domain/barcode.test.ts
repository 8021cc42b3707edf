import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkDigit,
  codeKey,
  findCodeDamage,
  lookUpKeys,
  type ParsedBarcode,
  parseBarcode,
  toGtin14,
} from '../../../shared/domain/barcode.ts';
import { expandUpcE } from '../../../shared/domain/gtin.ts';

const today = { year: 2026 };
const read = (raw: string, symbology?: string): ParsedBarcode =>
  parseBarcode(raw, { today, ...(symbology === undefined ? {} : { symbology }) });
const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`));

describe('barcodes', () => {
  test('S01 one item number has one key, with 12, 13 or 14 digits', () => {
    for (const form of ['036000291452', '0036000291452', '00036000291452']) {
      expect(codeKey(form)).toBe('g:00036000291452');
      expect(lookUpKeys(read(form))[0]).toBe('g:00036000291452');
    }
    fc.assert(
      fc.property(
        digits(11).filter((body) => /[1-9]/.test(body)),
        (body) => {
          const upca = body + checkDigit(body);
          const keys = [upca, `0${upca}`, `00${upca}`].map((form) => lookUpKeys(read(form))[0]);
          expect(new Set(keys)).toEqual(new Set([codeKey(upca)]));
        },
      ),
    );
  });

  test.each([
    ['96385074', 'gtin8', '00000096385074'],
    ['036000291452', 'upca', '00036000291452'],
    ['3017620422003', 'ean13', '03017620422003'],
    ['13017620422000', 'itf14', '13017620422000'],
    ['  3017620422003\r\n', 'ean13', '03017620422003'],
    [']E03017620422003', 'ean13', '03017620422003'],
    [']E496385074', 'gtin8', '00000096385074'],
    [']E3301762042200312345', 'ean13', '03017620422003'],
    [']I113017620422000', 'itf14', '13017620422000'],
    ['01234565', 'gtin8', '00000001234565'],
  ])('S01 %s is read as %s', (raw, form, gtin14) => {
    expect(read(raw)).toMatchObject({ kind: 'gtin', form, gtin14, raw });
  });

  test('S02 a wrong check digit is damage, never another item', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(8, 12, 13, 14),
        fc.nat(7),
        digits(14),
        fc.integer({ min: 1, max: 9 }),
        (length, at, text, off) => {
          const body = text.slice(0, length - 1);
          const wrong =
            body.slice(0, at % (length - 1)) +
            ((Number(body[at % (length - 1)]) + off) % 10) +
            body.slice((at % (length - 1)) + 1);
          const code = wrong + checkDigit(body);
          if (length === 8 && expandUpcE(code) !== null) return;
          expect(read(code)).toMatchObject({ kind: 'damaged', code: 'check_digit' });
          expect(codeKey(code)).toBe(`c:${code}`);
        },
      ),
    );
    expect(read(']E03017620422004')).toMatchObject({ kind: 'damaged', code: 'check_digit' });
    expect(read('0112345678901234')).toMatchObject({ kind: 'damaged', code: 'check_digit', detail: '01' });
  });

  test('S03 a number that merely looks like a bad GTIN is found when the catalogue knows that very text', () => {
    for (const code of ['2000000114906', '15274530', '0112345678901234']) {
      expect(lookUpKeys(read(code))).toContain(codeKey(code));
    }
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9A-Za-z./-]{1,20}$/), (code) => {
        expect(lookUpKeys(read(code))).toContain(codeKey(code));
      }),
    );
  });

  test('S04 UPC-E opens into the UPC-A it was made from', () => {
    expect(expandUpcE('04252614')).toBe('042100005264');
    expect(expandUpcE('01234531')).toBe('012300000451');
    expect(expandUpcE('01234543')).toBe('012340000053');
    expect(expandUpcE('01234558')).toBe('012345000058');
    expect(expandUpcE('04252615')).toBeNull();
    expect(expandUpcE('24252614')).toBeNull();
    expect(read('04252614')).toMatchObject({ kind: 'gtin', form: 'upce', gtin14: '00042100005264' });
    expect(codeKey('04252614')).toBe(codeKey('042100005264'));
  });

  test('S04 eight digits that are both EAN-8 and UPC-E are looked up as both', () => {
    const both = Array.from({ length: 200_000 }, (_, number) => String(number).padStart(7, '0'))
      .map((body) => body + checkDigit(body))
      .find((code) => toGtin14(code).ok && expandUpcE(code) !== null);
    expect(both).toBeDefined();
    const parsed = read(both ?? '');
    expect(parsed).toMatchObject({ kind: 'gtin', form: 'gtin8' });
    expect(lookUpKeys(parsed).slice(0, 2)).toEqual([codeKey(both ?? ''), codeKey(expandUpcE(both ?? '') ?? '')]);
  });

  test.each(['A-01-02-3', '84029G', '12345', '123456789', '1234567890', 'badge:ana', '0', '00000000', '12E5'])(
    'S05 %s stays a code of the shop',
    (raw) => {
      expect(read(raw)).toEqual({ kind: 'internal', code: raw, raw });
    },
  );

  test('S05 what a Code 39 or Code 128 label carries is not judged as an item number', () => {
    expect(read('2000000114906', ']C0')).toMatchObject({ kind: 'internal' });
    expect(read(']A02000000114906')).toEqual({ kind: 'internal', code: '2000000114906', raw: ']A02000000114906' });
  });

  test('S05 letter case and outer space make no other code', () => {
    expect(codeKey(' 85123a ')).toBe(codeKey('85123A'));
    expect(codeKey('\uFEFF85123A\u200B')).toBe(codeKey('85123A'));
  });

  test.each([
    ['TALLYBOOK:UNDO', { command: 'undo' }],
    ['TALLYBOOK:REDO', { command: 'redo' }],
    ['TALLYBOOK:EMPTY', { command: 'empty' }],
    ['TALLYBOOK:DONE', { command: 'done' }],
    ['tallybook:recount', { command: 'recount' }],
    ['TALLYBOOK:TIMES:10', { command: 'times', times: 10 }],
  ])('S06 the card %s is a command', (raw, expected) => {
    expect(read(raw)).toEqual({ kind: 'command', ...expected, raw });
    expect(read(`]C0${raw}`)).toEqual({ kind: 'command', ...expected, raw: `]C0${raw}` });
    expect(lookUpKeys(read(raw))).toEqual([codeKey(raw)]);
  });

  test.each(['TALLYBOOK:', 'TALLYBOOK:ERASE', 'TALLYBOOK:TIMES:0', 'TALLYBOOK:TIMES:99999', 'TALLYBOOK:UNDO:2'])(
    'S06 the card %s is damaged, not a code',
    (raw) => {
      expect(read(raw)).toMatchObject({ kind: 'damaged', code: 'bad_command' });
    },
  );

  test.each([
    ['', 'empty'],
    [' \r\n', 'empty'],
    ['x'.repeat(4097), 'too_long'],
    ['2.02E+11', 'scientific_notation'],
    ['3,01762E+12', 'scientific_notation'],
    [']X', 'bad_symbology'],
    [']C1', 'bad_gs1'],
    [']C1(09)12', 'bad_gs1'],
    [']C10107032069804988891', 'bad_gs1'],
    ['010703206980498815211326', 'bad_date'],
    ['(400)ABC(400)XYZ', 'bad_gs1'],
    [']E0301762042200', 'check_digit'],
  ])('S07 "%.30s" is damaged: %s', (raw, code) => {
    expect(read(raw)).toMatchObject({ kind: 'damaged', code });
  });

  test('S08 a GS1 label gives item, lot, serial, dates, count and weight', () => {
    expect(read(']C101040123456789011715012910ABC123\u001D310300052539224711')).toMatchObject({
      kind: 'gs1',
      gtin14: '04012345678901',
      lot: 'ABC123',
      expiresOn: '2015-01-29',
      measures: [{ ai: '3103', unit: 'kg', value: '0.525', of: 'content' }],
      readings: [],
    });
    expect(read('(01)94019097685457(21)S-1(15)270100(30)0017')).toMatchObject({
      serial: 'S-1',
      bestBefore: '2027-01-31',
      count: '17',
    });
    expect(read('(02)98412345678908(37)32(00)157035381410375177')).toMatchObject({
      gtin14: '98412345678908',
      count: '32',
      sscc: '157035381410375177',
    });
    expect(read('4149520123456788')).toMatchObject({ kind: 'gs1', gln: '9520123456788' });
  });

  test('S08 a lot alone is a GS1 label without an item', () => {
    const parsed = read(']C110LOT42\u001D');
    expect(parsed).toMatchObject({ kind: 'gs1', lot: 'LOT42' });
    expect(lookUpKeys(parsed).filter((key) => key.startsWith('g:'))).toEqual([]);
  });

  test('S08 a count that contradicts its label is not believed', () => {
    const parsed = read('(01)12345678901231(37)123');
    expect(parsed).toMatchObject({ kind: 'gs1', gtin14: '12345678901231', countUnclear: true });
    expect(read('(02)12345678901231(37)123')).toMatchObject({ count: '123', isContent: true, countUnclear: false });
  });

  test('S09 where a separator may be missing, only what is certain is taken and a person chooses', () => {
    const parsed = read('010703206980498810032915210526');
    expect(parsed).toMatchObject({ kind: 'gs1', gtin14: '07032069804988' });
    expect(parsed).not.toHaveProperty('lot');
    expect(parsed.kind === 'gs1' && parsed.readings.map(({ lot, bestBefore }) => [lot, bestBefore])).toEqual([
      ['032915210526', undefined],
      ['0329', '2021-05-26'],
      ['032915', undefined],
    ]);
    const sure = parseBarcode('010703206980498810032915210526', { today, fnc1: 'sent' });
    expect(sure).toMatchObject({ lot: '032915210526', readings: [] });
  });

  test.each(['\u001D', '|', '^', '\u241D', '<F8>'])('S09 the separator %j leaves nothing open', (separator) => {
    const raw = `0107032069804988100329${separator}15210526`;
    expect(parseBarcode(raw, { today, separators: ['<F8>'] })).toMatchObject({ lot: '0329', readings: [] });
  });

  test('S10 no text makes the reader throw, and every reading keeps what arrived', () => {
    const awkward = fc.string({ unit: fc.constantFrom(...'0123456789()]CEQd[e|:TALYBOK\u001D '.split('')) });
    const gs1 = fc.tuple(fc.constantFrom('01', '00', ']C1', '(01)', '414'), awkward).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), awkward, gs1), (raw) => {
        const parsed = read(raw);
        expect(parsed.raw).toBe(raw);
        expect(Array.isArray(lookUpKeys(parsed))).toBe(true);
        expect(codeKey(raw)).toMatch(/^[gc]:/);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['3017620422003', null],
    ['A-01-02-3', null],
    ['85123A', null],
    ['12345', null],
    ['2.02E+11', { code: 'scientific_notation' }],
    ['3017620422003.0', { code: 'decimal_point', suggestion: '3017620422003' }],
    ['37212000368', { code: 'lost_zeros', suggestion: '037212000368' }],
    ['4905707', { code: 'lost_zeros', suggestion: '04905707' }],
    ['1790442065', null],
    ['2000000114906', { code: 'check_digit' }],
    ['00o27000382493', { code: 'letter_for_digit', suggestion: '00027000382493' }],
    ['30176\u000220422003', { code: 'control_character' }],
  ])('S11 the damage to %s is named', (text, expected) => {
    expect(findCodeDamage(text)).toEqual(expected);
  });
});
