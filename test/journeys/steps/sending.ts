import type { Page } from '@playwright/test';
import { goTo } from './people.ts';

export const PASSPHRASE = 'correct horse battery';

/** Types the vault's passphrase if this system has no keyring; `done` is what appears afterwards or without it. */
export async function openVault(page: Page, done: () => Promise<void>): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Passphrase for secrets' });
  const asked = await Promise.race([dialog.waitFor().then(() => true), done().then(() => false)]).catch(() => true);
  if (!asked) return;
  await dialog.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  await done();
}

/** Makes a connection; `fields` by the words that stand beside them. */
export async function connect(
  page: Page,
  { remote, name, fields }: { remote: string; name: string; fields: Readonly<Record<string, string>> },
): Promise<void> {
  await goTo(page, 'Send');
  await page.getByRole('button', { name: 'New connection' }).click();
  const dialog = page.getByRole('dialog', { name: 'New connection' });
  await dialog.getByLabel('Which system').selectOption({ label: remote });
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  for (const [label, value] of Object.entries(fields)) await dialog.getByLabel(label, { exact: true }).fill(value);
  await dialog.getByRole('button', { name: 'Save connection' }).click();
  await openVault(page, () => dialog.waitFor({ state: 'hidden' }));
  await page.getByRole('navigation', { name: 'Connections' }).getByRole('link', { name }).waitFor();
}

/** Makes a connection to the Square sandbox. */
export function connectSquare(page: Page, square: { name: string; baseUrl: string; token: string }): Promise<void> {
  const fields = { Address: square.baseUrl, 'Access token': square.token };
  return connect(page, { remote: 'Square', name: square.name, fields });
}

/** Goes to a connection that is there. */
export async function openConnection(page: Page, name: string): Promise<void> {
  await goTo(page, 'Send');
  await page.getByRole('navigation', { name: 'Connections' }).getByRole('link', { name }).click();
}

/** Opens one part of the connection. */
export async function openPart(
  page: Page,
  part: 'Send' | 'On the way' | 'Receipts' | 'Ours and theirs' | 'Others changed' | 'Matching' | 'Connection',
): Promise<void> {
  await page.getByRole('tab', { name: new RegExp(`^${part}`) }).click();
}

/** Proves that the connection works without writing anything. */
export async function testConnection(page: Page): Promise<void> {
  await openPart(page, 'Connection');
  await page.getByRole('button', { name: 'Test without writing' }).click();
  await page.getByText('It works. Nothing was written.').waitFor();
}

/** Matches our items with theirs. Answers what the screen says. */
export async function matchItems(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Match items' }).click();
  const said = page.getByText(/items? ha(s|ve) no match/);
  await said.waitFor({ timeout: 60_000 });
  return (await said.textContent()) ?? '';
}

/** Pulls the remote's figures. Answers the line that compares them with ours. */
export async function pull(page: Page): Promise<string> {
  await openPart(page, 'Ours and theirs');
  await page.getByRole('button', { name: 'Pull figures' }).click();
  await page.getByText(/\d figures? pulled/).waitFor({ timeout: 60_000 });
  return (await page.getByTestId('drift-counts').textContent()) ?? '';
}

/** Shows the plan of a batch. Answers its sentences. */
export async function showPlan(page: Page, batch: string): Promise<readonly string[]> {
  await openPart(page, 'Send');
  await page
    .getByTestId('ready-batch')
    .filter({ hasText: batch })
    .getByRole('button', { name: 'Show the plan' })
    .click();
  await page.getByTestId('plan').waitFor();
  return page.getByTestId('plan').getByRole('list').getByRole('listitem').allTextContents();
}

/** Sends the plan that is shown. From here on it is on its way, whatever happens. */
export async function send(page: Page): Promise<void> {
  await page
    .getByTestId('plan')
    .getByRole('button', { name: /^Send \d/ })
    .click();
  await page.getByRole('tab', { name: /^On the way/, selected: true }).waitFor();
}

/** Waits until the newest request is in that state. */
export async function newestRequestIs(
  page: Page,
  state: 'queued' | 'sending' | 'confirmed' | 'rejected' | 'unknown',
): Promise<void> {
  await page
    .getByTestId('request-row')
    .first()
    .and(page.locator(`[data-state="${state}"]`))
    .waitFor();
}

/** After a start: opens the connection and lets what is due go on. */
export async function goOnSending(page: Page): Promise<void> {
  await goTo(page, 'Send');
  await openPart(page, 'On the way');
  await page.getByRole('button', { name: 'Try now' }).click();
  await openVault(page, () => newestRequestIs(page, 'confirmed'));
}
