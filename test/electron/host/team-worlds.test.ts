import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join as pathTo } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Fact, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { foldLedger } from '../../../shared/domain/ledger-state.ts';
import { reviewBatch, toPostedLine } from '../../../shared/domain/variance.ts';
import { codeOf, does, faultyDisk, freshFolder, testKeyring } from './bench.ts';
import { COUNTED, STOCKTAKE, enter, type Crew } from './crew.ts';
import {
  chainOf,
  comes,
  comesToDesk,
  founder,
  give,
  handOver,
  join,
  look,
  newLaptop,
  save,
  take,
  type Laptop,
} from './team-rig.ts';

const BINS = ['A-01', 'A-02', 'A-03'];
const OPENING: Fact[] = BINS.map((bin) => ({
  kind: 'stock_changed',
  item: 'SKU-1',
  bin,
  quantity: '7',
  reason: 'opening',
}));

/** Every entry that a laptop holds and that counts, by chain. */
async function countedOn(laptop: Laptop): Promise<LedgerEntry[]> {
  const { device, chains = [], refused = [] } = (await does(laptop.running, 'whoIsHere', {})).journal;
  const own = new Set(refused);
  const all = (await chainOf(laptop, device)).filter(({ seq }) => !own.has(seq));
  for (const chain of chains) {
    const bad = new Set(chain.refused);
    const upTo = chain.refusedFrom ?? Number.POSITIVE_INFINITY;
    all.push(...(await chainOf(laptop, chain.device)).filter(({ seq }) => !bad.has(seq) && seq < upTo));
  }
  return all;
}

async function reasonOf(answer: ReturnType<Laptop['running']['host']['append']>): Promise<string> {
  const settled = await answer;
  return settled.ok ? 'ok' : 'reason' in settled.error ? settled.error.reason : settled.error.code;
}

function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

type World = { office: Laptop & { crew: Crew }; all: Laptop[] };

/** An office and three laptops more, clocks up to three hours apart, with somebody at each. */
async function world(random: (below: number) => number): Promise<World> {
  const office = await founder();
  const { admin, byRole } = office.crew;
  await enter(office.running, byRole.lead);
  await does(office.running, 'append', { facts: [...OPENING, { ...STOCKTAKE, bins: BINS } as Fact] });
  await enter(office.running, admin);
  const desk = await join(office, 'Desk', 'supervising');
  const cold = await join(office, 'Cold store', 'counting');
  const yard = await join(office, 'Yard', 'counting');
  await does(desk.running, 'recoverAccess', { person: admin, code: office.crew.code, pin: '2468' });
  for (const role of ['lead', 'approver'] as const)
    await does(desk.running, 'savePerson', { id: byRole[role], name: role, roles: [role], active: true, pin: '2468' });
  await comes(cold, byRole.counter);
  await comes(yard, byRole.lead);
  const all = [office, desk, cold, yard];
  for (const laptop of all) laptop.clock.wall += (random(7) - 3) * 3_600_000;
  return { office, all };
}

/** Something that somebody does at a laptop; what is refused is refused. */
async function act(laptop: Laptop, random: (below: number) => number, crew: Crew): Promise<void> {
  laptop.clock.pass(1_000 * (1 + random(600)));
  const bin = BINS[random(BINS.length)] ?? 'A-01';
  const sheet = { stocktake: 'take-1', pass: 1, bin };
  const isDesk = laptop.clock.wall > 0 && (await does(laptop.running, 'team', {})).here === 'supervising';
  const facts: Fact[][] = [
    [{ ...COUNTED, bin, quantity: String(1 + random(9)) }],
    [{ kind: 'bin_finished', ...sheet }],
    [{ kind: 'stock_moved', item: 'SKU-1', from: bin, to: 'A-02', quantity: '1' }],
    [
      {
        kind: 'batch_submitted',
        batch: `batch-${laptop.device.slice(0, 4)}-${random(1_000_000)}`,
        stocktake: 'take-1',
        pass: 1,
        bins: [bin],
      },
    ],
  ];
  if (isDesk) {
    await enter(laptop.running, crew.byRole.approver);
    const { batches } = foldLedger(await countedOn(laptop));
    const open = [...batches.keys()];
    const batch = open[random(Math.max(1, open.length))];
    const bins = batch === undefined ? [] : (batches.get(batch)?.bins ?? []);
    if (batch !== undefined && random(2) === 0) {
      const decision = (['approve', 'recount', 'hold'] as const)[random(3)] ?? 'approve';
      const lines = bins.map((one) => ({ item: 'SKU-1', bin: one }));
      await laptop.running.host.append({ facts: [{ kind: 'lines_decided', batch, decision, lines }] });
      return;
    }
  }
  await laptop.running.host.append({ facts: facts[random(facts.length)] ?? [] });
}

