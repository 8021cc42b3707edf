import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeKey, lookUpKeys, parseBarcode } from '../../../shared/domain/barcode.ts';
import { createCatalogue, createCatalogueInSteps, type Catalogue } from '../../../shared/domain/catalogue.ts';
import type { Item } from '../../../shared/domain/item.ts';
import { foldForSearch } from '../../../shared/domain/search-text.ts';

function item(sku: string, more: Partial<Item> = {}): Item {
  return { sku, name: `Item ${sku}`, barcodes: [], unit: 'pcs', precision: 0, tracking: 'none', ...more };
}

function scanned(catalogue: Catalogue, raw: string): readonly string[] {
  return catalogue.find(lookUpKeys(parseBarcode(raw))).map((match) => match.item.sku);
}

const PASTE = item('PASTE', {
  name: 'Véritable pâte à tartiner',
  brand: 'Bovetti',
  barcodes: [{ code: '0000101209159' }],
});
const CUP = item('CUP-1', {
  name: 'Blue cup 350 ml',
  barcodes: [{ code: '4006381333931' }, { code: '14006381333938', pack: 'case', factor: '12' }],
});
const CUPBOARD = item('BOARD', { name: 'Cupboard, blue' });

describe('looking up', () => {
  test('I1 a SKU is found in any letter case, and an unknown one is not', () => {
    const catalogue = createCatalogue([item('85123A')], []);
    expect(catalogue.item('85123a')?.sku).toBe('85123A');
    expect(catalogue.item(' 85123A ')?.sku).toBe('85123A');
    expect(catalogue.item('85123')).toBeUndefined();
  });

  test('I2 a GTIN is found however many zeros the catalogue or the scanner puts in front', () => {
    const catalogue = createCatalogue(
      [item('A', { barcodes: [{ code: '00041250500735' }] }), item('B', { barcodes: [{ code: '96385074' }] })],
      [],
    );
    for (const raw of ['041250500735', '0041250500735', '00041250500735'])
      expect(scanned(catalogue, raw)).toEqual(['A']);
    for (const raw of ['96385074', '00000096385074']) expect(scanned(catalogue, raw)).toEqual(['B']);
  });

  test('I3 one barcode on two items gives both, a SKU scan gives its item, a case code says how many it holds', () => {
    const twins = createCatalogue(
      [item('A', { barcodes: [{ code: '4006381333931' }] }), item('B', { barcodes: [{ code: '04006381333931' }] })],
      [],
    );
    expect(scanned(twins, '4006381333931')).toEqual(['A', 'B']);
    const cups = createCatalogue([CUP], []);
    expect(scanned(cups, 'cup-1')).toEqual(['CUP-1']);
    expect(cups.find([codeKey('14006381333938')])[0]?.barcode?.factor).toBe('12');
    expect(cups.find([codeKey('4006381333931')])[0]?.barcode?.factor).toBeUndefined();
  });

  test('I4 an item whose SKU is its barcode is found by that barcode', () => {
    expect(scanned(createCatalogue([item('041250500735')], []), '0041250500735')).toEqual(['041250500735']);
  });

  test('I5 a taught barcode finds its item and hides none of its own', () => {
    const catalogue = createCatalogue(
      [CUP],
      [],
      [
        { kind: 'barcode_taught', item: 'cup-1', barcode: { code: 'SHOP-77' } },
        { kind: 'barcode_taught', item: 'gone', barcode: { code: 'X' } },
      ],
    );
    expect(scanned(catalogue, 'shop-77')).toEqual(['CUP-1']);
    expect(scanned(catalogue, '4006381333931')).toEqual(['CUP-1']);
  });

  test('I6 bins come in walking order, digits by value; one label may stand for two bins', () => {
    const bins = ['A-10', 'A-2', 'B-1'].map((code, at) => ({
      code,
      label: code === 'B-1' ? 'a-2' : code,
      site: '',
      zone: '',
      walk: at === 2 ? 0 : 5,
    }));
    const catalogue = createCatalogue([], bins);
    expect(catalogue.bins().map((bin) => bin.code)).toEqual(['B-1', 'A-2', 'A-10']);
    expect(catalogue.bin('a-10')?.code).toBe('A-10');
    expect(catalogue.binByLabel('A-2').map((bin) => bin.code)).toEqual(['B-1', 'A-2']);
    expect(catalogue.binByLabel('Z')).toEqual([]);
  });
});

describe('searching', () => {
  const catalogue = createCatalogue([CUPBOARD, CUP, PASTE], []);
  const found = (text: string): readonly string[] => catalogue.search(text, 10).map((one) => one.sku);

  test('I7 every word has to occur, in any order, without accents and in any letter case', () => {
    expect(found('PATE veritable')).toEqual(['PASTE']);
    expect(found('pâte bovetti')).toEqual(['PASTE']);
    expect(found('cup pâte')).toEqual([]);
  });

  test('I8 the start of the name goes before the start of a word, and that before the middle of one', () => {
    const ranked = createCatalogue(
      [item('1', { name: 'Teacup' }), item('2', { name: 'Blue cup' }), item('3', { name: 'Cup, blue' })],
      [],
    );
    expect(ranked.search('cup', 10).map((one) => one.sku)).toEqual(['3', '2', '1']);
  });

  test('I9 a SKU or a barcode typed whole comes first', () => {
    expect(found('4006381333931')[0]).toBe('CUP-1');
    expect(createCatalogue([item('77', { name: 'A 5 thing' }), item('5')], []).search('5', 5)[0]?.sku).toBe('5');
  });

  test('I10 nothing typed finds nothing; the limit holds; a long text is harmless', () => {
    expect(found('')).toEqual([]);
    expect(found('   ')).toEqual([]);
    expect(catalogue.search('cup', 1)).toHaveLength(1);
    expect(found('x'.repeat(100_000))).toEqual([]);
  });

  test('I11 a search gives exactly the items that hold every word, however many blocks they fill', () => {
    const word = fc.constantFrom('red', 'blue', 'cup', 'tea', 'é', 'a', 'ab', 'abc', '12', 'ö-x');
    fc.assert(
      fc.property(
        fc.array(fc.array(word, { maxLength: 4 }), { maxLength: 200 }),
        fc.array(word, { minLength: 1, maxLength: 3 }),
        (names, asked) => {
          const items = names.map((words, at) => item(`S${at}`, { name: words.join(' ') }));
          const expected = items.filter((one) =>
            asked.every((part) => foldForSearch(`${one.name}\t${one.sku}`).includes(foldForSearch(part))),
          );
          const got = createCatalogue(items, []).search(asked.join(' '), 10_000);
          expect(new Set(got.map((one) => one.sku))).toEqual(new Set(expected.map((one) => one.sku)));
        },
      ),
    );
  });

  test('I12 a catalogue built in steps is the same and lets go between them', async () => {
    let pauses = 0;
    const items = Array.from({ length: 9000 }, (_, at) => item(`S${at}`));
    const built = await createCatalogueInSteps(items, [], [], async () => {
      pauses += 1;
    });
    expect(pauses).toBe(2);
    expect(built.itemCount).toBe(9000);
    expect(built.search('s8999', 5)[0]?.sku).toBe('S8999');
  });
});
