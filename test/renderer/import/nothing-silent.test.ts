import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createCatalogue } from '../../../shared/domain/catalogue.ts';
import { convertBins } from '../../../shared/domain/import/convert-bins.ts';
import { convertStock } from '../../../shared/domain/import/convert-stock.ts';
import { NO_CHOICES, type ImportChoices } from '../../../shared/domain/import/choices.ts';
import type { ImportField, ImportKind } from '../../../shared/domain/import/fields.ts';
import { guessMapping } from '../../../shared/domain/import/mapping.ts';
import type { Table } from '../../../shared/domain/import/table.ts';
import type { Item } from '../../../shared/domain/item.ts';
import { LANGUAGES } from '../../../renderer/texts/texts.ts';
import { itemsOf, readBytes, readFixture } from './read-fixture.ts';

const guess = async (text: string, kind: ImportKind = 'items') => guessMapping(kind, await readBytes(text));
const columns = async (text: string, kind: ImportKind = 'items') => (await guess(text, kind)).columns;
const named = (conversion: { problems: readonly { row: number; code: string }[] }) =>
  conversion.problems.map(({ row, code }) => `${row} ${code}`);

const item = (more: Partial<Item>): Item => ({
  sku: 'CUP',
  name: 'cup',
  barcodes: [],
  unit: 'pcs',
  precision: 0,
  tracking: 'none',
  ...more,
});
const BINS = ['A-1', 'A-01'].map((code, at) => ({ code, label: code, site: '', zone: '', walk: at + 1 }));
const stockOf = (table: Table, items: readonly Item[], choices: Partial<ImportChoices> = {}) =>
  convertStock(
    table,
    guessMapping('stock', table),
    { catalogue: createCatalogue([...items], BINS), openings: new Set() },
    { ...NO_CHOICES, ...choices },
  );