describe('laptops that meet now and then', () => {
  test.each([1, 2, 3, 4])(
    'H790 whoever met whom, in whatever order, with clocks hours apart: in the end all count the same (world %i)',
    async (seed) => {
      const random = dice(seed * 7919);
      const { office, all } = await world(random);
      for (let step = 0; step < 60; step += 1) {
        const laptop = all[random(all.length)];
        const other = all[random(all.length)];
        if (laptop === undefined || other === undefined) continue;
        if (random(4) > 0) await act(laptop, random, office.crew);
        else if (laptop !== other) await handOver(laptop, other);
        if (random(20) === 0) {
          await laptop.restart();
          await enter(
            laptop.running,
            laptop === all[3]
              ? office.crew.byRole.lead
              : laptop === all[2]
                ? office.crew.byRole.counter
                : office.crew.byRole.approver,
          );
        }
      }
      // Everybody hears of everything, and then that the others heard.
      for (let round = 0; round < 3; round += 1)
        for (const laptop of all.slice(1)) {
          await handOver(laptop, office);
          await handOver(office, laptop);
        }
      const shelf = (entries: readonly LedgerEntry[]) =>
        entries.filter(({ fact }) => !['heard', 'pin_set', 'checkpoint_kept', 'tries_cleared'].includes(fact.kind));
      const said = await Promise.all(all.map(async (laptop) => shelf(await countedOn(laptop))));
      const ids = said.map((entries) => entries.map(({ hash }) => hash).toSorted());
      const [whole = [], ofDesk, ...ofCounting] = ids;
      expect(ofDesk).toEqual(whole);
      expect(whole.length).toBeGreaterThan(20);
      // Who counts holds what everybody else said that supervises, told or not, and their own.
      const supervising = all.slice(0, 2).map(({ device }) => device);
      for (const [at, theirs] of ofCounting.entries()) {
        const meant = (said[0] ?? []).filter(({ device }) => [...supervising, all[at + 2]?.device].includes(device));
        expect(theirs.filter((hash) => whole.includes(hash))).toEqual(meant.map(({ hash }) => hash).toSorted());
      }
      // And the host’s own figures are those: what a page would post is taken, and nothing else.
      await enter(office.running, office.crew.byRole.approver);
      const { batches: handedIn } = foldLedger(await countedOn(office));
      for (const id of handedIn.keys()) {
        // Two batches may speak of one sheet: what is posted under one is posted.
        const { batches, stocktakes, books } = foldLedger(await countedOn(office));
        const batch = batches.get(id);
        if (batch === undefined) continue;
        const rows = reviewBatch(batch, stocktakes, books).filter(
          ({ flags, posted }) => !posted && !flags.includes('superseded'),
        );
        const [row] = rows;
        if (row === undefined) continue;
        const line = toPostedLine(row);
        const post = (one: typeof line) =>
          reasonOf(office.running.host.append({ facts: [{ kind: 'lines_posted', batch: batch.id, lines: [one] }] }));
        const approved = await codeOf(
          office.running.host.append({
            facts: [
              {
                kind: 'lines_decided',
                batch: batch.id,
                decision: 'approve',
                lines: [{ item: row.item, bin: row.bin }],
              },
            ],
          }),
        );
        if (approved !== 'ok') continue;
        expect(await post({ ...line, counted: '77', variance: '70', bookThen: '7' })).toBe('not_as_counted');
        expect(['ok', 'own_count']).toContain(await post(line));
      }
      for (const laptop of all) await laptop.running.close();
    },
    120_000,
  );

  test('H797 whatever write a disk refuses while a file is taken, nothing is half taken, and taken again it is all there', async () => {
    const office = await founder();
    await enter(office.running, office.crew.byRole.lead);
    await does(office.running, 'append', { facts: [...OPENING, { ...STOCKTAKE, bins: BINS } as Fact] });
    await enter(office.running, office.crew.admin);
    const desk = await join(office, 'Desk', 'supervising');
    await handOver(desk, office).catch(() => undefined);
    const disk = faultyDisk();
    const torn = await newLaptop({ disk });
    const { request } = await does(torn.running, 'askToJoin', { laptop: 'Torn' });
    await does(office.running, 'enrolLaptop', { request, name: 'Torn', role: 'counting' });
    const file = await save(office);
    let isTaken = false;
    for (let fail = 1; !isTaken; fail += 1) {
      // Once the founder's chain is held people are known, and one of them must be there.
      const { people } = await does(torn.running, 'whoIsHere', {});
      if (people.length > 0) {
        const pinned = await torn.running.host.setFirstPin({ person: office.crew.admin, pin: '2468' });
        if (!pinned.ok) await enter(torn.running, office.crew.admin);
      }
      let count = 0;
      disk.fault = (operation) => {
        if (!['write', 'datasync', 'rename', 'syncFolder', 'open'].includes(operation)) return null;
        count += 1;
        return count === fail ? 'EIO' : null;
      };
      await give(torn, file);
      const code = await codeOf(torn.running.host.takeHandOver({}));
      isTaken = count < fail;
      disk.fault = () => null;
      await torn.restart();
      const { journal, files } = await does(torn.running, 'start', {});
      expect([fail, files.mended.filter((one) => one.file === 'chain')]).toEqual([fail, []]);
      const held = journal.chains?.length ?? 0;
      if (code === 'ok') expect(held).toBeGreaterThan(0);
      // Whatever is held was heard by now.
      expect([fail, held > 0]).toEqual([fail, journal.seq > 0]);
    }
    await enter(torn.running, office.crew.admin).catch(() => comes(torn, office.crew.admin));
    expect((await take(torn, file)).fresh).toBe(0);
    expect((await does(torn.running, 'team', {})).here).toBe('counting');
    for (const laptop of [office, desk, torn]) await laptop.running.close();
  });

  test('H797 numbers that a laptop lost in both copies travel as lost, and who had heard them before keeps them', async () => {
    const office = await founder();
    await enter(office.running, office.crew.byRole.lead);
    await does(office.running, 'append', { facts: [...OPENING, { ...STOCKTAKE, bins: BINS } as Fact] });
    await enter(office.running, office.crew.admin);
    const early = await join(office, 'Early', 'supervising');
    const late = await join(office, 'Late', 'supervising');
    const cold = await join(office, 'Cold store', 'counting');
    await comes(cold, office.crew.byRole.counter);
    for (const quantity of ['1', '2', '3', '4'])
      await does(cold.running, 'append', { facts: [{ ...COUNTED, quantity }] });
    await comesToDesk(early, office.crew, 'counter');
    await comesToDesk(late, office.crew, 'counter');
    await handOver(cold, early);
    await cold.running.close();
    const segment = pathTo(cold.folder, 'journal', '000001.jsonl');
    await writeFile(segment, (await readFile(segment, 'utf8')).replace('"quantity":"2"', '"quantity":"9"'));
    await cold.open();
    await does(cold.running, 'restoreJournal', { entries: [], last: true, holes: true });
    expect((await does(cold.running, 'start', {})).journal).toMatchObject({
      state: 'whole',
      gaps: [{ fromSeq: 4, toSeq: 4 }],
    });
    await enter(cold.running, office.crew.byRole.counter);
    await does(cold.running, 'append', { facts: [{ ...COUNTED, quantity: '5' }] });
    const file = await save(cold);
    const counts = async (laptop: Laptop) =>
      (await chainOf(laptop, cold.device)).flatMap(({ fact }) => (fact.kind === 'counted' ? [fact.quantity] : []));
    expect((await look(late, file)).problems).toEqual([]);
    await take(late, file);
    expect(await counts(late)).toEqual(['1', '3', '4', '5']);
    await take(early, file);
    expect(await counts(early)).toEqual(['1', '2', '3', '4', '5']);
    // Carried on by either, and after a restart.
    await early.restart();
    await enter(early.running, office.crew.byRole.counter);
    await enter(office.running, office.crew.admin);
    expect((await look(office, await save(late))).problems).toEqual([]);
    await take(office, await save(early));
    expect(await counts(office)).toEqual(['1', '2', '3', '4', '5']);
    for (const laptop of [office, early, late, cold]) await laptop.running.close();
  });

  test('H797 where the founder’s chain was damaged, the next file brings it again, and everybody with it', async () => {
    const office = await founder();
    await enter(office.running, office.crew.admin);
    const cold = await join(office, 'Cold store', 'counting');
    const yard = await join(office, 'Yard', 'counting');
    await comes(yard, office.crew.byRole.counter);
    await comes(cold, office.crew.byRole.counter);
    await handOver(office, yard);
    await handOver(yard, cold);
    await cold.running.close();
    const folder = pathTo(cold.folder, 'chains', office.device);
    const [first = ''] = await readdir(folder);
    await rm(pathTo(folder, first));
    await cold.open();
    expect(await does(cold.running, 'start', {})).toMatchObject({ people: [], files: { mended: [{ file: 'chain' }] } });
    expect((await does(cold.running, 'team', {})).here).toBe('asked');
    await take(cold, await save(office));
    expect((await does(cold.running, 'team', {})).here).toBe('counting');
    await enter(cold.running, office.crew.byRole.counter);
    for (const laptop of [office, cold, yard]) await laptop.running.close();
  });

  test('H794 a laptop that goes on from a copy has no key: it is enrolled anew by another one, and what it says counts', async () => {
    const office = await founder();
    await enter(office.running, office.crew.admin);
    const desk = await join(office, 'Desk', 'supervising');
    const cold = await join(office, 'Cold store', 'counting');
    await comes(cold, office.crew.admin);
    await does(cold.running, 'append', { facts: [{ ...COUNTED, stocktake: 'none' }] });
    await handOver(cold, office);
    const target = await freshFolder();
    await cold.running.close();
    const copying = await newLaptop({ folder: cold.folder, chooseFolder: async () => target });
    await enter(copying.running, office.crew.admin);
    const { folder } = (await does(copying.running, 'copyEverything', {})) as { folder: string };
    await copying.running.close();

    // Another machine, another keyring.
    const setting = { chooseFolder: async () => pathTo(target, folder), cipher: testKeyring(9) };
    const again = await newLaptop(setting);
    await does(again.running, 'chooseCopy', {});
    await does(again.running, 'restoreCopy', {});
    await again.restart();
    const here = await does(again.running, 'start', {});
    expect(here.journal).toMatchObject({ device: cold.device, state: 'whole' });
    expect(here.journal.chains).toHaveLength(1);
    expect((await does(again.running, 'team', {})).here).toBe('counting');
    // Its PINs are sealed for the old machine; nobody can enter before an admin has set one anew.
    const { request, words } = await does(again.running, 'askToJoin', { laptop: 'Cold store' });
    expect((await does(office.running, 'readRequest', { request })).words).toEqual(words);
    await does(office.running, 'enrolLaptop', { request, name: 'Cold store 2', role: 'counting' });
    expect((await does(office.running, 'team', {})).laptops.map(({ name }) => name)).toEqual([
      'Office',
      'Desk',
      'Cold store 2',
    ]);
    // The admin enters by the recovery code, which came with the site.
    await does(again.running, 'recoverAccess', { person: office.crew.admin, code: office.crew.code, pin: '2468' });
    await does(again.running, 'append', { facts: [{ ...COUNTED, stocktake: 'none' }] });
    const theirs = await save(again);
    expect(await look(office, theirs)).toMatchObject({ problems: [], refused: 0, bins: ['A-01'] });
    await take(office, theirs);
    // On a laptop that held nothing of it, what was signed with either key is its word.
    await does(desk.running, 'recoverAccess', { person: office.crew.admin, code: office.crew.code, pin: '2468' });
    await handOver(office, desk);
    expect((await does(desk.running, 'whoIsHere', {})).journal.chains).toHaveLength(2);
    for (const laptop of [office, desk, again]) await laptop.running.close();
  });

  test('H794 a laptop that lost its newest entries and goes on behind them is found out by whoever had heard them', async () => {
    const office = await founder();
    await enter(office.running, office.crew.admin);
    const cold = await join(office, 'Cold store', 'counting');
    await comes(cold, office.crew.byRole.counter);
    for (const quantity of ['1', '2', '3'])
      await does(cold.running, 'append', { facts: [{ ...COUNTED, stocktake: 'none', quantity }] });
    await handOver(cold, office);
    await cold.running.close();
    const segment = pathTo(cold.folder, 'journal', '000001.jsonl');
    const lines = (await readFile(segment, 'utf8')).split('\n');
    await writeFile(segment, `${lines.slice(0, 4).join('\n')}\n`);
    await cold.open();
    await does(cold.running, 'restoreJournal', { entries: [], last: true, holes: true });
    await enter(cold.running, office.crew.byRole.counter);
    await does(cold.running, 'append', { facts: [{ ...COUNTED, stocktake: 'none', quantity: '4' }] });
    const report = await look(office, await save(cold));
    expect(report).toMatchObject({ fresh: 0, problems: [{ laptop: 'Cold store', why: 'fork' }] });
    for (const laptop of [office, cold]) await laptop.running.close();
  });
});
