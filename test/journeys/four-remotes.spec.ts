import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startDeconetworkSandbox } from '../sandbox/deconetwork/deconetwork-sandbox.ts';
import { startShipheroSandbox } from '../sandbox/shiphero/shiphero.ts';
import { startSquareSandbox } from '../sandbox/square/square-sandbox.ts';
import { startZettleSandbox } from '../sandbox/zettle/zettle-sandbox.ts';
import { eventually } from './steps/check.ts';
import { countLongAgo, type CountedLine, type LongAgo } from './steps/counted-long-ago.ts';
import { ofKind, readJournal } from './steps/journal.ts';
import { MIA, signIn } from './steps/people.ts';
import {
  DECONETWORK_LOGIN,
  deconetworkWorldOf,
  placeOf,
  SHIPHERO_TOKEN,
  shipheroWorldOf,
  SQUARE_APPLICATION,
  SQUARE_LOCATION,
  squareWorldOf,
  variantOf,
  variationOf,
  ZETTLE_KEY,
  zettleWorldOf,
} from './steps/remote-worlds.ts';
import {
  allSettled,
  connect,
  connectionNamed,
  connectSquare,
  finalWords,
  lineOf,
  matchItems,
  openConnection,
  openPart,
  pull,
  saveFileTo,
  selectRow,
  send,
  showPlan,
  testConnection,
  tryNow,
} from './steps/sending.ts';
import { forgetProfile, newProfile, startApp, type TallybookApp } from './tallybook-app.ts';

const TOKEN = 'square-token';
const LAPTOP = { width: 1366, height: 768 } as const;
const BATCH = 'Before the storm, pass 1';
/** Longer than the engine waits before it reads back what a remote without keys has taken, four times over. */
/** Three hundred figures by name, at 27.5 credits each and 250 credits a second, beside what was asked before. */
const READ_BY_NAME_MS = 90_000;
const SENT_WITHIN_MS = 600_000;
/** A little longer than the engine waits before anything is in doubt. */
const DOUBT_MS = 150_000;

async function start(profile: string): Promise<TallybookApp> {
  const started = await startApp(profile);
  await started.app.evaluate(({ BrowserWindow }, { width, height }) => {
    BrowserWindow.getAllWindows()[0]?.setContentSize(width, height);
  }, LAPTOP);
  return started;
}

/** Pieces that a remote must hold of an item when everything has arrived. */
function due(count: LongAgo, item: string, sold: ReadonlyMap<string, number>): number {
  return (count.bookBefore.get(item) ?? 0) + (count.variance.get(item) ?? 0) - (sold.get(item) ?? 0);
}

/** Every remote at which a count changes anything, with its name here. */
const SHOPS = ['Till', 'Kiosk', 'Warehouse'] as const;

/** The lines that a remote has to be told of: those that did not come out as the book said. */
function changedLines(count: LongAgo): readonly CountedLine[] {
  return count.lines.filter(({ book, counted }) => counted !== book);
}

/** The last words on the lines of a connection, sorted, as one text a line. */
function wordsAt(profile: string, name: string): readonly string[] {
  const entries = readJournal(profile);
  return [...finalWords(entries, connectionNamed(entries, name))]
    .map(([line, { word, detail }]) => `${line}: ${word} ${detail}`.trim())
    .toSorted();
}

/** The faults that requests have met. */
function faultsMet(sandbox: { log(): readonly { fault?: string }[] }): readonly string[] {
  return sandbox.log().flatMap(({ fault }) => fault ?? []);
}

