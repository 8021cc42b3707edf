import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, type Page } from '@playwright/test';
import { decodeQR } from 'qr/decode.js';
import { ledgerEntrySchema, type LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import type { JournalStatus } from '../../../shared/ports/host.ts';
import { headsIn } from '../../electron/host/heads.ts';
import { goTo, send } from '../prepared.ts';
import { scan, type TallybookApp } from '../tallybook-app.ts';

/** Answers the system's question where to save, in place of a person. */
export async function answerSave({ app }: TallybookApp, path: string): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
}

/** Answers the system's question for a folder, in place of a person. */
export async function answerFolder({ app }: Pick<TallybookApp, 'app'>, folder: string): Promise<void> {
  await app.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
  }, folder);
}

/** Keeps a laptop level with others through a folder. */
export async function shareFolder(laptop: TallybookApp, folder: string): Promise<void> {
  const { page } = laptop;
  await answerFolder(laptop, folder);
  await goTo(page, '/laptops');
  await page.getByRole('button', { name: 'Choose the folder' }).click();
  await expect(page.getByTestId('shared-folder')).toHaveText(folder);
  await expect(page.getByTestId('folder-state')).toContainText('Level as of');
}

/** Lays out the folder of a server that somebody else runs on this machine, as the admin who is signed in. */
export async function layOutServer(laptop: TallybookApp, folder: string, port: number): Promise<void> {
  const { page } = laptop;
  await answerFolder(laptop, folder);
  await goTo(page, '/laptops');
  await page.getByRole('button', { name: 'Folder for an administrator' }).click();
  const dialog = page.getByRole('dialog', { name: 'Have somebody else run the server' });
  await dialog.getByLabel('Name or address of that computer').fill('localhost');
  await dialog.getByLabel('Port').fill(String(port));
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('server-said')).toContainText('The folder is ready');
}

/** Saves what other laptops join the server with. */
export async function saveServerFile(laptop: TallybookApp, file: string): Promise<void> {
  await answerSave(laptop, file);
  await laptop.page.getByRole('button', { name: 'File for the others' }).click();
  await expect(laptop.page.getByTestId('server-said')).toContainText('Each of the other laptops joins');
}

/** Joins the server with the file of another laptop, and waits until it is reached. */
export async function joinServer(page: Page, file: string): Promise<void> {
  await goTo(page, '/laptops');
  await page.getByTestId('server-file').setInputFiles(file);
  await expect(page.getByTestId('server-state')).toContainText('Level as of', { timeout: 30_000 });
}

/** Where laptops meet: what its part of the screen begins with in the names of its parts. */
export type Place = 'folder' | 'server';

/** Looks at once whether the place is there, instead of with the next try; the screen stays where it is. */
export async function lookNow(page: Page, place: Place): Promise<void> {
  expect(await send(page, place === 'folder' ? 'lookIntoFolder' : 'lookIntoServer', {})).toMatchObject({ ok: true });
}

/** Waits until these hold the same of every laptop, to the last entry, and their screens say so. */
export async function untilLevel(pages: readonly Page[], place: Place): Promise<void> {
  const heads = async (page: Page) => {
    const here = (await send(page, 'whoIsHere', {})) as { value: { journal: JournalStatus } };
    return JSON.stringify(headsIn(here.value.journal));
  };
  const differing = async (one: (page: Page) => Promise<string>): Promise<number> =>
    new Set(await Promise.all(pages.map(one))).size;
  const looked = async (): Promise<number> => {
    for (const page of pages) await lookNow(page, place);
    return differing(heads);
  };
  await expect.poll(looked, { timeout: 120_000, intervals: [2_000] }).toBe(1);
  for (const page of pages) {
    await goTo(page, '/laptops');
    await expect(page.getByTestId(`${place}-state`)).toContainText('Level as of');
    for (const trouble of ['missing', 'refused', 'to-put'])
      await expect(page.getByTestId(`${place}-${trouble}`)).toHaveCount(0);
  }
  const held = async (page: Page): Promise<string> => {
    const rows = await page.getByTestId('laptop-row').all();
    const cells = await Promise.all(rows.map((row) => row.getByRole('gridcell').allInnerTexts()));
    return cells
      .map(([name, , , , , entries]) => `${name}: ${entries}`)
      .toSorted()
      .join(', ');
  };
  await expect.poll(() => differing(held)).toBe(1);
}

/** Saves everything that a laptop holds into a file. */
export async function saveForOthers(laptop: TallybookApp, file: string): Promise<void> {
  const { page } = laptop;
  await answerSave(laptop, file);
  await goTo(page, '/laptops');
  const button = page.getByRole('button', { name: 'Save for other laptops' });
  await button.waitFor();
  await page.keyboard.press('s');
  // What was said of an earlier file may still stand there.
  await expect.poll(() => existsSync(file)).toBe(true);
  await expect(button).toBeEnabled();
  await expect(page.getByTestId('hand-over-saved')).toContainText('Carry the file');
}

/** Takes in the file of another laptop after looking at it; answers what the preview said. */
export async function takeIn(page: Page, file: string): Promise<string> {
  await page.getByTestId('hand-over-file').setInputFiles(file);
  const preview = page.getByRole('dialog');
  await expect(preview).toBeVisible();
  const said = await preview.innerText();
  await expect(preview.getByRole('button', { name: 'Take in' })).toBeEnabled();
  await page.keyboard.press('Enter');
  await expect(preview).toBeHidden();
  return said;
}

