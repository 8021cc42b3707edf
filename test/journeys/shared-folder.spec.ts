import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { ANA, BEN, CLEO, goTo, handOver, realCodes, send, signInAs, test } from './prepared.ts';
import { createStocktake, finishBin, handIn, openBin } from './steps/counting.ts';
import { holds } from './steps/holds.ts';
import { enrol, foundSite, saveForOthers, shareFolder, signInFirst, takeIn } from './steps/laptops.ts';
import { readWarehouse } from './steps/warehouse.ts';
import { forgetProfile, newProfile, scan } from './tallybook-app.ts';

const BIN = 'A-11-12-1-2';
const OTHER_BIN = 'A-11-12-1-3';
const STOCKTAKE = 'Cold room';
const EXPECTED = '73197319';

test('J721 two laptops on one folder stay level by themselves: what one hands in is in the other’s review, and a folder that goes and comes back stops nobody', async ({
  profile,
  launch,
}) => {
  const place = mkdtempSync(join(tmpdir(), 'tallybook-place-'));
  const folder = mkdtempSync(join(place, 'shared-'));
  const fresh = newProfile();
  const office = await launch(profile);
  await signInAs(office.page, ANA);
  await createStocktake(office.page, { name: STOCKTAKE, bins: [BIN, OTHER_BIN] });
  await foundSite(office.page, 'Leeds depot');
  // What the book expects, and nobody else may know.
  const [item = ''] = [...readWarehouse().names.keys()];
  const opening = { kind: 'stock_changed', item, bin: BIN, quantity: EXPECTED, reason: 'receipt' };
  expect(await send(office.page, 'append', { facts: [opening] })).toMatchObject({ ok: true });
  const cold = await launch(fresh);
  await enrol(office.page, cold, 'Cold store');
  const first = join(place, 'first.tallybook');
  await saveForOthers(office, first);
  await takeIn(cold.page, first);
  await signInFirst(cold.page, BEN);
  await shareFolder(office, folder);
  await shareFolder(cold, folder);

  // Nobody touches the office's screen from here on.
  await handOver(office.page, CLEO);
  await goTo(office.page, '/review');
  const codes = realCodes(5);
  await goTo(cold.page, '/count');
  await cold.page.getByText(STOCKTAKE).first().waitFor();
  await openBin(cold.page, BIN);
  for (const code of codes) await scan(cold.page, code);
  await expect(cold.page.getByTestId('scan-count')).toHaveText('5 scans');
  await finishBin(cold.page, 'Leave as not counted');
  await handIn(cold.page);
  const batches = office.page.getByTestId('batch-row');
  await expect(batches).toHaveCount(1, { timeout: 30_000 });
  await expect(office.page.getByTestId('heard-from')).toContainText('Cold store');

  renameSync(folder, `${folder}-away`);
  const counts = new URL(cold.page.url()).hash.slice(1);
  await goTo(cold.page, '/laptops');
  await expect(cold.page.getByTestId('folder-state')).toContainText('The folder is not there', { timeout: 30_000 });
  await goTo(cold.page, counts);
  await openBin(cold.page, OTHER_BIN);
  for (const code of codes) await scan(cold.page, code);
  await expect(cold.page.getByTestId('scan-count')).toHaveText('5 scans');
  await finishBin(cold.page, 'Leave as not counted');
  await handIn(cold.page);
  await expect(batches).toHaveCount(1);

  renameSync(`${folder}-away`, folder);
  await goTo(cold.page, '/laptops');
  await cold.page.getByRole('button', { name: 'Look now' }).click();
  await expect(cold.page.getByTestId('folder-state')).toContainText('Level as of');
  await expect(batches).toHaveCount(2, { timeout: 90_000 });
  // On the disk of the laptop that counts, whatever its page and its host have kept, nothing tells it.
  await Promise.all([office.close(), cold.close()]);
  expect([holds(profile, EXPECTED), holds(fresh, EXPECTED)]).toEqual([true, false]);
  rmSync(place, { recursive: true });
  forgetProfile(fresh);
});
