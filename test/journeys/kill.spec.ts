import { expect, type Page } from '@playwright/test';
import {
  ANA,
  countBin,
  countedCodes,
  goTo,
  hearSounds,
  readJournal,
  realCodes,
  signInAs,
  test,
  type JournalEntry,
} from './prepared.ts';
import { createFirstPerson, forgetProfile, killTree, newProfile, scan, startBlindly } from './tallybook-app.ts';
import { seeded } from '../seeded.ts';

const BIN = 'A-11-12-1-2';
/** A few in every run, as many as one likes by hand. */
const ROUNDS = Number(process.env['TALLYBOOK_KILLS'] ?? 15);
/** The power goes after so many sounds at the most, and at any moment of the time after them, in milliseconds. */
const MOST_SOUNDS = 4;
const MOMENT_MS = 400;

/** Scans one code after another until the app is gone. Answers the codes whose scanning was begun. */
function scanUntilDead(
  page: Page,
  codes: readonly string[],
): { readonly begun: string[]; readonly over: Promise<void> } {
  const begun: string[] = [];
  const run = async (): Promise<void> => {
    for (const code of codes) {
      begun.push(code);
      await scan(page, code, 1);
    }
  };
  // The connection breaks when the app dies: that is the end meant here.
  return { begun, over: run().catch(() => undefined) };
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Sequence 1, 2, 3 … and no entry twice. */
function isGapless(entries: readonly JournalEntry[]): boolean {
  return entries.every(({ seq }, at) => seq === at + 1) && new Set(entries.map(({ id }) => id)).size === entries.length;
}

for (const seed of [20_261, 20_262]) {
  test(`J8 ${ROUNDS} kills while counting: what sounded is there, nothing twice, and counting goes on (seed ${seed})`, async ({
    profile,
    launch,
  }) => {
    test.setTimeout(600_000);
    const random = seeded(seed);
    const codes = realCodes(400);
    let path = '';
    let kept: string[] = [];
    let sounded = 0;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const { page, kill } = await launch(profile);
      if (path !== '') await goTo(page, path);
      await signInAs(page, ANA);
      if (path === '') path = await countBin(page, BIN);
      // The ledger opened, the same bin is open, and the screen shows what was kept.
      await expect(page.getByTestId('scan-count')).toHaveText(kept.length === 1 ? '1 scan' : `${kept.length} scans`);
      const heard = await hearSounds(page);
      const from = Math.floor(random() * 300);
      const { begun, over } = scanUntilDead(page, codes.slice(from, from + 60));
      const sounds = Math.floor(random() * (MOST_SOUNDS + 1));
      await expect.poll(() => heard.length, { intervals: [5] }).toBeGreaterThanOrEqual(sounds);
      await after(Math.floor(random() * MOMENT_MS));
      await kill();
      await over;
      const now = countedCodes(profile, BIN);
      const added = now.slice(kept.length);
      const about = `seed ${seed}, round ${round}: ${heard.length} heard, ${added.length} kept, ${begun.length} begun`;
      expect(now.slice(0, kept.length), about).toEqual(kept);
      // A scan that came before the list of items was read waits for it, and says so.
      const taken = heard.filter((name) => name === 'taken');
      expect(
        heard.filter((name) => name !== 'taken' && name !== 'noted'),
        about,
      ).toEqual([]);
      expect(added.length, about).toBeGreaterThanOrEqual(taken.length);
      expect(added, about).toEqual(begun.slice(0, added.length));
      expect(isGapless(readJournal(profile)), about).toBe(true);
      kept = now;
      sounded += taken.length;
    }
    const { page } = await launch(profile);
    await goTo(page, path);
    await signInAs(page, ANA);
    await expect(page.getByTestId('scan-count')).toHaveText(`${kept.length} scans`);
    expect(sounded).toBeGreaterThan(ROUNDS);
  });
}

test('J9 kills while the app starts change nothing', async ({ profile, launch }) => {
  test.setTimeout(300_000);
  const first = await launch(profile);
  await signInAs(first.page, ANA);
  const path = await countBin(first.page, BIN);
  for (const code of realCodes(5)) await scan(first.page, code);
  await expect(first.page.getByTestId('scan-count')).toHaveText('5 scans');
  await first.kill();
  const before = readJournal(profile);
  const random = seeded(20_263);
  for (let round = 1; round <= 12; round += 1) {
    const process = startBlindly(profile);
    const gone = new Promise((resolve) => process.once('exit', resolve));
    await after(Math.floor(random() * 1500));
    killTree(process.pid);
    await gone;
    expect(readJournal(profile), `round ${round}`).toEqual(before);
  }
  const { page } = await launch(profile);
  await goTo(page, path);
  await signInAs(page, ANA);
  await expect(page.getByTestId('scan-count')).toHaveText('5 scans');
});

test('J10 kills while the sample is imported: a file is in or not, and starting again brings the rest, once', async ({
  launch,
}) => {
  test.setTimeout(300_000);
  const random = seeded(20_264);
  const profile = newProfile();
  const first = await launch(profile);
  await createFirstPerson(first.page, ANA.name, ANA.pin);
  await expect(first.page.getByRole('button', { name: /sample/i })).toBeVisible();
  await first.kill();
  for (const longestMs of [200, 400, 700, 1000]) {
    const { page, kill } = await launch(profile);
    await signInAs(page, ANA);
    await page.getByRole('button', { name: /sample/i }).click();
    await after(Math.floor(random() * longestMs));
    await kill();
    const imports = readJournal(profile).filter(({ fact }) => fact.kind === 'catalogue_imported');
    expect(imports.map(({ fact }) => fact['rows'])).toEqual([6561, 473].slice(0, imports.length));
    // The bins come last: with them the import is over, and there is nothing to go on with.
    if (imports.length === 2) break;
  }
  const { page } = await launch(profile);
  await signInAs(page, ANA);
  await expect(page.getByTestId('saved-at')).toBeVisible();
  const sample = page.getByRole('button', { name: /sample/i });
  await expect(sample.or(page.getByText('Nothing is waiting to be counted.'))).toBeVisible();
  if (await sample.isVisible()) await sample.click();
  await expect(page.getByRole('button', { name: /Count a bin/ })).toBeVisible({ timeout: 60_000 });
  const facts = readJournal(profile).map(({ fact }) => fact);
  const imports = facts.filter(({ kind }) => kind === 'catalogue_imported');
  expect(imports.map(({ what, rows }) => [what, rows])).toEqual([
    ['items', 6561],
    ['bins', 473],
  ]);
  const openings = facts
    .filter(({ kind }) => kind === 'stock_changed')
    .map(({ item, bin }) => `${String(item)} ${String(bin)}`);
  expect(new Set(openings).size).toBe(openings.length);
  expect(openings).toHaveLength(7290);
  forgetProfile(profile);
});
