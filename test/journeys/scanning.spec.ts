import { expect, type Page } from '@playwright/test';
import { ANA, countBin, countedCodes, goTo, hearSounds, readJournal, realCodes, signInAs, test } from './prepared.ts';
import { scan, typeUnevenly } from './tallybook-app.ts';

const KEY_MS = 8;
const SCANS = 125;
const BIN = 'A-11-12-1-2';

/** What must come out of 125 scans wherever the focus is: as many entries, in order, each with its sound, and the screen says so. */
async function scanAll(page: Page, profile: string, bin: string): Promise<void> {
  const heard = await hearSounds(page);
  const codes = realCodes(SCANS);
  for (const code of codes) await scan(page, code, KEY_MS);
  await expect.poll(() => heard.length).toBe(SCANS);
  expect(heard.filter((name) => name !== 'taken')).toEqual([]);
  await expect(page.getByTestId('scan-count')).toHaveText(`${SCANS} scans`);
  expect(countedCodes(profile, bin)).toEqual(codes);
  const kinds = readJournal(profile).map(({ fact }) => fact.kind);
  expect(
    kinds.filter((kind) => kind === 'unknown_scanned' || kind === 'bin_finished' || kind === 'count_voided'),
  ).toEqual([]);
}

test('J1 125 scans at 8 ms a key with the focus nowhere are 125 entries in order', async ({ profile, launch }) => {
  const { page } = await launch(profile);
  await signInAs(page, ANA);
  await countBin(page, BIN);
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  await scanAll(page, profile, BIN);
});

test('J2 125 scans with the focus on a button are 125 entries, and Enter never presses it', async ({
  profile,
  launch,
}) => {
  const { page } = await launch(profile);
  await signInAs(page, ANA);
  await countBin(page, BIN);
  const finish = page.getByRole('button', { name: /Finish bin/ });
  await finish.focus();
  await scanAll(page, profile, BIN);
  await expect(finish).toBeFocused();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('J3 125 scans with the focus in a field are 125 entries, and the field keeps what was typed', async ({
  profile,
  launch,
}) => {
  const { page } = await launch(profile);
  await signInAs(page, ANA);
  await countBin(page, BIN);
  await page.keyboard.press('F3');
  const search = page.getByRole('combobox', { name: /Name, SKU/ });
  await search.fill('oats');
  await scanAll(page, profile, BIN);
  await expect(search).toHaveValue('oats');
  await expect(search).toBeFocused();
});

test('J4 125 scans in front of a dialog are 125 entries, and the dialog stays as it is', async ({
  profile,
  launch,
}) => {
  const { page } = await launch(profile);
  await signInAs(page, ANA);
  await countBin(page, BIN);
  await page.keyboard.press('F4');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Lot', { exact: true }).fill('L-2207');
  const keep = dialog.getByRole('button', { name: /Keep with lot/ });
  await keep.focus();
  await scanAll(page, profile, BIN);
  await expect(dialog).toBeVisible();
  await expect(keep).toBeFocused();
  await expect(dialog.getByLabel('Lot', { exact: true })).toHaveValue('L-2207');
});

test('J5 a person who types thirteen digits at 60 to 135 ms a key is not a scanner', async ({ profile, launch }) => {
  const { page } = await launch(profile);
  await signInAs(page, ANA);
  await countBin(page, BIN);
  const heard = await hearSounds(page);
  const [code = ''] = realCodes(1);
  await page.keyboard.press('F3');
  await typeUnevenly(page, code, 90);
  await expect(page.getByRole('combobox', { name: /Name, SKU/ })).toHaveValue(code);
  await page.keyboard.press('Escape');
  await typeUnevenly(page, code, 90);
  await expect(page.getByTestId('quantity-strip')).toHaveText(code);
  await expect(page.getByTestId('scan-count')).toHaveText('0 scans');
  expect(heard).toEqual([]);
  expect(countedCodes(profile, BIN)).toEqual([]);
});

test('J6 a quantity typed before a scan is what the scan counts', async ({ profile, launch }) => {
  const { page } = await launch(profile);
  await signInAs(page, ANA);
  await countBin(page, BIN);
  const [code = ''] = realCodes(1);
  for (const [typed, total] of [
    ['24', '24'],
    ['3*12+7', '67'],
    ['', '68'],
  ] as const) {
    await typeUnevenly(page, typed, 90);
    await expect(page.getByTestId('quantity-strip')).toHaveText(typed === '' ? '1' : typed);
    await scan(page, code, KEY_MS);
    await expect(page.getByTestId('hero-total')).toHaveText(total);
    await expect(page.getByTestId('hero')).toHaveAttribute('data-outcome', 'taken');
  }
  const facts = readJournal(profile).map(({ fact }) => fact);
  expect(facts.filter(({ kind }) => kind === 'counted').map((fact) => [fact['quantity'], fact['entered']])).toEqual([
    ['24', '24'],
    ['43', '3*12+7'],
    ['1', undefined],
  ]);
});

test('J7 scans before a bin is open, of damaged and of unknown codes, each say what they are', async ({
  profile,
  launch,
}) => {
  const { page } = await launch(profile);
  await signInAs(page, ANA);
  const heard = await hearSounds(page);
  await goTo(page, '/count/bin');
  await expect(page.getByLabel('Bin code')).toBeFocused();
  const [code = ''] = realCodes(1);
  await scan(page, code, KEY_MS);
  await expect(page.getByText('Scan the bin first.')).toBeVisible();
  await expect(page.getByLabel('Bin code')).toHaveValue('');
  await scan(page, BIN, KEY_MS);
  await expect(page.getByTestId('scan-count')).toHaveText('0 scans');
  // The last digit of a label that was read wrong.
  await scan(page, `${code.slice(0, -1)}${(Number(code.at(-1)) + 1) % 10}`, KEY_MS);
  await expect(page.getByTestId('hero')).toHaveAttribute('data-outcome', 'not-taken');
  await expect(page.getByTestId('hero')).toContainText('check digit');
  await expect(page.getByTestId('scan-count')).toHaveText('0 scans');
  await scan(page, '4006381333931', KEY_MS);
  await expect(page.getByTestId('hero')).toHaveAttribute('data-outcome', 'look');
  await expect(page.getByTestId('unknowns')).toContainText('4006381333931');
  await expect.poll(() => heard).toEqual(['notTaken', 'taken', 'notTaken', 'look']);
  expect(readJournal(profile).filter(({ fact }) => fact.kind === 'unknown_scanned')).toHaveLength(1);
});
