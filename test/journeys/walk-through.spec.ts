import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { startSquareSandbox } from '../sandbox/square/square-sandbox.ts';
import { ANA, BEN, goTo, handOver, send as ask, signInAs, test } from './prepared.ts';
import { must } from './steps/check.ts';
import { confirmEmpty, createStocktake, finishBin, handIn, heroSays, moveStock, openBin } from './steps/counting.ts';
import { saveEvidence, verify } from './steps/evidence.ts';
import { ofKind, readJournal } from './steps/journal.ts';
import {
  enrol,
  entriesIn,
  foundSite,
  moveClock,
  saveForOthers,
  signInByKey,
  signInFirst,
  takeIn,
  watchMouse,
} from './steps/laptops.ts';
import { BINS, UNKNOWN_CODE } from './steps/plan.ts';
import { approveAll, decide, openBatchOf, openTab, post, reverse, shownLine } from './steps/reviewing.ts';
import {
  connectionNamed,
  connectSquare,
  finalWords,
  matchItems,
  newestRequestIs,
  openConnection,
  openPart,
  pull,
  send,
  showPlan,
} from './steps/sending.ts';
import { SQUARE_LOCATION, SQUARE_TOKEN, squareWorld, variationOf } from './steps/square-world.ts';
import { aloneIn, count, type Line } from './steps/shelf-lines.ts';
import { openingOf, readWarehouse } from './steps/warehouse.ts';
import { forgetProfile, newProfile, scan } from './tallybook-app.ts';

const DAN = { name: 'Dan Osei', pin: '9154' };
const STOCKTAKE = 'Two counters';
const HOURS = 30;
const MOVED = 5;
const SERIAL = 'SN-40718';
const warehouse = readWarehouse();

/** What a scanner reads from the label of one piece: its item, and the serial of this very piece. */
function pieceLabel({ item }: Line): string {
  return `]C101${item}21${SERIAL}`;
}

