import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { goTo } from './prepared.ts';
import { heroSays, openBin } from './steps/counting.ts';
import { chooseFile, importNow } from './steps/importing.ts';
import { ofKind, readJournal } from './steps/journal.ts';
import { MIA } from './steps/people.ts';
import { LAPTOP } from './steps/stage.ts';
import { createFirstPerson, forgetProfile, newProfile, scan, startApp, typeUnevenly } from './tallybook-app.ts';

const INPUTS = 'test/fixtures/inputs';

async function choose(page: Page, what: 'Items' | 'Bins' | 'Opening stock', file: string): Promise<void> {
  await chooseFile(page, what, join(INPUTS, file));
}

/** Forty columns, two prices, and a barcode that a spreadsheet damaged. */
const WIDE = [
  ['SKU', 'Barcode', 'Name', 'Cost', ...Array.from({ length: 36 }, (_, at) => `Extra ${at + 3}`)],
  ['W1', '9501101530003', 'Blue cup', '1.507', ...Array.from({ length: 36 }, (_, at) => `${at} of these`)],
  ['W2', '2.02E+11', 'Red cup', '2.25', ...Array.from({ length: 36 }, (_, at) => `${at} of those`)],
]
  .map((cells) => `${cells.join(',')}\n`)
  .join('');

test('J560 files as shops have them come in whole, or wait for the one decision that they need', async () => {
  const profile = newProfile();
  const { app, page, close } = await startApp(profile);
  await app.evaluate(({ BrowserWindow }, size) => {
    BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height);
  }, LAPTOP);
  await createFirstPerson(page, MIA.name, MIA.pin);
  await page.getByRole('button', { name: /Import your own files/ }).click();

  await test.step('variants keep their names, and a barcode stands in for a missing SKU', async () => {
    await choose(page, 'Items', 'square-export.csv');
    await page.getByText('There is no SKU, so the barcode is taken for it.').waitFor();
    await expect(page.getByLabel('Column Price is')).toHaveValue('');
    expect(await importNow(page)).toContain('3 new items');
  });

  await test.step('a title is no item, and Polish letters are read or chosen', async () => {
    await choose(page, 'Items', 'titled-1250.csv');
    await expect(page.getByLabel('The column names are in')).toHaveValue('3');
    await page.getByText(/does not say how its letters are written/).waitFor();
    await expect(page.getByLabel('Letters')).toHaveValue('windows-1250');
    await page.getByText(/Row 4: Żółta łyżka/).waitFor();
    expect(await importNow(page)).toContain('3 new items');
  });

  await test.step('a spreadsheet’s armour makes no second item, and a code that another item has is asked about', async () => {
    await choose(page, 'Items', 'minus-items.csv');
    expect(await importNow(page)).toContain('1 new item');
    await choose(page, 'Items', 'items-apostrophe.csv');
    await page.getByText(/Rows are stopped/).waitFor();
    await expect(page.locator('.import-outcome [data-name="added"]')).toContainText('0');
    await page.keyboard.press('Escape');
  });

  await choose(page, 'Bins', 'short-codes-bins.csv');
  expect(await importNow(page)).toContain('2 new bins');

  await test.step('U571 no column hides beside the page, no choice hides the problems, and a cell is mended by keyboard', async () => {
    await chooseFile(page, 'Items', { name: 'wide.csv', text: WIDE });
    const list = page.getByRole('grid', { name: 'Problems' });
    await expect(list).toBeInViewport({ ratio: 1 });
    await expect(page.getByLabel('In prices, the decimals come after')).toBeInViewport({ ratio: 1 });
    for (const part of ['html', '.import-side', '.import-findings'])
      expect(await page.locator(part).evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
    const cut = list.locator('.import-sentence');
    await expect(cut).toHaveCount(1);
    for (const sentence of await cut.all())
      expect(
        await sentence.evaluate((one) => {
          const row = one.closest('[role="row"]');
          return [one.scrollWidth > one.clientWidth, one.clientHeight > (row?.clientHeight ?? 0)];
        }),
      ).toEqual([false, false]);
    await page.getByLabel('Column Extra 38 is').selectOption('brand');
    await list.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await expect(page.getByLabel('Barcode', { exact: true })).toBeFocused();
    await typeUnevenly(page, '5000112637922', 90);
    await page.keyboard.press('Enter');
    await page.getByText('No problems found.').waitFor();
    await page.getByText('1 cell is changed here; the file itself stays as it is.').waitFor();
    await page.keyboard.press('Escape');
  });

  await test.step('text in a spreadsheet waits for the decimal mark', async () => {
    await choose(page, 'Opening stock', 'stock-thousands-text.xlsx');
    await page.getByText(/Rows are stopped/).waitFor();
    await page.getByText(/Row 2: 1.000 is open/).waitFor();
    await page.getByLabel('In quantities, the decimals come after').selectOption(',');
    await page.getByText(/Row 2: 1.000 is 1000/).waitFor();
    expect(await importNow(page)).toContain('3 opening quantities');
  });

  const opened = ofKind(readJournal(profile), 'stock_changed').map(({ fact }) => `${fact.item} ${fact.quantity}`);
  expect(opened.toSorted()).toEqual(['P1 1000', 'P2 12', 'P3 850']);
  await page.getByRole('button', { name: 'Back to items' }).click();
  for (const name of ['Candle · Small', 'Candle · Large', 'Gęś świąteczna'])
    await page.getByText(name).first().waitFor();
  await close();
  forgetProfile(profile);
});

