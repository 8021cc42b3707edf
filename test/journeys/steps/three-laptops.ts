import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { ANA, BEN, goTo, send, signInAs } from '../prepared.ts';
import { newProfile, type TallybookApp } from '../tallybook-app.ts';
import { must } from './check.ts';
import { countItem, createStocktake, finishBin, handIn, openBin } from './counting.ts';
import {
  enrol,
  enterByCode,
  foundSite,
  personNamed,
  renewRecoveryCode,
  saveForOthers,
  signInFirst,
  takeIn,
} from './laptops.ts';
import { BINS } from './plan.ts';
import { ownTimes, scanKeys } from './scanner.ts';
import { aloneIn, type Line } from './shelf-lines.ts';
import type { Warehouse } from './warehouse.ts';

export const DAN = { name: 'Dan Osei', pin: '9154' };
export const STOCKTAKE = 'Two shelves';

/** What came in of one line before anybody counts: nothing else holds this number. */
export const RECEIVED = 73_197_319;

/** A laptop may be another run of the app later. */
export type Three = { office: TallybookApp; desk: TallybookApp; cold: TallybookApp };

/** Lines of the two shelves, each with something that happens to it. */
export type Shelves = {
  readonly right: Line;
  readonly wrong: Line;
  /** Counted by two people. */
  readonly both: Line;
  /** Its book is a number that nobody who counts may hold. */
  readonly secret: Line;
  /** Lies on the first shelf; its book is elsewhere. */
  readonly stray: Line;
  readonly short: Line;
  readonly long: Line;
};

export function chooseLines(warehouse: Warehouse): Shelves {
  const [right, wrong, both, secret] = aloneIn(warehouse, BINS.first);
  const [short, long] = aloneIn(warehouse, BINS.second);
  const [elsewhere] = aloneIn(warehouse, BINS.blocked);
  must(right !== undefined && wrong !== undefined && both !== undefined, 'the first shelf has too few lines');
  must(secret !== undefined && elsewhere !== undefined, 'the sample has too few lines');
  must(short !== undefined && long !== undefined, 'the second shelf has too few lines');
  const received = { ...secret, book: secret.book + RECEIVED };
  return { right, wrong, both, secret: received, stray: { ...elsewhere, bin: BINS.first }, short, long };
}

/**
 * An office that founds a site, a desk that supervises as well, and a laptop that only counts. Each of the others gets one
 * file; Ana is at the office and at the desk, Ben at the laptop that counts, and Dan may come to the desk.
 */
export async function siteOfThree(
  launch: (profile: string) => Promise<TallybookApp>,
  { profile, place, shelves }: { profile: string; place: string; shelves: Shelves },
): Promise<Three> {
  const office = await launch(profile);
  await signInAs(office.page, ANA);
  expect(await send(office.page, 'savePerson', { ...DAN, roles: ['counter'], active: true })).toMatchObject({
    ok: true,
  });
  const { item, bin } = shelves.secret;
  const received = { kind: 'stock_changed', item, bin, quantity: String(RECEIVED), reason: 'receipt' };
  expect(await send(office.page, 'append', { facts: [received] })).toMatchObject({ ok: true });
  const code = await renewRecoveryCode(office.page);
  await office.page.reload();
  await createStocktake(office.page, { name: STOCKTAKE, bins: [BINS.first, BINS.second] });
  await foundSite(office.page, 'Leeds depot');
  const desk = await launch(newProfile());
  await enrol(office.page, desk, 'Desk', { role: 'supervises' });
  const cold = await launch(newProfile());
  await enrol(office.page, cold, 'Cold store');
  const first = join(place, 'first.tallybook');
  await saveForOthers(office, first);
  for (const laptop of [desk, cold]) await takeIn(laptop.page, first);
  await enterByCode(desk.page, ANA, code);
  const dan = { id: await personNamed(desk.page, DAN.name), ...DAN, roles: ['counter'], active: true };
  expect(await send(desk.page, 'savePerson', dan)).toMatchObject({ ok: true });
  await desk.page.reload();
  await signInFirst(cold.page, BEN);
  return { office, desk, cold };
}

/** Who counts, in which pass. */
export type Counter = { readonly page: Page; readonly name: string; readonly pass?: number };

/** What was scanned: every figure of the books is worked out from it. */
export type Tally = {
  /** Counts a line, with its quantity typed before one scan. */
  count(who: Counter, line: Line, quantity: number): Promise<void>;
  /** What a line came to in the newest pass in which it was counted; `person`: what this one counted of it. */
  total(line: Line, person?: string): number;
};

export function newTally(): Tally {
  const scans: { line: Line; name: string; pass: number; quantity: number }[] = [];
  const sum = (some: typeof scans): number => some.reduce((total, { quantity }) => total + quantity, 0);
  const of = (line: Line) => scans.filter((one) => one.line === line);
  return {
    async count({ page, name, pass = 1 }, line, quantity) {
      const before = sum(of(line).filter((one) => one.name === name && one.pass === pass));
      await countItem(page, { ...line, typed: String(quantity), total: String(before + quantity) });
      scans.push({ line, name, pass, quantity });
    },
    total(line, person) {
      const pass = Math.max(...of(line).map((one) => one.pass));
      return sum(of(line).filter((one) => one.pass === pass && (person ?? one.name) === one.name));
    },
  };
}

/** The power of a laptop goes while the scanner still types a code. */
export async function dieInAScan(laptop: TallybookApp, { code }: Line): Promise<void> {
  await ownTimes(laptop.page).send(scanKeys(code.slice(0, 7), 8));
  await laptop.kill();
}

/** Counts a second time what was asked for on a shelf, and hands it in. */
export async function countAgain(
  tally: Tally,
  who: Counter,
  counts: readonly { line: Line; quantity: number }[],
): Promise<void> {
  const { page } = who;
  await goTo(page, '/count');
  await page.getByTestId('task-row').filter({ hasText: 'Second count' }).click();
  for (const { line, quantity } of counts) {
    await openBin(page, line.bin);
    await tally.count({ ...who, pass: 2 }, line, quantity);
    await finishBin(page);
  }
  await handIn(page);
}

/** Where an item lies by the books, and how much of it: its whole part of the Items screen. */
async function booksOf(page: Page, { item }: Line): Promise<readonly string[]> {
  await page.getByRole('searchbox').fill(item);
  await page.getByTestId('item-row').filter({ hasText: item }).click();
  const detail = page.getByRole('complementary', { name: 'About this item' });
  await detail.getByText(item, { exact: true }).first().waitFor();
  const books = detail.getByRole('region').or(detail.locator('section')).filter({ hasText: 'In the books' });
  const lines = await books.locator('li').allInnerTexts();
  return lines.map((line) => line.replace(/\s+/g, ' ').replaceAll(',', '')).toSorted();
}

/** Compares the books of these items, in every bin, with what was scanned. `shown`: what each line came to. */
export async function checkBooks(page: Page, warehouse: Warehouse, figures: ReadonlyMap<Line, number>): Promise<void> {
  await goTo(page, '/items');
  for (const [line, figure] of figures) {
    const { item, bin } = line;
    const others = warehouse.stock.filter((row) => row.item === item && row.bin !== bin);
    const expected = [...others.map((row) => `${row.bin} ${row.quantity}`), `${bin} ${figure}`].toSorted();
    expect(await booksOf(page, line)).toEqual(expected);
  }
}
