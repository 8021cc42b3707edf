import { describe, expect, test } from 'vitest';
import { readScan, type Known, type ScanMeaning } from '../../../renderer/shelf/read-scan.ts';
import { readTyped } from '../../../renderer/shelf/typed-quantity.ts';
import { createCatalogue } from '../../../shared/domain/catalogue.ts';
import { timesQuantity } from '../../../shared/domain/quantity.ts';
import { BINS, ITEMS, q } from '../features/paper-ledger.ts';

const known: Known = { catalogue: createCatalogue(ITEMS, BINS), bins: ['A-01', 'Z-99'], year: 2026 };
const GS = '\u001D';

function read(text: string, usText = text): ScanMeaning {
  return readScan({ text, usText }, known);
}

const only = { unit: 'pcs', precision: 0, tracking: 'none' as const, barcodes: [] };

/** A meaning but for the text it came as. */
function withoutCode(meaning: ScanMeaning): unknown {
  return meaning.kind === 'item' ? { ...meaning.proposed, code: '' } : meaning;
}

function item(text: string) {
  const meaning = read(text);
  return meaning.kind === 'item' ? { ...meaning.proposed, item: meaning.proposed.item.sku } : meaning;
}

describe('what a scan means', () => {
  test('S120 a bin label is a bin by its code, by its label, and when only the stocktake knows it', () => {
    expect(read('A-02')).toEqual({ kind: 'bin', bin: 'A-02' });
    expect(read(' a-02 ')).toEqual({ kind: 'bin', bin: 'A-02' });
    expect(read('900200')).toEqual({ kind: 'bin', bin: 'A-02' });
    expect(read('z-99')).toEqual({ kind: 'bin', bin: 'Z-99' });
  });

  test('S121 a label that two bins carry asks which of them', () => {
    expect(read('SHARED')).toEqual({ kind: 'bins', bins: ['B-01', 'B-02'] });
  });

  test('S582 a label that several bins carry opens the one of this sheet, else the one of this building, or asks', () => {
    const bins = [
      { code: 'A-01', label: 'A-01', site: 'Main', zone: '', walk: 1 },
      { code: 'A-01 · Annex', label: 'A-01', site: 'Annex', zone: '', walk: 2 },
    ];
    const scanned = (text: string, near: Pick<Known, 'bins' | 'site'>) =>
      readScan({ text, usText: text }, { catalogue: createCatalogue(ITEMS, bins), year: 2026, ...near });
    expect(scanned('a-01', { bins: [] })).toEqual({ kind: 'bins', bins: ['A-01', 'A-01 · Annex'] });
    expect(scanned('A-01', { bins: ['A-01 · Annex', 'B-7'] })).toEqual({ kind: 'bin', bin: 'A-01 · Annex' });
    expect(scanned('A-01', { bins: ['A-01'] })).toEqual({ kind: 'bin', bin: 'A-01' });
    expect(scanned('A-01', { bins: [], site: 'Annex' })).toEqual({ kind: 'bin', bin: 'A-01 · Annex' });
    expect(scanned('A-01', { bins: [], site: 'North' })).toMatchObject({ kind: 'bins' });
    expect(scanned('A-01 · Annex', { bins: ['A-01'] })).toEqual({ kind: 'bin', bin: 'A-01 · Annex' });
  });

  test('S541 a GS1 label of a location opens the bin that its extension names', () => {
    expect(read(']C14144012345000009254A-02')).toEqual({ kind: 'bin', bin: 'A-02' });
    expect(read(`]C1254a-02${GS}4144012345000009`)).toEqual({ kind: 'bin', bin: 'A-02' });
    expect(read(']C14144012345000009254NOWHERE')).toMatchObject({ kind: 'unknown' });
  });

  test('S122 a GTIN in any of its lengths is one item, one piece', () => {
    for (const code of ['4006381333931', '04006381333931'])
      expect(item(code)).toMatchObject({ item: 'CUP-BLUE', perScan: q('1'), pack: undefined });
  });

  test('S123 a case barcode counts its pack factor', () => {
    expect(item('14006381333938')).toMatchObject({
      item: 'CUP-BLUE',
      perScan: q('12'),
      pack: { name: 'case', factor: '12' },
    });
  });

  test('S124 a GS1 label fills lot, expiry, serial and quantity', () => {
    expect(item(`]C1010301762042200317270331102409`)).toMatchObject({
      item: 'OIL',
      lot: '2409',
      expiresOn: '2027-03-31',
      perScan: q('1'),
    });
    expect(item(`]C1010500011254816721SN-7`)).toMatchObject({ item: 'DRILL', serial: 'SN-7' });
    expect(item(`]C10103017620422003102409${GS}3040`)).toMatchObject({ item: 'OIL', lot: '2409', perScan: q('40') });
    expect(item(`]C101020000000000083103001750`)).toMatchObject({ item: 'RICE', perScan: q('1.75') });
  });

  test('S125 a label with only a lot or a serial belongs to the item before it', () => {
    expect(read(']C1102409')).toMatchObject({ kind: 'attach', lot: '2409', serial: undefined });
    expect(read(']C121SN-7')).toMatchObject({ kind: 'attach', lot: undefined, serial: 'SN-7' });
  });

  test('S126 items that share a code are all offered', () => {
    const meaning = read('TWIN');
    expect(meaning.kind === 'items' && meaning.choices.map((choice) => choice.item.sku)).toEqual(['TWIN-A', 'TWIN-B']);
  });

  test('S127 a code nobody knows is unknown, a misread one is damaged, and neither is an item', () => {
    expect(read('8710398159113')).toEqual({ kind: 'unknown', code: '8710398159113' });
    expect(read('4006381333932')).toMatchObject({ kind: 'damaged', damage: 'check_digit' });
  });

  test('S128 command cards are commands', () => {
    expect(read('TALLYBOOK:UNDO')).toMatchObject({ kind: 'command', command: 'undo' });
    expect(read('TALLYBOOK:TIMES:10')).toMatchObject({ kind: 'command', command: 'times', times: 10 });
  });

  test.each([']C0', ']A0', ']Q1', ']d1', ']E0', ']X0', ']I1', ''])(
    'S525 with the identifier %s of its symbology in front a code is what it is without: bin, item, card, unknown',
    (prefix) => {
      for (const code of ['A-02', '900200', 'z-99', 'cup-blue', '4006381333931', 'TALLYBOOK:UNDO', 'NO-SUCH-1'])
        expect(withoutCode(read(prefix + code))).toEqual(withoutCode(read(code)));
    },
  );

  test('S525 a composed letter is the same as its parts, and a letter in another case', () => {
    const catalogue = createCatalogue(
      [{ ...only, sku: 'K\u00F6ln-1', name: 'K' }],
      [{ code: 'gr\u00FCn', label: 'T\u00FCr 1', site: 'Main', zone: 'A', walk: 1 }],
    );
    const meaning = (text: string) =>
      readScan({ text, usText: text }, { catalogue, bins: ['n\u00E4h'], year: 2026 }).kind;
    for (const bin of ['GRU\u0308N', 'gr\u00FCn', 'T\u00DCR 1', 'tu\u0308r 1', 'NA\u0308H'])
      expect([bin, meaning(bin)]).toEqual([bin, 'bin']);
    for (const item of ['ko\u0308ln-1', 'K\u00D6LN-1', ']C0K\u00F6LN-1', 'k\u00F6ln1'])
      expect([item, meaning(item)]).toEqual([item, 'item']);
  });

  test('S526 a label printed without its dashes is that bin or item, and asks where there are two', () => {
    const place = { site: 'Main', zone: 'A' };
    const catalogue = createCatalogue(
      [
        { ...only, sku: 'AB-12', name: 'Ab' },
        { ...only, sku: 'BOOK', name: 'Book', barcodes: [{ code: '978-3-16-148410-0' }] },
        { ...only, sku: 'X-1', name: 'X' },
        { ...only, sku: '77', name: 'Seventy seven' },
        { ...only, sku: 'T.1.5', name: 'T' },
      ],
      [
        { ...place, code: 'S1-A2', label: '', walk: 1 },
        { ...place, code: 'A-11', label: '', walk: 2 },
        { ...place, code: 'A1-1', label: '', walk: 3 },
        { ...place, code: 'X.1', label: '', walk: 4 },
        { ...place, code: '7-7', label: '', walk: 5 },
        { ...place, code: 'B5', label: 'Row 5 / B', walk: 6 },
      ],
    );
    const meaning = (text: string) => readScan({ text, usText: text }, { catalogue, bins: ['Z-9-9'], year: 2026 });
    for (const [code, bin] of [
      ['S1A2', 'S1-A2'],
      ['s1 a2', 'S1-A2'],
      [']C0S1A2', 'S1-A2'],
      ['ROW5B', 'B5'],
      ['b-5', 'B5'],
      ['Z99', 'Z-9-9'],
      ['A-11', 'A-11'],
    ])
      expect([code, meaning(code ?? '')]).toEqual([code, { kind: 'bin', bin }]);
    expect(meaning('A11')).toEqual({ kind: 'bins', bins: ['A-11', 'A1-1'] });
    for (const [code, sku] of [
      ['AB12', 'AB-12'],
      ['ab 12', 'AB-12'],
      ['9783161484100', 'BOOK'],
      ['T15', 'T.1.5'],
      ['77', '77'],
    ])
      expect([code, meaning(code ?? '')]).toMatchObject([code, { kind: 'item', proposed: { item: { sku } } }]);
    expect(meaning('X1')).toMatchObject({ kind: 'kinds', options: [{ kind: 'bin' }, { kind: 'item' }] });
    expect(meaning('A-111')).toMatchObject({ kind: 'unknown' });
    expect(meaning('---')).toMatchObject({ kind: 'unknown', code: '---' });
  });

  test('S129 keys garbled by another keyboard layout are read as the scanner meant them', () => {
    expect(read('&é"-à&', 'A-01')).toEqual({ kind: 'bin', bin: 'A-01' });
    expect(read('8710398159113', 'garbled')).toEqual({ kind: 'unknown', code: '8710398159113' });
  });
});

