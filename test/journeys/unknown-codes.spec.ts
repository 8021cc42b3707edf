import { expect, type Locator, type Page } from '@playwright/test';
import { ANA, BEN, CLEO, goTo, handOver, readJournal, realCodes, send, signInAs, test } from './prepared.ts';
import { approveAll, openBatch, openTab, post, shownLine } from './steps/reviewing.ts';
import { readWarehouse } from './steps/warehouse.ts';
import { scan } from './tallybook-app.ts';

const STOCKTAKE = 'unknown-codes';
const NAME = 'Labels nobody knows';
const NAMES = readWarehouse().names;

/** The SKU of the sample is the code with zeros in front. */
function skuOf(code: string): string {
  return code.padStart(14, '0');
}

function nameOf(code: string): string {
  return NAMES.get(skuOf(code)) ?? code;
}

async function scanAll(page: Page, codes: readonly string[]): Promise<void> {
  for (const code of codes) await scan(page, code);
  await expect(page.getByTestId('scan-count')).toHaveText(`${codes.length} scans`);
}

/** Finds the item in the open dialog, and says how many one scan stands for. */
async function sayWhat(page: Page, title: string, code: string, factor: string, button: string): Promise<void> {
  const dialog = page.getByRole('dialog', { name: title });
  await dialog.getByRole('combobox').fill(skuOf(code));
  await expect(dialog.getByRole('option')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await dialog.getByLabel('Units in one scan').fill(factor);
  await dialog.getByRole('button', { name: button }).click();
  await expect(dialog).toHaveCount(0);
}

function unknownRow(page: Page, code: string, bin: string): Locator {
  return page.getByTestId('unknown-row').filter({ hasText: code }).filter({ hasText: bin });
}

/** What the items screen says the book holds of an item. */
async function book(page: Page, code: string): Promise<Locator> {
  await goTo(page, '/items');
  await page.getByRole('searchbox').fill(skuOf(code));
  await page.getByTestId('item-row').click();
  const detail = page.getByRole('complementary');
  await expect(detail).toContainText(skuOf(code));
  return detail.getByRole('listitem');
}

test('J540 unknown codes go on being counted, are proposed, matched in bulk and taken back, and end up in the book', async ({
  profile,
  launch,
}) => {
  const { page } = await launch(profile);
  await signInAs(page, ANA);
  const [before = '', after = '', oil = '', tea = ''] = [...new Set(realCodes(60))];
  expect(
    await send(page, 'append', {
      facts: [{ kind: 'stocktake_created', stocktake: STOCKTAKE, name: NAME, blind: true, bins: ['SHOP-1', 'SHOP-2'] }],
    }),
  ).toMatchObject({ ok: true });
  await page.reload();
  await page.getByRole('button', { name: 'I have read this' }).click();

  // A counter meets them, goes on counting, and proposes what one of them is.
  await handOver(page, BEN);
  await goTo(page, `/count/${STOCKTAKE}/1`);
  await expect(page.getByLabel('Bin code')).toBeFocused();
  await scan(page, 'QX-NOBIN');
  await expect(page.getByText('It is noted').last()).toBeVisible();
  await scan(page, 'SHOP-1');
  await scanAll(page, [before, 'QX-1', 'QX-1', after, 'QX-1']);
  const unknowns = page.getByTestId('unknowns');
  await expect(unknowns).toContainText(`between ${nameOf(before)} and ${nameOf(after)}`);
  await page.keyboard.press('F3');
  await sayWhat(page, 'What is QX-1?', oil, '1', 'Propose');
  await expect(unknowns).toContainText(`Proposed: ${nameOf(oil)}`);
  await page.keyboard.press('F10');
  await expect(page.getByTestId('scan-count')).toHaveCount(0);
  await scan(page, 'SHOP-2');
  await scanAll(page, [before, 'QX-1', 'QX-BOX', 'QX-BOX']);
  await page.keyboard.press('F10');
  await expect(page.getByTestId('scan-count')).toHaveCount(0);
  await page.keyboard.press('F10');
  await expect(page.getByTestId('hand-in-unknown')).toContainText('QX-1 (SHOP-1), QX-1 (SHOP-2), and QX-BOX (SHOP-2)');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'My counts' })).toBeVisible();

  // Somebody else says what they are: the same code in both bins at once, a case of six, and one of them wrongly.
  await handOver(page, CLEO);
  await goTo(page, '/review');
  await expect(page.getByTestId('noted-codes')).toContainText('QX-NOBIN just before bin SHOP-1 was opened');
  await page.getByTestId('noted-codes').getByRole('button', { name: 'What is it?' }).click();
  await sayWhat(page, 'What is QX-NOBIN?', tea, '24', 'Match');
  await expect(page.getByTestId('noted-codes')).toHaveCount(0);
  await openBatch(page, NAME, 1);
  await openTab(page, 'Unknown codes');
  await expect(unknownRow(page, 'QX-1', 'SHOP-1')).toContainText(`${BEN.name} proposes: ${nameOf(oil)}`);
  for (const bin of ['SHOP-1', 'SHOP-2']) {
    await unknownRow(page, 'QX-1', bin).click();
    await page.keyboard.press('Space');
  }
  await page.keyboard.press('F3');
  await sayWhat(page, 'What is QX-1?', oil, '1', 'Match');
  await expect(page.getByRole('tab', { name: /^Unknown codes\s*1$/ })).toBeVisible();
  await unknownRow(page, 'QX-BOX', 'SHOP-2').click();
  await page.keyboard.press('F3');
  await sayWhat(page, 'What is QX-BOX?', tea, '6', 'Match');
  await openTab(page, 'To decide');
  await expect.poll(() => shownLine(page, { name: nameOf(oil), bin: 'SHOP-1' })).toMatchObject({ Counted: '3' });
  await expect.poll(() => shownLine(page, { name: nameOf(oil), bin: 'SHOP-2' })).toMatchObject({ Counted: '1' });
  await expect.poll(() => shownLine(page, { name: nameOf(tea), bin: 'SHOP-2' })).toMatchObject({ Counted: '12' });
  await openTab(page, 'Unknown codes');
  await unknownRow(page, 'QX-1', 'SHOP-2').click();
  await page.keyboard.press('u');
  await expect(unknownRow(page, 'QX-1', 'SHOP-2')).toHaveAttribute('data-done', 'false');

  // Two lines of the counted items, and what was matched and stands. Nothing was typed again.
  await openTab(page, 'To decide');
  await expect(page.getByTestId('review-row')).toHaveCount(5);
  await approveAll(page);
  await post(page, { lines: 5, zeroed: 0 });
  await expect((await book(page, oil)).filter({ hasText: 'SHOP-1' })).toContainText('3');
  await expect((await book(page, oil)).filter({ hasText: 'SHOP-2' })).toHaveCount(0);
  await expect((await book(page, tea)).filter({ hasText: 'SHOP-2' })).toContainText('12');
  const kinds = readJournal(profile).map(({ fact }) => fact.kind);
  const times = (kind: string) => kinds.filter((one) => one === kind).length;
  expect([times('unknown_noted'), times('unknown_scanned'), times('counted')]).toEqual([1, 6, 3]);
  expect([times('unknown_proposed'), times('unknown_matched'), times('match_withdrawn')]).toEqual([1, 3, 1]);
});
