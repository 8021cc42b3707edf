import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type ElectronApplication } from '@playwright/test';
import { firstHead, sealFacts } from '../../electron/host/journal/line.ts';
import {
  ANA,
  BEN,
  CLEO,
  countBin,
  countedCodes,
  goTo,
  handOver,
  journalSegments,
  readJournal,
  realCodes,
  send,
  signInAs,
  test,
} from './prepared.ts';
import { handIn, finishBin } from './steps/counting.ts';
import { holds } from './steps/holds.ts';
import { readJournal as readEntries } from './steps/journal.ts';
import { answerFolder } from './steps/laptops.ts';
import { approveAll, openBatch } from './steps/reviewing.ts';
import { forgetProfile, newProfile, scan } from './tallybook-app.ts';

const BIN = 'A-11-12-1-2';
const SECRET = 'canary-that-stays-here';
const BEFORE = 20;
const MEANWHILE = 40;

/** Lets the app end where it would start anew; answers once it has, with whether it wanted to. */
async function untilItStartsAnew(app: ElectronApplication, act: () => Promise<void>): Promise<boolean> {
  let wanted = false;
  app.on('console', (message) => {
    wanted ||= message.text() === 'asked to start anew';
  });
  await app.evaluate(({ app: main }) => {
    main.relaunch = () => console.log('asked to start anew');
  });
  const closed = app.waitForEvent('close');
  await act();
  await closed;
  return wanted;
}

test('J776 everything is copied while somebody counts, and a new laptop that takes the copy goes on as the old one, without its secrets', async ({
  profile,
  launch,
}) => {
  const target = mkdtempSync(join(tmpdir(), 'tallybook-copies-'));
  const fresh = newProfile();
  const old = await launch(profile);
  await signInAs(old.page, ANA);
  expect(await send(old.page, 'unlockVault', { passphrase: 'long enough words' })).toMatchObject({ ok: true });
  expect(
    await send(old.page, 'saveConnection', {
      remote: 'square',
      name: 'Till',
      settings: { baseUrl: 'http://127.0.0.1:9', mode: 'token' },
      secrets: { accessToken: SECRET },
    }),
  ).toMatchObject({ ok: true });
  const path = await countBin(old.page, BIN);
  const codes = realCodes(BEFORE + MEANWHILE + 1);
  for (const code of codes.slice(0, BEFORE)) await scan(old.page, code);
  await expect(old.page.getByTestId('scan-count')).toHaveText(`${BEFORE} scans`);

  await answerFolder(old, target);
  await goTo(old.page, '/settings');
  await old.page.getByRole('button', { name: 'Copy everything to…' }).click();
  await goTo(old.page, path);
  await expect(old.page.getByTestId('scan-count')).toBeVisible();
  for (const code of codes.slice(BEFORE, BEFORE + MEANWHILE)) await scan(old.page, code);
  await expect(old.page.getByTestId('scan-count')).toHaveText(`${BEFORE + MEANWHILE} scans`);
  await old.close();
  const [copy = ''] = readdirSync(target);
  expect(copy).toMatch(/^tallybook-.*Z$/);
  expect(holds(target, SECRET)).toBe(false);

  const first = await launch(fresh);
  await answerFolder(first, join(target, copy));
  await first.page.getByRole('button', { name: 'Restore from a copy…' }).click();
  const dialog = first.page.getByRole('dialog', { name: 'Go on with this copy?' });
  await expect(dialog.getByTestId('copy-facts')).toContainText(`${ANA.name}, ${BEN.name}, and ${CLEO.name}`);
  const started = await untilItStartsAnew(first.app, () =>
    dialog.getByRole('button', { name: 'Take it and start again' }).click(),
  );
  expect(started).toBe(true);

  const again = await launch(fresh);
  await goTo(again.page, path);
  await signInAs(again.page, ANA);
  const kept = countedCodes(fresh, BIN);
  expect(kept.length).toBeGreaterThanOrEqual(BEFORE);
  expect(kept).toEqual(countedCodes(profile, BIN).slice(0, kept.length));
  await expect(again.page.getByTestId('scan-count')).toHaveText(`${kept.length} scans`);
  // That this page had nothing yet is what a restore is, and no news.
  await expect(again.page.locator('.healing')).toHaveCount(0);
  await scan(again.page, codes.at(-1) ?? '');
  await expect(again.page.getByTestId('scan-count')).toHaveText(`${kept.length + 1} scans`);
  await again.close();
  const entries = readJournal(fresh);
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, at) => at + 1));
  expect(new Set(entries.map(({ id }) => id.slice(0, -13)))).toEqual(
    new Set(readJournal(profile).map(({ id }) => id.slice(0, -13))),
  );
  expect(holds(fresh, SECRET)).toBe(false);
  expect(existsSync(join(fresh, 'ledger', 'vault.json'))).toBe(false);
  for (const folder of [target, fresh]) rmSync(folder, { recursive: true, force: true });
  forgetProfile(fresh);
});