describe('columns', () => {
  const PROPOSED: readonly (readonly [string, readonly (ImportField | null)[]])[] = [
    ['code,name\n651511016,Celery\n3017620422003,Nut\n', ['barcode', 'name']],
    ['sku,code,name\nA1,3017620422003,Nut\n', ['sku', 'barcode', 'name']],
    ['Codice;Descrizione\n8076809570787;Zuppa\n8012666011223;Riso\n', ['barcode', 'name']],
    ['code,name\nAB-1,Celery\nAB-2,Nut\n', ['sku', 'name']],
    ['code,name\n100234,Celery\n100235,Nut\n100236,Tea\n', ['sku', 'name']],
    ['SKU,Handelsnr.,Name\nA,4006381333931,x\nB,5901234123457,y\n', ['sku', 'barcode', 'name']],
    ['code,name\n978-3-16-148410-0,Book\n4.006.381.333.931,Pen\n', ['barcode', 'name']],
    ['SKU;Nazwa;Jedn.;Kod EAN\nP1;x;kg;4006381333931\n', ['sku', 'name', 'unit', 'barcode']],
    ['SKU;Tuotenimi;Huom\nP1;Sininen kynä;\nP2;Punainen muki;hauras\n', ['sku', 'name', null]],
    ['Артикул;Наименование;Штрихкод\nA1;Чай;4006381333931\n', ['sku', 'name', 'barcode']],
    ['商品コード,商品名\nA1,緑茶\n', ['sku', 'name']],
    ['Product,Description\n4006381333931,Pen\n5901234123457,Cup\n', ['barcode', 'name']],
    ['sku,name,quantity\nA,Pen,12\nB,Cup,7\n', ['sku', 'name', null]],
    ['sku,name,quantity\nA,Pen,350 g\nB,Cup,1 l\n', ['sku', 'name', 'size']],
    ['Supplier GLN,SKU,Name\n4006381333931,A,x\n4006381333931,B,y\n4006381333931,C,z\n', [null, 'sku', 'name']],
    // What WooCommerce, Shopify, Lightspeed, Odoo, QuickBooks, SAP and Lexware call their columns.
    [
      'ID,Type,SKU,"GTIN, UPC, EAN, or ISBN",Name,Regular price,Sale price,Stock\n7,simple,A1,4006381333931,Pen,2.50,2.00,8\n',
      [null, null, 'sku', 'barcode', 'name', null, null, null],
    ],
    [
      'Handle,Title,Vendor,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Barcode,Cost per item\npen,Pen,Bic,Colour,Blue,A1,2.50,4006381333931,1.10\n',
      [null, 'name', 'brand', null, 'variant', 'sku', null, 'barcode', 'cost'],
    ],
    [
      'System ID,UPC,EAN,Custom SKU,Manufact. SKU,Item,Price,Default Cost\n2100000,012345678905,4006381333931,A1,M1,Pen,2.50,1.10\n',
      [null, 'barcode', 'barcode', 'sku', null, 'name', null, 'cost'],
    ],
    [
      'External ID,Internal Reference,Name,Barcode,Cost,Sales Price,Unit of Measure\nx.1,A1,Pen,4006381333931,1.10,2.50,Units\n',
      [null, 'sku', 'name', 'barcode', 'cost', null, 'unit'],
    ],
    [
      'Product/Service Name,Sales Description,SKU,Sales Price / Rate,Purchase Cost\nPen,Blue,A1,2.50,1.10\n',
      ['name', null, 'sku', null, 'cost'],
    ],
    [
      'Material;Materialkurztext;Basismengeneinheit;EAN/UPC\n100234;Stift blau;ST;4006381333931\n',
      ['sku', 'name', 'unit', 'barcode'],
    ],
    [
      'Artikel-Nr.;Artikelbezeichnung;EK-Preis;VK-Preis netto;Versandkosten;EAN-Code\n100234;Stift blau;1,10;2,50;4,90;4006381333931\n',
      ['sku', 'name', 'cost', null, null, 'barcode'],
    ],
  ];
  test.each(PROPOSED)('I560 %j', async (text, expected) => expect(await columns(text)).toEqual(expected));

  test('I560 the zeros of a code column can be put back, and the true code is known', async () => {
    const table = await readBytes('code,name\n651511016,Celery\n3017620422003,Nut\n');
    expect(named(itemsOf(table))).toEqual(['2 code_lost_zeros']);
    expect(itemsOf(table, [], { restore: ['lost_zeros'] }).rows[0]?.barcodes).toEqual([{ code: '000651511016' }]);
  });

  const TITLED: readonly (readonly [string, string, number])[] = [
    ['a title', 'Inventory export\nSKU,Description,UPC\nA1,Pen,4006381333931\n', 2],
    ['a title in German', 'Bestandsliste Mai;;\nArtikelnummer;Bezeichnung;EAN\nA1;Pen;4006381333931\n', 2],
    ['a title, a date and a blank row', 'Stock\nGenerated:,2026-11-01\n\nSKU,Name,EAN\nA1,Pen,4006381333931\n', 4],
    ['a title over two columns', 'Our items,\nSKU,Name\nA1,Pen\n', 2],
    ['a title over one column', 'All our items\nSKU\nA1\n', 2],
    ['a title that is a head itself', 'Name\nSKU,Name,EAN\nA1,Pen,4006381333931\n', 2],
    ['a line of facts as wide as the list', 'Shop:,Main,4711\nSKU,Name,EAN\nA1,Pen,4006381333931\n', 2],
    ['several of them', 'Shop:,Main\nUser:,Ana\nDate:,2026-11-01\nSKU,Name,EAN\nA1,Pen,4006381333931\n', 4],
    ['no title', 'SKU,Name\nA1,Pen\n', 1],
    ['a title and no heads', 'Inventory export,,\nA1,Pen blue,4006381333931\nA2,Cup red,5901234123457\n', 1],
  ];
  test.each(TITLED)('I562 %s is no item', async (_, text, row) => {
    const table = await readBytes(text);
    expect(guessMapping('items', table).headerRow).toBe(row);
    expect(itemsOf(table).rows[0]?.sku).toBe('A1');
  });

  test('I562 the row that names the columns can be chosen, and the columns are proposed anew', async () => {
    const table = await readBytes('a,b\nc,d\nSKU,Name\nA1,Pen\n');
    expect(guessMapping('items', table, [], 1).columns).not.toEqual(['sku', 'name']);
    expect(guessMapping('items', table, [], 3)).toEqual({ headerRow: 3, columns: ['sku', 'name'] });
    expect(guessMapping('items', await readBytes('A1,Pen blue\nA2,Cup red\n'), [], 0).headerRow).toBe(0);
  });

  test('I575 the names that the app gives columns', async () => {
    for (const language of LANGUAGES) {
      const { field }: { field: Record<string, string> } = JSON.parse(
        readFileSync(new URL(`../../../renderer/texts/${language}/catalogue.json`, import.meta.url), 'utf8'),
      );
      const kinds: Readonly<Record<ImportKind, readonly ImportField[]>> = {
        items: [
          'sku',
          'barcode',
          'name',
          'variant',
          'brand',
          'category',
          'size',
          'unit',
          'precision',
          'cost',
          'tracking',
        ],
        bins: ['bin', 'label', 'site', 'zone', 'walk'],
        stock: ['item', 'bin', 'quantity', 'unit', 'lot'],
      };
      for (const kind of ['items', 'bins', 'stock'] as const) {
        const heads = kinds[kind].map((one) => field[one] ?? '');
        expect(await columns(`${heads.join(';')}\n${heads.map(() => 'x y').join(';')}\n`, kind)).toEqual(kinds[kind]);
      }
      const packs = ['packBarcode', 'packFactor', 'packName'] as const;
      expect(await columns(`SKU;${packs.map((one) => field[one]).join(';')}\nA;x;y;z\n`)).toEqual(['sku', ...packs]);
    }
  });

  test('I569 cost: never a fee, a price only where nothing else is', async () => {
    expect(await columns('SKU,Name,Price,Default Unit Cost\nA,a,12,3.10\n')).toEqual(['sku', 'name', null, 'cost']);
    expect(await columns('SKU,Name,Shipping cost,VK-Preis\nA,a,12.50,3.10\n')).toEqual(['sku', 'name', null, null]);
    expect(await columns('SKU,Name,Service fee\nA,a,12.50\n')).toEqual(['sku', 'name', null]);
    expect(await columns('SKU,Name,Gebühr\nA,a b,12.50\nB,b c,1.50\n')).toEqual(['sku', 'name', null]);
    expect(await columns('SKU,Name,Price\nA,a,12\n')).toEqual(['sku', 'name', 'cost']);
    expect(await columns('SKU,Bin,Price,On hand\nA,A-1,2.50,3\n', 'stock')).toEqual(['item', 'bin', null, 'quantity']);
  });
});

