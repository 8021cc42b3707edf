import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { importFile } from './steps/importing.ts';
import { ofKind, readJournal } from './steps/journal.ts';
import { MIA } from './steps/people.ts';
import { LAPTOP } from './steps/stage.ts';
import { createFirstPerson, forgetProfile, newProfile, startApp } from './tallybook-app.ts';

const INPUTS = 'test/fixtures/inputs';

async function choose(page: Page, what: 'Items' | 'Opening stock', file: string): Promise<void> {
  await page.getByRole('radio', { name: new RegExp(`^${what}`) }).check();
  await page.getByTestId('import-file').setInputFiles(join(process.cwd(), INPUTS, file));
}
async function importNow(page: Page): Promise<string> {
  await page.getByText('Ready to import').waitFor();
  await page.keyboard.press('F10');
  const done = page.getByTestId('import-done');
  await done.waitFor();
  const said = (await done.textContent()) ?? '';
  await page.getByRole('button', { name: 'Import another file' }).click();
  return said;
}

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

  expect(await importFile(page, 'Bins', join(INPUTS, 'short-codes-bins.csv'))).toContain('2 new bins');
  await page.getByRole('button', { name: 'Import another file' }).click();

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
