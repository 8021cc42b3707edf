import { expect, type Page } from '@playwright/test';
import { ANA, BEN, CLEO, goTo, handOver, readJournal, realCodes, send, signInAs, test } from './prepared.ts';
import { approveAll, openBatch, openTab, post, shownLine } from './steps/reviewing.ts';
import { readWarehouse } from './steps/warehouse.ts';
import { scan } from './tallybook-app.ts';

/** One line of the story: what lies where, under which code it is scanned, and how many the counter sees. */
type Line = { readonly code: string; readonly bin: string; readonly seen: string };

const STOCKTAKE = 'stock-moves';
const NAME = 'While the shop is open';
const NAMES = readWarehouse().names;

/** The SKU of the sample is the code with zeros in front. */
function skuOf(code: string): string {
  return code.padStart(14, '0');
}

/** What a till or a goods-issue desk tells, through the page's own door; there is no screen for it. */
async function tell(page: Page, facts: readonly Record<string, unknown>[]): Promise<void> {
  expect(await send(page, 'append', { facts })).toMatchObject({ ok: true });
  // The page learns what went in beside it at its next start.
  await page.reload();
  await page.getByRole('button', { name: 'I have read this' }).click();
}

function stock({ code, bin }: Line, quantity: string, reason: string, happenedAt?: string): Record<string, unknown> {
  return {
    kind: 'stock_changed',
    item: skuOf(code),
    bin,
    quantity,
    reason,
    ...(happenedAt === undefined ? {} : { happenedAt }),
  };
}

/** Counts what is seen, with the number typed before the scan, bin after bin; then hands all of it in. */
async function countAndHandIn(page: Page, lines: readonly Line[]): Promise<void> {
  await goTo(page, `/count/${STOCKTAKE}/1`);
  await expect(page.getByLabel('Bin code')).toBeFocused();
  for (const { code, bin, seen } of lines) {
    await scan(page, bin);
    await expect(page.getByTestId('scan-count')).toHaveText('0 scans');
    await expect(page.getByRole('heading', { name: bin, exact: true }).first()).toBeVisible();
    await page.keyboard.type(seen, { delay: 90 });
    await expect(page.getByTestId('quantity-strip')).toHaveText(seen);
    await scan(page, code);
    await expect(page.getByTestId('scan-count')).toHaveText('1 scan');
    await page.keyboard.press('F10');
    await expect(page.getByTestId('scan-count')).toHaveCount(0);
  }
  await page.keyboard.press('F10');
  await expect(page.getByRole('dialog', { name: 'Hand in these counts?' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'My counts' })).toBeVisible();
}

async function expectLine(page: Page, { code, bin }: Line, figures: Record<string, string>): Promise<void> {
  await expect.poll(() => shownLine(page, { name: NAMES.get(skuOf(code)) ?? '', bin })).toMatchObject(figures);
}

/** What the items screen says the book holds of an item in a bin. */
async function expectBook(page: Page, { code, bin }: Line, book: string): Promise<void> {
  await goTo(page, '/items');
  await page.getByRole('searchbox').fill(code);
  await page
    .getByTestId('item-row')
    .filter({ hasText: skuOf(code) })
    .click();
  const detail = page.getByRole('complementary');
  await expect(detail).toContainText(skuOf(code));
  await expect(detail.getByRole('listitem').filter({ hasText: bin })).toContainText(book);
}

/** Codes of items of the sample, each once. */
function someCodes(count: number): string[] {
  return [...new Set(realCodes(60))].slice(0, count);
}

