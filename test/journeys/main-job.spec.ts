import { expect, test } from '@playwright/test';
import {
  checkFigures,
  countAgain,
  countFirstBin,
  countInSecondBin,
  decideFirstRound,
  finishFirstCount,
  moveBetween,
} from './steps/acts.ts';
import { eventually } from './steps/check.ts';
import { createStocktake, countItem, finishBin, handIn, openBin, scanCount } from './steps/counting.ts';
import { importFile } from './steps/importing.ts';
import { ofKind, readJournal } from './steps/journal.ts';
import { addCounter, ANA, BEN, goTo, handOver, MIA, signIn } from './steps/people.ts';
import { BINS, COUNTED_BEFORE_CRASH, lineOf, planCounts, postedFirst, SOLD, STOCKTAKE } from './steps/plan.ts';
import { approveAll, openBatch, post, shownLine } from './steps/reviewing.ts';
import {
  connectSquare,
  goOnSending,
  matchItems,
  newestRequestIs,
  openPart,
  pull,
  send,
  showPlan,
  testConnection,
} from './steps/sending.ts';
import { SQUARE_LOCATION, SQUARE_TOKEN, variationOf } from './steps/square-world.ts';
import { openStage, type Stage } from './steps/stage.ts';
import type { Seen } from './steps/findings.ts';
import { checkEverything } from './steps/verdict.ts';
import { labelOf, openingOf, readRows, readWarehouse } from './steps/warehouse.ts';
import { createFirstPerson, loadSample } from './tallybook-app.ts';

const warehouse = readWarehouse();
const lines = planCounts(warehouse);
const BATCH_CREATE = '/v2/inventory/changes/batch-create';
const BATCH_RETRIEVE = '/v2/inventory/changes/batch-retrieve';
const silent = { add: () => undefined };

test('J40 a real catalogue, its bins and its opening stock come in through the Import screen, every row', async () => {
  const stage = await openStage(warehouse);
  const page = stage.page();
  await createFirstPerson(page, MIA.name, MIA.pin);
  await page.getByRole('button', { name: /Import your own files/ }).click();
  const catalogue = 'test/fixtures/catalogue/products-datakick.csv';
  expect(readRows(catalogue)).toHaveLength(6561);
  expect(await importFile(page, 'Items', catalogue)).toMatch(/6,?561 new items/);
  await page.getByRole('button', { name: 'Import another file' }).click();
  expect(await importFile(page, 'Bins', 'build/samples/bins.csv')).toContain(`${warehouse.bins.length} new bins`);
  await page.getByRole('button', { name: 'Import another file' }).click();
  expect(await importFile(page, 'Opening stock', 'build/samples/stock.csv')).toMatch(/7,?290 opening quantities/);
  const opening = ofKind(readJournal(stage.profile), 'stock_changed');
  const pieces = warehouse.stock.reduce((sum, row) => sum + row.quantity, 0);
  expect(opening.reduce((sum, { fact }) => sum + Number(fact.quantity), 0)).toBe(pieces);
  await stage.close();
});