test('J70 a count of 30 hours ago arrives exactly once at three remotes, whatever they answer and though the laptop dies', async () => {
  test.setTimeout(600_000);
  const profile = newProfile();
  const count = await countLongAgo(profile, { lines: 300, hoursAgo: 30 });
  const [hidden, partly] = [count.items[0]?.sku ?? '', count.items[3]?.sku ?? ''];
  const missing = 'M-0006';
  const square = await startSquareSandbox(squareWorldOf(count, TOKEN));
  const zettle = await startZettleSandbox(zettleWorldOf(count, [hidden, partly]));
  const shiphero = await startShipheroSandbox(shipheroWorldOf(count, { missing: [missing], creditsPerSecond: 250 }));
  let app = await start(profile);
  let page = app.page;
  await signIn(page, MIA);

  await connectSquare(page, { name: 'Till', baseUrl: square.baseUrl, token: TOKEN });
  await connect(page, {
    remote: 'Zettle',
    name: 'Kiosk',
    fields: { Address: zettle.baseUrl, 'Client ID': 'tallybook', 'API key': ZETTLE_KEY },
  });
  await connect(page, {
    remote: 'ShipHero',
    name: 'Warehouse',
    fields: { Address: shiphero.baseUrl, 'Refresh token': SHIPHERO_TOKEN },
  });
  for (const name of SHOPS) {
    await openConnection(page, name);
    await openPart(page, 'Connection');
    expect(await matchItems(page)).toContain('0 items have no match');
  }
  // A bin that ShipHero has no place for is made there when somebody asks for it. Nothing lies in it.
  await openPart(page, 'Matching');
  await page.getByRole('button', { name: /^Read the lists/ }).click();
  await page.getByRole('tab', { name: /^Places/ }).click();
  await page.getByRole('button', { name: 'Make 1 missing place there' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make 1 place' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  for (const name of SHOPS) {
    await openConnection(page, name);
    await pull(page);
  }

  // Somebody buys something between the pull and the sending, at each of them.
  const [bought] = count.lines.filter(({ item }) => count.variance.get(item) === 1);
  if (bought === undefined) throw new Error('Nothing was found too many');
  square.sale({ variation: variationOf(bought.item), location: SQUARE_LOCATION, quantity: '1' });
  zettle.sale({ variant: variantOf(count, bought.item), quantity: '1' });
  shiphero.sale({ sku: bought.item, location: placeOf(bought.bin), quantity: 1 });
  const sold = new Map([[bought.item, 1]]);

  await openConnection(page, 'Till');
  const plan = await showPlan(page, BATCH);
  expect(plan.join('\n')).toContain('because the count is older than the remote takes');
  square.fault({ kind: 'applyThenDrop' });
  square.fault({ kind: 'applyHalfThenFail', status: 429 });
  await send(page);

  await openConnection(page, 'Kiosk');
  expect((await showPlan(page, BATCH)).join('\n')).toContain(
    '2 lines stopped: the remote keeps no figure of the item yet',
  );
  await page.getByRole('button', { name: 'Start tracking 2 items' }).click();
  await expect(page.getByTestId('plan').getByRole('list').first()).toContainText(
    '1 line stopped: only a part was counted',
  );
  zettle.fault({ kind: 'applyThenDrop' });
  zettle.fault({ kind: 'applyHalfThenFail', status: 502 });
  zettle.expireToken();
  await send(page);

  // The place that was made keeps no figure that a difference could be taken from: a person sets ours there.
  const setThere = count.lines.filter(({ bin }) => bin === missing);
  await openConnection(page, 'Warehouse');
  expect((await showPlan(page, BATCH)).join('\n')).toContain(
    `${setThere.length} lines stopped: it keeps no figure there`,
  );
  await page.getByRole('checkbox', { name: `Set ${setThere.length} figures there to ours` }).check();
  await expect(page.getByTestId('plan').getByRole('list').first()).toContainText(
    'our figure takes the place of theirs',
    {
      timeout: READ_BY_NAME_MS,
    },
  );
  await send(page, READ_BY_NAME_MS);
  const taken = shiphero.changes().length;
  await eventually(
    () => shiphero.changes().length,
    (now) => now > taken + 5,
    'Lines taken at ShipHero',
  );
  shiphero.fault({ kind: 'applyThenDrop' });

  // The lid is closed the hard way, while the answers of all three are lost.
  for (const sandbox of [square, zettle, shiphero])
    await eventually(
      () => faultsMet(sandbox),
      (met) => met.includes('applyThenDrop'),
      'Answers lost',
    );
  await app.kill();
  zettle.expireToken();
  shiphero.expireToken();
  shiphero.fault({ kind: 'applyHalfThenFail', status: 502 });
  app = await start(profile);
  page = app.page;
  await signIn(page, MIA);
  await openConnection(page, 'Till');
  await tryNow(page);
  const ids = SHOPS.map((name) => connectionNamed(readJournal(profile), name));
  await allSettled(profile, ids, SENT_WITHIN_MS);
  for (const sandbox of [square, zettle, shiphero])
    expect(faultsMet(sandbox)).toEqual(['applyThenDrop', 'applyHalfThenFail']);
  expect([zettle.tokensGiven(), shiphero.tokensGiven()]).toEqual([3, 2]);

  // Every line that did not agree has arrived, or says why not.
  const arrived = changedLines(count).map(({ item, bin }) => `${lineOf(item, bin)}: arrived`);
  expect(wordsAt(profile, 'Till')).toEqual(arrived.toSorted());
  const partlyAt = count.lines.find(({ item }) => item === partly)?.bin ?? '';
  const untold = `${lineOf(partly, partlyAt)}: stopped first_figure_part_counted`;
  expect(wordsAt(profile, 'Kiosk')).toEqual(
    arrived.map((word) => (word.startsWith(`${lineOf(partly, partlyAt)}:`) ? untold : word)).toSorted(),
  );
  const atWarehouse = count.lines.filter((line) => setThere.includes(line) || changedLines(count).includes(line));
  expect(wordsAt(profile, 'Warehouse')).toEqual(
    atWarehouse.map(({ item, bin }) => `${lineOf(item, bin)}: arrived`).toSorted(),
  );

  // And every figure is right to the last piece, everywhere.
  for (const { sku } of count.items) {
    const wanted = due(count, sku, sold);
    expect([sku, square.quantity(variationOf(sku), SQUARE_LOCATION)]).toEqual([sku, String(wanted)]);
    expect([sku, zettle.quantity(variantOf(count, sku))]).toEqual([sku, sku === partly ? '99' : String(wanted)]);
  }
  const known = new Set(count.bins.map(placeOf));
  const made = new Set(
    shiphero
      .changes()
      .flatMap(({ location }) => location ?? [])
      .filter((at) => !known.has(at)),
  );
  expect(made.size).toBe(1);
  const [madeThere = ''] = made;
  for (const line of count.lines) {
    const { item, bin, counted } = line;
    const place = bin === missing ? madeThere : placeOf(bin);
    const wanted = counted - (line === bought ? 1 : 0);
    expect([item, bin, shiphero.quantity(item, place)]).toEqual([item, bin, wanted]);
  }
  for (const { item, bin, book } of count.uncounted)
    expect([item, shiphero.quantity(item, placeOf(bin))]).toEqual([item, book]);
  const references = square.changes().flatMap(({ referenceId }) => referenceId ?? []);
  expect(new Set(references).size).toBe(references.length);

  // What was left out waits for a person.
  await page
    .getByRole('navigation', { name: 'Connections' })
    .getByRole('link', { name: /^Needs a person/ })
    .click();
  const needs = page.getByTestId('need');
  await expect(needs.filter({ hasText: 'Kiosk' })).toHaveAttribute('data-kind', 'unsent');
  await expect(needs).toHaveCount(1);
  await openConnection(page, 'Warehouse');
  await openPart(page, 'On the way');
  await expect(page.getByTestId('line-counts')).toHaveText(`${atWarehouse.length} Confirmed`);
  await openConnection(page, 'Till');
  expect(await pull(page)).toMatch(/ 1 differ/);
  await app.close();
  await Promise.all([square.close(), zettle.close(), shiphero.close()]);
  forgetProfile(profile);
});

test('J71 ten thousand waiting lines reach Square exactly once, with answers lost, half a batch refused and a crash between', async () => {
  test.setTimeout(600_000);
  const profile = newProfile();
  const count = await countLongAgo(profile, { lines: 10_000, hoursAgo: 30 });
  const square = await startSquareSandbox(squareWorldOf(count, TOKEN));
  let app = await start(profile);
  await signIn(app.page, MIA);
  await connectSquare(app.page, { name: 'Till', baseUrl: square.baseUrl, token: TOKEN });
  await matchItems(app.page);
  await pull(app.page);
  const sentences = await showPlan(app.page, BATCH);
  expect(sentences.join('\n')).toMatch(/All of it in \d+ requests/);
  square.fault({ kind: 'applyThenDrop' });
  square.fault({ kind: 'status', status: 503, times: 2 });
  await send(app.page);
  const changing = () => square.log().filter(({ path }) => path === '/v2/inventory/changes/batch-create').length;
  await eventually(changing, (asked) => asked > 10, 'Requests at Square', 120_000);
  await app.kill();
  square.fault({ kind: 'applyHalfThenFail', status: 429 });
  app = await start(profile);
  await signIn(app.page, MIA);
  await openConnection(app.page, 'Till');
  await tryNow(app.page);
  await allSettled(profile, [connectionNamed(readJournal(profile), 'Till')], SENT_WITHIN_MS);
  expect(faultsMet(square).toSorted()).toEqual(['applyHalfThenFail', 'applyThenDrop', 'status', 'status']);
  // The bins of an item at one location are one change; where they come out even nothing is to be told.
  expect(wordsAt(profile, 'Till')).toEqual(
    count.lines
      .filter(({ item }) => count.variance.get(item) !== 0)
      .map(({ item, bin }) => `${lineOf(item, bin)}: arrived`)
      .toSorted(),
  );
  for (const { sku } of count.items)
    expect([sku, square.quantity(variationOf(sku), SQUARE_LOCATION)]).toEqual([
      sku,
      String(due(count, sku, new Map())),
    ]);
  const references = square.changes().flatMap(({ referenceId }) => referenceId ?? []);
  expect(new Set(references).size).toBe(references.length);
  expect(await pull(app.page)).toMatch(/ 0 differ/);
  await app.close();
  await square.close();
  forgetProfile(profile);
});

test('J72 what DecoNetwork tells of others is taken into the ledger at the time at which it happened', async () => {
  const profile = newProfile();
  const count = await countLongAgo(profile, { lines: 60, hoursAgo: 30 });
  // Each of them lies in one bin only, so there is no question where a sale belongs.
  const items = count.items.slice(11, 14).map(({ sku }) => sku);
  const before = new Date(Date.now() - 3_600_000).toISOString();
  const site = await startDeconetworkSandbox(
    deconetworkWorldOf(items.map((item) => ({ item, before: 50, pieces: 2, at: before }))),
  );
  const app = await start(profile);
  const { page } = app;
  await signIn(page, MIA);
  await connect(page, {
    remote: 'DecoNetwork',
    name: 'Print shop',
    fields: {
      'Address of the site': site.baseUrl,
      'User name': DECONETWORK_LOGIN.username,
      Password: DECONETWORK_LOGIN.password,
    },
  });
  await openPart(page, 'Connection');
  await matchItems(page);
  await pull(page);
  // What lay before the connection is in the opening stock; what is sold from now on is not.
  for (const item of items) site.sale({ dn_sku_id: `13_${item}`, quantity: '3' });
  const times = site
    .events()
    .slice(-items.length)
    .map(({ created_at: at }) => at.slice(0, 19));
  // The newest two seconds may still get rows, so they are read the next time.
  await openPart(page, 'Others changed');
  await eventually(
    async () => {
      await page.getByRole('button', { name: /^Pull/ }).click();
      return page.getByTestId('moved-row').count();
    },
    (rows) => rows === items.length,
    'Movements on the screen',
  );
  await page.getByRole('button', { name: /^Select all/ }).click();
  await page.getByRole('button', { name: /^Take/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: /^Take/ }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  const taken = ofKind(readJournal(profile), 'stock_changed').filter(({ fact }) => fact.reason !== 'opening');
  expect(
    taken.map(({ fact }) => `${fact.item} ${fact.quantity} at ${fact.happenedAt?.slice(0, 19)}`).toSorted(),
  ).toEqual(items.map((item, nth) => `${item} -3 at ${times[nth]}`).toSorted());
  // Nothing of the persons behind the events is on this laptop, and nothing was sent anywhere.
  const asked = site.log();
  expect(asked.every(({ method, path }) => method === 'POST' && path.endsWith('/find'))).toBe(true);
  await app.close();
  await site.close();
  forgetProfile(profile);
});

test('J73 somebody signs in at Square in a browser, and a token that ends while sending is renewed by itself', async () => {
  const profile = newProfile();
  const count = await countLongAgo(profile, { lines: 2000, hoursAgo: 30 });
  const square = await startSquareSandbox(squareWorldOf(count, TOKEN));
  const app = await start(profile);
  const { page } = app;
  await signIn(page, MIA);
  // This laptop has no browser: the address is shown all the same.
  await app.app.evaluate(({ shell }) => {
    shell.openExternal = () => Promise.reject(new Error('There is no browser'));
  });
  await connect(page, {
    remote: 'Square',
    name: 'Till',
    choices: { 'Opened by': 'Signing in in the browser' },
    fields: {
      Address: square.baseUrl,
      'Application ID': SQUARE_APPLICATION.id,
      'Redirect URL': SQUARE_APPLICATION.redirectUrl,
    },
  });
  await openPart(page, 'Connection');
  await page.getByRole('button', { name: 'Sign in at Square' }).click();
  const address = await page.getByLabel('If no browser opened, open this address').inputValue();
  const answer = page.getByLabel('Code or address');
  await answer.fill(`${SQUARE_APPLICATION.redirectUrl}?code=somebody&state=else`);
  await page.getByRole('button', { name: 'Finish signing in' }).click();
  await page.getByText('this answer belongs to another sign-in').waitFor();
  // The browser shows Square's page; the merchant agrees, and it is sent to an address that does not open.
  const agreed = await fetch(address, { redirect: 'manual' });
  await answer.fill(agreed.headers.get('location') ?? '');
  await page.getByRole('button', { name: 'Finish signing in' }).click();
  await page.getByText('Signed in at Square.').first().waitFor();
  await testConnection(page);
  expect(square.changes().filter(({ referenceId }) => referenceId !== undefined)).toEqual([]);
  expect(square.tokensGiven()).toBe(1);

  await matchItems(page);
  await pull(page);
  await showPlan(page, BATCH);
  await send(page);
  const answered = () =>
    square.log().flatMap(({ path, status }) => (path === '/v2/inventory/changes/batch-create' ? [status] : []));
  const sent = () => answered().filter((status) => status === 200).length;
  for (const times of [1, 2]) {
    const before = sent();
    await eventually(sent, (now) => now > before, 'Requests at Square');
    square.expireToken();
    await eventually(
      () => answered().filter((status) => status === 401).length,
      (refused) => refused >= times,
      'Requests under a token that has ended',
    );
  }
  await allSettled(profile, [connectionNamed(readJournal(profile), 'Till')], 60_000);
  // Each refresh token opens once: the second renewal was made with what the first one brought.
  expect(square.tokensGiven()).toBe(3);
  for (const { sku } of count.items)
    expect([sku, square.quantity(variationOf(sku), SQUARE_LOCATION)]).toEqual([
      sku,
      String(due(count, sku, new Map())),
    ]);
  await app.close();
  await square.close();
  forgetProfile(profile);
});

test('J74 a file is saved, fetched by ShipHero, and what became of its rows comes back to the lines', async () => {
  const profile = newProfile();
  const count = await countLongAgo(profile, { lines: 60, hoursAgo: 30 });
  // Found three too many of it, and ShipHero knows the product but has never had it in this warehouse.
  const unknown = count.lines.find(({ book, counted }) => counted - book === 3);
  const bought = count.lines.find(({ book, counted }) => counted - book === 1);
  if (unknown === undefined || bought === undefined) throw new Error('Nothing was found too many');
  const shiphero = await startShipheroSandbox(shipheroWorldOf(count, { unknown: [unknown.item] }));
  const app = await start(profile);
  const { page } = app;
  await signIn(page, MIA);
  await connect(page, {
    remote: 'ShipHero',
    name: 'Warehouse',
    fields: { Address: shiphero.baseUrl, 'Refresh token': SHIPHERO_TOKEN },
  });
  await openPart(page, 'Connection');
  await matchItems(page);
  await pull(page);
  shiphero.sale({ sku: bought.item, location: placeOf(bought.bin), quantity: 1 });

  await showPlan(page, BATCH);
  await page.getByRole('radio', { name: 'As a file' }).click();
  // Nothing is there to take a difference from: the whole figure is set, and ShipHero says what it thinks of that.
  await page.getByRole('checkbox', { name: 'Set 1 figure there to ours' }).check({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Make 1 file' }).click({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Save the file' }).waitFor({ timeout: 120_000 });
  const file = join(profile, 'warehouse.csv');
  await saveFileTo(app, file);
  expect(shiphero.changes().filter(({ reason }) => reason.includes('tb-'))).toEqual([]);
  // The person puts it where ShipHero can fetch it.
  const shelf = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/csv' }).end(readFileSync(file));
  });
  await new Promise<void>((resolve) => shelf.listen(0, '127.0.0.1', resolve));
  const place = shelf.address();
  if (place === null || typeof place === 'string') throw new Error('No port');
  await page.getByLabel('3. Its address').fill(`http://127.0.0.1:${place.port}/warehouse.csv`);
  await page.getByRole('button', { name: 'Let it be fetched' }).click();
  await page.getByText('ShipHero works through the file.').waitFor();
  await allSettled(profile, [connectionNamed(readJournal(profile), 'Warehouse')], 60_000);

  const words = `sku ${unknown.item} does not exist in this warehouse`;
  expect(wordsAt(profile, 'Warehouse')).toEqual(
    changedLines(count)
      .map((line) => `${lineOf(line.item, line.bin)}: ${line === unknown ? `rejected ${words}` : 'arrived'}`)
      .toSorted(),
  );
  await page.getByRole('radio', { name: /^By line/ }).click();
  await expect(page.getByTestId('line-counts')).toHaveText(`${changedLines(count).length - 1} Confirmed · 1 Rejected`);
  await page.getByLabel('Which lines').selectOption({ label: '1 Rejected' });
  await expect(page.getByText(words)).toBeVisible();
  for (const line of count.lines) {
    const { item, bin, counted } = line;
    const wanted = line === unknown ? undefined : counted - (line === bought ? 1 : 0);
    expect([item, bin, shiphero.quantity(item, placeOf(bin))]).toEqual([item, bin, wanted]);
  }
  await app.close();
  await shiphero.close();
  await new Promise((resolve) => shelf.close(resolve));
  forgetProfile(profile);
});

