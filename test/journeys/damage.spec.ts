import { createHash } from 'node:crypto';
import {
  cpSync,
  openSync,
  readSync,
  closeSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { EntryRow } from '../../renderer/ledger/collections.ts';
import { fromRow } from '../../renderer/ledger/rows.ts';
import {
  ANA,
  copyOf,
  countBin,
  goTo,
  journalFolder,
  journalSegments,
  readJournal,
  realCodes,
  signInAs,
  test as base,
  type JournalEntry,
} from './prepared.ts';
import { createFirstPerson, forgetProfile, newProfile, scan, startApp, type TallybookApp } from './tallybook-app.ts';
import { seeded } from '../seeded.ts';

const BIN = 'A-11-12-1-2';
const COUNTED = 30;

/** A profile in which something was counted, what its journal said when it was whole, and where it was counted. */
type Counted = { readonly profile: string; readonly entries: readonly JournalEntry[]; readonly path: string };

const test = base.extend<{ damaged: Counted }, { counted: Counted }>({
  counted: [
    async ({ template }, use) => {
      const profile = copyOf(template);
      const tallybook = await startApp(profile);
      await signInAs(tallybook.page, ANA);
      const path = await countBin(tallybook.page, BIN);
      for (const code of realCodes(COUNTED)) await scan(tallybook.page, code);
      await expect(tallybook.page.getByTestId('scan-count')).toHaveText(`${COUNTED} scans`);
      await tallybook.close();
      // Once more, so that the page's copy has what the host sealed at its close, too.
      const again = await startApp(profile);
      await waitForFirstScreen(again);
      await signInAs(again.page, ANA);
      await expect(again.page.getByTestId('saved-at')).toBeVisible();
      await again.close();
      await use({ profile, entries: readJournal(profile), path });
      forgetProfile(profile);
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  damaged: async ({ counted }, use) => {
    const profile = copyOf(counted.profile);
    await use({ ...counted, profile });
    forgetProfile(profile);
  },
});

function pageCopyFolder(profile: string): string {
  return join(profile, 'IndexedDB', 'app_tallybook_0.indexeddb.leveldb');
}

/** Id and hash of every entry, the way both copies can be compared. */
function marks(entries: readonly { readonly id: string; readonly hash: string }[]): string[] {
  return entries.map(({ id, hash }) => `${id} ${hash}`);
}

/** The entries of the page's copy, read beside the app. */
async function pageCopy(page: Page): Promise<string[]> {
  const rows = await page.evaluate(async () => {
    const found = (await indexedDB.databases()).find(({ name }) => name?.endsWith('--ledger'));
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open(found?.name ?? '');
      opening.addEventListener('success', () => resolve(opening.result));
      opening.addEventListener('error', () => reject(new Error('not opened')));
    });
    const docs = await new Promise<EntryRow[]>((resolve) => {
      const asking = database.transaction('docs').objectStore('docs').getAll();
      asking.addEventListener('success', () => resolve(asking.result as EntryRow[]));
    });
    database.close();
    return docs;
  });
  return marks(rows.flatMap(fromRow));
}

/** Changes one bit of one byte of a file. */
function flipByte(path: string, at: number): void {
  const file = openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, at);
  byte[0] = (byte[0] ?? 0) ^ 0x04;
  writeSync(file, byte, 0, 1, at);
  closeSync(file);
}

function lastSegment(profile: string): string {
  return journalSegments(profile).at(-1) ?? '';
}

/** First byte of the line that is `part` of the way through a segment. */
function lineStart(path: string, part: number): number {
  const bytes = readFileSync(path);
  return bytes.indexOf(0x0a, Math.floor(bytes.length * part)) + 1;
}

/** Once the people can be chosen, nothing is being mended any more. */
async function waitForFirstScreen({ page }: TallybookApp): Promise<void> {
  await expect(page.getByRole('radio', { name: ANA.name })).toBeVisible({ timeout: 60_000 });
}

/** Starts on a profile that is still whole, to damage it from inside once nothing compares the copies any more. */
async function launchWhole(launch: (profile: string) => Promise<TallybookApp>, profile: string): Promise<TallybookApp> {
  const tallybook = await launch(profile);
  await waitForFirstScreen(tallybook);
  return tallybook;
}

const healed = (page: Page) => page.locator('.healing');