/** Items whose labels say more than a code: a case of twelve, and two that are sold by weight. */
const LABELLED = `SKU,Name,Unit,Barcode,Case barcode,Case quantity
KRAFT,Kraft dinner,pcs,,00021600105360,12
FLOUR,Flour,g,9501101530003,,
MEAT,Minced meat,KGS,9501101530010,,
`;

/** What the books and the counts hold at the end: item, lot, bin, quantity. */
const OPENED = 'P1 A-01 10, 123 A-01 2, R1 A-01 2.5, O1 A-01 1.25, C1 A-01 12.5, A A-01 5, B A-01 4, A A-01 5';
const COUNTED =
  'P1 A-01 1, 123 A-01 1, 1234 A-01 1, 1001 A-01 1, KRAFT A-01 480, KRAFT A-01 48, FLOUR A-01 1250, MEAT A-01 1.25, ' +
  'A A-01 1, A ab-07 A-01 1';

test('J561 what people tried the app with comes in right, and each scan of it means what it says', async () => {
  const profile = newProfile();
  const { app, page, close } = await startApp(profile);
  await app.evaluate(({ BrowserWindow }, size) => {
    BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height);
  }, LAPTOP);
  await createFirstPerson(page, MIA.name, MIA.pin);
  await page.getByRole('button', { name: /Import your own files/ }).click();
  const comesIn = async (what: 'Items' | 'Bins' | 'Opening stock', file: string, said: string): Promise<void> => {
    await choose(page, what, file);
    expect(await importNow(page)).toBe(said);
  };
  const moveTheCode = async (sentence: string): Promise<void> => {
    await page.getByText(sentence).first().waitFor();
    await page.getByLabel(/was on another item until now/).selectOption('move');
  };

  await test.step('codes of one to four characters are items and bins like others', async () => {
    await comesIn('Items', 'short-codes-items.csv', '2 new items.');
    await comesIn('Bins', 'short-codes-bins.csv', '2 new bins.');
    await comesIn('Opening stock', 'short-codes-stock.csv', '2 opening quantities entered.');
    await comesIn(
      'Items',
      'slow-scanner-items.csv',
      '2 new items. 1 the same as before. 1 was not in the file and stays.',
    );
  });

  await test.step('a code that moves is asked about once, and then stands for the new item', async () => {
    await comesIn('Items', 'barcode-moved-1.csv', '2 new items. 4 were not in the file and stay.');
    await choose(page, 'Items', 'barcode-moved-2.csv');
    await page.getByText(/^Rows are stopped/).waitFor();
    await moveTheCode(
      '4006381333931 moves from Old tea (A) to New tea (B). Decide above: move it, or keep it on both.',
    );
    expect(await importNow(page)).toBe('0 new items. 2 changed. 4 were not in the file and stay.');
  });

  await test.step('a bin and an item of one code are both taken, and that is said', async () => {
    await comesIn(
      'Items',
      'bin-is-sku-items.csv',
      '1 new item. 1 the same as before. 5 were not in the file and stay.',
    );
    await choose(page, 'Bins', 'bin-is-sku-bins.csv');
    await page
      .getByText('1001 is also the item Clash part (1001). A scan of it asks which is meant.')
      .first()
      .waitFor();
    expect(await importNow(page)).toBe('1 new bin. 1 the same as before. 1 was not in the file and stays.');
  });

  await test.step('a unit in any spelling has the decimals that its goods have', async () => {
    await comesIn('Items', 'units-items.csv', '3 new items. 7 were not in the file and stay.');
    await comesIn('Opening stock', 'units-stock.csv', '3 opening quantities entered.');
  });

  await test.step('a lot stays with the item that the books have it for', async () => {
    await choose(page, 'Items', 'lot-of-other-item-items.csv');
    await moveTheCode('4006381333931 moves from New tea (B) to Alpha (A). Decide above: move it, or keep it on both.');
    expect(await importNow(page)).toBe('0 new items. 2 changed. 8 were not in the file and stay.');
    await comesIn('Opening stock', 'lot-of-other-item-stock.csv', '2 opening quantities entered.');
  });

  await test.step('labels and a lot in capitals', async () => {
    await chooseFile(page, 'Items', { name: 'labels.csv', text: LABELLED });
    expect(await importNow(page)).toBe('3 new items. 10 were not in the file and stay.');
    await chooseFile(page, 'Opening stock', { name: 'lot.csv', text: 'SKU,Bin,Quantity,Lot\nA,A-01,5,AB-07\n' });
    expect(await importNow(page)).toBe('1 opening quantity entered.');
  });

  await test.step('scans mean what they say, in whatever speed they come', async () => {
    await goTo(page, '/count/bin');
    await page.getByLabel('Bin code').waitFor();
    await openBin(page, 'A-01');
    await scan(page, '5000112637922');
    await heroSays(page, { outcome: 'taken', name: 'Cola can', total: '1' });
    await scan(page, '123', 4);
    await heroSays(page, { outcome: 'taken', name: 'Three digit part', total: '1' });
    // Slow enough for a person: it asks, and overwrites no total.
    await scan(page, '1234', 55);
    await page.getByRole('dialog', { name: 'Four digit part, or a quantity of 1234?' }).waitFor();
    // An Enter so soon after a scan is the scanner's, unless a key comes before it that no scanner sends.
    await page.keyboard.press('Insert');
    await page.keyboard.press('Enter');
    await heroSays(page, { outcome: 'taken', name: 'Four digit part', total: '1' });
    await scan(page, '1001');
    const which = page.getByRole('dialog', { name: '1001 is several things here. Which do you mean?' });
    await which.getByRole('option', { name: /Bin 1001/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await heroSays(page, { outcome: 'taken', name: 'Clash part', total: '1' });
  });

  await test.step('a pallet is its cases times what is in one, and a weight is a weight', async () => {
    await scan(page, ']C102000216001053603740');
    await heroSays(page, { outcome: 'taken', name: 'Kraft dinner', total: '480' });
    await scan(page, '01000216001053603004');
    await heroSays(page, { outcome: 'taken', name: 'Kraft dinner', total: '528' });
    await scan(page, ']C101095011015300033103001250');
    await heroSays(page, { outcome: 'taken', name: 'Flour', total: '1,250 g' });
    await scan(page, ']C101095011015300103103001250');
    await heroSays(page, { outcome: 'taken', name: 'Minced meat', total: '1.25 kg' });
  });

  await test.step('the lot of another item is asked about, and one in small letters is the one of the books', async () => {
    await scan(page, '4006381333931');
    await heroSays(page, { outcome: 'look', name: 'Alpha', total: '1' });
    await scan(page, ']C110201');
    const whose = page.getByRole('dialog', { name: 'Which one is it?' });
    await whose.getByRole('option', { name: /Beta/ }).waitFor();
    await page.keyboard.press('Escape');
    await whose.waitFor({ state: 'hidden' });
    await scan(page, '010400638133393110ab-07');
    await heroSays(page, { outcome: 'taken', name: 'Alpha', total: '1' });
    // One line, seen: not a second one beside the one that is not.
    await expect(page.getByRole('complementary', { name: 'In this bin' }).getByText(/^lot AB-07$/i)).toHaveCount(1);
  });

  await test.step('a mistyped bin is no bin', async () => {
    await page.keyboard.press('Escape');
    await page.getByLabel('Bin code').waitFor();
    await typeUnevenly(page, 'A-011', 90);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('A-011 is not a bin. Did you mean A-01?').waitFor();
  });

  const entries = readJournal(profile);
  expect(
    ofKind(entries, 'stock_changed')
      .map(({ fact }) => `${fact.item} ${fact.bin} ${fact.quantity}`)
      .join(', '),
  ).toBe(OPENED);
  expect(
    ofKind(entries, 'counted')
      .map(({ fact }) => [fact.item, fact.lot, fact.bin, fact.quantity].filter(Boolean).join(' '))
      .join(', '),
  ).toBe(COUNTED);
  expect(ofKind(entries, 'bin_made')).toEqual([]);

  await test.step('two buildings have two bins of one name', async () => {
    await goTo(page, '/items/import');
    await comesIn(
      'Bins',
      'bins-same-code-two-sites.csv',
      '1 new bin. 1 the same as before. 2 were not in the file and stay.',
    );
  });
  await page.getByRole('button', { name: 'Back to items' }).click();
  await test.step('a bin is taken out of use by hand, unless something keeps it', async () => {
    await page.getByRole('tab', { name: /^Bins/ }).click();
    const detail = page.getByRole('complementary', { name: 'About this bin' });
    await page.getByTestId('bin-row').filter({ hasText: 'A-01 · Main' }).click();
    await detail.getByText('It is being counted in “Spot count A-01”. Hand that count in first.').waitFor();
    await expect(detail.getByRole('button', { name: 'Take out of use' })).toBeDisabled();
    await page.getByTestId('bin-row').filter({ hasText: 'A-01 · Annex' }).click();
    await detail.getByRole('button', { name: 'Take out of use' }).click();
    await detail.getByRole('button', { name: 'Put back in use' }).waitFor();
    expect(ofKind(readJournal(profile), 'bin_retired').map(({ fact }) => fact)).toEqual([
      { kind: 'bin_retired', bin: 'A-01 · Annex', retired: true },
    ]);
    await page.getByRole('tab', { name: /^Items/ }).click();
  });
  await page.getByTestId('item-row').filter({ hasText: 'Rice' }).click();
  await expect(page.getByRole('complementary', { name: 'About this item' })).toContainText('KGS');
  await close();
  forgetProfile(profile);
});