describe('rows', () => {
  test('I563 an optional last column, a blank last head, short rows', async () => {
    const good = [
      '4006381333931\tPen blue fine\t\n5901234123457\tCup large white\t\n3017620422003\tNut spread\tfragile\n',
      '4006381333931\tPen blue fine\n5901234123457\tCup large white\n3017620422003\tNut spread\tfragile\n',
      '4006381333931,Pen blue fine,\n5901234123457,Cup large white,\n3017620422003,Nut spread,fragile\n',
      'ean,name,\n4006381333931,Pen,\n5901234123457,Cup,\n3017620422003,Nut,fragile\n',
      'ean,name,remark\n4006381333931,Pen\n5901234123457,Cup\n3017620422003,Nut,fragile\n',
      'List\nean,name,remark\n4006381333931,Pen\n5901234123457,Cup\n3017620422003,Nut,fragile\n',
    ];
    for (const text of good)
      expect(itemsOf(await readBytes(text))).toMatchObject({ state: 'ready', counts: { added: 3 }, problems: [] });
  });

  test('I563 one row of 600 cells is named, the others stay', async () => {
    const long = Array.from({ length: 600 }, (_, at) => `x${at}`).join(',');
    const table = await readBytes(`sku,name\nA,a\nB,b,${long}\nC,c\n`);
    expect(named(itemsOf(table))).toContainEqual('3 too_many_cells');
    expect(itemsOf(table, [], { leaveOutStopped: true }).rows.map(({ sku }) => sku)).toEqual(['A', 'C']);
  });

  test('I576 a second row that fills a blank joins the first; one that says otherwise is stopped', async () => {
    const joined = itemsOf(await readBytes('sku,name,brand\nA,Pen,\nA,,Bic\nA,Pen,Bic\n'));
    expect(joined.rows).toMatchObject([{ sku: 'A', name: 'Pen', brand: 'Bic' }]);
    expect(named(joined)).toEqual(['3 name_missing', '3 rows_joined', '4 row_twice']);
    expect(named(itemsOf(await readBytes('sku,name,brand\nA,Pen,Bic\nA,Pen,Lamy\n')))).toEqual(['3 sku_twice']);
  });

  test('I579 a sum below the list is none of its rows', async () => {
    for (const word of ['Total', 'Summe:', 'GRAND TOTAL', 'Итого']) {
      const conversion = itemsOf(await readBytes(`SKU,Name,Cost\nA,a,1.50\nTotal-1,b,2.50\n${word},,4.00\n\n`));
      expect(named(conversion)).toEqual(['4 row_is_total']);
    }
    expect(named(itemsOf(await readBytes('SKU,Name\nTOTAL,oil\nB,b\n')))).toEqual([]);
  });

  test('I579 column names within the list', async () => {
    const conversion = itemsOf(await readBytes('SKU,Name\nA,a\nSKU,NAME\nB,b\n'));
    expect(conversion.rows.map(({ sku }) => sku)).toEqual(['A', 'B']);
    expect(named(conversion)).toEqual(['3 header_again']);
  });
});