test.describe('the whole job', () => {
  test.describe.configure({ mode: 'serial' });
  let stage: Stage;
  let seen: Partial<Seen> = { lines };

  test.beforeAll(async () => {
    stage = await openStage(warehouse);
    await createFirstPerson(stage.page(), MIA.name, MIA.pin);
    await loadSample(stage.page());
    await addCounter(stage.page(), ANA);
    await addCounter(stage.page(), BEN);
    await createStocktake(stage.page(), { name: STOCKTAKE, bins: Object.values(BINS) });
  });
  test.afterAll(() => stage.close());

  test('J41 a counter signs in by keyboard and is offered neither review nor sending', async () => {
    const page = stage.page();
    await handOver(page, ANA);
    const rail = page.getByRole('navigation', { name: 'Main' });
    await expect(rail.getByRole('link')).toHaveText(['Count', 'Move', 'Items', 'Settings']);
    for (const hidden of ['review', 'send']) {
      await page.evaluate((place) => void (window.location.hash = `/${place}`), hidden);
      await expect(page.getByTestId('batch-row')).toHaveCount(0);
      await expect(page.getByRole('button', { name: 'New connection' })).toHaveCount(0);
    }
    await page.keyboard.press('Alt+1');
  });

  test('J42 scans, typed quantities, a sum and an undo come to their totals; a misread label adds nothing', async () => {
    await countFirstBin(stage.page(), lines);
  });

  test('J43 stock moves between a counted bin and one that is still to be counted', async () => {
    await moveBetween(stage.page(), lines);
    expect(ofKind(readJournal(stage.profile), 'stock_moved')).toHaveLength(1);
  });

  test('J44 an app killed in the middle of a shelf has every scan when it starts again', async () => {
    await openBin(stage.page(), BINS.second);
    await countInSecondBin(stage.page(), lines, 0, COUNTED_BEFORE_CRASH);
    const scans = await scanCount(stage.page());
    const entriesAtCrash = readJournal(stage.profile).length;
    await stage.killAndStart();
    await signIn(stage.page(), ANA);
    await openBin(stage.page(), BINS.second);
    expect(await scanCount(stage.page())).toBe(scans);
    seen = { ...seen, entriesAtCrash, entriesAfterCrash: readJournal(stage.profile).length };
    await countInSecondBin(stage.page(), lines, COUNTED_BEFORE_CRASH);
  });

  test('J45 what is not there, a blocked bin and an empty one are said on purpose, then all is handed in', async () => {
    seen = { ...seen, handedIn: await finishFirstCount(stage.page()) };
    const entries = readJournal(stage.profile);
    expect(ofKind(entries, 'bin_confirmed_empty').map(({ fact }) => fact.bin)).toEqual([BINS.empty]);
    expect(ofKind(entries, 'bin_skipped').map(({ fact }) => [fact.bin, fact.reason])).toEqual([
      [BINS.blocked, 'blocked'],
    ]);
  });

  test('J56 whoever counted sees no expected figure after handing in, not even at the address of the review', async () => {
    const page = stage.page();
    const [submitted] = ofKind(readJournal(stage.profile), 'batch_submitted');
    await page.evaluate((batch) => void (window.location.hash = `/review/${batch}`), submitted?.fact.batch);
    await expect(page.getByText('This is a blind stocktake:')).toBeVisible();
    await expect(page.getByRole('grid')).toHaveCount(0);
    await page.keyboard.press('Alt+1');
  });

  test('J46 the review shows each difference against the book of its own count, and what moved since', async () => {
    await handOver(stage.page(), MIA);
    await openBatch(stage.page(), STOCKTAKE, 1);
    seen = { ...seen, compared: await checkFigures(stage.page(), lines) };
  });

  test('J47 lines are approved, sent back, rejected and held by one key each; posting asks for the zeros by word', async () => {
    const posted = postedFirst(lines);
    await decideFirstRound(stage.page(), lines, posted.length);
    const written = ofKind(readJournal(stage.profile), 'lines_posted').flatMap(({ fact }) => fact.lines);
    expect(written).toHaveLength(posted.length);
  });

  test('J48 a second count is made by somebody else, blind, and decided like the first', async () => {
    const again = lineOf(lines, 'recounted');
    await handOver(stage.page(), BEN);
    await countAgain(stage.page(), again);
    await handOver(stage.page(), MIA);
    await openBatch(stage.page(), STOCKTAKE, 2);
    expect((await shownLine(stage.page(), again))['Passes']).toBe(`${again.counted} · ${again.book}`);
    await approveAll(stage.page());
    await post(stage.page(), { lines: 1, zeroed: 0 });
  });

  test('J49 a connection is proven without writing, its items are matched, its figures agree with the opening stock', async () => {
    const page = stage.page();
    const untouched = stage.square.changes().length;
    await connectSquare(page, { name: 'Main Street till', baseUrl: stage.square.baseUrl, token: SQUARE_TOKEN });
    await testConnection(page);
    seen = { ...seen, matched: await matchItems(page) };
    seen = { ...seen, driftBefore: await pull(page) };
    expect(stage.square.changes()).toHaveLength(untouched);
    const sold = { variation: variationOf(lineOf(lines, 'sum').item), location: SQUARE_LOCATION };
    stage.square.sale({ ...sold, quantity: String(SOLD) });
  });

  test('J50 the plan says what would be sent before anything is', async () => {
    const plan = await showPlan(stage.page(), `${STOCKTAKE}, pass 1`);
    seen = { ...seen, plan };
    expect(plan.join('\n')).toMatch(/^\d+ physical counts?\n/);
    expect(plan).toContain('1 adjustment, because stock moved while it was counted');
    expect(stage.square.log().filter(({ path }) => path === BATCH_CREATE)).toHaveLength(0);
  });

  test('J51 a request whose answer is lost is Unknown, is read back, and is Confirmed once', async () => {
    stage.square.fault({ kind: 'applyThenDrop' });
    stage.square.fault({ kind: 'status', status: 503, times: 1000, path: BATCH_RETRIEVE });
    await send(stage.page());
    await newestRequestIs(stage.page(), 'unknown');
    stage.square.clearFaults();
    await newestRequestIs(stage.page(), 'confirmed');
    expect(stage.square.log().filter(({ path }) => path === BATCH_CREATE)).toHaveLength(1);
  });

  test('J52 an app killed after the remote took a request finds it there and does not send it again', async () => {
    await openPart(stage.page(), 'Send');
    await showPlan(stage.page(), `${STOCKTAKE}, pass 2`);
    stage.square.fault({ kind: 'hang', apply: true, path: BATCH_CREATE });
    await send(stage.page());
    await eventually(
      () => stage.square.log().at(-1)?.status,
      (status) => status === 'hang',
      'The request at Square',
    );
    await stage.killAndStart();
    await signIn(stage.page(), MIA);
    await goOnSending(stage.page());
    expect(stage.square.log().filter(({ path }) => path === BATCH_CREATE)).toHaveLength(2);
  });

  test('J53 every figure of the remote is right to the last piece, and only what was sold since differs', async () => {
    const driftAfter = await pull(stage.page());
    const {
      handedIn = '',
      compared = 0,
      entriesAtCrash = 0,
      entriesAfterCrash = 0,
      matched = '',
      plan = [],
      driftBefore = '',
    } = seen;
    const whole: Seen = {
      lines,
      handedIn,
      compared,
      entriesAtCrash,
      entriesAfterCrash,
      matched,
      plan,
      driftBefore,
      driftAfter,
    };
    checkEverything({ stage, warehouse, seen: whole, report: silent });
  });
});