describe('what is typed before a scan', () => {
  test('S130 nothing is 1, a number is itself, a star at the end is only a sign', () => {
    expect(readTyped('')).toMatchObject({ ok: true, value: { quantity: q('1'), entered: undefined } });
    expect(readTyped('24')).toMatchObject({ ok: true, value: { quantity: q('24'), entered: '24', surprising: false } });
    expect(readTyped('12*')).toMatchObject({ ok: true, value: { quantity: q('12') } });
    expect(readTyped('3*12+7')).toMatchObject({ ok: true, value: { quantity: q('43'), entered: '3*12+7' } });
    expect(readTyped('3**')).toMatchObject({ ok: false, error: { code: 'entry_not_understood' } });
  });

  test('S131 10,000 and more, and anything that reads like a barcode, is surprising', () => {
    expect(
      ['9999', '10000', '400638133393', '40063813'].map((text) => [text, readTyped(text).ok && readTyped(text)]),
    ).toMatchObject([
      ['9999', { value: { surprising: false } }],
      ['10000', { value: { surprising: true } }],
      ['400638133393', { value: { surprising: true } }],
      ['40063813', { value: { surprising: true } }],
    ]);
    expect(readTyped('4006381333931')).toMatchObject({ ok: false, error: { code: 'quantity_too_large' } });
  });

  test('S132 packs times a quantity is exact or refused', () => {
    expect(timesQuantity(q('12'), q('2.5'))).toBe(q('30'));
    expect(timesQuantity(q('0.00001'), q('0.5'))).toBeUndefined();
  });
});
