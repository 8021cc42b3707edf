import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { serverIn } from '../contracts/administered-server.ts';
import { freePort } from '../contracts/site-server-rig.ts';
import { ANA, BEN, CLEO, goTo, handOver, signInAs, test } from './prepared.ts';
import { finishBin, handIn, openBin } from './steps/counting.ts';
import { holds } from './steps/holds.ts';
import { joinServer, layOutServer, lookNow, saveServerFile, untilLevel } from './steps/laptops.ts';
import { BINS } from './steps/plan.ts';
import { approveAll, decide, openBatchOf, openTab, post, settle } from './steps/reviewing.ts';
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

test('J786 three laptops and a server that is killed in mid-count and put back to an old copy: every figure is right on each', async ({
  profile,
  launch,
}) => {
  // The first time, the server is fetched.
  test.setTimeout(600_000);
  const place = mkdtempSync(join(tmpdir(), 'tallybook-place-'));
  const folder = join(place, 'site-server');
  mkdirSync(folder);
  const warehouse = readWarehouse();
  const shelves = chooseLines(warehouse);
  const { right, wrong, both, secret, stray, short, long } = shelves;
  const three = await siteOfThree(launch, { profile, place, shelves });
  const pages = () => [three.office.page, three.desk.page, three.cold.page];
  const office = three.office.page;
  const server = await serverIn(folder, join(place, 'copy'));
  try {
    await layOutServer(three.office, folder, await freePort());
    await server.start();
    const file = join(place, 'server.json');
    await saveServerFile(three.office, file);
    await lookNow(office, 'server');
    await expect(office.getByTestId('server-state')).toContainText('Level as of', { timeout: 30_000 });
    // An old copy is kept, in which nothing lies of the other two.
    await server.keepCopy();
    for (const { page } of [three.desk, three.cold]) await joinServer(page, file);
    await handOver(office, CLEO);
    await handOver(three.desk.page, DAN);

    // Two people at two shelves, after Dan began with Ben's by mistake; the server goes while they count.
    const tally = newTally();
    let ben = { page: three.cold.page, name: BEN.name };
    let dan = { page: three.desk.page, name: DAN.name };
    for (const { page } of [ben, dan]) await goTo(page, '/count');
    await openBin(ben.page, BINS.first);
    await tally.count(ben, right, right.book);
    await openBin(dan.page, BINS.first);
    await tally.count(dan, both, 2);
    await finishBin(dan.page, 'Leave as not counted');
    await openBin(dan.page, BINS.second);
    await tally.count(dan, short, short.book - 3);
    await server.kill();
    await tally.count(ben, wrong, wrong.book - 4);
    await tally.count(ben, both, both.book);
    await tally.count(ben, secret, 12);
    await tally.count(ben, stray, 3);
    await finishBin(ben.page, 'Leave as not counted');
    await handIn(ben.page);
    await goTo(ben.page, '/laptops');
    await expect(ben.page.getByTestId('server-state')).toContainText('The server is not reached', { timeout: 30_000 });
    await tally.count(dan, long, long.book);
    await dieInAScan(three.desk, long);

    // What Ben handed in comes to the office; then the server forgets it, and his laptop is off.
    await server.start();
    for (const page of [ben.page, office]) await lookNow(page, 'server');
    await goTo(office, '/review');
    await expect(office.getByTestId('batch-row')).toHaveCount(1, { timeout: 60_000 });
    await three.cold.close();
    await server.putBack();
    await lookNow(office, 'server');

    // The desk has it from the office, and Dan goes on where he was.
    three.desk = await launch(three.desk.profile);
    dan = { page: three.desk.page, name: DAN.name };
    await signInAs(dan.page, DAN);
    await openBin(dan.page, BINS.second);
    await tally.count(dan, long, 2);
    await finishBin(dan.page, 'Leave as not counted');
    await handIn(dan.page);
    await untilLevel([office, dan.page], 'server');
    await handOver(dan.page, ANA);
    await goTo(dan.page, '/review');
    await expect(dan.page.getByTestId('batch-row')).toHaveCount(2);
    three.cold = await launch(three.cold.profile);
    ben = { page: three.cold.page, name: BEN.name };
    await signInAs(ben.page, BEN);

    // The office decides; what it asks for again, Ben counts.
    await openBatchOf(office, STOCKTAKE, { person: BEN.name, pass: 1 });
    await openTab(office, 'To decide');
    await settle(office, both, `Same pile, and ${BEN.name} is right`);
    await openTab(office, 'To decide');
    await approveAll(office);
    await post(office, { lines: 5, zeroed: 0 });
    await openBatchOf(office, STOCKTAKE, { person: DAN.name, pass: 1 });
    await openTab(office, 'To decide');
    await decide(office, short, { key: 'r', word: 'Recount' });
    await openTab(office, 'To decide');
    await approveAll(office);
    await post(office, { lines: 1, zeroed: 0 });
    await countAgain(tally, ben, [{ line: short, quantity: short.book - 1 }]);
    await goTo(dan.page, '/review');
    await expect(dan.page.getByTestId('batch-row')).toHaveCount(3, { timeout: 60_000 });
    await openBatchOf(dan.page, STOCKTAKE, { person: BEN.name, pass: 2 });
    await openTab(dan.page, 'To decide');
    await approveAll(dan.page);
    await post(dan.page, { lines: 1, zeroed: 0 });

    await handOver(office, ANA);
    await untilLevel(pages(), 'server');
    const figures = new Map([right, wrong, secret, stray, short, long].map((line) => [line, tally.total(line)]));
    figures.set(both, tally.total(both, BEN.name));
    for (const page of [office, dan.page]) await checkBooks(page, warehouse, figures);
    const profiles = [three.office, three.desk, three.cold].map((laptop) => laptop.profile);
    await Promise.all([three.office.close(), three.desk.close(), three.cold.close()]);
    // Whatever the laptop that counts has kept, nothing tells what was expected.
    expect(profiles.map((one) => holds(one, String(RECEIVED)))).toEqual([true, true, false]);
    for (const one of profiles.slice(1)) forgetProfile(one);
  } finally {
    await server.kill();
    rmSync(place, { recursive: true });
  }
});
