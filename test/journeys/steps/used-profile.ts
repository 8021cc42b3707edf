import { cpSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import {
  ANA,
  BEN,
  CLEO,
  copyOf,
  goTo,
  handOver,
  journalSegments,
  readJournal,
  realCodes,
  send,
  signInAs,
  type JournalEntry,
} from '../prepared.ts';
import { createFirstPerson, loadSample, newProfile, scan, startApp, type TallybookApp } from '../tallybook-app.ts';
import { finishBin, handIn } from './counting.ts';
import { approveAll, openTab, post } from './reviewing.ts';

/** Ben's shelf, still open, and the one that he handed in and Cleo approved. */
export const OPEN_BIN = 'SHOP-1';
const HANDED_IN = 'SHOP-2';
const STOCKTAKE = 'used';
const NAME = 'Shop, spring';
const [POSTED = '', ...ITEMS] = [...new Set(realCodes(40))].slice(0, 5);
/** A few items, scanned again and again: each line has a total that a lost or doubled scan changes. */
const CODES = Array.from({ length: 14 }, (_, at) => ITEMS[at % ITEMS.length] ?? '');
/** What Ben has counted when the older copy is taken, and when the profile is whole. */
const EARLIER = 8;
export const COUNTED = CODES.length;
/** Cleo's PIN until she was given another one. */
export const OLD_PIN = CLEO.pin;
export const CLEO_NOW = { ...CLEO, pin: '7044' };
/** So many figures are told in one go, until the journal has closed a segment. */
const FIGURES = 500;
const PASSPHRASE = 'long enough words';

/** A profile in use, the same one a while before, and where its figures are shown. */
export type UsedProfile = {
  readonly folder: string;
  readonly older: string;
  /** Paths of the open shelf and of the batch. */
  readonly shelf: string;
  readonly batch: string;
  /** Under this code lies what was posted. */
  readonly posted: string;
  /** As the journal has it. */
  readonly postedFact: JournalEntry['fact'];
};

/** Does it in the app on a profile, and closes it in order. */
export async function inApp(profile: string, work: (tallybook: TallybookApp) => Promise<void>): Promise<void> {
  const tallybook = await startApp(profile);
  try {
    await work(tallybook);
    await tallybook.close();
  } finally {
    await tallybook.kill();
  }
}

async function must(page: Page, procedure: string, input: unknown): Promise<void> {
  expect(await send(page, procedure, input), procedure).toMatchObject({ ok: true });
}

function connection(accessToken: string) {
  const settings = { baseUrl: 'http://127.0.0.1:9', mode: 'token' };
  return { remote: 'square', name: 'Till', settings, secrets: { accessToken } };
}

async function openShelf(page: Page, bin: string): Promise<void> {
  await goTo(page, `/count/${STOCKTAKE}/1`);
  await expect(page.getByLabel('Bin code')).toBeFocused();
  await scan(page, bin);
  await expect(page.getByRole('heading', { name: bin, exact: true }).first()).toBeVisible();
}

async function savePerson(page: Page, person: { name: string; roles: readonly string[]; pin?: string }): Promise<void> {
  const here = (await send(page, 'whoIsHere', {})) as { value: { people: { id: string; name: string }[] } };
  const id = here.value.people.find(({ name }) => name === person.name)?.id ?? '';
  await must(page, 'savePerson', { id, active: true, ...person });
}

/**
 * A profile in use, made from a copy of the prepared one: people who had other roles and PINs before, an open shelf, a batch
 * that was approved and posted, a secret, and more than one file of entries.
 */
export async function useProfile(template: string): Promise<UsedProfile> {
  const folder = copyOf(template);
  let shelf = '';
  let batch = '';
  await inApp(folder, async ({ page }) => {
    await signInAs(page, ANA);
    await must(page, 'append', {
      facts: [
        { kind: 'stocktake_created', stocktake: STOCKTAKE, name: NAME, blind: true, bins: [OPEN_BIN, HANDED_IN] },
      ],
    });
    await must(page, 'unlockVault', { passphrase: PASSPHRASE });
    await must(page, 'saveConnection', connection('canary-of-the-shop'));
    await savePerson(page, { name: BEN.name, roles: ['counter', 'approver'] });
    await page.reload();
    await page.getByRole('button', { name: 'I have read this' }).click();
    await handOver(page, BEN);
    await openShelf(page, OPEN_BIN);
    shelf = new URL(page.url()).hash.slice(1);
    for (const code of CODES.slice(0, EARLIER)) await scan(page, code);
    await expect(page.getByTestId('scan-count')).toHaveText(`${EARLIER} scans`);
    await openShelf(page, HANDED_IN);
    await scan(page, POSTED);
    await expect(page.getByTestId('scan-count')).toHaveText('1 scan');
    await finishBin(page);
    await handIn(page);
  });
  const older = newProfile();
  cpSync(folder, older, { recursive: true });
  await inApp(folder, async ({ page }) => {
    await signInAs(page, ANA);
    await savePerson(page, { name: BEN.name, roles: BEN.roles });
    await savePerson(page, { name: CLEO.name, roles: CLEO.roles, pin: CLEO_NOW.pin });
    while (journalSegments(folder).length < 2)
      await must(page, 'append', {
        facts: Array.from({ length: FIGURES }, () => ({
          kind: 'stock_changed',
          item: POSTED.padStart(14, '0'),
          bin: 'SHOP-3',
          quantity: '1',
          reason: 'receipt',
        })),
      });
    await page.reload();
    await page.getByRole('button', { name: 'I have read this' }).click();
    await handOver(page, BEN);
    await goTo(page, shelf);
    await expect(page.getByTestId('scan-count')).toHaveText(`${EARLIER} scans`);
    for (const code of CODES.slice(EARLIER, COUNTED)) await scan(page, code);
    await expect(page.getByTestId('scan-count')).toHaveText(`${COUNTED} scans`);
    await handOver(page, CLEO_NOW);
    await goTo(page, '/review');
    await page.getByTestId('batch-row').getByRole('link').click();
    await openTab(page, 'To decide');
    batch = new URL(page.url()).hash.slice(1);
    await approveAll(page);
    await post(page, { lines: 1, zeroed: 0 });
  });
  // Once more, so that the page's copy has what the host sealed at its close, too.
  await inApp(folder, async ({ page }) => signInAs(page, BEN));
  const postedFact = readJournal(folder).find(({ fact }) => fact.kind === 'lines_posted')?.fact;
  if (postedFact === undefined) throw new Error('Nothing was posted');
  return { folder, older, shelf, batch, posted: POSTED, postedFact };
}

/** Another laptop's profile, in which people of the same names are others, with other roles and PINs. */
export async function strangersProfile(): Promise<string> {
  const folder = newProfile();
  await inApp(folder, async ({ page }) => {
    await createFirstPerson(page, ANA.name, BEN.pin);
    await loadSample(page);
    await must(page, 'savePerson', { ...BEN, roles: ['counter', 'approver', 'admin'], active: true });
    await must(page, 'unlockVault', { passphrase: 'other words than that' });
    await must(page, 'saveConnection', connection('canary-of-a-stranger'));
    await must(page, 'append', {
      facts: [
        { kind: 'stocktake_created', stocktake: STOCKTAKE, name: NAME, blind: true, bins: [OPEN_BIN, HANDED_IN] },
      ],
    });
  });
  await inApp(folder, async ({ page }) => signInAs(page, { name: ANA.name, pin: BEN.pin }));
  return folder;
}
