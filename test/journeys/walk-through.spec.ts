import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { startSquareSandbox } from '../sandbox/square/square-sandbox.ts';
import { ANA, BEN, goTo, handOver, send as ask, signInAs, test } from './prepared.ts';
import { must } from './steps/check.ts';
import { confirmEmpty, countItem, createStocktake, finishBin, handIn, moveStock, openBin } from './steps/counting.ts';
import { enrol, foundSite, moveClock, saveForOthers, signInFirst, takeIn } from './steps/laptops.ts';
import { BINS, UNKNOWN_CODE } from './steps/plan.ts';
import { approveAll, decide, openTab, post, shownLine } from './steps/reviewing.ts';
import { connectSquare, matchItems, newestRequestIs, openPart, pull, send, showPlan } from './steps/sending.ts';
import { SQUARE_LOCATION, SQUARE_TOKEN, squareWorld, variationOf } from './steps/square-world.ts';
import { labelOf, openingOf, readWarehouse } from './steps/warehouse.ts';
import { forgetProfile, newProfile, scan } from './tallybook-app.ts';

const DAN = { name: 'Dan Osei', pin: '9154' };
const STOCKTAKE = 'Two counters';
const HOURS = 30;
const MOVED = 5;
const warehouse = readWarehouse();

type Line = {
  readonly item: string;
  readonly code: string;
  readonly name: string;
  readonly bin: string;
  readonly book: number;
};

/** Lines of a bin whose item lies nowhere else, with enough of it. */
function aloneIn(bin: string): readonly Line[] {
  const places = (item: string): number => warehouse.stock.filter((row) => row.item === item).length;
  return warehouse.stock
    .filter((row) => row.bin === bin && row.quantity > 2 * MOVED && places(row.item) === 1)
    .map(({ item, quantity }) => {
      const name = warehouse.names.get(item) ?? item;
      return { item, code: labelOf(item), name, bin, book: quantity };
    });
}

async function count(page: Page, { code, name }: Line, quantity: number): Promise<void> {
  await countItem(page, { code, name, typed: String(quantity), total: String(quantity) });
}

/** Opens the batch of a pass that this person handed in. */
async function openBatchOf(page: Page, person: string, pass: number): Promise<void> {
  await goTo(page, '/review');
  const row = page
    .getByTestId('batch-row')
    .filter({ hasText: person })
    .filter({ hasText: `pass ${pass}` });
  await row.getByRole('link').click();
  await page.getByRole('heading', { name: `${STOCKTAKE}, pass ${pass}` }).waitFor();
}