describe('letters', () => {
  test('I564 one bad byte in a large UTF-8 file names its row and leaves the others alone', async () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => `A${at},Pâte ${at}`);
    const bytes = new TextEncoder().encode(`sku,name\n${lines.join('\n')}\n`);
    bytes[bytes.lastIndexOf(0xc3)] = 0xe9;
    const table = await readBytes(bytes);
    expect(table.format).toMatchObject({ encoding: 'utf-8', guessed: true });
    const conversion = itemsOf(table);
    expect(named(conversion)).toEqual(['20001 unreadable_character']);
    expect(conversion.rows[7]?.name).toBe('Pâte 7');
  });

  test('I564 a bad byte in a code stops its row', async () => {
    const bytes = new TextEncoder().encode('sku,name\nAÄ1,Pâte\nB,Süß\n');
    bytes[bytes.indexOf(0xc3)] = 0x41;
    expect(named(itemsOf(await readBytes(bytes)))).toEqual(['2 unreadable_character', '2 code_control_character']);
  });

  /** Bytes of a text in an encoding that Node can only read: each letter is looked for among all one- and two-byte codes. */
  function encoded(text: string, encoding: string): Uint8Array {
    const decoder = new TextDecoder(encoding);
    const codes = new Map<string, readonly number[]>();
    for (let first = 0; first < 256; first += 1) {
      for (let second = 0; second < 256; second += 1) {
        const pair = decoder.decode(Uint8Array.of(first, second));
        if (pair.length === 1 && !codes.has(pair)) codes.set(pair, [first, second]);
      }
      codes.set(decoder.decode(Uint8Array.of(first)), [first]);
    }
    return Uint8Array.from(text.split('').flatMap((letter) => codes.get(letter) ?? []));
  }

  const PAGES: readonly (readonly [string, string])[] = [
    ['windows-1251', 'Артикул;Наименование\nA1;Чай чёрный «Майский» 100 г\nA2;КОФЕ молотый\n'],
    ['windows-1251', 'SKU;Name\nA1;Ключ\nA2;Болт М8\nA3;Гайка\n'],
    ['windows-1250', 'SKU;Nazwa\nA1;Żółta łyżka mała\nA2;Gęś świąteczna\n'],
    ['windows-1250', 'SKU;Název\nA1;Ťažký kľúč\nA2;Lžíce žlutá\nA3;Ďateľ\n'],
    ['shift_jis', '商品コード,商品名\nA1,緑茶ティーバッグ\nA2,コーヒー 粉\n'],
    ['gbk', '货号,名称\nA1,绿茶茶包\nA2,咖啡粉\n'],
    ['windows-1252', 'SKU;Nom\nA1;Pâte à tartiner\nA2;Oeufs, crème brûlée, 5 m²\n'],
  ];
  test.each(PAGES)('I564 %s is seen, and said to be a guess: %j', async (encoding, text) => {
    const bytes = encoded(text, encoding);
    const table = await readBytes(bytes);
    expect(table.format).toMatchObject({ encoding, guessed: true });
    expect(table.rows.map((cells) => cells.join(text.includes(';') ? ';' : ',')).join('\n')).toBe(text.trim());
    expect((await readBytes(bytes, 'x.csv', { encoding: 'windows-1251' })).format).toMatchObject({
      encoding: 'windows-1251',
    });
  });
});