/** Starts on the damaged profile: everything is back before the first screen with a count, it says so, counting goes on, the next start is silent. */
async function heals(
  launch: (profile: string) => Promise<TallybookApp>,
  { profile, entries, path }: Counted,
  says: RegExp,
): Promise<void> {
  const first = await launch(profile);
  await waitForFirstScreen(first);
  await goTo(first.page, path);
  await signInAs(first.page, ANA);
  await expect(healed(first.page)).toContainText(says);
  expect(marks(readJournal(profile))).toEqual(marks(entries));
  expect(await pageCopy(first.page)).toEqual(marks(entries));
  await expect(first.page.getByTestId('scan-count')).toHaveText(`${COUNTED} scans`);
  await scan(first.page, realCodes(1)[0] ?? '');
  await expect(first.page.getByTestId('scan-count')).toHaveText(`${COUNTED + 1} scans`);
  await first.close();
  const second = await launch(profile);
  await goTo(second.page, path);
  await signInAs(second.page, ANA);
  await expect(second.page.getByTestId('scan-count')).toHaveText(`${COUNTED + 1} scans`);
  await expect(healed(second.page)).toHaveCount(0);
  expect(marks(readJournal(profile)).slice(0, entries.length)).toEqual(marks(entries));
  await second.kill();
}

test('J11 the page’s copy deleted: all of it is read back from the journal', async ({ damaged, launch }) => {
  rmSync(join(damaged.profile, 'IndexedDB'), { recursive: true });
  await heals(launch, damaged, /working copy was gone.*Nothing is lost/s);
});

test('J11 the page’s copy emptied from inside: all of it is read back from the journal', async ({
  damaged,
  launch,
}) => {
  const { page, close } = await launchWhole(launch, damaged.profile);
  await page.evaluate(async () => {
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const opening = indexedDB.open(name);
        opening.addEventListener('success', () => resolve(opening.result));
      });
      const stores = [...database.objectStoreNames];
      if (stores.length === 0) continue;
      const emptying = database.transaction(stores, 'readwrite');
      for (const store of stores) emptying.objectStore(store).clear();
      await new Promise((resolve) => emptying.addEventListener('complete', resolve));
      database.close();
    }
  });
  await close();
  await heals(launch, damaged, /working copy was gone.*Nothing is lost/s);
});

test('J11 rows taken out of the page’s copy: they are added again', async ({ damaged, launch }) => {
  const { page, close } = await launchWhole(launch, damaged.profile);
  await deleteRows(page, 5000, 5100);
  await close();
  await heals(launch, damaged, /working copy did not match the journal.*Nothing is lost/s);
});

/** Deletes the rows that hold these sequences from the page's copy. */
async function deleteRows(page: Page, from: number, to: number): Promise<void> {
  await page.evaluate(
    async ([first, last]) => {
      const found = (await indexedDB.databases()).find(({ name }) => name?.endsWith('--ledger'));
      const database = await new Promise<IDBDatabase>((resolve) => {
        const opening = indexedDB.open(found?.name ?? '');
        opening.addEventListener('success', () => resolve(opening.result));
      });
      const deleting = database.transaction('docs', 'readwrite');
      const store = deleting.objectStore('docs');
      const asking = store.getAllKeys();
      asking.addEventListener('success', () => {
        for (const key of asking.result) {
          const [from = '', more = '0'] = (typeof key === 'string' ? key.slice(-17) : '').split('+');
          const seq = Number(from.slice(from.lastIndexOf('-') + 1));
          if (seq <= last && seq + Number(more) >= first) store.delete(key);
        }
      });
      await new Promise((resolve) => deleting.addEventListener('complete', resolve));
      database.close();
    },
    [from, to] as const,
  );
}

