import { describe, expect, test } from 'vitest';
import { createCatalogue } from '../../../shared/domain/catalogue.ts';
import { convertBins } from '../../../shared/domain/import/convert-bins.ts';
import { convertStock } from '../../../shared/domain/import/convert-stock.ts';
import { NO_CHOICES } from '../../../shared/domain/import/choices.ts';
import { guessMapping } from '../../../shared/domain/import/mapping.ts';
import type { Item } from '../../../shared/domain/item.ts';
import { itemsOf, readBytes, readFixture } from './read-fixture.ts';

const codesOf = (items: readonly Item[]) =>
  Object.fromEntries(items.map((item) => [item.sku, item.barcodes.map(({ code }) => code).join(' ')]));
const fixture = (name: string) => readFixture(`inputs/${name}.csv`);

describe('units', () => {
  test('I580 a unit is known by every spelling: what is weighed, poured or cut has decimals', async () => {
    const items = itemsOf(await fixture('units-items'));
    expect(items.problems).toEqual([]);
    expect(items.rows.map(({ unit, precision }) => [unit, precision])).toEqual([
      ['KGS', 3],
      ['LTR', 3],
      ['Meters', 3],
    ]);
    const bins = [{ code: 'A-01', label: 'A-01', site: 'Main', zone: '', walk: 1 }];
    const table = await fixture('units-stock');
    const known = { catalogue: createCatalogue(items.rows, bins), openings: new Set<string>() };
    const stock = convertStock(table, guessMapping('stock', table), known, NO_CHOICES);
    expect(stock.problems).toEqual([]);
    expect(stock.rows.map(({ item, quantity }) => [item, quantity])).toEqual([
      ['R1', '2.5'],
      ['O1', '1.25'],
      ['C1', '12.5'],
    ]);
    const spelled = 'KGM,kg.,Kilo,litros,GRM,ml,mm,Quadratmeter,H87,Stück,EA,DZN,C62,pcs';
    const rows = itemsOf(
      await readBytes(
        `sku,name,unit\n${spelled
          .split(',')
          .map((unit, at) => `${at},n,${unit}`)
          .join('\n')}\n`,
      ),
    );
    expect(rows.problems).toEqual([]);
    expect(rows.rows.map(({ precision }) => precision)).toEqual([3, 3, 3, 3, 3, 3, 3, 3, 0, 0, 0, 0, 0, 0]);
  });

  test('I581 decimals of a unit that no table knows are asked once, and the answer is remembered', async () => {
    const table = await readBytes('sku,name,unit\nA,a,Wobbles\nB,b,wobbles\nC,c,pcs\n');
    const asked = itemsOf(table);
    expect(asked).toMatchObject({ state: 'blocked', unknownUnits: [{ key: 'wobbles', unit: 'Wobbles', items: 2 }] });
    expect(asked.problemCounts).toEqual({ unit_unknown: 2 });
    const said = itemsOf(table, [], { unitDecimals: { wobbles: 2 } });
    expect(said).toMatchObject({ state: 'ready', unknownUnits: [], problems: [] });
    expect(said.rows.map(({ precision }) => precision)).toEqual([2, 2, 0]);
    const next = itemsOf(await readBytes('sku,name,unit\nD,d,WOBBLES\n'), said.rows);
    expect(next.rows.find(({ sku }) => sku === 'D')?.precision).toBe(2);
    const given = itemsOf(await readBytes('sku,name,unit,decimals\nA,a,Wobbles,1\n'));
    expect([given.state, given.rows[0]?.precision]).toEqual(['ready', 1]);
  });

  test('I582 an item taken in without decimals gets them when its unit is understood; decimals once given stay', async () => {
    const [rice] = itemsOf(await fixture('units-items')).rows;
    if (rice === undefined) throw new Error('no rice');
    const again = itemsOf(await fixture('units-items'), [{ ...rice, precision: 0 }]);
    expect(again.rows[0]?.precision).toBe(3);
    expect(itemsOf(await fixture('units-items'), [{ ...rice, precision: 1 }]).rows[0]?.precision).toBe(1);
    const nameOnly = await readBytes('sku,name\nR1,Brown rice\n');
    expect(itemsOf(nameOnly, [{ ...rice, precision: 0 }]).rows[0]?.precision).toBe(0);
  });
});