test('J75 a difference is decided either way, and a line in doubt goes again only when a person says so', async () => {
  const profile = newProfile();
  const count = await countLongAgo(profile, { lines: 60, hoursAgo: 30 });
  const square = await startSquareSandbox(squareWorldOf(count, TOKEN));
  const zettle = await startZettleSandbox(zettleWorldOf(count, []));
  const app = await start(profile);
  const { page } = app;
  await signIn(page, MIA);
  await connectSquare(page, { name: 'Till', baseUrl: square.baseUrl, token: TOKEN });
  await connect(page, {
    remote: 'Zettle',
    name: 'Kiosk',
    fields: { Address: zettle.baseUrl, 'Client ID': 'tallybook', 'API key': ZETTLE_KEY },
  });
  for (const name of ['Till', 'Kiosk']) {
    await openConnection(page, name);
    await openPart(page, 'Connection');
    await matchItems(page);
    await pull(page);
  }

  // Zettle does half of the request and its answer is lost. Somebody buys two of an item that was in the other half.
  const ours = new Map(changedLines(count).map((line) => [line.item, line]));
  const held = (item: string) => Number(zettle.quantity(variantOf(count, item)));
  const bookAt = (item: string) => count.bookBefore.get(item) ?? 0;
  await showPlan(page, BATCH);
  zettle.fault({ kind: 'applyHalfThenFail', status: 502 });
  await send(page);
  await eventually(
    () => faultsMet(zettle),
    (met) => met.length === 1,
    'Answers lost',
  );
  const doubted = [...ours.values()].find(({ item }) => held(item) === bookAt(item));
  if (doubted === undefined) throw new Error('All of it arrived');
  zettle.sale({ variant: variantOf(count, doubted.item), quantity: '2' });

  // Meanwhile the till sells, and a person says whose figure stands.
  await openConnection(page, 'Till');
  await showPlan(page, BATCH);
  await send(page);
  await allSettled(profile, [connectionNamed(readJournal(profile), 'Till')], 30_000);
  const [sentItem, takenItem] = count.items.slice(11, 13);
  if (sentItem === undefined || takenItem === undefined) throw new Error('Too few items');
  square.sale({ variation: variationOf(sentItem.sku), location: SQUARE_LOCATION, quantity: '2' });
  square.sale({ variation: variationOf(takenItem.sku), location: SQUARE_LOCATION, quantity: '3' });
  expect(await pull(page)).toMatch(/ 2 differ/);
  await selectRow(page, 'drift-row', sentItem.name);
  await page.getByRole('button', { name: 'Send ours' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send 1 change' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await selectRow(page, 'drift-row', takenItem.name);
  await page.getByRole('button', { name: 'Take theirs' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take 1 figure' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await allSettled(profile, [connectionNamed(readJournal(profile), 'Till')], 30_000);
  expect(await pull(page)).toMatch(/ 0 differ/);
  const sold = new Map([[takenItem.sku, 3]]);
  for (const { sku } of count.items)
    expect([sku, square.quantity(variationOf(sku), SQUARE_LOCATION)]).toEqual([sku, String(due(count, sku, sold))]);
  const corrected = ofKind(readJournal(profile), 'stock_changed').filter(({ fact }) => fact.reason !== 'opening');
  expect(corrected.map(({ fact }) => [fact.item, fact.quantity])).toEqual([[takenItem.sku, '-3']]);

  // When nothing can be on its way any more, what is surely missing goes by itself; the sold item waits for a person.
  await page
    .getByRole('navigation', { name: 'Connections' })
    .getByRole('link', { name: /^Needs a person/ })
    .click({ timeout: DOUBT_MS });
  const doubts = page.getByTestId('doubt-row');
  const cells = doubts.getByRole('gridcell');
  const change = doubted.counted - doubted.book;
  await expect(doubts).toHaveCount(1);
  await expect(cells.filter({ hasNotText: /^$/ })).toContainText([
    count.items.find(({ sku }) => sku === doubted.item)?.name ?? '',
    change > 0 ? `+${change}` : `−${-change}`,
    String(bookAt(doubted.item)),
    String(bookAt(doubted.item) + change),
    String(bookAt(doubted.item) - 2),
  ]);
  expect(held(doubted.item)).toBe(bookAt(doubted.item) - 2);
  await doubts.click();
  await page.getByRole('button', { name: 'It did not: send again' }).click();
  await expect(doubts).toHaveCount(0);
  await allSettled(profile, [connectionNamed(readJournal(profile), 'Kiosk')], 30_000);
  expect(wordsAt(profile, 'Kiosk')).toEqual(
    [...ours.values()].map(({ item, bin }) => `${lineOf(item, bin)}: arrived`).toSorted(),
  );
  const bought = new Map([[doubted.item, 2]]);
  for (const { sku } of count.items) expect([sku, held(sku)]).toEqual([sku, due(count, sku, bought)]);
  // Each of them moved there once, whatever was asked and answered.
  const moved = zettle.movements().flatMap(({ by, variant }) => (by === 'api' ? [variant] : []));
  expect(moved.toSorted()).toEqual([...ours.keys()].map((item) => variantOf(count, item)).toSorted());
  expect(ofKind(readJournal(profile), 'doubt_settled')).toHaveLength(1);
  await app.close();
  await Promise.all([square.close(), zettle.close()]);
  forgetProfile(profile);
});
