import { ask, closeApp, forget, launch, newFolder, openBench } from '../bench-app.ts';
import { forgetCached } from '../cold-cache.ts';
import type { Figures } from '../figures.ts';
import type { Scale } from '../scale.ts';
import { makeItems } from '../seed/catalogue-rows.ts';
import { seedJournal } from '../seed/seed-journal.ts';
import { timeToEmptyWindow } from './screens.ts';
import { shuffled } from '../statistics.ts';
import { seeded } from '../../seeded.ts';

const TAIL = 1000;

/** Adds the large sheet and the catalogue to a seeded profile, in both copies, with a new checkpoint. */
export async function growLarge(scale: Scale, profile: string, seeded: number): Promise<void> {
  const upTo = await seedJournal({
    profile,
    entries: seeded,
    largeSheet: scale.largeSheet,
    items: makeItems(process.cwd(), scale.items),
  });
  await seedRest(profile, seeded, upTo);
}

async function seedRest(profile: string, after: number, upTo: number): Promise<void> {
  const bench = await openBench(profile);
  await ask(bench, 'seedCopy', { after, upTo, raw: false, checkpointAt: Math.max(after, upTo - TAIL) });
  await bench.close();
}

/** Milliseconds from starting the process to the sign-in being there. */
export async function timeToSignIn(profile: string): Promise<number> {
  forgetCached(profile);
  const began = Date.now();
  const app = await launch(process.cwd(), profile);
  const page = await app.firstWindow();
  const shownAt = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const look = (): void => {
          if (document.querySelector('main.signin') === null) requestAnimationFrame(look);
          else requestAnimationFrame(() => resolve(Date.now()));
        };
        look();
      }),
  );
  await closeApp(app);
  return shownAt - began;
}

/** Cold starts of the real app: everything large against everything small. */
export async function measureFirstScreen(figures: Figures, scale: Scale, large: string): Promise<void> {
  const small = newFolder('small');
  const upTo = await seedJournal({
    profile: small,
    entries: Math.min(1000, scale.few),
    items: makeItems(process.cwd(), 1000),
  });
  await seedRest(small, 0, upTo);
  for (let round = 0; round < scale.coldStarts; round += 1) {
    const took = new Map<string, number>();
    for (const profile of shuffled([small, large], seeded(round + 1))) took.set(profile, await timeToSignIn(profile));
    const [few = Number.NaN, many = Number.NaN] = [took.get(small), took.get(large)];
    figures.tell('first screen, small ms', few);
    figures.tell('first screen, large ms', many);
    figures.note('W3', many / few);
    const empty = await timeToEmptyWindow();
    figures.tell('empty window ms', empty);
    figures.note('W8', few / empty);
    figures.note('W8-1M', many / empty);
  }
  forget(small);
}

/** The page's heap with everything open, after its garbage was collected. */
export async function measureMemory(figures: Figures, scale: Scale, large: string): Promise<void> {
  const bench = await openBench(large);
  const opened = await ask(bench, 'openEverything');
  if (opened.items !== scale.items || opened.lines !== scale.largeSheet)
    throw new Error(`${opened.items} items, ${opened.lines} lines`);
  const session = await bench.page.context().newCDPSession(bench.page);
  for (let time = 0; time < 3; time += 1) await session.send('HeapProfiler.collectGarbage');
  const { usedSize, totalSize } = await session.send('Runtime.getHeapUsage');
  figures.tell('page heap reserved MB', totalSize / 1e6);
  figures.note('W4', usedSize / 1e6);
  await bench.close();
}
