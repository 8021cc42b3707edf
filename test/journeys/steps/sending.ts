import { expect, type Page } from '@playwright/test';
import type { LedgerEntry, Outcome } from '../../../shared/domain/ledger-entry.ts';
import { must } from './check.ts';
import { ofKind, readJournal } from './journal.ts';
import type { TallybookApp } from '../tallybook-app.ts';
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

/** After a start: what is due goes on by itself; where this system has no keyring, once somebody has opened the secrets. */
export async function tryNow(page: Page): Promise<void> {
  await openPart(page, 'On the way');
  const started: unknown = await page.evaluate(() => window.tallybook?.send('start', {}));
  if (!JSON.stringify(started).includes('"passphrase_needed"')) return;
  await page.getByRole('button', { name: 'Try now' }).click();
  const dialog = page.getByRole('dialog', { name: 'Passphrase for secrets' });
  await dialog.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
}

type NewConnection = {
  readonly remote: string;
  readonly name: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly choices?: Readonly<Record<string, string>>;
};

/** Makes a connection; `fields` and `choices` by the words that stand beside them. */
export async function connect(page: Page, { remote, name, fields, choices = {} }: NewConnection): Promise<void> {
  await goTo(page, 'Send');
  await page.getByRole('button', { name: 'New connection' }).click();
  const dialog = page.getByRole('dialog', { name: 'New connection' });
  await dialog.getByLabel('Which system').selectOption({ label: remote });
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  for (const [label, word] of Object.entries(choices))
    await dialog.getByLabel(label, { exact: true }).selectOption({ label: word });
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

/** Sends the plan that is shown. From here on it is on its way, whatever happens. `readMs`: for figures that are read anew. */
export async function send(page: Page, readMs = 30_000): Promise<void> {
  await page
    .getByTestId('plan')
    .getByRole('button', { name: /^Send \d/ })
    .click();
  await page.getByRole('tab', { name: /^On the way/, selected: true }).waitFor({ timeout: readMs });
}

/** Saves the newest file that waits for it to `path`, in place of the system's own dialog. */
export async function saveFileTo({ app, page }: TallybookApp, path: string): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
  await page.getByRole('button', { name: 'Save the file' }).click();
  await page.getByText('Saved.', { exact: true }).waitFor();
}

/** Chooses rows of a table by what they show. */
export async function selectRow(page: Page, testId: string, text: string): Promise<void> {
  await page.getByTestId(testId).filter({ hasText: text }).click();
  await page.keyboard.press('Space');
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
  await tryNow(page);
  await newestRequestIs(page, 'confirmed');
}

/** What has become of a line, in the journal's own words; `detail`: the remote's, or why it was stopped. */
export type FinalWord = {
  readonly word: 'arrived' | 'missing' | 'rejected' | 'doubtful' | 'stopped' | 'open';
  readonly detail: string;
};

/** The last word on every line that was ever planned over a connection, by `lineOf`. Read from the disk, past the app. */
export function finalWords(entries: readonly LedgerEntry[], connection: string): ReadonlyMap<string, FinalWord> {
  const words = new Map<string, FinalWord>();
  const requests = new Map<string, readonly { ref: string; line: string }[]>();
  for (const { fact } of entries) {
    if (!('connection' in fact) || fact.connection !== connection) continue;
    if (fact.kind === 'send_frozen') {
      for (const { item, bin, code } of fact.stopped) words.set(lineOf(item, bin), { word: 'stopped', detail: code });
      for (const { id, lines } of fact.requests) {
        const sent = lines.flatMap(({ ref, item, bins }) => bins.map((bin) => ({ ref, line: lineOf(item, bin) })));
        requests.set(id, sent);
        for (const { line } of sent) words.set(line, { word: 'open', detail: '' });
      }
    }
    if (fact.kind !== 'send_settled') continue;
    for (const { ref, line } of requests.get(fact.request) ?? []) words.set(line, wordOf(fact.outcome, ref));
  }
  return words;
}

export function lineOf(item: string, bin: string): string {
  return `${item} in ${bin}`;
}

function wordOf(outcome: Outcome, ref: string): FinalWord {
  switch (outcome.state) {
    case 'confirmed':
      return { word: outcome.receipts.some((receipt) => receipt.ref === ref) ? 'arrived' : 'open', detail: '' };
    case 'rejected':
      return { word: outcome.refs.includes(ref) ? 'rejected' : 'missing', detail: outcome.detail };
    case 'split': {
      const refusal = outcome.refused.find((line) => line.ref === ref);
      if (refusal !== undefined) return { word: 'rejected', detail: refusal.detail };
      if (outcome.doubtful.some((line) => line.ref === ref)) return { word: 'doubtful', detail: '' };
      return { word: outcome.arrived.includes(ref) ? 'arrived' : 'missing', detail: '' };
    }
    case 'retry':
    case 'unknown':
      return { word: 'open', detail: outcome.code };
  }
}

/** Waits until every line of these connections has its final word: none is open, and none has still to go again. */
export async function allSettled(profile: string, connections: readonly string[], timeout: number): Promise<void> {
  const open = () => {
    const entries = readJournal(profile);
    return connections.flatMap((connection) =>
      [...finalWords(entries, connection)].flatMap(([line, { word, detail }]) =>
        word === 'open' || word === 'missing' ? [`${line}: ${word} ${detail}`] : [],
      ),
    );
  };
  // The whole journal is read each time: often enough for a journey, not so often that the app has to stand in line.
  await expect.poll(open, { timeout, intervals: [2000], message: 'Lines without a final word' }).toEqual([]);
}

/** The id that the ledger knows a connection by. */
export function connectionNamed(entries: readonly LedgerEntry[], name: string): string {
  const found = ofKind(entries, 'connection_saved').find(({ fact }) => fact.name === name);
  must(found !== undefined, `No connection is named ${name}`);
  return found.fact.connection;
}
