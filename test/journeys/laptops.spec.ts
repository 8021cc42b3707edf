import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { ANA, BEN, CLEO, goTo, handOver, realCodes, send, signInAs, test } from './prepared.ts';
import { createStocktake, finishBin, handIn, moveStock, openBin } from './steps/counting.ts';
import {
  enrol,
  enterByCode,
  foundSite,
  moveClock,
  renewRecoveryCode,
  saveForOthers,
  signInFirst,
  takeIn,
} from './steps/laptops.ts';
import { approveAll, decide, openBatch, openTab, post, shownLine } from './steps/reviewing.ts';
import { labelOf, readWarehouse } from './steps/warehouse.ts';
import { forgetProfile, newProfile, scan } from './tallybook-app.ts';

const BIN = 'A-11-12-1-2';
const OTHER_BIN = 'A-11-12-1-3';
const SITE = 'Leeds depot';
const STOCKTAKE = 'Cold room';
const DAN = { name: 'Dan Osei', pin: '9154' };

test('J780 a new laptop joins with a request and one file, counts without a network, and its counts are decided on the first laptop', async ({
  profile,
  launch,
}) => {
  const stick = mkdtempSync(join(tmpdir(), 'tallybook-stick-'));
  const fresh = newProfile();
  const office = await launch(profile);
  await signInAs(office.page, ANA);
  await createStocktake(office.page, { name: STOCKTAKE, bins: [BIN, OTHER_BIN] });
  await foundSite(office.page, SITE);
  const cold = await launch(fresh);
  await enrol(office.page, cold, 'Cold store');
  const forCold = join(stick, 'for-cold.tallybook');
  await saveForOthers(office, forCold);

  // Ready to count after one file.
  expect(await takeIn(cold.page, forCold)).toContain('Office');
  await signInFirst(cold.page, BEN);
  // Nothing was lost, so nothing is said to be mended.
  await expect(cold.page.getByText('Mended')).toHaveCount(0);
  await cold.page.getByText(STOCKTAKE).first().waitFor();
  await openBin(cold.page, BIN);
  for (const code of realCodes(5)) await scan(cold.page, code);
  await expect(cold.page.getByTestId('scan-count')).toHaveText('5 scans');
  await finishBin(cold.page, 'Leave as not counted');
  await handIn(cold.page);
  const fromCold = join(stick, 'from-cold.tallybook');
  await saveForOthers(cold, fromCold);

  expect(await takeIn(office.page, fromCold)).toContain(BIN);
  await expect(office.page.getByLabel('Status')).toContainText('Cold store');
  // Taken again, nothing changes.
  await office.page.getByTestId('hand-over-file').setInputFiles(fromCold);
  await expect(office.page.getByRole('dialog')).toContainText('Nothing to take in');
  await office.page.keyboard.press('Enter');

  await handOver(office.page, CLEO);
  await openBatch(office.page, STOCKTAKE, 1);
  // Three items: a code with and without its leading zero is the same one.
  await expect(office.page.getByTestId('review-row')).toHaveCount(3);
  await openTab(office.page, 'To decide');
  await approveAll(office.page);
  await post(office.page, { lines: 3, zeroed: 0 });
  await openTab(office.page, 'Decided');
  await expect(office.page.getByTestId('decision-cell').getByText('Posted')).toHaveCount(3);
  rmSync(stick, { recursive: true });
  forgetProfile(fresh);
});

