import { describe, expect, test } from 'vitest';
import { createCatalogue } from '../../../shared/domain/catalogue.ts';
import { meantBin, nearBins } from '../../../shared/domain/bin-name.ts';
import { convertBins } from '../../../shared/domain/import/convert-bins.ts';
import { convertItems } from '../../../shared/domain/import/convert-items.ts';
import { convertStock } from '../../../shared/domain/import/convert-stock.ts';
import { NO_CHOICES, type ImportChoices } from '../../../shared/domain/import/choices.ts';
import { guessMapping } from '../../../shared/domain/import/mapping.ts';
import type { Table } from '../../../shared/domain/import/table.ts';
import type { Bin } from '../../../shared/domain/location.ts';
import { readBytes, readFixture } from './read-fixture.ts';

async function binsOf(file: Table | string, before: readonly Bin[] = [], choices: Partial<ImportChoices> = {}) {
  const table = typeof file === 'string' ? await readBytes(file) : file;
  return convertBins(table, guessMapping('bins', table), before, { ...NO_CHOICES, ...choices });
}
const shown = (bins: readonly Bin[]) => bins.map(({ code, label, site }) => `${code} | ${label} | ${site}`);
const MAIN = 'Bin,Site\nA-01,Main\n';
const ANNEX = 'Bin,Site\nA-01,Annex\n';
const BOTH = await readFixture('inputs/bins-same-code-two-sites.csv');
const TEA = { sku: 'TEA', name: 'Tea', barcodes: [], unit: 'pcs', precision: 0, tracking: 'none' as const };

describe('one name in two buildings', () => {
  test('I589 two buildings with a bin of one name have two bins, in whatever order they come', async () => {
    const both = await binsOf(BOTH);
    expect(both).toMatchObject({ state: 'ready', problems: [], counts: { added: 2 } });
    expect(shown(both.rows)).toEqual(['A-01 · Main | A-01 | Main', 'A-01 · Annex | A-01 | Annex']);
    const turned = await binsOf('Bin,Site\nA-01,Annex\nA-01,Main\n');
    expect(shown(turned.rows).toSorted()).toEqual(shown(both.rows).toSorted());
    for (const again of [BOTH, MAIN, ANNEX, 'Bin,Site\nA-01,Annex\nA-01,Main\n'])
      expect(await binsOf(again, both.rows)).toMatchObject({ state: 'nothing', problems: [] });
  });

  test('I590 a bin that is known keeps its code; the same name in a building that comes later is another bin', async () => {
    const main = (await binsOf(MAIN)).rows;
    expect(shown(main)).toEqual(['A-01 | A-01 | Main']);
    const both = await binsOf(BOTH, main);
    expect(shown(both.rows)).toEqual(['A-01 | A-01 | Main', 'A-01 · Annex | A-01 | Annex']);
    expect(await binsOf(BOTH, both.rows)).toMatchObject({ state: 'nothing' });
    // A building that is known needs no question: nothing goes from one to the other.
    const known = (await binsOf('Bin,Site\nA-01,Main\nB-01,Annex\n')).rows;
    expect(shown((await binsOf(ANNEX, known)).rows)).toContain('A-01 · Annex | A-01 | Annex');
  });

  test('I591 a new building with known names is asked about: another one, or a new name', async () => {
    const main = (await binsOf('Bin,Site\nA-01,Main\nA-02,Main\n')).rows;
    const asked = await binsOf(ANNEX, main);
    expect(asked).toMatchObject({
      state: 'blocked',
      unknownSites: [{ key: 'ANNEX', site: 'Annex', from: ['Main'], bins: 1 }],
      problems: [{ row: 2, code: 'site_unclear', severity: 'stop', value: 'A-01', other: 'Main', name: 'Annex' }],
    });
    const another = await binsOf(ANNEX, main, { sites: { ANNEX: '' } });
    expect(shown(another.rows)).toEqual(['A-01 | A-01 | Main', 'A-02 | A-02 | Main', 'A-01 · Annex | A-01 | Annex']);
    const renamed = await binsOf(ANNEX, main, { sites: { ANNEX: 'Main' } });
    expect(shown(renamed.rows)).toEqual(['A-01 | A-01 | Annex', 'A-02 | A-02 | Annex']);
    expect(renamed.counts).toMatchObject({ added: 0, changed: 2, kept: 0 });
    expect(await binsOf(ANNEX, renamed.rows)).toMatchObject({ state: 'nothing' });
  });

  test('I592 a bin known without a building gets the one that the file names, and is asked for where it names two', async () => {
    const bare = (await binsOf('Bin\nA-01\n')).rows;
    expect(shown((await binsOf(MAIN, bare)).rows)).toEqual(['A-01 | A-01 | Main']);
    expect(await binsOf(BOTH, bare)).toMatchObject({ state: 'blocked', problemCounts: { bin_site_unknown: 2 } });
    const both = (await binsOf(BOTH)).rows;
    expect(await binsOf('Bin,Zone\nA-01,Cold\n', both)).toMatchObject({
      problems: [{ code: 'bin_ambiguous', severity: 'stop', other: 'A-01 · Main, A-01 · Annex' }],
    });
    expect((await binsOf('Bin,Zone\nA-01 · Annex,Cold\n', both)).rows[1]).toMatchObject({
      zone: 'Cold',
      site: 'Annex',
    });
    expect(await binsOf('Bin,Site\nA-01,\nA-01,Main\n')).toMatchObject({ problemCounts: { bin_twice: 1 } });
  });

  test('I593 opening stock goes into the bin of its building; without one a name of several bins is refused', async () => {
    for (const bins of [(await binsOf(BOTH)).rows, (await binsOf(BOTH, (await binsOf(MAIN)).rows)).rows]) {
      const known = { catalogue: createCatalogue([TEA], bins), openings: new Set<string>() };
      const stockOf = async (text: string) => {
        const table = await readBytes(text);
        return convertStock(table, guessMapping('stock', table), known, NO_CHOICES);
      };
      const sited = await stockOf('SKU,Bin,Site,Quantity\nTEA,A-01,annex,5\nTEA,A-01,Main,7\n');
      expect(sited.problems).toEqual([]);
      const siteOf = (code: string) => bins.find((bin) => bin.code === code)?.site;
      expect(sited.rows.map(({ bin, quantity }) => [siteOf(bin), quantity])).toEqual([
        ['Annex', '5'],
        ['Main', '7'],
      ]);
      expect(await stockOf('SKU,Bin,Quantity\nTEA,A-01,5\n')).toMatchObject({
        state: 'blocked',
        problems: [{ code: 'bin_ambiguous', other: 'A-01 · Main, A-01 · Annex' }],
      });
      expect((await stockOf('SKU,Bin,Quantity\nTEA,A-01 · Annex,5\n')).rows).toMatchObject([{ bin: 'A-01 · Annex' }]);
      expect(await stockOf('SKU,Bin,Site,Quantity\nTEA,A-01,North,5\n')).toMatchObject({
        problems: [{ code: 'bin_not_there', name: 'North' }],
      });
    }
  });

  test('I594 a name of several bins means the one that is counted, else the one in the building, else somebody says so', async () => {
    const catalogue = createCatalogue([], (await binsOf(BOTH, (await binsOf(MAIN)).rows)).rows);
    const named = catalogue.binsNamed('a-01');
    expect(named.map(({ code }) => code)).toEqual(['A-01', 'A-01 · Annex']);
    expect(meantBin(named, {})).toBeUndefined();
    expect(meantBin(named, { bins: ['a-01 · annex'] })?.site).toBe('Annex');
    expect(meantBin(named, { bins: ['A-01', 'A-01 · Annex'] })).toBeUndefined();
    expect(meantBin(named, { bins: ['A-01', 'A-01 · Annex'], site: 'annex' })?.site).toBe('Annex');
    expect(meantBin(named, { site: 'Main' })?.code).toBe('A-01');
    expect(catalogue.binsNamed('A-01 · Annex').map(({ code }) => code)).toEqual(['A-01 · Annex']);
    expect([catalogue.binName('A-01'), catalogue.binName('A-01 · Annex')]).toEqual(['A-01 · Main', 'A-01 · Annex']);
  });
});