for (const seed of [31, 32]) {
  test(`J12 one byte flipped in the page’s copy, five places: nothing of it reaches a screen (seed ${seed})`, async ({
    counted,
    launch,
  }) => {
    const random = seeded(seed);
    for (let round = 1; round <= 5; round += 1) {
      const profile = copyOf(counted.profile);
      const folder = pageCopyFolder(profile);
      const files = readdirSync(folder).filter(
        (name) => !['LOCK', 'LOG', 'LOG.old'].includes(name) && statSync(join(folder, name)).size > 0,
      );
      // Any byte of them is as likely as any other, as it is on a disk.
      const bytes = files.map((file) => ({ file, size: statSync(join(folder, file)).size }));
      let at = Math.floor(random() * bytes.reduce((sum, { size }) => sum + size, 0));
      let name = '';
      for (const { file, size } of bytes) {
        name = file;
        if (at < size) break;
        at -= size;
      }
      flipByte(join(folder, name), at);
      const about = `seed ${seed}, round ${round}: byte ${at} of ${name}`;
      const tallybook = await launch(profile);
      await expect(tallybook.page.getByRole('radio', { name: ANA.name }), about).toBeVisible({ timeout: 60_000 });
      await goTo(tallybook.page, counted.path);
      await signInAs(tallybook.page, ANA);
      await expect(tallybook.page.getByTestId('scan-count'), about).toHaveText(`${COUNTED} scans`);
      await tallybook.close();
      expect(marks(readJournal(profile)), about).toEqual(marks(counted.entries));
      // A block that is only reached later may make Chromium drop the whole copy then: the next start has it back.
      const next = await launch(profile);
      await expect(next.page.getByRole('radio', { name: ANA.name }), about).toBeVisible({ timeout: 60_000 });
      await signInAs(next.page, ANA);
      await expect(next.page.getByTestId('saved-at'), about).toBeVisible({ timeout: 60_000 });
      expect(await pageCopy(next.page), about).toEqual(marks(counted.entries));
      await next.kill();
      forgetProfile(profile);
    }
  });
}

test('J13 the journal cut in the middle of a line: the rest is written again from the page’s copy', async ({
  damaged,
  launch,
}) => {
  const path = lastSegment(damaged.profile);
  truncateSync(path, lineStart(path, 0.6) + 40);
  await heals(launch, damaged, /journal file.*written (again|back).*/s);
});

test('J13 the journal cut between two lines: the rest is written again from the page’s copy', async ({
  damaged,
  launch,
}) => {
  const path = lastSegment(damaged.profile);
  truncateSync(path, lineStart(path, 0.6));
  await heals(launch, damaged, /journal file.*written (again|back).*/s);
});

test('J13 the journal deleted: it is written again from the page’s copy', async ({ damaged, launch }) => {
  rmSync(journalFolder(damaged.profile), { recursive: true });
  await heals(launch, damaged, /journal file was gone.*Nothing is lost/s);
});

test('J13 one byte flipped in the journal: that part is set aside and written again', async ({ damaged, launch }) => {
  const path = lastSegment(damaged.profile);
  flipByte(path, lineStart(path, 0.3) + 200);
  await heals(launch, damaged, /could not be read.*set aside.*written again/s);
  expect(readdirSync(join(journalFolder(damaged.profile), 'set-aside'))).toHaveLength(1);
});

test('J14 both damaged in different places: together they still hold everything', async ({ damaged, launch }) => {
  const { page, close } = await launchWhole(launch, damaged.profile);
  await deleteRows(page, 5000, 5100);
  await close();
  const path = lastSegment(damaged.profile);
  flipByte(path, lineStart(path, 0.6) + 200);
  await heals(launch, damaged, /set aside.*working copy did not match/s);
});

test('J14 the journal cut and the page’s copy gone: what survives is shown, nothing is invented, and the loss is said', async ({
  damaged,
  launch,
}) => {
  const { profile, entries, path } = damaged;
  truncateSync(lastSegment(profile), lineStart(lastSegment(profile), 0.6));
  rmSync(join(profile, 'IndexedDB'), { recursive: true });
  const left = readJournal(profile);
  const first = await launch(profile);
  await waitForFirstScreen(first);
  expect(left.length).toBeLessThan(entries.length);
  expect(marks(readJournal(profile))).toEqual(marks(left));
  await signInAs(first.page, ANA);
  await expect(healed(first.page)).toBeVisible();
  expect(await pageCopy(first.page)).toEqual(marks(left));
  await expect(healed(first.page)).not.toContainText('Nothing is lost');
  await goTo(first.page, path);
  await expect(first.page.getByText('This stocktake is not on this laptop.', { exact: true })).toBeVisible();
  await countBin(first.page, BIN);
  await scan(first.page, realCodes(1)[0] ?? '');
  await expect(first.page.getByTestId('scan-count')).toHaveText('1 scan');
  await first.close();
  const second = await launch(profile);
  await signInAs(second.page, ANA);
  await expect(second.page.getByTestId('saved-at')).toBeVisible();
  await expect(healed(second.page)).toHaveCount(0);
});

/** SHA-256 of every file below a folder but the log. */
function fingerprints(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  const paths = files
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !relative(folder, path).startsWith('logs'));
  return Object.fromEntries(
    paths
      .toSorted()
      .map((path) => [relative(folder, path), createHash('sha256').update(readFileSync(path)).digest('hex')]),
  );
}

