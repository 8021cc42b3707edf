import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type ElectronApplication, type Page } from '@playwright/test';
import { ANA, BEN, CLEO, goTo, handOver, realCodes, signInAs, test } from './prepared.ts';
import { createStocktake, finishBin, handIn, openBin } from './steps/counting.ts';
import { approveAll, openBatch, openTab, post } from './steps/reviewing.ts';
import { forgetProfile, newProfile, scan } from './tallybook-app.ts';

const BIN = 'A-11-12-1-2';
const OTHER_BIN = 'A-11-12-1-3';
const SITE = 'Leeds depot';
const STOCKTAKE = 'Cold room';

/** Answers the system's question where to save, in place of a person. */
async function answerSave(app: ElectronApplication, path: string): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
}

/** Saves everything that a laptop holds into a file. */
async function saveForOthers(app: ElectronApplication, page: Page, file: string): Promise<void> {
  await answerSave(app, file);
  await goTo(page, '/laptops');
  await page.getByRole('button', { name: 'Save for other laptops' }).click();
  await expect(page.getByTestId('hand-over-saved')).toContainText('Carry the file');
}

/** Takes in the file of another laptop after looking at it; answers what the preview said. */
async function takeIn(page: Page, file: string): Promise<string> {
  await page.getByTestId('hand-over-file').setInputFiles(file);
  const preview = page.getByRole('dialog');
  await expect(preview).toBeVisible();
  const said = await preview.innerText();
  await preview.getByRole('button', { name: 'Take in' }).click();
  await expect(preview).toBeHidden();
  return said;
}

test('J780 a new laptop joins with a request and one file, counts without a network, and its counts are decided on the first laptop', async ({
  profile,
  launch,
}) => {
  const stick = mkdtempSync(join(tmpdir(), 'tallybook-stick-'));
  const fresh = newProfile();
  const office = await launch(profile);
  await signInAs(office.page, ANA);
  await createStocktake(office.page, { name: STOCKTAKE, bins: [BIN, OTHER_BIN] });
  await goTo(office.page, '/laptops');
  await office.page.getByLabel('Name of the site').fill(SITE);
  await office.page.getByLabel('Name of this laptop').fill('Office');
  await office.page.getByRole('button', { name: 'Set up several laptops' }).click();
  await expect(office.page.getByRole('heading', { name: `Laptops of ${SITE}` })).toBeVisible();

  const cold = await launch(fresh);
  const request = join(stick, 'request.json');
  await answerSave(cold.app, request);
  await cold.page.getByRole('button', { name: 'This laptop joins others' }).click();
  await cold.page.getByLabel('Name of this laptop').fill('Cold store');
  await cold.page.getByRole('button', { name: 'Save the request' }).click();
  const words = cold.page.getByTestId('words').getByRole('listitem');
  await expect(words).toHaveCount(8);

  await office.page.getByRole('button', { name: 'Enrol a laptop' }).click();
  await office.page.getByTestId('request-file').setInputFiles(request);
  await expect(office.page.getByTestId('words').getByRole('listitem')).toHaveText(await words.allInnerTexts());
  await office.page.getByRole('button', { name: 'Yes, enrol it' }).click();
  const forCold = join(stick, 'for-cold.tallybook');
  await answerSave(office.app, forCold);
  await office.page.getByRole('dialog').getByRole('button', { name: 'Save for the other laptops' }).click();
  await expect(office.page.getByText(/entr(y|ies) saved\. Carry the file/).first()).toBeVisible();
  await office.page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();

  // Ready to count after one file.
  const said = await takeIn(cold.page, forCold);
  expect(said).toContain('Office');
  await cold.page.getByRole('radio', { name: BEN.name }).check();
  await cold.page.getByLabel(/^PIN of/).fill(BEN.pin);
  await cold.page.keyboard.press('Enter');
  await cold.page.getByLabel('New PIN', { exact: true }).fill(BEN.pin);
  await cold.page.getByLabel('New PIN again').fill(BEN.pin);
  await cold.page.keyboard.press('Enter');
  await expect(cold.page.getByTestId('saved-at')).toBeVisible();
  await goTo(cold.page, '/count');
  await cold.page.getByText(STOCKTAKE).first().waitFor();
  const codes = realCodes(5);
  await openBin(cold.page, BIN);
  for (const code of codes) await scan(cold.page, code);
  await expect(cold.page.getByTestId('scan-count')).toHaveText('5 scans');
  await finishBin(cold.page, 'Leave as not counted');
  await handIn(cold.page);
  const fromCold = join(stick, 'from-cold.tallybook');
  await saveForOthers(cold.app, cold.page, fromCold);

  const preview = await takeIn(office.page, fromCold);
  expect(preview).toContain(BIN);
  await expect(office.page.getByLabel('Status')).toContainText('Cold store');
  // Taken again, nothing changes.
  await office.page.getByTestId('hand-over-file').setInputFiles(fromCold);
  await expect(office.page.getByRole('dialog')).toContainText('Nothing to take in');
  await office.page.keyboard.press('Enter');

  await handOver(office.page, CLEO);
  await openBatch(office.page, STOCKTAKE, 1);
  await expect(office.page.getByTestId('review-row')).toHaveCount(3);
  await openTab(office.page, 'To decide');
  await approveAll(office.page);
  await post(office.page, { lines: 3, zeroed: 0 });
  await openTab(office.page, 'Decided');
  await expect(office.page.getByTestId('decision-cell').getByText('Posted')).toHaveCount(3);
  rmSync(stick, { recursive: true });
  forgetProfile(fresh);
});
