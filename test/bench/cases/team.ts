import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { ask, forget, newFolder, openBench } from '../bench-app.ts';
import type { Figures } from '../figures.ts';
import type { Scale } from '../scale.ts';
import { makeItems } from '../seed/catalogue-rows.ts';
import { sheetBin, sheetFacts, type ScreenSheet } from '../seed/screen-facts.ts';
import { seedJournal } from '../seed/seed-journal.ts';
import { seedSite, takeFiles } from '../seed/seed-site.ts';
import { median, quantile } from '../statistics.ts';
import { BURST_EVERY_MS, openSheet, scanned, scansOf, signedIn, tell, WARM_UP } from './screens.ts';
import { timeToSignIn } from './whole-app.ts';

const LAPTOPS = 20;
const SHEET: ScreenSheet = { stocktake: 'few', bins: 1, linesABin: 10 };
/** A page that meets a million entries of others for the first time stores them all before its first screen. */
const FIRST_TIME_MS = 900_000;

/** Takes a file in on the screen; ms from choosing it to the end of taking, without the time that the person looks at it. */
async function takeIn(page: Page, file: string): Promise<number> {
  await page.evaluate(() => {
    location.hash = '#/laptops';
  });
  await page.waitForSelector('[data-testid="hand-over-file"]', { state: 'attached' });
  const began = Date.now();
  await page.setInputFiles('[data-testid="hand-over-file"]', file);
  const button = page.locator('dialog').getByRole('button', { name: 'Take in' });
  await button.waitFor({ timeout: FIRST_TIME_MS });
  await button.click();
  await page.locator('dialog').waitFor({ state: 'detached', timeout: FIRST_TIME_MS });
  return Date.now() - began;
}

async function scansOn(page: Page, scale: Scale, seen: number[]) {
  await openSheet(page, SHEET.stocktake, sheetBin(SHEET, 0));
  await scanned(page, scansOf(SHEET.linesABin, WARM_UP, seen));
  return scanned(page, scansOf(SHEET.linesABin, scale.screenScans, seen));
}

/**
 * A laptop of twenty: a file of twice as many entries as each has is taken in on its screen, then the files of all others;
 * then the same scans, starts and saves as on a laptop alone.
 */
export async function measureTeam(figures: Figures, scale: Scale): Promise<void> {
  const profile = newFolder('team');
  const each = scale.laptopEntries;
  const entries = Array.from({ length: LAPTOPS }, (_, laptop) => (laptop === 1 ? 2 * each : each));
  const { person, files } = await seedSite({ profile, entries, facts: sheetFacts(SHEET) });
  await seedJournal({ profile, entries: 0, by: person, items: makeItems(process.cwd(), 1000) });
  const [first, ...others] = files;
  if (first === undefined) throw new Error('no file');
  const file = join(profile, 'first.tallybook');
  writeFileSync(file, first);

  const seen: number[] = [];
  const before = await signedIn(profile, FIRST_TIME_MS);
  const alone = await scansOn(before.page, scale, seen);
  tell(figures, 'scan, a laptop alone', alone);
  figures.note('T3', await takeIn(before.page, file));
  await before.close();

  const began = Date.now();
  await takeFiles(profile, others);
  figures.tell('the files of 18 laptops taken by the host s', (Date.now() - began) / 1000);
  const filled = Date.now();
  await (await signedIn(profile, FIRST_TIME_MS)).close();
  figures.tell('their entries stored by the page, first screen s', (Date.now() - filled) / 1000);

  const small = newFolder('small');
  await seedJournal({ profile: small, entries: Math.min(1000, scale.few), items: makeItems(process.cwd(), 1000) });
  await (await signedIn(small)).close();
  for (let round = 0; round < scale.coldStarts; round += 1) {
    const few = await timeToSignIn(small);
    const many = await timeToSignIn(profile);
    figures.tell('first screen, a laptop of 20 ms', many);
    figures.note('T6', many / few);
  }
  forget(small);

  const after = await signedIn(profile, FIRST_TIME_MS);
  const team = await scansOn(after.page, scale, seen);
  tell(figures, 'scan, a laptop of 20', team);
  figures.note('T4', median(team.painted) / median(alone.painted));
  figures.note('T4-p99', quantile(team.painted, 0.99));
  const burst = await scanned(after.page, scansOf(SHEET.linesABin, scale.burst, seen), BURST_EVERY_MS);
  tell(figures, 'burst at 25/s, a laptop of 20', burst);
  figures.note('T4-lost', burst.lost);
  await after.close();

  const bench = await openBench(profile);
  const { own, raw } = await ask(bench, 'measureSaving', { scans: scale.singles });
  await bench.close();
  figures.tell('scan whole, a laptop of 20 p50 ms', median(own));
  figures.note('T5', median(own) / median(raw));
  forget(profile);
}