describe('codes', () => {
  const DAMAGED: readonly (readonly [string, string, string])[] = [
    ['SKU', '4.00638133393E+012', 'code_scientific_notation'],
    ['SKU', '"4,00638E+12"', 'code_scientific_notation'],
    ['SKU', '4E12', 'code_scientific_notation'],
    ['Barcode', '4.00638133393E+012', 'code_scientific_notation'],
    ['Barcode', '4E12', 'code_scientific_notation'],
    ['Barcode', '4.006.381.333.931', 'code_thousands_marks'],
    ['Barcode', '"4,006,381,333,931"', 'code_thousands_marks'],
    ['SKU', '4.006.381.333.931', 'code_thousands_marks'],
    ['SKU', '4006381333931.0', 'code_decimal_point'],
    ['SKU', '03-Jan', 'code_is_date'],
    ['SKU', '01. Mrz', 'code_is_date'],
    ['SKU', 'Mar-26', 'code_is_date'],
    ['SKU', '2026-03-01', 'code_is_date'],
    ['SKU', '01.03.2026', 'code_is_date'],
    ['SKU', '3/1/2026', 'code_is_date'],
    ['SKU', '17.0', 'code_decimal_point'],
    ['Barcode', '12345.0', 'code_decimal_point'],
    ['Barcode', '978-3-16-148410-0', 'code_dashes'],
    ['Barcode', '40-06381-33393-1', 'code_dashes'],
    ['SKU', 'AB–12', 'code_odd_dash'],
    ['Barcode', '(01)04006381333931(10)AB', 'code_label'],
    ['Barcode', ']C10104006381333931', 'code_label'],
    ['Barcode', 'none', 'code_is_none'],
    ['Barcode', 'N/A', 'code_is_none'],
    ['Barcode', '0000000000000', 'code_is_none'],
    ['SKU', '#N/A', 'cell_error'],
    ['SKU', '#NV', 'cell_error'],
    ['SKU', '#¡VALOR!', 'cell_error'],
    ['Barcode', '#NOM?', 'cell_error'],
    ['Barcode', '#REF!', 'cell_error'],
    ['SKU', 'TALLYBOOK:EMPTY', 'code_is_command'],
  ];
  test.each(DAMAGED)('I561 a %s of %s is named', async (head, code, problem) => {
    const text = head === 'SKU' ? `SKU,Name\n${code},a\n` : `SKU,Name,Barcode\nA,a,${code}\n`;
    expect(named(itemsOf(await readBytes(text)))).toEqual([`2 ${problem}`]);
  });

  test('I561 what is damaged comes back only when a person says so', async () => {
    const table = await readBytes('SKU,Name\n651511016,a\n4.006.381.333.931,b\n3017620422003,c\n');
    expect(itemsOf(table).rows.map(({ sku }) => sku)).toEqual(['651511016', '4.006.381.333.931', '3017620422003']);
    expect(itemsOf(table, [], { restore: ['lost_zeros', 'thousands_marks'] }).rows.map(({ sku }) => sku)).toEqual([
      '000651511016',
      '4006381333931',
      '3017620422003',
    ]);
  });

  test('I561 codes with dashes, fractions and slashes are the codes a scanner sends', async () => {
    const table = await readBytes('SKU,Barcode\n1.0,978-3-16-148410-0\n2.0,4006381333931/5901234123457\n3.0,none\n');
    expect(itemsOf(table, [], { restore: ['decimal_point', 'dashes'] }).rows).toMatchObject([
      { sku: '1', barcodes: [{ code: '9783161484100' }] },
      { sku: '2', barcodes: [{ code: '4006381333931' }, { code: '5901234123457' }] },
      { sku: '3', barcodes: [] },
    ]);
    const none = await readBytes('SKU,Name,Barcode\nnull,a,4006381333931\nNaN,b,\n');
    expect(named(itemsOf(none))).toEqual(['2 sku_from_barcode', '3 sku_missing']);
  });

  test('I561 numbers of the shop’s own are not suspected', async () => {
    const skus = [
      '100234',
      '1002347',
      '651511016',
      '12345670',
      '1E2X',
      '1.234.567',
      '2.5',
      '4-0-1',
      '12.34.2020',
      '0',
      'MAY-B',
      '#12',
      '#ABC',
      'A#N/A',
    ];
    expect(named(itemsOf(await readBytes(`SKU,Name\n${skus.map((sku) => `${sku},a`).join('\n')}\n`)))).toEqual([]);
  });

  test('I567 armour makes no twin, whichever column it is in', async () => {
    const before = itemsOf(await readBytes('SKU,Name\n-AB12,Cable\n')).rows;
    const after = itemsOf(await readFixture('inputs/items-apostrophe.csv'), before);
    expect(after.counts).toMatchObject({ added: 0, changed: 1 });
    expect(after.rows).toMatchObject([{ sku: '-AB12', barcodes: [{ code: '4006381333931' }] }]);
    const [all] = itemsOf(
      await readBytes(`SKU,Name,Brand,Barcode\n"=""007""",'=Sum,'@home,'4006381333931\n'0815,'90s mug,'s Hertog,\n`),
    ).rows.slice(0, 2);
    expect(all).toMatchObject({ sku: '007', name: '=Sum', brand: '@home', barcodes: [{ code: '4006381333931' }] });
    const [, apostrophes] = itemsOf(await readBytes(`SKU,Name,Brand\nX,x,\n'0815,'90s mug,'s Hertog\n`)).rows;
    expect(apostrophes).toMatchObject({ sku: '0815', name: "'90s mug", brand: "'s Hertog" });
    const bins = await readBytes(`Bin,Site\n'-A1,'+Main\n-A1,+Main\n`);
    expect(named(convertBins(bins, guessMapping('bins', bins), [], NO_CHOICES))).toEqual(['3 row_twice']);
    const stock = await readBytes(`SKU,Bin,Quantity,Lot\n'-AB12,A-1,'3,'-7\n`);
    expect(stockOf(stock, before).rows).toMatchObject([{ item: '-AB12', quantity: '3', lot: '-7' }]);
  });

  test('I567 letters without width are no part of a code', async () => {
    const before = [item({ sku: 'AB-1' })];
    const table = await readBytes('SKU,Name,Barcode\nAB\u200B-1\uFEFF,a,\u200E4006381333931\n');
    expect(itemsOf(table, before)).toMatchObject({
      counts: { added: 0, changed: 1 },
      rows: [{ sku: 'AB-1', barcodes: [{ code: '4006381333931' }] }],
    });
  });

  test('I35 composed and decomposed letters are one SKU, one bin and one lot; ı and ß are letters of their own', async () => {
    const [composed, decomposed] = ['GRÖ-1'.normalize('NFC'), 'grö-1'.normalize('NFD')];
    const before = itemsOf(await readBytes(`SKU,Name\n${composed},a\n`)).rows;
    expect(itemsOf(await readBytes(`SKU,Name,Brand\n${decomposed},a,B\n`), before).counts).toMatchObject({
      added: 0,
      changed: 1,
    });
    expect(named(itemsOf(await readBytes(`SKU,Name\n${composed},a\n${decomposed},a\n`)))).toEqual(['3 row_twice']);
    const others = itemsOf(await readBytes('SKU,Name\nI1,a\nı1,b\nstrasse,c\nstraße,d\n'));
    expect(others).toMatchObject({ problems: [], counts: { added: 4 } });
    const bins = await readBytes(`Bin\n${composed}\n${decomposed}\nI1\nı1\n`);
    const conversion = convertBins(bins, guessMapping('bins', bins), [], NO_CHOICES);
    expect([named(conversion), conversion.counts.added]).toEqual([['3 row_twice'], 3]);
    const stock = await readBytes(
      `SKU,Bin,Quantity,Lot\n${decomposed},A-1,1,Ö7\n${composed},A-1,2,${'ö7'.normalize('NFD')}\n`,
    );
    expect(named(stockOf(stock, before))).toEqual(['3 stock_twice']);
  });

  test('I577 a command card is no bin', async () => {
    const table = await readBytes('Bin,Site\nTALLYBOOK:EMPTY,Main\ntallybook:done,Main\nA-1,Main\n');
    const conversion = convertBins(table, guessMapping('bins', table), [], NO_CHOICES);
    expect(named(conversion)).toEqual(['2 code_is_command', '3 code_is_command']);
    expect(named(itemsOf(await readBytes('SKU,Name,Barcode\nA,a,TALLYBOOK:UNDO\n')))).toEqual(['2 code_is_command']);
  });

  test('I561 an error of a spreadsheet is no building, no zone and no label', async () => {
    const table = await readBytes('Bin,Label,Site,Zone\nA-1,#N/A,Main,#REF!\nA-2,Two,#NAME?,z\n');
    const conversion = convertBins(table, guessMapping('bins', table), [], NO_CHOICES);
    expect(named(conversion)).toEqual(['2 cell_error', '2 cell_error', '3 cell_error']);
    expect(conversion.rows).toMatchObject([
      { code: 'A-1', label: 'A-1', site: 'Main', zone: '' },
      { code: 'A-2', label: 'Two', site: '', zone: 'z' },
    ]);
  });

  test('I578 zeros in front of a known SKU', async () => {
    const before = [item({ sku: '00123' }), item({ sku: '77' })];
    const table = await readBytes('SKU,Name\n123,cup\n0077,cup\n00123,cup\n');
    const asItStands = itemsOf(table, before);
    expect(asItStands.problems).toMatchObject([
      { row: 2, code: 'code_lost_zeros', suggestion: '00123' },
      { row: 3, code: 'zeros_differ', other: '77' },
    ]);
    expect(asItStands.counts).toMatchObject({ added: 2 });
    expect(itemsOf(table, before, { restore: ['lost_zeros'] }).counts).toMatchObject({ added: 1 });
    const alone = itemsOf(await readBytes('SKU,Name\n0042,a\n42,b\n0042,a\n420,c\n'));
    expect(named(alone)).toEqual(['3 zeros_differ', '4 row_twice']);
  });
});

