import type { Page } from '@playwright/test';
import { ask, closeApp, forget, launch, newFolder, openBench } from '../bench-app.ts';
import type { Figures } from '../figures.ts';
import type { Scale } from '../scale.ts';
import { scanAndPaint, type PaintedScan, type ScanAndPaintFigures } from '../screens/scan-and-paint.ts';
import { barcodeOf, makeItems } from '../seed/catalogue-rows.ts';
import { BINS, binCode, COUNTER, COUNTER_PIN, STOCKTAKE } from '../seed/ledger-model.ts';
import { sheetBin, sheetFacts, type ScreenSheet } from '../seed/screen-facts.ts';
import { seedJournal } from '../seed/seed-journal.ts';
import { median, quantile } from '../statistics.ts';
import { seedLedger } from './open.ts';

const KEY_MS = 2;
export const WARM_UP = 10;
/** A scanner in a quick hand. */
export const BURST_EVERY_MS = 40;
/** How long the work behind the screens is watched after a start. */
const WATCHED_MS = 20_000;

type Sheets = { readonly few: ScreenSheet; readonly wide: ScreenSheet; readonly long: ScreenSheet };

function sheetsOf(scale: Scale): Sheets {
  const wide = Math.max(10, scale.largeSheet / 50);
  return {
    few: { stocktake: 'few', bins: 1, linesABin: 10 },
    wide: { stocktake: 'wide', bins: wide, linesABin: 50 },
    long: { stocktake: 'long', bins: 1, linesABin: scale.shownLines },
  };
}

/** Starts the real app and signs in; answers when the screens are there. */
export async function signedIn(profile: string, timeout = 30_000): Promise<{ page: Page; close(): Promise<void> }> {
  const app = await launch(process.cwd(), profile);
  const page = await app.firstWindow();
  await page.waitForSelector('main.signin', { timeout: 60_000 });
  const chosen = page.getByRole('radio', { name: COUNTER.name });
  if ((await chosen.count()) > 0) await chosen.check();
  await page.getByLabel(/^PIN/).fill(COUNTER_PIN);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-testid="saved-at"]', { timeout });
  return { page, close: () => closeApp(app) };
}

/** Opens a bin on the real counting screen; milliseconds until its first line was painted. */
export async function openSheet(page: Page, stocktake: string, bin: string): Promise<number> {
  await page.evaluate(() => {
    location.hash = '#/settings';
  });
  await page.waitForSelector('[data-testid="scan-count"]', { state: 'detached' });
  return page.evaluate(async (path) => {
    const began = performance.now();
    location.hash = path;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (document.querySelector('[data-testid="line-row"]') === null) requestAnimationFrame(look);
        else requestAnimationFrame(() => resolve());
      };
      look();
    });
    return performance.now() - began;
  }, `#/count/${stocktake}/1/${bin}`);
}

/** Scans of items one after another; `seen`: how often each was scanned already. */
export function scansOf(items: number, count: number, seen: number[]): PaintedScan[] {
  return Array.from({ length: count }, (_, at) => {
    const item = (at * 7) % items;
    seen[item] = (seen[item] ?? 1) + 1;
    return { code: barcodeOf(item), total: String(seen[item]) };
  });
}

export async function scanned(
  page: Page,
  scans: readonly PaintedScan[],
  everyMs?: number,
): Promise<ScanAndPaintFigures> {
  const input = { scans, keyMs: KEY_MS, ...(everyMs !== undefined && { everyMs }) };
  const figures = await page.evaluate(scanAndPaint, input);
  if (figures.painted.length !== scans.length)
    throw new Error(`${figures.painted.length} of ${scans.length} painted; the screen says ${figures.saw}`);
  return figures;
}

export function tell(figures: Figures, name: string, { painted, longestFrame }: ScanAndPaintFigures): void {
  figures.tell(`${name}, painted p50 ms`, median(painted));
  figures.tell(`${name}, painted p99 ms`, quantile(painted, 0.99));
  figures.tell(`${name}, longest frame ms`, longestFrame);
}