test('J781 three laptops and files alone: one is killed, one has a wrong clock, one is revoked, two count the same bin, and the figures are right to the last unit', async ({
  profile,
  launch,
}) => {
  const stick = mkdtempSync(join(tmpdir(), 'tallybook-stick-'));
  const folders = [newProfile(), newProfile()] as const;
  const warehouse = readWarehouse();
  const shelf = warehouse.stock.filter((row) => row.bin === BIN && row.quantity >= 6);
  const [tea, oil] = shelf.map(({ item, quantity }) => ({
    code: labelOf(item),
    name: warehouse.names.get(item) ?? '',
    opening: quantity,
  }));
  if (tea === undefined || oil === undefined) throw new Error('the sample has two items in this bin');
  const office = await launch(profile);
  await signInAs(office.page, ANA);
  expect(await send(office.page, 'savePerson', { ...DAN, roles: ['counter'], active: true })).toMatchObject({
    ok: true,
  });
  await office.page.reload();
  await createStocktake(office.page, { name: STOCKTAKE, bins: [BIN, OTHER_BIN] });
  await foundSite(office.page, SITE);
  const cold = await launch(folders[0]);
  await enrol(office.page, cold, 'Cold store', { file: join(stick, 'request-cold.json') });
  let yard = await launch(folders[1]);
  await enrol(office.page, yard, 'Yard', { file: join(stick, 'request-yard.json') });
  const forAll = join(stick, 'for-all.tallybook');
  await saveForOthers(office, forAll);

  // One clock is an hour behind.
  await moveClock(cold, -1);
  for (const [laptop, person] of [
    [cold, BEN],
    [yard, DAN],
  ] as const) {
    await takeIn(laptop.page, forAll);
    await signInFirst(laptop.page, person);
  }

  // Ben counts the bin, and carries two of what he counted to another one.
  await openBin(cold.page, BIN);
  for (let at = 0; at < 5; at += 1) await scan(cold.page, tea.code);
  await scan(cold.page, oil.code);
  await expect(cold.page.getByTestId('scan-count')).toHaveText('6 scans');
  await finishBin(cold.page, 'Leave as not counted');
  await handIn(cold.page);
  await moveStock(cold.page, { from: BIN, code: tea.code, name: tea.name, quantity: '2', to: OTHER_BIN });

  // Dan counts the same bin by mistake; his laptop dies in the middle of it.
  await openBin(yard.page, BIN);
  for (let at = 0; at < 3; at += 1) await scan(yard.page, tea.code);
  await expect(yard.page.getByTestId('scan-count')).toHaveText('3 scans');
  await yard.kill();
  yard = await launch(folders[1]);
  await signInAs(yard.page, DAN);
  await openBin(yard.page, BIN);
  await scan(yard.page, tea.code);
  await expect(yard.page.getByTestId('scan-count')).toHaveText('4 scans');
  await finishBin(yard.page, 'Leave as not counted');
  await handIn(yard.page);
  const counts = new URL(yard.page.url()).hash.slice(1);

  const fromCold = join(stick, 'from-cold.tallybook');
  const fromYard = join(stick, 'from-yard.tallybook');
  await saveForOthers(cold, fromCold);
  await saveForOthers(yard, fromYard);
  await goTo(office.page, '/laptops');
  await takeIn(office.page, fromYard);
  expect(await takeIn(office.page, fromCold)).toMatch(/Counted twice\s+1: A-11-12-1-2/);

  // The yard's laptop is revoked; what is counted on it after that is shown to be nothing.
  await office.page.getByRole('button', { name: 'Revoke Yard' }).click();
  await office.page.getByRole('dialog').getByRole('button', { name: 'Revoke it' }).click();
  await expect(office.page.getByTestId('notice')).toContainText('Yard is revoked');
  await goTo(yard.page, counts);
  await openBin(yard.page, OTHER_BIN);
  for (let at = 0; at < 7; at += 1) await scan(yard.page, oil.code);
  await expect(yard.page.getByTestId('scan-count')).toHaveText('7 scans');
  const late = join(stick, 'late-from-yard.tallybook');
  await saveForOthers(yard, late);
  expect(await takeIn(office.page, late)).toMatch(/Not counted\s+8/);
  await expect(office.page.getByText('8 shown, not counted')).toBeVisible();

  await handOver(office.page, CLEO);
  // Both handed the bin in: each batch shows it, and it is decided once.
  await goTo(office.page, '/review');
  await expect(office.page.getByTestId('batch-row')).toHaveCount(2);
  await office.page.getByTestId('batch-row').filter({ hasText: BEN.name }).getByRole('link').click();
  const line = { name: tea.name, bin: BIN };
  expect(await shownLine(office.page, line)).toMatchObject({
    Counted: '9',
    Passes: '5 + 4',
    Flag: expect.stringContaining('overlap'),
  });
  await office.page.getByTestId('review-row').filter({ hasText: tea.name }).click();
  await office.page.keyboard.press('e');
  await office.page.getByRole('button', { name: /^Same pile, and Ben Ito is right/ }).click();
  await expect(office.page.getByText(/Only what Ben Ito counted stands/).first()).toBeVisible();
  await office.page.keyboard.press('e');
  await expect
    .poll(() => shownLine(office.page, line))
    .toMatchObject({ Counted: '5', 'Book then': String(tea.opening), 'Moved since': '-2', Resulting: '3' });
  await decide(office.page, line, { key: 'a', word: 'Approved' });
  await post(office.page, { lines: 1, zeroed: 0 });
  await expect(office.page.getByTestId('decision-cell').getByText('Posted')).toHaveCount(1);
  rmSync(stick, { recursive: true });
  for (const folder of folders) forgetProfile(folder);
});

test('U841 the second laptop that supervises sees that the first one sends, and Send is refused there in words', async ({
  profile,
  launch,
}) => {
  const stick = mkdtempSync(join(tmpdir(), 'tallybook-stick-'));
  const fresh = newProfile();
  const office = await launch(profile);
  await signInAs(office.page, ANA);
  const square = { baseUrl: 'https://square.invalid', mode: 'token' };
  const form = { remote: 'square', name: 'Main St till', settings: square, secrets: { accessToken: 'sandbox-token' } };
  await send(office.page, 'unlockVault', { passphrase: 'a passphrase of the office' });
  const saved = await send(office.page, 'saveConnection', form);
  expect(saved).toMatchObject({ ok: true });
  const { connection } = (saved as { value: { connection: string } }).value;
  const code = await renewRecoveryCode(office.page);
  await office.page.reload();
  await foundSite(office.page, SITE);
  const desk = await launch(fresh);
  await enrol(office.page, desk, 'Desk', { role: 'supervises' });
  const forDesk = join(stick, 'for-desk.tallybook');
  await saveForOthers(office, forDesk);
  await takeIn(desk.page, forDesk);
  await enterByCode(desk.page, ANA, code);

  await goTo(desk.page, `/send/${connection}/send`);
  await expect(desk.page.getByTestId('sender')).toHaveText('Office sends over this connection.');
  await expect(desk.page.getByText('Whatever is posted, on any laptop, is sent from there.')).toBeVisible();
  const asked = { connection, batch: 'b', lines: [], stopped: [] };
  expect(await send(desk.page, 'freezeRequests', asked)).toMatchObject({
    error: { code: 'held_elsewhere', laptop: 'Office' },
  });
  await goTo(desk.page, '/laptops');
  await expect(desk.page.getByTestId('laptop-row').filter({ hasText: 'Main St till' })).toContainText('Office');
  rmSync(stick, { recursive: true });
  forgetProfile(fresh);
});