describe('items', () => {
  test('I568 variants of one name', async () => {
    const conversion = itemsOf(await readFixture('inputs/square-export.csv'));
    expect(conversion.rows.map(({ sku, name, cost }) => [sku, name, cost])).toEqual([
      ['C-S', 'Candle · Small', '3.1'],
      ['C-L', 'Candle · Large', '4.2'],
      ['4006381333955', 'Mug', undefined],
    ]);
    const shopify = await readBytes(
      'Title,Option1 Value,Option2 Value,Variant SKU,Variant Barcode\nShirt,Red,L,S1,4006381333931\nShirt red,Red,Default Title,S2,\n',
    );
    expect(itemsOf(shopify).rows.map(({ name }) => name)).toEqual(['Shirt · Red · L', 'Shirt red']);
  });

  test('I570 a row without a SKU takes its barcode, and says so', async () => {
    const square = await readFixture('inputs/square-export.csv');
    expect(named(itemsOf(square))).toEqual(['4 sku_from_barcode']);
    const known = itemsOf(square, [item({ sku: 'MUG', name: 'Old', barcodes: [{ code: '4006381333955' }] })]);
    expect(known.rows[0]).toMatchObject({ sku: 'MUG', name: 'Mug' });
    expect(known.counts).toMatchObject({ added: 2, changed: 1 });
  });

  test('I574 prices of more than five decimals', async () => {
    const conversion = itemsOf(await readBytes('SKU,Name,Cost\nA,a,0.123456\nB,b,2.500000\nC,c,0.000001\n'));
    expect(conversion.rows.map(({ cost }) => cost)).toEqual(['0.12346', '2.5', '0']);
    expect(conversion.problems).toMatchObject([
      { row: 2, code: 'price_too_precise', other: '0.12346' },
      { row: 4, code: 'price_too_precise', other: '0' },
    ]);
  });
});