/** What people see of a scan, on the real counting screen and on pages of PouchDB and RxDB with as many lines. */
export async function measureScreens(figures: Figures, scale: Scale): Promise<void> {
  const { few, wide, long } = sheetsOf(scale);
  const profile = newFolder('screens');
  const items = makeItems(process.cwd(), Math.max(long.linesABin, 1000));
  const upTo = await seedJournal({ profile, entries: 2, facts: [few, wide, long].flatMap(sheetFacts), items });
  const seeding = await openBench(profile);
  await ask(seeding, 'seedCopy', { after: 0, upTo, raw: false, checkpointAt: upTo - 100 });
  await seeding.close();

  const ours = new Map<string, ScanAndPaintFigures>();
  const app = await signedIn(profile);
  for (const [goal, sheet] of [
    ['W1b-10', few],
    ['W1b-50k', wide],
    ['W1b-bin', long],
  ] as const) {
    const opened = await openSheet(app.page, sheet.stocktake, sheetBin(sheet, 0));
    if (sheet === long) figures.note('W1b-open', opened);
    const seen: number[] = [];
    await scanned(app.page, scansOf(sheet.linesABin, WARM_UP, seen));
    const measured = await scanned(app.page, scansOf(sheet.linesABin, scale.screenScans, seen));
    tell(figures, `scan, ${goal}`, measured);
    ours.set(goal, measured);
    figures.note(goal, median(measured.painted));
    figures.note(`${goal}-p99`, quantile(measured.painted, 0.99));
  }
  const [few10, wide50k, bin] = [of(ours, 'W1b-10'), of(ours, 'W1b-50k'), of(ours, 'W1b-bin')];
  figures.note('G10', median(bin.painted) / median(few10.painted));
  await openSheet(app.page, wide.stocktake, sheetBin(wide, 1));
  const burst = await scanned(app.page, scansOf(wide.linesABin, scale.burst, []), BURST_EVERY_MS);
  tell(figures, 'burst at 25/s', burst);
  figures.note('W1b-burst', quantile(burst.painted, 0.99));
  figures.note('W1b-lost', burst.lost);
  await app.close();
  forget(profile);

  const lines = wide.bins * wide.linesABin;
  const compared = (goal: string, mine: ScanAndPaintFigures, peer: string, theirs: ScanAndPaintFigures): void => {
    figures.note(`${goal}-${peer}`, median(mine.painted) / median(theirs.painted));
    if (peer === 'pouchdb')
      figures.note(`${goal}-${peer}-p99`, quantile(mine.painted, 0.99) / quantile(theirs.painted, 0.99));
  };
  for (const peer of ['pouchdb', 'rxdb'] as const) {
    const small = await onPeer(figures, scale, peer, few.linesABin, { burst: false });
    compared('W1b-10', few10, peer, small.measured);
    const large = await onPeer(figures, scale, peer, lines, { burst: peer === 'pouchdb' });
    compared('W1b-50k', wide50k, peer, large.measured);
    if (large.burst === undefined) continue;
    compared('W1b-bin', bin, peer, large.measured);
    figures.note('W1b-burst-pouchdb', quantile(burst.painted, 0.99) / quantile(large.burst.painted, 0.99));
  }
}

/** The same scans in front of a peer's page with so many lines. */
async function onPeer(
  figures: Figures,
  scale: Scale,
  peer: 'pouchdb' | 'rxdb',
  lines: number,
  asked: { readonly burst: boolean },
): Promise<{ measured: ScanAndPaintFigures; burst?: ScanAndPaintFigures }> {
  const folder = newFolder(peer);
  const bench = await openBench(folder);
  const codes = Array.from({ length: lines }, (_, item) => barcodeOf(item));
  await ask(bench, 'openPeer', { peer, codes });
  const seen: number[] = [];
  await scanned(bench.page, scansOf(lines, WARM_UP, seen));
  const measured = await scanned(bench.page, scansOf(lines, scale.screenScans, seen));
  tell(figures, `scan, ${peer}, ${lines} lines`, measured);
  let burst: ScanAndPaintFigures | undefined;
  if (asked.burst) {
    burst = await scanned(bench.page, scansOf(50, scale.burst, seen), BURST_EVERY_MS);
    tell(figures, `burst at 25/s, ${peer}`, burst);
  }
  await bench.close();
  forget(folder);
  return burst === undefined ? { measured } : { measured, burst };
}

function of<Value>(map: ReadonlyMap<string, Value>, key: string): Value {
  const value = map.get(key);
  if (value === undefined) throw new Error(`${key} was not measured`);
  return value;
}

/** Main-thread seconds spent within a while after the first screen, and the longest frame of it. */
async function workAfterStart(profile: string): Promise<{ busyMs: number; longestFrame: number }> {
  const { page, close } = await signedIn(profile);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const busy = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
  };
  const before = await busy();
  const longestFrame = await page.evaluate(
    (watchedMs) =>
      new Promise<number>((resolve) => {
        const began = performance.now();
        let last = began;
        let longest = 0;
        const frame = (): void => {
          const now = performance.now();
          longest = Math.max(longest, now - last);
          last = now;
          if (now - began < watchedMs) requestAnimationFrame(frame);
          else resolve(longest);
        };
        requestAnimationFrame(frame);
      }),
    WATCHED_MS,
  );
  const busyMs = (await busy()) - before;
  await close();
  return { busyMs, longestFrame };
}

/** What a start leaves to do behind the screens, and whether scans straight after it are all counted. */
export async function measureAfterStart(figures: Figures, scale: Scale, large: string): Promise<void> {
  const medium = await seedLedger('medium', scale.rebuild, { raw: false, tail: 1000 });
  for (const [goal, profile] of [
    ['START-100k', medium],
    ['START-1M', large],
  ] as const) {
    const { busyMs, longestFrame } = await workAfterStart(profile);
    figures.note(goal, busyMs);
    figures.tell(`${goal}, longest frame ms`, longestFrame);
    if (goal === 'START-1M') figures.note('START-frame', longestFrame);
  }
  forget(medium);
  const { page, close } = await signedIn(large);
  await openSheet(page, STOCKTAKE, binCode(BINS - 1));
  // No catalogue in this profile: each code is kept, and counted, as one that nobody knows.
  const codes = Array.from({ length: scale.burst }, (_, at) => ({ code: barcodeOf(900_000 + at), total: '1' }));
  const burst = await scanned(page, codes, BURST_EVERY_MS);
  tell(figures, 'burst at 25/s straight after a start', burst);
  figures.note('START-lost', burst.lost);
  await close();
}

/** The app to its first screen against an empty window, both cold. */
export async function timeToEmptyWindow(): Promise<number> {
  const profile = newFolder('empty');
  const began = Date.now();
  const app = await launch(`${process.cwd()}/test/bench/screens/empty-window.cjs`, profile);
  const page = await app.firstWindow();
  const shownAt = await page.evaluate(
    () => new Promise<number>((resolve) => requestAnimationFrame(() => resolve(Date.now()))),
  );
  await closeApp(app);
  forget(profile);
  return shownAt - began;
}