test('J782 two counters without a mouse and a supervisor, three laptops and files alone: from the shelf to the last figure at the till', async ({
  profile,
  launch,
}) => {
  test.setTimeout(300_000);
  const stick = mkdtempSync(join(tmpdir(), 'tallybook-stick-'));
  const folders = [newProfile(), newProfile()] as const;
  const [both, carried, wrong, piece] = aloneIn(warehouse, BINS.first);
  const [short] = aloneIn(warehouse, BINS.second);
  must(both !== undefined && carried !== undefined && wrong !== undefined, 'the sample has too few lines');
  must(piece !== undefined && short !== undefined, 'the sample has too few lines');
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
  // From here on nobody who counts touches a mouse.
  const mice = [await watchMouse(cold.page)];
  const dansMouse = await watchMouse(yard.page);

  // Ben: a bin with a code that nobody knows and a piece with a serial, which he scans twice; then he carries five of what
  // he counted to another bin.
  await openBin(cold.page, BINS.first);
  await count(cold.page, both, both.book + 1);
  await scan(cold.page, UNKNOWN_CODE);
  await count(cold.page, carried, carried.book);
  await count(cold.page, wrong, wrong.book - 4);
  await count(cold.page, piece, piece.book - 1);
  await scan(cold.page, pieceLabel(piece));
  await heroSays(cold.page, { outcome: 'taken', name: piece.name, total: String(piece.book) });
  await scan(cold.page, pieceLabel(piece));
  await heroSays(cold.page, { outcome: 'look', name: piece.name });
  await finishBin(cold.page, 'Leave as not counted');
  await handIn(cold.page);
  await moveStock(cold.page, { from: BINS.first, ...carried, quantity: String(MOVED), to: BINS.second });

  // Dan: two of Ben's bin by mistake, and Ben's piece with the serial in his own, where his laptop dies in the middle; he
  // goes on there, and finds one bin empty.
  await openBin(yard.page, BINS.first);
  await count(yard.page, both, 2);
  await finishBin(yard.page, 'Leave as not counted');
  await openBin(yard.page, BINS.second);
  await scan(yard.page, pieceLabel(piece));
  await heroSays(yard.page, { outcome: 'taken', name: piece.name, total: '1' });
  await count(yard.page, short, short.book - 3);
  expect(await dansMouse()).toBe(0);
  await yard.kill();
  yard = await launch(folders[1]);
  await signInByKey(yard.page, DAN);
  mice.push(await watchMouse(yard.page));
  await openBin(yard.page, BINS.second);
  await scan(yard.page, short.code);
  await heroSays(yard.page, { outcome: 'taken', name: short.name, total: String(short.book - 2) });
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
  const cell = (bin: string) => office.page.getByRole('button', { name: new RegExp(`^${bin}: `) });
  await expect(cell(BINS.first)).toHaveAccessibleName(/Ben Ito on Cold store, .*Dan Osei on Yard, .*counted twice$/);
  await expect(cell(BINS.second)).toHaveAccessibleName(
    /: Handed in, Finished, Dan Osei on Yard, known up to \d\d:\d\d$/,
  );
  await openBatchOf(office.page, STOCKTAKE, { person: BEN.name, pass: 1 });
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
  // The piece was scanned on two laptops that had not met: it counts twice, and both its lines say so.
  expect(await shownLine(office.page, piece)).toMatchObject({
    Counted: String(piece.book),
    Flag: 'serial in two bins',
  });
  // What each of the two said about the line that they both counted, and on which laptop.
  await office.page.getByTestId('review-row').filter({ hasText: both.name }).click();
  await office.page.keyboard.press('e');
  const evidence = office.page.getByRole('complementary', { name: 'Evidence' });
  await expect(evidence.getByRole('listitem').filter({ hasText: 'Ben Ito · Cold store' })).toContainText(
    `${both.book + 1} counted`,
  );
  await expect(evidence.getByRole('listitem').filter({ hasText: 'Dan Osei · Yard' })).toContainText('2 counted');
  await office.page.keyboard.press('e');

  // Two lines go to recount; the rest is approved and posted.
  await decide(office.page, both, { key: 'r', word: 'Recount' });
  await decide(office.page, wrong, { key: 'r', word: 'Recount' });
  await openTab(office.page, 'To decide');
  await approveAll(office.page);
  await post(office.page, { lines: 2, zeroed: 0 });
  await openBatchOf(office.page, STOCKTAKE, { person: DAN.name, pass: 1 });
  await openTab(office.page, 'To decide');
  // The piece lies in Ben's bin: what Dan scanned of it is not taken.
  const stray = { name: piece.name, bin: BINS.second };
  expect(await shownLine(office.page, stray)).toMatchObject({ Counted: '1', Flag: 'serial in two bins' });
  await decide(office.page, stray, { key: 'x', word: 'Rejected' });
  await openTab(office.page, 'To decide');
  await approveAll(office.page);
  await post(office.page, { lines: 1, zeroed: 0 });

  // The other one counts them again.
  await saveForOthers(office, file('again'));
  await goTo(yard.page, '/laptops');
  await takeIn(yard.page, file('again'));
  await goTo(yard.page, '/count');
  const again = yard.page.getByTestId('task-row').filter({ hasText: 'Second count' });
  await expect
    .poll(async () => {
      await yard.page.keyboard.press('ArrowUp');
      return again.evaluate((row) => row === document.activeElement);
    })
    .toBe(true);
  await yard.page.keyboard.press('Enter');
  await openBin(yard.page, BINS.first);
  await count(yard.page, both, both.book);
  await count(yard.page, wrong, wrong.book - 1);
  await finishBin(yard.page);
  await handIn(yard.page);
  await saveForOthers(yard, file('yard-again'));
  for (const mouse of mice) expect(await mouse()).toBe(0);
  await goTo(office.page, '/laptops');
  await takeIn(office.page, file('yard-again'));
  await openBatchOf(office.page, STOCKTAKE, { person: DAN.name, pass: 2 });
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
  expect([both, carried, wrong, piece, short].map(at)).toEqual(
    [
      openingOf(warehouse, both.item),
      openingOf(warehouse, carried.item),
      openingOf(warehouse, wrong.item) - 1,
      openingOf(warehouse, piece.item),
      openingOf(warehouse, short.item) - 2,
    ].map(String),
  );
  expect(await pull(office.page)).toMatch(/0 differ/);

  // One line should not have been posted: it is taken back with a reason, planned and sent like any change.
  await openBatchOf(office.page, STOCKTAKE, { person: DAN.name, pass: 2 });
  await openTab(office.page, 'Decided');
  await reverse(office.page, wrong, 'Data entry error');
  expect((await shownLine(office.page, wrong))['Decision']).toContain(`Data entry error · ${ANA.name}`);
  await office.page.keyboard.press('e');
  await expect(evidence.getByRole('listitem').filter({ hasText: 'Reversed' })).toContainText(`${ANA.name} · Office`);
  await office.page.keyboard.press('e');
  await openConnection(office.page, 'Till');
  expect((await showPlan(office.page, 'pass 2, reversed')).join(' ')).toContain('a posted line is reversed');
  square.fault({ kind: 'applyThenDrop' });
  await send(office.page);
  await newestRequestIs(office.page, 'confirmed');
  expect(at(wrong)).toBe(String(openingOf(warehouse, wrong.item)));
  expect(await pull(office.page)).toMatch(/0 differ/);
  const journal = readJournal(profile);
  const ends = [...finalWords(journal, connectionNamed(journal, 'Till')).values()];
  expect([...new Set(ends.map(({ word }) => word))]).toEqual(['arrived']);

  // The office's file is the evidence: of the bin that two laptops counted what each said, and of the laptop that died every
  // scan, once.
  await saveForOthers(office, file('evidence'));
  const entries = entriesIn(file('evidence'));
  const people = new Map(ofKind(entries, 'person_changed').map(({ fact }) => [fact.person, fact.name]));
  const laptops = new Map(ofKind(entries, 'laptop_enrolled').map(({ fact }) => [fact.laptop, fact.name]));
  const said = (line: Line, bin: string, pass = 1): readonly string[] =>
    ofKind(entries, 'counted')
      .filter(({ fact }) => fact.item === line.item && fact.bin === bin && fact.pass === pass)
      .map(({ by, device, fact }) => `${people.get(by)}, ${laptops.get(device)}: ${fact.quantity}`);
  expect(said(both, BINS.first).toSorted()).toEqual([`Ben Ito, Cold store: ${both.book + 1}`, 'Dan Osei, Yard: 2']);
  expect(said(short, BINS.second)).toEqual([`Dan Osei, Yard: ${short.book - 3}`, 'Dan Osei, Yard: 1']);
  expect(said(piece, BINS.first)).toEqual([`Ben Ito, Cold store: ${piece.book - 1}`, 'Ben Ito, Cold store: 1']);
  expect(said(piece, BINS.second)).toEqual(['Dan Osei, Yard: 1']);
  expect(
    ofKind(entries, 'lines_reversed').map(({ by, fact }) => [people.get(by), fact.reason, fact.lines[0]?.item]),
  ).toEqual([[ANA.name, 'data_entry_error', wrong.item]]);
  expect(said(both, BINS.first, 2)).toEqual([`Dan Osei, Yard: ${both.book}`]);
  // What an auditor gets: all three laptops’ words and signatures, checked by a program that knows nothing of the app.
  await goTo(office.page, '/stocktakes');
  await office.page.getByRole('link', { name: STOCKTAKE }).click();
  await saveEvidence(office, join(stick, 'audit.jsonl'));
  expect(verify(join(stick, 'audit.jsonl'))).toMatchObject({
    code: 0,
    said: expect.stringMatching(/of 3 laptops, no byte/),
  });
  await square.close();
  rmSync(stick, { recursive: true });
  for (const folder of folders) forgetProfile(folder);
});
