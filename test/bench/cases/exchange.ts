import { ask, forget, newFolder, openBench } from '../bench-app.ts';
import type { Figures } from '../figures.ts';
import type { Scale } from '../scale.ts';
import { makeItems } from '../seed/catalogue-rows.ts';
import { heldOn, openLiveSite, type LiveLaptop } from '../seed/live-site.ts';
import { sheetBin, sheetFacts, type ScreenSheet } from '../seed/screen-facts.ts';
import { median, quantile } from '../statistics.ts';
import { BURST_EVERY_MS, openSheet, scanned, scansOf, signedIn, tell, WARM_UP } from './screens.ts';

const LAPTOPS = 10;
const SHEET: ScreenSheet = { stocktake: 'few', bins: 1, linesABin: 10 };
/** A hand that counts. */
const COUNT_MS = 1_000;
const LOOK_MS = 20;
const LEVEL_MS = 120_000;
const AT_ONCE = 5_000;

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Waits until one laptop holds so much of another. */
async function untilHeld(on: LiveLaptop, of: LiveLaptop, seq: number): Promise<void> {
  const began = performance.now();
  while ((await heldOn(on, of)) < seq) {
    if (performance.now() - began > LEVEL_MS) throw new Error('they do not come level');
    await pause(LOOK_MS);
  }
}

/** Counts once a second; answers after how many ms the other laptop held each count. */
async function seenAfter(from: LiveLaptop, on: LiveLaptop, times: number): Promise<number[]> {
  const seen: Promise<number>[] = [];
  for (let at = 0; at < times; at += 1) {
    await from.count(1);
    const saved = performance.now();
    const seq = await heldOn(from, from);
    seen.push(untilHeld(on, from, seq).then(() => performance.now() - saved));
    await pause(COUNT_MS);
  }
  return Promise.all(seen);
}

/** Two laptops that keep level by themselves: how soon a count is seen, and how fast many entries go from one to the other. */
export async function measureExchange(figures: Figures, scale: Scale): Promise<void> {
  for (const [by, seenRow, manyRow] of [
    ['server', 'E1', 'E3'],
    ['folder', 'E2', 'E4'],
  ] as const) {
    const profile = newFolder('exchange');
    const site = await openLiveSite(profile, { by, laptops: 2 });
    const [one, other] = site.laptops;
    if (one === undefined || other === undefined) throw new Error('two laptops');
    await untilHeld(other, one, await heldOn(one, one));
    const seen = await seenAfter(one, other, scale.seenCounts);
    figures.note(seenRow, quantile(seen, 0.95));
    const before = await heldOn(one, one);
    for (let said = 0; said < scale.laptopEntries; said += AT_ONCE)
      await one.count(Math.min(AT_ONCE, scale.laptopEntries - said));
    const upTo = await heldOn(one, one);
    const began = performance.now();
    // Nobody waits for the next time that is due.
    const look = by === 'server' ? 'lookIntoServer' : 'lookIntoFolder';
    await one.running.host[look]({});
    await untilHeld(other, one, upTo);
    figures.note(manyRow, ((upTo - before) * 1000) / (performance.now() - began));
    await site.close();
    forget(profile);
  }
}

/** The real app on a laptop of a site, while ten others count once a second and all keep level over the site's server. */
export async function measureAmongOthers(figures: Figures, scale: Scale): Promise<void> {
  const profile = newFolder('among');
  const items = makeItems(process.cwd(), 1000);
  const site = await openLiveSite(profile, { by: 'server', laptops: LAPTOPS, facts: sheetFacts(SHEET), items });
  const ends = new AbortController();
  const counting = site.laptops.map(async (laptop, at) => {
    await pause((at * COUNT_MS) / LAPTOPS);
    while (!ends.signal.aborted) {
      await laptop.count(1);
      await pause(COUNT_MS);
    }
  });
  try {
    const seen: number[] = [];
    const app = await signedIn(profile, LEVEL_MS);
    await openSheet(app.page, SHEET.stocktake, sheetBin(SHEET, 0));
    await scanned(app.page, scansOf(SHEET.linesABin, WARM_UP, seen));
    const measured = await scanned(app.page, scansOf(SHEET.linesABin, scale.screenScans, seen));
    tell(figures, 'scan among ten that count', measured);
    figures.note('E5', median(measured.painted));
    figures.note('E5-p99', quantile(measured.painted, 0.99));
    const burst = await scanned(app.page, scansOf(SHEET.linesABin, scale.burst, seen), BURST_EVERY_MS);
    tell(figures, 'burst at 25/s among ten that count', burst);
    figures.note('E5-lost', burst.lost);
    await app.close();
    const bench = await openBench(profile);
    const { own, raw } = await ask(bench, 'measureSaving', { scans: scale.singles });
    await bench.close();
    figures.tell('scan whole among ten that count p50 ms', median(own));
    figures.note('E6', median(own) / median(raw));
  } finally {
    ends.abort();
    await Promise.all(counting);
    await site.close();
    forget(profile);
  }
}