/** Makes a site of a laptop, as the admin who is signed in. */
export async function foundSite(page: Page, site: string): Promise<void> {
  await goTo(page, '/laptops');
  await page.getByLabel('Name of the site').fill(site);
  await page.getByLabel('Name of this laptop').fill('Office');
  await page.getByRole('button', { name: 'Set up several laptops' }).click();
  await expect(page.getByRole('heading', { name: `Laptops of ${site}` })).toBeVisible();
}

/** What a scanner reads from the code on a laptop's screen: its very pixels. */
export async function readCode({ app, page }: TallybookApp): Promise<string> {
  const picture = (await page.getByTestId('qr-code').screenshot()).toString('base64');
  const { pixels, width, height } = await app.evaluate(({ nativeImage }, base64) => {
    const image = nativeImage.createFromBuffer(Buffer.from(base64, 'base64'));
    return { ...image.getSize(), pixels: image.toBitmap().toString('base64') };
  }, picture);
  return decodeQR({ width, height, data: Buffer.from(pixels, 'base64') });
}

/** A new laptop asks to join; the admin scans its code, or takes its file, compares the eight words and enrols it. */
export async function enrol(
  office: Page,
  laptop: TallybookApp,
  name: string,
  { file, role }: { file?: string; role?: 'supervises' } = {},
): Promise<void> {
  await laptop.page.getByRole('button', { name: 'This laptop joins others' }).click();
  await laptop.page.getByLabel('Name of this laptop').fill(name);
  await laptop.page.getByRole('button', { name: 'Make the request' }).click();
  const words = laptop.page.getByTestId('words').getByRole('listitem');
  await expect(words).toHaveCount(8);
  await office.getByRole('button', { name: 'Enrol a laptop' }).click();
  if (file === undefined) await scan(office, await readCode(laptop));
  else {
    await answerSave(laptop, file);
    await laptop.page.getByRole('button', { name: 'Save the request' }).click();
    await expect(laptop.page.getByText('The request is saved.')).toBeVisible();
    await office.getByTestId('request-file').setInputFiles(file);
  }
  await expect(office.getByTestId('words').getByRole('listitem')).toHaveText(await words.allInnerTexts());
  if (role !== undefined) await office.getByRole('radio', { name: role }).check();
  await office.getByRole('button', { name: 'Yes, enrol it' }).click();
  await office.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
}

/** Whom a laptop knows by this name. */
export async function personNamed(page: Page, name: string): Promise<string> {
  const here = (await send(page, 'whoIsHere', {})) as { value: { people: { id: string; name: string }[] } };
  return here.value.people.find((one) => one.name === name)?.id ?? '';
}

/** Chooses a name in the list of people as the keyboard does. */
async function chooseByKey(page: Page, name: string): Promise<void> {
  await page.getByRole('radio', { name }).focus();
  await page.keyboard.press('Space');
  await expect(page.getByRole('radio', { name })).toBeChecked();
}

/** Somebody signs in without a mouse. */
export async function signInByKey(page: Page, person: { name: string; pin: string }): Promise<void> {
  await chooseByKey(page, person.name);
  await page.getByLabel(/^PIN/).fill(person.pin);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('saved-at')).toBeVisible();
}

/** Notes from now on what a mouse does in a window; answers how often one did anything. */
export async function watchMouse(page: Page): Promise<() => Promise<number>> {
  const seen = await page.evaluateHandle(() => {
    const noted = { times: 0 };
    for (const kind of ['pointerdown', 'wheel'] as const)
      window.addEventListener(kind, () => (noted.times += 1), { capture: true, passive: true });
    return noted;
  });
  return () => seen.evaluate(({ times }) => times);
}

/** Every entry in a file for other laptops, chain by chain. Read from the disk, past the app. */
export function entriesIn(file: string): readonly LedgerEntry[] {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').split('\n').filter(Boolean);
  return lines.flatMap((line) => {
    const read = ledgerEntrySchema.safeParse(JSON.parse(line));
    return read.success ? [read.data] : [];
  });
}

/** Somebody comes to a counting laptop for the first time and chooses a PIN there. */
export async function signInFirst(page: Page, person: { name: string; pin: string }): Promise<void> {
  await chooseByKey(page, person.name);
  await page.getByLabel(/^PIN of/).fill(person.pin);
  await page.keyboard.press('Enter');
  await page.getByLabel('New PIN', { exact: true }).fill(person.pin);
  await page.getByLabel('New PIN again').fill(person.pin);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('saved-at')).toBeVisible();
}

/** Makes the admin who is signed in a recovery code, with which they may enter another laptop. */
export async function renewRecoveryCode(page: Page): Promise<string> {
  const renewed = (await send(page, 'renewRecoveryCode', {})) as { value: { recoveryCode: string } };
  return renewed.value.recoveryCode;
}

/** An admin comes to a laptop that supervises for the first time. */
export async function enterByCode(page: Page, admin: { name: string; pin: string }, code: string): Promise<void> {
  const person = await personNamed(page, admin.name);
  expect(await send(page, 'recoverAccess', { person, code, pin: admin.pin })).toMatchObject({ ok: true });
  await page.reload();
  await expect(page.getByTestId('saved-at')).toBeVisible();
}

/** Sets a laptop's clock, for its host and its page; `hours` may be negative. */
export async function moveClock({ app, page }: TallybookApp, hours: number): Promise<void> {
  const by = hours * 3_600_000;
  await app.evaluate((_electron, ms) => {
    const right = Date.now;
    Date.now = () => right() + ms;
  }, by);
  await page.evaluate((ms) => {
    const Right = Date;
    window.Date = new Proxy(Right, {
      construct: (_date, input: []) => (input.length === 0 ? new Right(Right.now() + ms) : new Right(...input)),
      get: (date, name) => (name === 'now' ? () => Right.now() + ms : Reflect.get(date, name)),
    });
  }, by);
}
