import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { createFirstPerson, forgetProfile, newProfile, scan, startApp, type TallybookApp } from './tallybook-app.ts';

/** People of the prepared profile. Nobody's PIN is anybody else's. */
export const ANA = { name: 'Ana Ruiz', pin: '4711' };
export const BEN = { name: 'Ben Ito', pin: '5822', roles: ['counter'] };
export const CLEO = { name: 'Cleo Park', pin: '6933', roles: ['approver'] };

/** A line of the journal, as far as journeys look at it. */
export type JournalEntry = {
  readonly id: string;
  readonly seq: number;
  readonly hash: string;
  readonly by: string;
  readonly fact: Readonly<Record<string, unknown>> & { readonly kind: string };
};

type Fixtures = {
  /** A copy of the prepared profile: three people and the sample. Deleted after the test. */
  profile: string;
  /** Starts the app; whatever still runs at the end of the test is ended. */
  launch: (profile: string) => Promise<TallybookApp>;
};

/** `test` with a prepared profile: made once a worker by the app itself, then copied. */
export const test = base.extend<Fixtures, { template: string }>({
  template: [
    async ({}, use) => {
      const folder = newProfile();
      const tallybook = await startApp(folder);
      await prepare(tallybook.page);
      await tallybook.close();
      // Every opening of the sample, and what was said before and after it.
      expect(readJournal(folder).length).toBeGreaterThan(7290);
      await use(folder);
      forgetProfile(folder);
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  profile: async ({ template }, use) => {
    const folder = copyOf(template);
    await use(folder);
    forgetProfile(folder);
  },
  launch: async ({}, use) => {
    const started: TallybookApp[] = [];
    await use(async (profile) => {
      const tallybook = await startApp(profile);
      started.push(tallybook);
      return tallybook;
    });
    for (const one of started) await one.kill();
  },
});

/** A profile that starts where another one stopped. The other one must not be running. */
export function copyOf(profile: string): string {
  const folder = newProfile();
  cpSync(profile, folder, { recursive: true });
  return folder;
}

async function prepare(page: Page): Promise<void> {
  await createFirstPerson(page, ANA.name, ANA.pin);
  await page.getByRole('button', { name: /sample/i }).click();
  await expect(page.getByRole('button', { name: /Count a bin/ })).toBeVisible({ timeout: 120_000 });
  for (const person of [BEN, CLEO]) {
    const saved = await send(page, 'savePerson', { ...person, active: true });
    expect(saved).toMatchObject({ ok: true });
  }
  // What went in through the door is in the journal only; a new page takes it over.
  await page.reload();
  await page.getByRole('button', { name: 'I have read this' }).click();
}

/** Calls the host as a script in the page would. */
export function send(page: Page, procedure: string, input: unknown): Promise<unknown> {
  return page.evaluate(([name, value]) => window.tallybook?.send(name, value), [procedure, input] as const);
}

/** Chooses a name, types its PIN, and waits for the screens. */
export async function signInAs(page: Page, person: { name: string; pin: string }): Promise<void> {
  await page.getByRole('radio', { name: person.name }).check();
  await page.getByLabel(/^PIN/).fill(person.pin);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('saved-at')).toBeVisible();
}

/** The person who is here goes, another one comes. */
export async function handOver(page: Page, person: { name: string; pin: string }): Promise<void> {
  await page.keyboard.press('Control+l');
  await expect(page.getByRole('heading', { name: 'Locked' })).toBeVisible();
  await signInAs(page, person);
  await expect(page.getByRole('radio')).toHaveCount(0);
  await expect(page.getByLabel('Status')).toContainText(person.name);
}

/** Goes to a screen the way a link would. */
export function goTo(page: Page, path: string): Promise<void> {
  return page.evaluate((to) => {
    location.hash = to;
  }, `#${path}`);
}

/** Opens a spot count of one bin with its label; returns the screen's path for a later start. */
export async function countBin(page: Page, bin: string): Promise<string> {
  await goTo(page, '/count/bin');
  await expect(page.getByLabel('Bin code')).toBeFocused();
  await scan(page, bin);
  await expect(page.getByTestId('scan-count')).toBeVisible();
  return new URL(page.url()).hash.slice(1);
}

/** Every sound of the page from now on, kept on this side: what was heard stays heard when the app dies. */
export async function hearSounds(page: Page): Promise<readonly string[]> {
  const heard: string[] = [];
  await page.exposeFunction('journeyHears', (name: string) => {
    heard.push(name);
  });
  await page.evaluate(() => {
    const { journeyHears } = window as unknown as { journeyHears: (name: string) => void };
    document.addEventListener('tallybook:sound', (event) => {
      if (event instanceof CustomEvent) journeyHears(String(event.detail));
    });
  });
  return heard;
}

/** The journal's folder in a profile. */
export function journalFolder(profile: string): string {
  return join(profile, 'ledger', 'journal');
}

/** The journal's segments, oldest first. */
export function journalSegments(profile: string): string[] {
  const folder = journalFolder(profile);
  return readdirSync(folder)
    .filter((name) => /^\d{6}\.jsonl$/.test(name))
    .toSorted()
    .map((name) => join(folder, name));
}

/** Every entry of the journal as it lies on the disk. A torn last line, and lines that are no entries (notes of a restore), are left out. */
export function readJournal(profile: string): JournalEntry[] {
  return journalSegments(profile).flatMap((path) => {
    const text = readFileSync(path, 'utf8');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    return whole
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as JournalEntry | { fact?: never })
      .filter((line): line is JournalEntry => line.fact !== undefined);
  });
}

/** Codes of the counts of one bin, in the order in which they were sealed. */
export function countedCodes(profile: string, bin: string): string[] {
  return readJournal(profile)
    .filter(({ fact }) => fact.kind === 'counted' && fact['bin'] === bin)
    .map(({ fact }) => String(fact['code']));
}

/** Codes of real products, as they are under the bars: 8, 12 and 13 digits in turn. */
export function realCodes(count: number): string[] {
  const rows = readFileSync(join(process.cwd(), 'build/samples/items.csv'), 'utf8').split('\n').slice(1);
  const gtins = rows.map((row) => row.split(',')[0] ?? '').filter((code) => /^\d{14}$/.test(code));
  const short = gtins.filter((code) => /^000000[2-9]/.test(code)).map((code) => code.slice(6));
  const american = gtins.filter((code) => /^00[1-9]/.test(code)).map((code) => code.slice(2));
  const european = gtins.filter((code) => /^0[1-9]/.test(code)).map((code) => code.slice(1));
  const kinds = [european, american, european, american, short].filter((codes) => codes.length > 0);
  return Array.from({ length: count }, (_, at) => {
    const codes = kinds[at % kinds.length] ?? [];
    return codes[Math.floor(at / kinds.length) % codes.length] ?? '';
  });
}
