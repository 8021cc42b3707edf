import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { carriedName, readCarried } from '../../shared/ports/carrier.ts';
import { ANA, BEN, CLEO, goTo, handOver, signInAs, test } from './prepared.ts';
import { must } from './steps/check.ts';
import { finishBin, handIn, openBin } from './steps/counting.ts';
import { holds } from './steps/holds.ts';
import { readJournal } from './steps/journal.ts';
import { lookNow, shareFolder, untilLevel } from './steps/laptops.ts';
import { BINS } from './steps/plan.ts';
import { approveAll, decide, openBatchOf, openTab, post, settle, shownLine } from './steps/reviewing.ts';
import {
  checkBooks,
  chooseLines,
  countAgain,
  dieInAScan,
  DAN,
  newTally,
  RECEIVED,
  siteOfThree,
  STOCKTAKE,
} from './steps/three-laptops.ts';
import { readWarehouse } from './steps/warehouse.ts';
import { forgetProfile } from './tallybook-app.ts';

/**
 * What a program that copies may leave behind: half of what a laptop said last, under its right name, and a conflict copy.
 * Answers what lies there now and is nobody's, by its place in the folder.
 */
function leaveHalf(folder: string, profile: string): readonly string[] {
  const [site = ''] = readdirSync(folder);
  const place = join(folder, site);
  const last = readJournal(profile).at(-1);
  must(last !== undefined, 'the laptop has said nothing');
  const { device: laptop, seq: to, hash } = last;
  const own = readdirSync(place).flatMap((name) => {
    const is = readCarried(name);
    return is?.is === 'stretch' && is.laptop === laptop ? [{ name, to: is.to }] : [];
  });
  const newest = own.toSorted((left, right) => left.to - right.to).at(-1);
  must(newest !== undefined && newest.to < to, 'nothing of the laptop is on its way');
  const half = { is: 'stretch', laptop, from: newest.to + 1, to, head: hash.slice(0, 12), copy: 1 } as const;
  const bytes = readFileSync(join(place, newest.name));
  writeFileSync(join(place, carriedName(half)), bytes.subarray(0, bytes.length / 2));
  const conflict = newest.name.replace(/\.seg$/, '.sync-conflict-20261130-101112-K7QXA3B.seg');
  writeFileSync(join(place, conflict), bytes);
  const unfinished = `.syncthing.${newest.name}.tmp`;
  writeFileSync(join(place, unfinished), bytes.subarray(0, 20));
  return [conflict, unfinished].map((name) => join(site, name));
}

test('J785 three laptops on a shared folder that goes in mid-count and comes back with half a file: every figure is right on each', async ({
  profile,
  launch,
}) => {
  test.setTimeout(600_000);
  const place = mkdtempSync(join(tmpdir(), 'tallybook-place-'));
  const folder = mkdtempSync(join(place, 'shared-'));
  const away = `${folder}-away`;
  const warehouse = readWarehouse();
  const shelves = chooseLines(warehouse);
  const { right, wrong, both, secret, stray, short, long } = shelves;
  const three = await siteOfThree(launch, { profile, place, shelves });
  const pages = () => [three.office.page, three.desk.page, three.cold.page];
  for (const laptop of [three.office, three.desk, three.cold]) await shareFolder(laptop, folder);
  await handOver(three.office.page, CLEO);
  await handOver(three.desk.page, DAN);

  // Two people at two shelves; the folder goes while they count.
  const tally = newTally();
  const ben = { page: three.cold.page, name: BEN.name };
  let dan = { page: three.desk.page, name: DAN.name };
  for (const { page } of [ben, dan]) await goTo(page, '/count');
  await openBin(ben.page, BINS.first);
  await tally.count(ben, right, right.book);
  await openBin(dan.page, BINS.second);
  await tally.count(dan, short, short.book - 3);
  renameSync(folder, away);
  await tally.count(ben, wrong, wrong.book - 4);
  await tally.count(ben, both, both.book - 2);
  await tally.count(ben, secret, 12);
  await tally.count(ben, stray, 3);
  await finishBin(ben.page, 'Leave as not counted');
  await handIn(ben.page);
  await goTo(ben.page, '/laptops');
  await expect(ben.page.getByTestId('folder-state')).toContainText('The folder is not there', { timeout: 30_000 });

  // The desk dies in the middle of a scan, and Dan goes on where he was; then he counts what is left of Ben's line.
  await tally.count(dan, long, long.book);
  await dieInAScan(three.desk, long);
  three.desk = await launch(three.desk.profile);
  dan = { page: three.desk.page, name: DAN.name };
  await signInAs(dan.page, DAN);
  await openBin(dan.page, BINS.second);
  await tally.count(dan, long, 2);
  await finishBin(dan.page, 'Leave as not counted');
  await openBin(dan.page, BINS.first);
  await tally.count(dan, both, 2);
  await finishBin(dan.page, 'Leave as not counted');
  await handIn(dan.page);
  const litter = leaveHalf(away, three.cold.profile);
  renameSync(away, folder);
  for (const page of pages()) await lookNow(page, 'folder');

  // The office decides what Ben counted, the desk what Dan counted.
  const office = three.office.page;
  await goTo(office, '/review');
  await expect(office.getByTestId('batch-row')).toHaveCount(2, { timeout: 90_000 });
  await openBatchOf(office, STOCKTAKE, { person: BEN.name, pass: 1 });
  await openTab(office, 'To decide');
  expect(await shownLine(office, stray)).toMatchObject({ Counted: '3', 'Book then': '0', Variance: '+3' });
  await settle(office, both, 'Two piles');
  await decide(office, wrong, { key: 'r', word: 'Recount' });
  await openTab(office, 'To decide');
  await approveAll(office);
  await post(office, { lines: 4, zeroed: 0 });
  await handOver(dan.page, ANA);
  await goTo(dan.page, '/review');
  const bens = dan.page.getByTestId('batch-row').filter({ hasText: BEN.name });
  await expect(bens).toContainText('4 posted', { timeout: 60_000 });
  await openBatchOf(dan.page, STOCKTAKE, { person: DAN.name, pass: 1 });
  await openTab(dan.page, 'To decide');
  await approveAll(dan.page);
  await post(dan.page, { lines: 2, zeroed: 0 });

  // Dan counts again what was asked for.
  await handOver(dan.page, DAN);
  await countAgain(tally, dan, [{ line: wrong, quantity: wrong.book - 1 }]);
  await goTo(office, '/review');
  await expect(office.getByTestId('batch-row')).toHaveCount(3, { timeout: 60_000 });
  await openBatchOf(office, STOCKTAKE, { person: DAN.name, pass: 2 });
  await openTab(office, 'To decide');
  await approveAll(office);
  await post(office, { lines: 1, zeroed: 0 });

  await handOver(dan.page, ANA);
  await untilLevel(pages(), 'folder');
  const figures = new Map([right, wrong, both, secret, stray, short, long].map((line) => [line, tally.total(line)]));
  for (const page of [office, dan.page]) await checkBooks(page, warehouse, figures);
  expect(litter.map((path) => existsSync(join(folder, path)))).toEqual([true, true]);
  const profiles = [three.office, three.desk, three.cold].map((laptop) => laptop.profile);
  await Promise.all([three.office.close(), three.desk.close(), three.cold.close()]);
  // Whatever the laptop that counts has kept, nothing tells what was expected.
  expect(profiles.map((one) => holds(one, String(RECEIVED)))).toEqual([true, true, false]);
  rmSync(place, { recursive: true });
  for (const one of profiles.slice(1)) forgetProfile(one);
});