test('J15 data of a newer Tallybook is refused in plain words, and not a byte of it changes', async ({
  damaged,
  launch,
}) => {
  const { profile } = damaged;
  const path = lastSegment(profile);
  const text = readFileSync(path, 'utf8');
  const last = text.slice(text.lastIndexOf('\n', text.length - 2) + 1);
  writeFileSync(
    path,
    text +
      last.replace(/"v":\d+(?=[,}])/, '"v":99').replace(/"seq":(\d+)/, (_, seq: string) => `"seq":${Number(seq) + 1}`),
  );
  const ledger = join(profile, 'ledger');
  const before = fingerprints(ledger);
  const pageCopyBefore = join(profile, 'before');
  cpSync(pageCopyFolder(profile), pageCopyBefore, { recursive: true });
  const { page, close } = await launch(profile);
  await expect(page.getByText(/newer Tallybook.*untouched/s)).toBeVisible();
  await expect(page.getByRole('radio')).toHaveCount(0);
  // A script that goes on all the same is refused too.
  const signedIn = await page.evaluate(async () => {
    const started = (await window.tallybook?.send('start', {})) as { value: { people: { id: string }[] } };
    return window.tallybook?.send('signIn', { person: started.value.people[0]?.id ?? '', pin: '4711' });
  });
  const said = await page.evaluate(() =>
    window.tallybook?.send('append', {
      facts: [{ kind: 'stock_moved', item: '00000054491069', from: 'A-10-11-1-1', to: 'A-10-11-1-2', quantity: '1' }],
    }),
  );
  expect(signedIn).toBeDefined();
  expect(said).toMatchObject({ ok: false });
  await close();
  const after = fingerprints(ledger);
  expect({ ...after, 'people.json': '' }).toEqual({ ...before, 'people.json': '' });
});

test('J700 the PINs are lost: no PIN lets anybody in, the first screen says why, and the recovery code helps', async ({
  launch,
}) => {
  const profile = newProfile();
  const first = await launch(profile);
  const code = await createFirstPerson(first.page, ANA.name, ANA.pin);
  await expect(first.page.getByLabel('Status')).toContainText(ANA.name);
  await first.close();
  for (const name of ['people.json', 'people.copy.json']) rmSync(join(profile, 'ledger', name));
  const { page, close } = await launch(profile);
  await expect(page.getByRole('alert')).toContainText('recovery code');
  await page.getByLabel(/^PIN/).fill(ANA.pin);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('no PIN can be checked');
  await page.getByRole('button', { name: 'Use the recovery code' }).click();
  await page.getByLabel('Recovery code').fill(code.toLowerCase());
  await page.getByLabel('New PIN', { exact: true }).fill('8642');
  await page.getByLabel('New PIN again').fill('8642');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Status')).toContainText(ANA.name);
  await close();
  const again = await launch(profile);
  await again.page.getByLabel(/^PIN/).fill('8642');
  await again.page.keyboard.press('Enter');
  await expect(again.page.getByLabel('Status')).toContainText(ANA.name);
  await expect(again.page.locator('.healing')).toHaveCount(0);
  await again.close();
  forgetProfile(profile);
});

test('J701 both copies of the lists damaged: that is said, and nothing reads as if there were no items', async ({
  damaged,
  launch,
}) => {
  const { profile } = damaged;
  for (const place of ['catalogue', 'catalogue-copy']) {
    const folder = join(profile, 'ledger', place);
    for (const name of readdirSync(folder)) flipByte(join(folder, name), 40);
  }
  const { page, kill } = await launch(profile);
  await signInAs(page, ANA);
  await expect(page.getByRole('alert').filter({ hasText: 'both of its copies' }).first()).toBeVisible();
  await goTo(page, '/items');
  await expect(page.getByText('Import all item lists again.')).toBeVisible();
  await expect(page.getByText('No items yet')).toHaveCount(0);
  await kill();
});

test('J702 one copy of a list damaged: it is mended, and that is said', async ({ damaged, launch }) => {
  const folder = join(damaged.profile, 'ledger', 'catalogue');
  for (const name of readdirSync(folder)) flipByte(join(folder, name), 40);
  const { page, kill } = await launch(damaged.profile);
  await signInAs(page, ANA);
  await expect(healed(page)).toContainText('A list of items or bins was damaged');
  await kill();
});