describe('quantities', () => {
  const cup = item({
    barcodes: [
      { code: '14006381333938', factor: '10', pack: 'carton' },
      { code: '24006381333935', factor: '24', pack: 'Lage' },
    ],
  });
  const kilo = item({ sku: 'RICE', unit: 'kg', precision: 3 });
  const QUANTITIES: readonly (readonly [string, string, string])[] = [
    ['CUP', '10 ctn', '100'],
    ['CUP', '2 Lage', '48'],
    ['CUP', '3 doz', '36'],
    ['CUP', '12 pcs', '12'],
    ['CUP', '12 Stk.', '12'],
    ['CUP', '12pcs', '12'],
    ['CUP', '3 bxs', 'quantity_unit_unknown'],
    ['CUP', '3 pal', 'quantity_unit_unknown'],
    ['CUP', '3 kg', 'quantity_unit_unknown'],
    ['CUP', '3 EUR', 'quantity_unit_unknown'],
    ['CUP', '€ 3', 'quantity_unreadable'],
    ['CUP', '1 234 pcs', '1234'],
    ['CUP', '6,-', 'quantity_unit_unknown'],
    ['CUP', '6-', '-6'],
    ['CUP', '6.', '6'],
    ['CUP', '3+4', 'quantity_unit_unknown'],
    ['CUP', '#N/A', 'cell_error'],
    ['RICE', '2.5 KGS', '2.5'],
    ['RICE', '500 g', '0.5'],
    ['RICE', '2.5', '2.5'],
    ['RICE', '1.000', 'quantity_ambiguous'],
    ['RICE', '0.1234567', 'quantity_too_precise'],
  ];
  test.each(QUANTITIES)('I565 %s %j is %s', async (sku, text, expected) => {
    const conversion = stockOf(await readBytes(`SKU;Bin;Quantity\n${sku};A-1;${text}\n`), [cup, kilo]);
    expect(conversion.rows[0]?.quantity ?? conversion.problems[0]?.code).toBe(expected);
  });

  const WITH_UNITS: readonly (readonly [string, string, string, string])[] = [
    ['CUP', '3', 'doz', '36'],
    ['CUP', '3', 'pcs', '3'],
    ['CUP', '3', 'ctn', '30'],
    ['CUP', '3', '', '3'],
    ['CUP', '3', 'kg', 'quantity_unit_unknown'],
    ['CUP', '3', 'bxs', 'quantity_unit_unknown'],
    ['CUP', '3 pcs', 'doz', '3'],
    ['RICE', '500', 'g', '0.5'],
    ['RICE', '2,5', 'KGS', '2.5'],
  ];
  test.each(WITH_UNITS)('I565 %s %j with the unit %j beside it is %s', async (sku, text, unit, expected) => {
    const table = await readBytes(`SKU;Bin;Quantity;Unit\n${sku};A-1;${text};${unit}\n`);
    const conversion = stockOf(table, [cup, kilo]);
    expect(conversion.rows[0]?.quantity ?? conversion.problems[0]?.code).toBe(expected);
  });

  test('I565 cases are no pieces', async () => {
    expect(await columns('SKU,Bin,Cases,Pieces\nA,A-1,3,4\n', 'stock')).toEqual(['item', 'bin', null, 'quantity']);
    expect(await columns('SKU;Platz;Kartons\nA;A-1;3\n', 'stock')).toEqual(['item', 'bin', null]);
  });

  test('I578 a damaged code finds its item when a person says so, and says which it is', async () => {
    const items = [
      item({ sku: '00123' }),
      item({ sku: 'NUT', barcodes: [{ code: '000651511016' }] }),
      item({ sku: 'TEA', barcodes: [{ code: '4006381333931' }] }),
      item({ sku: 'B-1' }),
    ];
    const table = await readBytes(
      'SKU,Bin,Quantity\n123,A-1,1\n651511016,A-1,2\n4006381333931.0,A-1,3\nB–1,A-1,4\n4.00638E+12,A-1,5\n77,A-1,6\n',
    );
    expect(stockOf(table, items).problems.map(({ row, code, suggestion }) => [row, code, suggestion])).toEqual([
      [2, 'code_lost_zeros', '00123'],
      [3, 'code_lost_zeros', '000651511016'],
      [4, 'code_decimal_point', '4006381333931'],
      [5, 'code_odd_dash', 'B-1'],
      [6, 'code_scientific_notation', undefined],
      [7, 'item_unknown', undefined],
    ]);
    const restore = ['lost_zeros', 'decimal_point', 'odd_dash'] as const;
    const chosen = stockOf(table, items, { restore, leaveOutStopped: true });
    expect(chosen.rows.map((fact) => [fact.item, fact.quantity])).toEqual([
      ['00123', '1'],
      ['NUT', '2'],
      ['TEA', '3'],
      ['B-1', '4'],
    ]);
  });

  test('I561 a lot that says there is none is none', async () => {
    const lots = [item({ sku: 'L', tracking: 'lot' }), item({ sku: 'CUP' })];
    const table = await readBytes('SKU,Bin,Quantity,Lot\nL,A-1,3,none\nCUP,A-1,3,-\nL,A-01,2,7-1\n');
    const conversion = stockOf(table, lots);
    expect(conversion.rows.map(({ lot }) => lot)).toEqual([undefined, undefined, '7-1']);
    expect(named(conversion)).toEqual(['2 lot_missing']);
  });

  test('I565 pieces of a pack: a number of two meanings, or another unit, stops the row', async () => {
    const pack = async (pieces: string) => {
      const conversion = itemsOf(await readBytes(`SKU;Name;Case EAN;Case quantity\nA;a;14006381333938;${pieces}\n`));
      return conversion.rows[0]?.barcodes[0]?.factor ?? conversion.problems[0]?.code;
    };
    expect(await Promise.all(['12', '12 pcs', '1.000', '3 kg', '12 doz', '1,5'].map(pack))).toEqual([
      '12',
      '12',
      'pack_factor_unreadable',
      'pack_factor_unreadable',
      'pack_factor_unreadable',
      '1.5',
    ]);
  });

  test('I566 text cells of a spreadsheet wait for the decimal mark', async () => {
    const table = await readFixture('inputs/stock-thousands-text.xlsx');
    const skus = table.rows.slice(1).map((cells) => cells[0] ?? '');
    const items = skus.map((sku) => item({ sku, unit: 'kg', precision: 3 }));
    expect(stockOf(table, items)).toMatchObject({ state: 'blocked', problemCounts: { quantity_ambiguous: 1 } });
    expect(stockOf(table, items, { decimalMark: ',' }).rows.map(({ quantity }) => quantity)).toEqual([
      '1000',
      '12',
      '850',
    ]);
    expect(stockOf(table, items, { decimalMark: '.' }).rows.map(({ quantity }) => quantity)).toEqual([
      '1',
      '12',
      '850',
    ]);
  });
});