describe('codes that move', () => {
  test('I583 a code that moves to another item is named and asked about once, and then stands for that item only', async () => {
    const before = itemsOf(await fixture('barcode-moved-1')).rows;
    const asked = itemsOf(await fixture('barcode-moved-2'), before);
    expect(asked.state).toBe('blocked');
    expect(asked.problems).toEqual([
      {
        row: 3,
        column: 'Barcode',
        code: 'barcode_moves',
        severity: 'stop',
        value: '4006381333931',
        other: 'Old tea (A)',
        name: 'New tea (B)',
      },
    ]);
    const moved = itemsOf(await fixture('barcode-moved-2'), before, { movedCodes: 'move' });
    expect(moved).toMatchObject({ state: 'ready', duplicates: [], counts: { changed: 2, unchanged: 0 } });
    expect(codesOf(moved.rows)).toEqual({ A: '', B: '4006381333931' });
    const found = createCatalogue(moved.rows, []).find(['g:04006381333931']);
    expect(found.map(({ item }) => item.sku)).toEqual(['B']);
    expect(itemsOf(await fixture('barcode-moved-2'), moved.rows)).toMatchObject({ state: 'nothing', problems: [] });
    const back = itemsOf(await fixture('barcode-moved-1'), moved.rows, { movedCodes: 'move' });
    expect(codesOf(back.rows)).toEqual({ A: '4006381333931', B: '' });
  });

  test('I584 kept on both, a code is shared on purpose and not asked about again', async () => {
    const before = itemsOf(await fixture('barcode-moved-1')).rows;
    const kept = itemsOf(await fixture('barcode-moved-2'), before, { movedCodes: 'keep' });
    expect(kept.problemCounts).toEqual({ duplicate_barcode: 1 });
    expect(codesOf(kept.rows)).toEqual({ A: '4006381333931', B: '4006381333931' });
    expect(itemsOf(await fixture('barcode-moved-2'), kept.rows).state).toBe('nothing');
  });

  test('I585 in any spelling of the code, in a pack, and from an item that the file leaves out', async () => {
    const before = itemsOf(await fixture('barcode-moved-1')).rows;
    const zeros = itemsOf(await readBytes('sku,name,barcode\nB,New tea,04006381333931\n'), before);
    expect(zeros.problems).toMatchObject([{ code: 'barcode_moves', other: 'Old tea (A)', name: 'New tea (B)' }]);
    const pack = await readBytes('sku,name,case ean,units per case\nB,New tea,4006381333931,12\n');
    expect(itemsOf(pack, before, { movedCodes: 'move' }).rows.map(({ barcodes }) => barcodes)).toEqual([
      [],
      [{ code: '4006381333931', factor: '12' }],
    ]);
    const both = await readBytes('sku,name,barcode\nA,Old tea,4006381333931\nB,New tea,4006381333931\n');
    expect(itemsOf(both, before).problemCounts).toEqual({ duplicate_barcode: 1 });
    const left = itemsOf(await fixture('barcode-moved-2'), before, { leaveOutStopped: true });
    expect(left).toMatchObject({ state: 'nothing', counts: { leftOut: 1 } });
  });
});

describe('out of use', () => {
  const LIST = 'sku,name,status\nA,a,Active\nB,b,archived\nC,c,\nD,d,perhaps\n';

  test('I586 a column says what is out of use: yes and no under its own head, or the word of a status', async () => {
    const retired = async (text: string) => itemsOf(await readBytes(text)).rows.map((item) => item.retired === true);
    const listed = itemsOf(await readBytes(LIST));
    expect(listed.rows.map((item) => item.retired === true)).toEqual([false, true, false, false]);
    expect(listed.problemCounts).toEqual({ status_unknown: 1 });
    expect(await retired('sku,name,active\nA,a,yes\nB,b,0\nC,c,NO\n')).toEqual([false, true, true]);
    expect(await retired('sku,name,archived\nA,a,TRUE\nB,b,n\n')).toEqual([true, false]);
    expect(await retired('artikelnummer,bezeichnung,aktiv\nA,a,Ja\nB,b,Nein\n')).toEqual([false, true]);
    const bins = await readBytes('bin,site,active\nA-1,Main,no\nA-2,Main,yes\n');
    expect(
      convertBins(bins, guessMapping('bins', bins), [], NO_CHOICES).rows.map((bin) => bin.retired === true),
    ).toEqual([true, false]);
  });

  test('I587 what is not in the file stays in use, unless a person says otherwise and sees each by name', async () => {
    const before = itemsOf(await readBytes('sku,name\nA,a\nB,b\nC,c\n')).rows;
    const shorter = await readBytes('sku,name\nA,a\n,no sku\n');
    expect(itemsOf(shorter, before, { leaveOutStopped: true })).toMatchObject({
      state: 'nothing',
      counts: { kept: 2, missing: 2 },
    });
    const gone = itemsOf(shorter, before, { leaveOutStopped: true, retireMissing: true });
    expect(gone).toMatchObject({ state: 'ready', counts: { retired: 2, kept: 0 } });
    expect(gone.rows.map(({ sku, retired }) => [sku, retired])).toEqual([
      ['A', undefined],
      ['B', true],
      ['C', true],
    ]);
    expect(gone.problems.flatMap(({ code, name }) => (code === 'goes_out_of_use' ? [name] : []))).toEqual([
      'b (B)',
      'c (C)',
    ]);
    // A row that is left out is in the file all the same.
    const damaged = await readBytes('sku,name,barcode\nA,a,\nB,b,4.00638E+12\n');
    expect(
      itemsOf(damaged, before, { leaveOutStopped: true, retireMissing: true }).rows.map(({ retired }) => retired),
    ).toEqual([undefined, undefined, true]);
    const bins = await readBytes('bin,site\nA-1,Main\n');
    const known = ['A-1', 'A-2'].map((code, at) => ({ code, label: code, site: 'Main', zone: '', walk: at + 1 }));
    const without = convertBins(bins, guessMapping('bins', bins), known, { ...NO_CHOICES, retireMissing: true });
    expect(without.rows.map(({ code, retired }) => [code, retired])).toEqual([
      ['A-1', undefined],
      ['A-2', true],
    ]);
  });

  test('I588 what is out of use and in a file again stays out of use until a person or the file brings it back', async () => {
    const before = itemsOf(await readBytes(LIST)).rows;
    const again = await readBytes('sku,name\nB,b\n');
    const stays = itemsOf(again, before);
    expect(stays.problemCounts).toEqual({ is_out_of_use: 1 });
    expect(stays.state).toBe('nothing');
    const back = itemsOf(again, before, { bringBack: true });
    expect(back.rows.find(({ sku }) => sku === 'B')?.retired).toBeUndefined();
    expect(back.counts).toMatchObject({ changed: 1 });
    const told = itemsOf(await readBytes('sku,name,status\nB,b,active\n'), before);
    expect(told.rows.find(({ sku }) => sku === 'B')?.retired).toBeUndefined();
  });
});