test('J782 two counters and a supervisor, three laptops and files alone: from the shelf to the last figure at the till', async ({
  profile,
  launch,
}) => {
  test.setTimeout(300_000);
  const stick = mkdtempSync(join(tmpdir(), 'tallybook-stick-'));
  const folders = [newProfile(), newProfile()] as const;
  const [both, carried, wrong] = aloneIn(BINS.first);
  const [short] = aloneIn(BINS.second);
  must(both !== undefined && carried !== undefined && wrong !== undefined, 'the sample has too few lines');
  must(short !== undefined, 'the sample has too few lines');
  const notVisited = warehouse.bins.filter((bin) => bin.startsWith('A-1') && bin !== BINS.first).slice(-2);
  const now = (): number => Date.now() + (isLater ? HOURS * 3_600_000 : 0);
  let isLater = false;
  const square = await startSquareSandbox(squareWorld(warehouse), { clock: now });

  // Two laptops are made ready, then nothing is connected any more.
  const office = await launch(profile);
  await signInAs(office.page, ANA);
  expect(await ask(office.page, 'savePerson', { ...DAN, roles: ['counter'], active: true })).toMatchObject({
    ok: true,
  });
  await office.page.reload();
  await createStocktake(office.page, { name: STOCKTAKE, bins: [BINS.first, BINS.second, BINS.empty, ...notVisited] });
  await foundSite(office.page, 'Leeds depot');
  const cold = await launch(folders[0]);
  await enrol(office.page, cold, 'Cold store');
  let yard = await launch(folders[1]);
  await enrol(office.page, yard, 'Yard');
  const file = (name: string): string => join(stick, `${name}.tallybook`);
  await saveForOthers(office, file('first'));
  for (const [laptop, person] of [
    [cold, BEN],
    [yard, DAN],
  ] as const) {
    await takeIn(laptop.page, file('first'));
    await signInFirst(laptop.page, person);
  }

  // Ben: a bin with a code that nobody knows, and then he carries five of what he counted to another bin.
  await openBin(cold.page, BINS.first);
  await count(cold.page, both, both.book + 1);
  await scan(cold.page, UNKNOWN_CODE);
  await count(cold.page, carried, carried.book);
  await count(cold.page, wrong, wrong.book - 4);
  await finishBin(cold.page, 'Leave as not counted');
  await handIn(cold.page);
  await moveStock(cold.page, { from: BINS.first, ...carried, quantity: String(MOVED), to: BINS.second });

  // Dan: a piece of Ben's bin by mistake, dies in the middle of his own, and finds one bin empty.
  await openBin(yard.page, BINS.first);
  await count(yard.page, both, 2);
  await finishBin(yard.page, 'Leave as not counted');
  await openBin(yard.page, BINS.second);
  await count(yard.page, short, short.book - 2);
  await yard.kill();
  yard = await launch(folders[1]);
  await signInAs(yard.page, DAN);
  await openBin(yard.page, BINS.second);
  await finishBin(yard.page, 'Leave as not counted');
  await scan(yard.page, BINS.empty);
  await yard.page.getByTestId('scan-count').waitFor();
  await confirmEmpty(yard.page);
  await handIn(yard.page);

  // The supervisor sees all of it from two files.
  await saveForOthers(cold, file('cold'));
  await saveForOthers(yard, file('yard'));
  await goTo(office.page, '/laptops');
  await takeIn(office.page, file('yard'));
  expect(await takeIn(office.page, file('cold'))).toContain(BINS.first);
  await goTo(office.page, '/stocktakes');
  await office.page.getByRole('link', { name: STOCKTAKE }).click();
  await expect(office.page.getByRole('button', { name: /: Not visited$/ })).toHaveCount(2);
  await openBatchOf(office.page, BEN.name, 1);
  const unknown = office.page.getByText(UNKNOWN_CODE).first();
  await openTab(office.page, 'Unknown');
  await expect(unknown).toBeVisible();
  await expect(office.page.getByTestId('unknown-row')).toContainText(both.name);
  await expect(office.page.getByTestId('unknown-row')).toContainText(carried.name);
  await openTab(office.page, 'To decide');
  expect(await shownLine(office.page, carried)).toMatchObject({ Variance: '0', 'Moved since': `-${MOVED}` });
  expect(await shownLine(office.page, both)).toMatchObject({
    Passes: `${both.book + 1} + 2`,
    Flag: expect.stringContaining('overlap'),
  });

  // Two lines go to recount; the rest is approved and posted.
  await decide(office.page, both, { key: 'r', word: 'Recount' });
  await decide(office.page, wrong, { key: 'r', word: 'Recount' });
  await openTab(office.page, 'To decide');
  await approveAll(office.page);
  await post(office.page, { lines: 1, zeroed: 0 });
  await openBatchOf(office.page, DAN.name, 1);
  await openTab(office.page, 'To decide');
  await approveAll(office.page);
  await post(office.page, { lines: 1, zeroed: 0 });

  // The other one counts them again.
  await saveForOthers(office, file('again'));
  await goTo(yard.page, '/laptops');
  await takeIn(yard.page, file('again'));
  await goTo(yard.page, '/count');
  await yard.page.getByText('Second count').first().click();
  await openBin(yard.page, BINS.first);
  await count(yard.page, both, both.book);
  await count(yard.page, wrong, wrong.book - 1);
  await finishBin(yard.page);
  await handIn(yard.page);
  await saveForOthers(yard, file('yard-again'));
  await goTo(office.page, '/laptops');
  await takeIn(office.page, file('yard-again'));
  await openBatchOf(office.page, DAN.name, 2);
  await openTab(office.page, 'To decide');
  await approveAll(office.page);
  await post(office.page, { lines: 2, zeroed: 0 });

  // Thirty hours later there is a network: too late for physical counts.
  isLater = true;
  await moveClock(office, HOURS);
  await handOver(office.page, ANA);
  await connectSquare(office.page, { name: 'Till', baseUrl: square.baseUrl, token: SQUARE_TOKEN });
  await matchItems(office.page);
  const words: string[] = [];
  // What Ben's first bin posted agrees with the book: there is nothing to say about it.
  for (const batch of [`pass 1 ${DAN.name}`, `pass 2 ${DAN.name}`]) {
    words.push(...(await showPlan(office.page, batch)));
    square.fault({ kind: 'applyThenDrop' });
    await send(office.page);
    await newestRequestIs(office.page, 'confirmed');
    await openPart(office.page, 'Send');
  }
  expect(words.join('\n')).not.toMatch(/physical/);
  const at = (line: Line): string | undefined => square.quantity(variationOf(line.item), SQUARE_LOCATION);
  expect([both, carried, wrong, short].map(at)).toEqual(
    [
      openingOf(warehouse, both.item),
      openingOf(warehouse, carried.item),
      openingOf(warehouse, wrong.item) - 1,
      openingOf(warehouse, short.item) - 2,
    ].map(String),
  );
  expect(await pull(office.page)).toMatch(/0 differ/);
  await square.close();
  rmSync(stick, { recursive: true });
  for (const folder of folders) forgetProfile(folder);
});