/** Writes the journal anew with other opening figures, every hash right, and takes away what the host remembers of it. */
function rewriteHistory(profile: string): void {
  const [path = '', ...more] = journalSegments(profile);
  expect(more).toEqual([]);
  let head = firstHead(readEntries(profile)[0]?.device ?? '');
  const lines = readEntries(profile).flatMap(({ fact, by, at, salt }) => {
    const said = fact.kind === 'stock_changed' ? { ...fact, quantity: '9999' } : fact;
    return sealFacts(head, by, at, [said], { salt: () => salt }).map(({ entry, line }) => {
      head = { device: entry.device, seq: entry.seq, hash: entry.hash };
      return line;
    });
  });
  writeFileSync(path, Buffer.concat(lines));
  for (const name of ['heads.json', 'heads.copy.json', 'authority'])
    rmSync(join(profile, 'ledger', name), { recursive: true, force: true });
}

test('J777 a history that was written anew is said, counting goes on, and nothing is posted until an admin has looked', async ({
  profile,
  launch,
}) => {
  const stocktake = 'history';
  const name = 'Shop, autumn';
  const [first = '', second = ''] = [...new Set(realCodes(10))];
  const before = await launch(profile);
  await signInAs(before.page, ANA);
  await send(before.page, 'append', {
    facts: [{ kind: 'stocktake_created', stocktake, name, blind: true, bins: ['SHOP-1', 'SHOP-2'] }],
  });
  await before.page.reload();
  await before.page.getByRole('button', { name: 'I have read this' }).click();
  await handOver(before.page, BEN);
  await goTo(before.page, `/count/${stocktake}/1`);
  await expect(before.page.getByLabel('Bin code')).toBeFocused();
  await scan(before.page, 'SHOP-1');
  await scan(before.page, first);
  await expect(before.page.getByTestId('scan-count')).toHaveText('1 scan');
  await finishBin(before.page);
  await handIn(before.page);
  await before.close();
  // Once more, so that the page's copy has what the host sealed at its close, too.
  const whole = await launch(profile);
  await signInAs(whole.page, BEN);
  await whole.close();
  rewriteHistory(profile);

  const { page, close } = await launch(profile);
  await signInAs(page, BEN);
  const banner = page.locator('.healing').getByRole('alert').filter({ hasText: 'one of them was written anew' });
  await expect(banner).toBeVisible();
  await expect(banner).not.toContainText('Nothing is lost');
  await goTo(page, `/count/${stocktake}/1`);
  await expect(page.getByLabel('Bin code')).toBeFocused();
  await scan(page, 'SHOP-2');
  await scan(page, second);
  await expect(page.getByTestId('scan-count')).toHaveText('1 scan');

  await handOver(page, CLEO);
  await openBatch(page, name, 1);
  await approveAll(page);
  await page.keyboard.press('F10');
  const posting = page.getByRole('dialog', { name: 'Post approved lines' });
  await posting.getByRole('button', { name: 'Post 1 line' }).click();
  await expect(page.getByText(/nothing is posted or sent/).first()).toBeVisible();
  expect(readJournal(profile).some(({ fact }) => fact.kind === 'lines_posted')).toBe(false);
  await goTo(page, '/settings');
  await expect(page.getByText('Only an admin can say that.')).toBeVisible();

  await handOver(page, ANA);
  await goTo(page, '/settings');
  await page.getByRole('button', { name: 'I have looked; go on with the journal' }).click();
  await expect(page.getByText(/is not what it was/)).toHaveCount(0);

  await handOver(page, CLEO);
  await openBatch(page, name, 1);
  await page.keyboard.press('F10');
  await posting.getByRole('button', { name: 'Post 1 line' }).click();
  await posting.waitFor({ state: 'hidden' });
  expect(readJournal(profile).filter(({ fact }) => fact.kind === 'lines_posted')).toHaveLength(1);
  await close();
  const next = await launch(profile);
  await signInAs(next.page, CLEO);
  await expect(next.page.locator('.healing')).toHaveCount(0);
});
