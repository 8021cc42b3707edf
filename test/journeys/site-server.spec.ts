import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from '@playwright/test';
import { ensureNatsServer } from '../../build/nats-server.mjs';
import { ANA, BEN, CLEO, goTo, handOver, realCodes, signInAs, test } from './prepared.ts';
import { createStocktake, finishBin, handIn, openBin } from './steps/counting.ts';
import { enrol, foundSite, joinServer, saveForOthers, saveServerFile, signInFirst, takeIn } from './steps/laptops.ts';
import { forgetProfile, newProfile, scan, startApp } from './tallybook-app.ts';

const BIN = 'A-11-12-1-2';
const OTHER_BIN = 'A-11-12-1-3';
const STOCKTAKE = 'Cold room';

test('J784 the office serves its site with one button, another laptop joins with a file, and what it hands in is in the office’s review', async ({
  profile,
}) => {
  // The first time, the server is fetched.
  test.setTimeout(600_000);
  const found = await ensureNatsServer();
  expect(found).toMatchObject({ ok: true });
  const env = { TALLYBOOK_NATS_SERVER_FOLDER: found.ok ? dirname(found.value) : '' };
  const place = mkdtempSync(join(tmpdir(), 'tallybook-place-'));
  const fresh = newProfile();
  const office = await startApp(profile, env);
  const cold = await startApp(fresh, env);
  try {
    await signInAs(office.page, ANA);
    await createStocktake(office.page, { name: STOCKTAKE, bins: [BIN, OTHER_BIN] });
    await foundSite(office.page, 'Leeds depot');
    await enrol(office.page, cold, 'Cold store');
    const first = join(place, 'first.tallybook');
    await saveForOthers(office, first);
    await takeIn(cold.page, first);
    await signInFirst(cold.page, BEN);

    await office.page.keyboard.press('b');
    await expect(office.page.getByTestId('server-serving')).toContainText('This laptop serves the site');
    await expect(office.page.getByTestId('server-state')).toContainText('Level as of');
    const file = join(place, 'server.json');
    await saveServerFile(office, file);
    await joinServer(cold.page, file);

    // Nobody touches the office's screen from here on.
    await handOver(office.page, CLEO);
    await goTo(office.page, '/review');
    await goTo(cold.page, '/count');
    await cold.page.getByText(STOCKTAKE).first().waitFor();
    await openBin(cold.page, BIN);
    for (const code of realCodes(5)) await scan(cold.page, code);
    await expect(cold.page.getByTestId('scan-count')).toHaveText('5 scans');
    await finishBin(cold.page, 'Leave as not counted');
    await handIn(cold.page);
    const batches = office.page.getByTestId('batch-row');
    await expect(batches).toHaveCount(1, { timeout: 30_000 });
    await expect(office.page.getByTestId('heard-from')).toContainText('Cold store');

    // The office is off for a while; what is counted meanwhile waits, and comes by itself.
    await office.close();
    const counts = new URL(cold.page.url()).hash.slice(1);
    await goTo(cold.page, '/laptops');
    await expect(cold.page.getByTestId('server-state')).toContainText('The server is not reached', { timeout: 30_000 });
    await goTo(cold.page, counts);
    await openBin(cold.page, OTHER_BIN);
    for (const code of realCodes(5)) await scan(cold.page, code);
    await expect(cold.page.getByTestId('scan-count')).toHaveText('5 scans');
    await finishBin(cold.page, 'Leave as not counted');
    await handIn(cold.page);
    const again = await startApp(profile, env);
    try {
      await signInAs(again.page, CLEO);
      await goTo(again.page, '/review');
      await goTo(cold.page, '/laptops');
      await cold.page.getByRole('button', { name: 'Look now' }).last().click();
      await expect(again.page.getByTestId('batch-row')).toHaveCount(2, { timeout: 90_000 });
    } finally {
      await again.kill();
    }
  } finally {
    await cold.kill();
    await office.kill();
    forgetProfile(fresh);
    rmSync(place, { recursive: true });
  }
});