/** One line of one bin, counted by `counter` as one more than the book, and handed in. */
async function countOneMore(
  stage: Stage,
  stocktake: string,
): Promise<{ item: string; bin: string; name: string; counted: number }> {
  const row = warehouse.stock.find(({ bin }) => bin === BINS.first);
  if (row === undefined) throw new Error(`${BINS.first} is empty in the sample`);
  const name = warehouse.names.get(row.item) ?? row.item;
  const counted = row.quantity + 1;
  await goTo(stage.page(), 'Count');
  await openBin(stage.page(), row.bin);
  await countItem(stage.page(), { code: labelOf(row.item), name, typed: String(counted), total: String(counted) });
  await finishBin(stage.page(), 'Leave as not counted');
  await handIn(stage.page());
  expect(ofKind(readJournal(stage.profile), 'batch_submitted').map(({ fact }) => fact.stocktake)).toContain(stocktake);
  return { item: row.item, bin: row.bin, name, counted };
}

test('J54 an app killed before the remote took a request sends the same bytes again, and they count once', async () => {
  const stage = await openStage(warehouse);
  await createFirstPerson(stage.page(), MIA.name, MIA.pin);
  await loadSample(stage.page());
  await addCounter(stage.page(), ANA);
  const stocktake = await createStocktake(stage.page(), { name: 'One shelf', bins: [BINS.first] });
  await handOver(stage.page(), ANA);
  const line = await countOneMore(stage, stocktake);
  await handOver(stage.page(), MIA);
  await openBatch(stage.page(), 'One shelf', 1);
  await approveAll(stage.page());
  await post(stage.page(), { lines: 1, zeroed: 0 });
  await connectSquare(stage.page(), { name: 'Till', baseUrl: stage.square.baseUrl, token: SQUARE_TOKEN });
  await matchItems(stage.page());
  await showPlan(stage.page(), 'One shelf, pass 1');
  stage.square.fault({ kind: 'hang', apply: false, path: BATCH_CREATE });
  await send(stage.page());
  await eventually(
    () => stage.square.log().at(-1)?.status,
    (status) => status === 'hang',
    'The request at Square',
  );
  await stage.killAndStart();
  await signIn(stage.page(), MIA);
  await goOnSending(stage.page());
  const requests = stage.square.log().filter(({ path }) => path === BATCH_CREATE);
  expect(requests.map(({ status }) => status)).toEqual(['hang', 200]);
  expect(requests[1]?.body).toBe(requests[0]?.body);
  expect(stage.square.quantity(variationOf(line.item), SQUARE_LOCATION)).toBe(
    String(openingOf(warehouse, line.item) + 1),
  );
  expect(stage.square.changes().filter(({ referenceId }) => referenceId !== undefined)).toHaveLength(1);
  await stage.close();
});

test('J55 whoever counted a line is refused its approval, whatever roles they hold', async () => {
  const stage = await openStage(warehouse);
  await createFirstPerson(stage.page(), MIA.name, MIA.pin);
  await loadSample(stage.page());
  const stocktake = await createStocktake(stage.page(), { name: 'My own shelf', bins: [BINS.first] });
  const line = await countOneMore(stage, stocktake);
  await openBatch(stage.page(), 'My own shelf', 1);
  await stage.page().keyboard.press('a');
  await expect(stage.page().getByText(`${line.name} in ${line.bin}: you counted this line`)).toBeVisible();
  await expect(stage.page().getByTestId('decision-cell')).toHaveText('to decide');
  expect(ofKind(readJournal(stage.profile), 'lines_decided')).toHaveLength(0);
  await stage.close();
});
