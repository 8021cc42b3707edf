import type { Page } from '@playwright/test';
import { scan } from '../tallybook-app.ts';
import { mustBe } from './check.ts';
import { typeByHand } from './people.ts';

/** What the last-scan card must say. */
export type Hero = {
  readonly outcome: 'taken' | 'look' | 'not-taken';
  readonly name?: string;
  readonly total?: string;
};

/** Waits until the card of the last scan says so. */
export async function heroSays(page: Page, { outcome, name, total }: Hero): Promise<void> {
  const hero = page.locator(`[data-testid="hero"][data-outcome="${outcome}"]`);
  const named =
    name === undefined ? hero : hero.filter({ has: page.getByTestId('hero-name').getByText(name, { exact: true }) });
  await (
    total === undefined
      ? named
      : named.filter({ has: page.getByTestId('hero-total').getByText(total, { exact: true }) })
  ).waitFor();
}

/** A blind stocktake over some bins, named by their codes. Answers its id. */
export async function createStocktake(
  page: Page,
  stocktake: { name: string; bins: readonly string[] },
): Promise<string> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Stocktakes' }).click();
  await page.getByRole('link', { name: 'New stocktake' }).click();
  await page.getByLabel('Name', { exact: true }).fill(stocktake.name);
  await page.getByLabel('Bin codes').fill(stocktake.bins.join(', '));
  mustBe(await page.getByRole('checkbox', { name: 'Blind count' }).isChecked(), true, 'A new stocktake is blind');
  await page.getByTestId('estimate').getByText(String(stocktake.bins.length), { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Create stocktake' }).click();
  await page.getByRole('heading', { name: stocktake.name }).waitFor();
  return new URL(page.url()).hash.split('/').at(-1) ?? '';
}

/** Scans a bin's label, from the list of counts or from the bin before. */
export async function openBin(page: Page, bin: string): Promise<void> {
  await scan(page, bin);
  await page.getByTestId('scan-count').waitFor();
  await page.getByRole('heading', { name: bin, exact: true }).first().waitFor();
}

/** Scans an item, with a quantity typed before it or without. `total`: what the line must come to. */
export async function countItem(
  page: Page,
  item: { code: string; name: string; typed?: string; total: string },
): Promise<void> {
  if (item.typed !== undefined) await typeQuantity(page, item.typed);
  await scan(page, item.code);
  await heroSays(page, { outcome: 'taken', name: item.name, total: item.total });
}

/** Types a quantity and waits until the strip at the foot holds it: before that it could still be the start of a scan. */
export async function typeQuantity(page: Page, typed: string, pace?: 'calm' | 'quick'): Promise<void> {
  await typeByHand(page, typed, pace);
  await page.locator('output.typed').getByTestId('quantity-strip').getByText(typed, { exact: true }).waitFor();
}

/** Sets the selected line to a sum, as it is written on the pallet. */
export async function setLine(page: Page, typed: string, hero: Hero): Promise<void> {
  await typeQuantity(page, typed, 'quick');
  await page.keyboard.press('Enter');
  await heroSays(page, hero);
}

/** How many scans the bin says it has. */
export async function scanCount(page: Page): Promise<number> {
  return Number.parseInt((await page.getByTestId('scan-count').textContent()) ?? '', 10);
}

/** F10 in a bin. `unseen`: what is said about items that were expected there and not seen. */
export async function finishBin(page: Page, unseen?: 'None is here' | 'Leave as not counted'): Promise<void> {
  await page.keyboard.press('F10');
  if (unseen !== undefined) {
    const button = page.getByRole('dialog').getByRole('button', { name: unseen });
    await button.focus();
    await page.keyboard.press('Enter');
  }
  await page.getByTestId('scan-count').waitFor({ state: 'hidden' });
}

/** F7: nothing at all lies in this bin. */
export async function confirmEmpty(page: Page): Promise<void> {
  await page.keyboard.press('F7');
  await page.getByRole('dialog').getByRole('button', { name: 'It is empty' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByTestId('scan-count').waitFor({ state: 'hidden' });
}

/** F8 with the first reason of the list: blocked. */
export async function skipBlocked(page: Page): Promise<void> {
  await page.keyboard.press('F8');
  await page.getByRole('option', { name: /^Blocked/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByTestId('scan-count').waitFor({ state: 'hidden' });
}

/** F10 between bins: what is done goes to the supervisor. Answers the sentence that was shown before it was done. */
export async function handIn(page: Page): Promise<string> {
  await page.keyboard.press('F10');
  const dialog = page.getByRole('dialog', { name: 'Hand in these counts?' });
  await dialog.waitFor();
  const sentence = (await dialog.getByRole('paragraph').first().textContent()) ?? '';
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('heading', { name: 'My counts' }).waitFor();
  return sentence;
}

/** Moves stock in three scans, from a bin to a bin. */
export async function moveStock(
  page: Page,
  move: { from: string; code: string; name: string; quantity: string; to: string },
): Promise<void> {
  await page.keyboard.press('Alt+2');
  await page.getByRole('heading', { name: 'Move stock' }).waitFor();
  await scan(page, move.from);
  await page.getByTestId('move-from').getByText(move.from).waitFor();
  await typeQuantity(page, move.quantity);
  await scan(page, move.code);
  await page.getByTestId('line-row').filter({ hasText: move.name }).waitFor();
  await scan(page, move.to);
  await page.getByTestId('hero').getByText('Moved.').waitFor();
}