test('J16 sold before, after and between the counts: nobody adds anything up, and the book ends at 8, 8 and 5', async ({
  profile,
  launch,
}) => {
  const { page } = await launch(profile);
  await signInAs(page, ANA);
  const codes = someCodes(3);
  const line = (at: number, bin: string, seen: string): Line => ({ code: codes[at] ?? '', bin, seen });
  const countedFirst = line(0, 'SHOP-1', '10');
  const soldFirst = line(1, 'SHOP-2', '8');
  const between = line(2, 'SHOP-3', '8');
  const lines = [countedFirst, soldFirst, between];
  await tell(page, [
    ...lines.map((one) => stock(one, '10', 'receipt')),
    { kind: 'stocktake_created', stocktake: STOCKTAKE, name: NAME, blind: true, bins: lines.map(({ bin }) => bin) },
    stock(soldFirst, '-2', 'sale'),
    stock(between, '-2', 'sale'),
  ]);
  await handOver(page, BEN);
  await countAndHandIn(page, lines);
  await handOver(page, CLEO);
  await tell(page, [stock(countedFirst, '-2', 'sale'), stock(between, '-3', 'sale')]);
  await openBatch(page, NAME, 1);
  await openTab(page, 'To decide');
  await expectLine(page, countedFirst, {
    Counted: '10',
    'Book then': '10',
    'Moved since': '-2',
    Resulting: '8',
    Variance: '0',
  });
  await expectLine(page, soldFirst, {
    Counted: '8',
    'Book then': '8',
    'Moved since': '',
    Resulting: '8',
    Variance: '0',
  });
  await expectLine(page, between, {
    Counted: '8',
    'Book then': '8',
    'Moved since': '-3',
    Resulting: '5',
    Variance: '0',
  });
  await approveAll(page);
  await post(page, { lines: 3, zeroed: 0 });
  await expectBook(page, countedFirst, '8');
  await expectBook(page, soldFirst, '8');
  await expectBook(page, between, '5');
});

test('J17 a goods issue keyed late turns a variance of −920 into the true −20', async ({ profile, launch }) => {
  const { page } = await launch(profile);
  await signInAs(page, ANA);
  const codes = someCodes(1);
  const line = { code: codes[0] ?? '', bin: 'SHOP-1', seen: '80' };
  await tell(page, [
    stock(line, '1000', 'receipt'),
    { kind: 'stocktake_created', stocktake: STOCKTAKE, name: NAME, blind: true, bins: [line.bin] },
  ]);
  await handOver(page, BEN);
  await countAndHandIn(page, [line]);
  await handOver(page, CLEO);
  await openBatch(page, NAME, 1);
  await expectLine(page, line, { Counted: '80', 'Book then': '1,000', Resulting: '80', Variance: '-920' });
  const counted = readJournal(profile).find(({ fact }) => fact.kind === 'counted');
  await tell(page, [stock(line, '-900', 'issue', (counted as unknown as { at: string }).at)]);
  await expectLine(page, line, {
    Counted: '80',
    'Book then': '100',
    'Moved since': '',
    Resulting: '80',
    Variance: '-20',
  });
  await approveAll(page);
  await post(page, { lines: 1, zeroed: 0 });
  await expectBook(page, line, '80');
});

test('J18 what was moved to another bin after it was counted is no variance, and is where it was put', async ({
  profile,
  launch,
}) => {
  const { page } = await launch(profile);
  await signInAs(page, ANA);
  const codes = someCodes(1);
  const [code = ''] = codes;
  const line = { code, bin: 'RECV-01', seen: '10' };
  const there = { code, bin: 'RET-01', seen: '' };
  await tell(page, [
    stock(line, '10', 'receipt'),
    { kind: 'stocktake_created', stocktake: STOCKTAKE, name: NAME, blind: false, bins: [line.bin] },
  ]);
  await handOver(page, BEN);
  await countAndHandIn(page, [line]);
  await goTo(page, '/move');
  await scan(page, line.bin);
  await page.keyboard.type('3', { delay: 90 });
  await expect(page.getByTestId('quantity-strip')).toHaveText('3');
  await scan(page, code);
  await expect(page.getByTestId('line-row')).toContainText('3');
  await scan(page, there.bin);
  await expect(page.getByTestId('hero')).toHaveAttribute('data-outcome', 'taken');
  await handOver(page, CLEO);
  await openBatch(page, NAME, 1);
  await expectLine(page, line, {
    Counted: '10',
    'Book then': '10',
    'Moved since': '-3',
    Resulting: '7',
    Variance: '0',
  });
  await approveAll(page);
  await post(page, { lines: 1, zeroed: 0 });
  await expectBook(page, line, '7');
  await expectBook(page, there, '3');
});
