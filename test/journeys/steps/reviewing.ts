import type { Page } from '@playwright/test';
import { goTo } from './people.ts';

/** A line of the review grid as it is shown, by the head of its column. */
export type ShownLine = Readonly<Record<string, string>>;

/** Opens the batch of a stocktake's pass. */
export async function openBatch(page: Page, stocktake: string, pass: number): Promise<void> {
  await goTo(page, 'Review');
  await page.getByRole('link', { name: `${stocktake}, pass ${pass}`, exact: true }).click();
  await page.getByRole('heading', { name: `${stocktake}, pass ${pass}` }).waitFor();
}

/** Opens the batch of a pass that one of several people handed in. */
export async function openBatchOf(
  page: Page,
  stocktake: string,
  { person, pass }: { person: string; pass: number },
): Promise<void> {
  await goTo(page, 'Review');
  const name = `${stocktake}, pass ${pass}`;
  const link = page.getByRole('link', { name, exact: true });
  await page.getByTestId('batch-row').filter({ hasText: person }).filter({ has: link }).getByRole('link').click();
  await page.getByRole('heading', { name }).waitFor();
}

/** Opens a tab of the review. */
export async function openTab(page: Page, tab: string): Promise<void> {
  await page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click();
}

/** What the grid shows about one line. */
export async function shownLine(page: Page, line: { name: string; bin: string }): Promise<ShownLine> {
  const row = rowOf(page, line);
  const heads = await page.getByRole('columnheader').allTextContents();
  const cells = await row.getByRole('gridcell').allTextContents();
  return Object.fromEntries(heads.map((head, at) => [head.replace(/ [↑↓]$/, ''), plain(cells[at] ?? '')]));
}

/** Without what only a screen reader is told, and with the minus that a keyboard types. */
function plain(text: string): string {
  return text
    .replace(/^(shortage|surplus) /, '')
    .replaceAll('−', '-')
    .trim();
}

function rowOf(page: Page, { name, bin }: { name: string; bin: string }) {
  return page
    .getByTestId('review-row')
    .filter({ has: page.getByRole('gridcell', { name, exact: true }) })
    .filter({ hasText: bin });
}

/** Goes to a line and decides it with one key. */
export async function decide(
  page: Page,
  line: { name: string; bin: string },
  decision: { key: string; word: string },
): Promise<void> {
  await rowOf(page, line).click();
  await page.keyboard.press(decision.key);
  await rowOf(page, line).getByTestId('decision-cell').getByText(decision.word, { exact: true }).waitFor();
}

/** Goes to a line that several people counted and says with a button of its evidence what holds. */
export async function settle(page: Page, line: { name: string; bin: string }, choice: string): Promise<void> {
  await rowOf(page, line).click();
  await page.keyboard.press('e');
  const evidence = page.getByRole('complementary', { name: 'Evidence' });
  await evidence.getByRole('button', { name: choice }).click();
  const approved = rowOf(page, line).getByTestId('decision-cell').getByText('Approved', { exact: true });
  await approved.or(evidence.getByText(/^Only what .* counted stands/).first()).waitFor();
  await page.keyboard.press('e');
  await evidence.waitFor({ state: 'hidden' });
}

/** Approves everything that this tab shows, with Ctrl+A and Shift+A. */
export async function approveAll(page: Page): Promise<void> {
  await page.getByRole('grid').focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Shift+A');
  await page.getByRole('tab', { name: /^To decide\s*0?$/ }).waitFor();
}

/** Posts what is approved; lines that become zero want a typed word. */
export async function post(page: Page, expected: { lines: number; zeroed: number }): Promise<void> {
  await page.keyboard.press('F10');
  const dialog = page.getByRole('dialog', { name: 'Post approved lines' });
  await dialog.waitFor();
  if (expected.zeroed > 0) await dialog.getByRole('textbox').fill(`ZERO ${expected.zeroed}`);
  await dialog.getByRole('button', { name: `Post ${expected.lines} line${expected.lines === 1 ? '' : 's'}` }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** Takes a posted line back with keys alone; a reason is asked for first. */
export async function reverse(page: Page, line: { name: string; bin: string }, reason: string): Promise<void> {
  await rowOf(page, line).click();
  await page.keyboard.press('v');
  const dialog = page.getByRole('dialog', { name: 'Reverse 1 posted line' });
  const reasons = dialog.getByLabel('Reason');
  await reasons.and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Enter');
  await dialog.getByText('Choose a reason first.').waitFor();
  const options = await reasons.getByRole('option').allTextContents();
  for (let steps = options.indexOf(reason); steps > 0; steps -= 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  await rowOf(page, line).getByTestId('decision-cell').getByText('Reversed', { exact: true }).waitFor();
}