describe('one text, two meanings', () => {
  test('I595 a code that is also a bin, an SKU, a command card or a badge is named at the import of either file', async () => {
    const bins = await readFixture('inputs/bin-is-sku-bins.csv');
    const items = await readFixture('inputs/bin-is-sku-items.csv');
    const known = (await binsOf(bins)).rows;
    const convert = (table: Table, others: readonly Bin[] = []) =>
      convertItems(table, guessMapping('items', table), [], NO_CHOICES, undefined, others);
    expect(convert(items, known).problems).toEqual([
      { row: 2, column: 'SKU', cell: 0, code: 'code_is_bin', severity: 'warn', value: '1001', other: '1001' },
    ]);
    const after = convertBins(bins, guessMapping('bins', bins), [], NO_CHOICES, undefined, convert(items).rows);
    expect(after).toMatchObject({
      state: 'ready',
      problems: [{ row: 3, column: 'Bin', code: 'code_is_item', severity: 'warn', other: 'Clash part (1001)' }],
    });
    const coded = await readBytes('bin,label,site\nX-1,5000112637922,Main\n');
    expect(
      convertBins(coded, guessMapping('bins', coded), [], NO_CHOICES, undefined, convert(items).rows).problems,
    ).toMatchObject([{ code: 'code_is_item', other: 'Cola can (P1)' }]);
    const own = convert(await readBytes('sku,name,barcode\nSHOP-1,a,\nB,b,shop-1\n'));
    expect(own.problems).toMatchObject([{ row: 3, code: 'code_is_sku', severity: 'warn' }]);
    for (const text of ['sku,name\nTALLYBOOK:EMPTY,a\n', 'sku,name,barcode\nA,a,tallybook:person:ana\n'])
      expect(convert(await readBytes(text))).toMatchObject({ state: 'blocked', problemCounts: { code_is_command: 1 } });
    expect(await binsOf('bin,site\nTALLYBOOK:EMPTY,Main\n')).toMatchObject({ problemCounts: { code_is_command: 1 } });
  });

  test('S580 a text that is no bin is answered with the bins that it nearly is, the nearest first', () => {
    const bins = ['A-01', 'A-02', 'A-11', 'B-01', 'C-77 · Annex'].map((code, walk) => ({
      code,
      label: code,
      site: '',
      zone: '',
      walk,
    }));
    const near = (text: string, list: readonly Bin[] = bins) => nearBins(text, list, 3).map(({ code }) => code);
    expect(near('A-011')[0]).toBe('A-01');
    expect(near('A01')[0]).toBe('A-01');
    expect(near('A-10')[0]).toBe('A-01');
    expect(near('c-78')).toContain('C-77 · Annex');
    expect(near('pallet nine')).toEqual([]);
    expect(near('')).toEqual([]);
    expect(near('A-011', [{ code: 'A-01', label: '', site: '', zone: '', walk: 0, retired: true }])).toEqual([]);
  });
});
