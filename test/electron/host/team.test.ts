import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join as pathTo } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Fact, FactOf, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { foldLedger } from '../../../shared/domain/ledger-state.ts';
import { reviewBatch, toPostedLine } from '../../../shared/domain/variance.ts';
import { codeOf, does, faultyDisk } from './bench.ts';
import { APPROVED, BATCH, COUNTED, PIN, STOCKTAKE, enter } from './crew.ts';
import {
  as,
  chainOf,
  comes,
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

const SHEET = { stocktake: 'take-1', pass: 1, bin: 'A-01' };
const OPENING: Fact = { kind: 'stock_changed', item: 'SKU-1', bin: 'A-01', quantity: '7', reason: 'opening' };

/** The posting of the batch as a page makes it that holds all chains. */
async function postingOf(laptop: Laptop): Promise<FactOf<'lines_posted'>> {
  const { device, chains = [] } = (await does(laptop.running, 'whoIsHere', {})).journal;
  const all: LedgerEntry[] = [];
  for (const one of [device, ...chains.map((chain) => chain.device)]) all.push(...(await chainOf(laptop, one)));
  const { batches, stocktakes, books } = foldLedger(all);
  const batch = batches.get('batch-1');
  const rows = batch === undefined ? [] : reviewBatch(batch, stocktakes, books);
  return { kind: 'lines_posted', batch: 'batch-1', lines: rows.map((row) => toPostedLine(row)) };
}

describe('several laptops, one count', () => {
  test('H787 a laptop asks, is enrolled by its words, counts, and hands its counts back to be posted', async () => {
    const office = await founder();
    await as(office, 'lead');
    await does(office.running, 'append', { facts: [OPENING, STOCKTAKE] });
    await as(office, 'admin');

    const cold = await newLaptop();
    expect(await does(cold.running, 'team', {})).toMatchObject({ site: null, here: 'none' });
    const asked = await does(cold.running, 'askToJoin', { laptop: 'Cold store' });
    const read = await does(office.running, 'readRequest', { request: asked.request });
    expect(read).toEqual({ laptop: cold.device, name: 'Cold store', words: asked.words });
    expect(asked.words).toHaveLength(8);
    expect(await codeOf(cold.running.host.createFirstPerson({ name: 'Eve', pin: PIN }))).toBe('site_exists');
    // Not enrolled yet: the file says nothing to it.
    expect(await codeOf(cold.running.host.lookAtHandOver({}))).toBe('bad_hand_over');
    await does(office.running, 'enrolLaptop', { request: asked.request, name: 'Cold store', role: 'counting' });

    const first = await handOver(office, cold);
    expect(first.entries.map(({ fact }) => fact.kind)).toEqual(['heard']);
    expect(await does(cold.running, 'team', {})).toMatchObject({
      here: 'counting',
      site: { name: 'Leeds' },
      asked: null,
    });
    await comes(cold, office.crew.byRole.counter);
    await does(cold.running, 'append', { facts: [COUNTED, { kind: 'bin_finished', ...SHEET }] });
    await does(cold.running, 'append', { facts: [BATCH] });

    const file = await save(cold);
    const report = await look(office, file);
    expect(report).toMatchObject({
      from: 'Cold store',
      site: { name: 'Leeds' },
      refused: 0,
      bins: ['A-01'],
      overlapping: [],
      problems: [],
    });
    const taken = await take(office, file);
    expect(taken.fresh).toBe(report.fresh);
    expect(taken.journal.chains).toMatchObject([{ device: cold.device }]);

    await as(office, 'approver');
    await does(office.running, 'append', { facts: [APPROVED] });
    const page = await does(office.running, 'readJournal', { device: cold.device, fromSeq: 1, limit: 1000 });
    const anchor = page.entries.find(({ fact }) => fact.kind === 'counted');
    const line = { item: 'SKU-1', bin: 'A-01', counted: '5', bookThen: '7', variance: '-2' };
    const posted = { ...line, anchor: anchor?.id ?? '', countedAt: anchor?.at ?? '' };
    const wrong = { ...posted, counted: '6', variance: '-1' };
    expect(
      await codeOf(office.running.host.append({ facts: [{ kind: 'lines_posted', batch: 'batch-1', lines: [wrong] }] })),
    ).toBe('not_as_counted');
    await does(office.running, 'append', { facts: [{ kind: 'lines_posted', batch: 'batch-1', lines: [posted] }] });

    // And back: the counting laptop hears that something was said, and not what.
    await handOver(office, cold);
    await cold.restart();
    await enter(cold.running, office.crew.byRole.counter);
    const back = await does(cold.running, 'readJournal', { device: office.device, fromSeq: 1, limit: 1000 });
    expect(back.entries.at(-1)?.seq).toBe((await does(office.running, 'start', {})).journal.seq);
    expect(back.entries.some(({ fact }) => fact.kind === 'lines_posted')).toBe(false);
    expect(back.entries.some(({ fact }) => fact.kind === 'veiled')).toBe(true);
    await office.running.close();
    await cold.running.close();
  });

  test('H788 a laptop that counts seals what is said at a shelf, and nothing that decides', async () => {
    const office = await founder();
    await as(office, 'lead');
    await does(office.running, 'append', { facts: [OPENING, STOCKTAKE] });
    await as(office, 'admin');
    const cold = await join(office, 'Cold store', 'counting');
    await comes(cold, office.crew.admin);
    const { host } = cold.running;
    await does(cold.running, 'append', { facts: [COUNTED] });
    for (const fact of [OPENING, { ...STOCKTAKE, stocktake: 'take-2' }, APPROVED] as Fact[])
      expect([fact.kind, await codeOf(host.append({ facts: [fact] }))]).toEqual([fact.kind, 'laptop_may_not']);
    expect(await codeOf(host.savePerson({ name: 'Eve', roles: ['admin'], active: true, pin: PIN }))).toBe(
      'laptop_may_not',
    );
    expect(await codeOf(host.nameLaptop({ laptop: cold.device, name: 'Mine' }))).toBe('laptop_may_not');
    await cold.running.close();
    await office.running.close();
  });

  test('H789 a first PIN is set by anybody where a laptop counts; where it supervises, by the recovery code or an admin', async () => {
    const office = await founder();
    const cold = await join(office, 'Cold store', 'counting');
    const desk = await join(office, 'Desk', 'supervising');
    const { admin, byRole, code } = office.crew;
    const pin = (laptop: Laptop, person: string) => codeOf(laptop.running.host.setFirstPin({ person, pin: PIN }));
    expect(await pin(office, byRole.counter)).toBe('laptop_may_not');
    expect(await pin(desk, byRole.counter)).toBe('laptop_may_not');
    expect(await pin(cold, 'nobody')).toBe('not_found');
    expect((await does(cold.running, 'filesFound', {})).entry).toBe('open');
    expect((await does(desk.running, 'filesFound', {})).entry).toBe('recovery_code');
    expect(await pin(cold, byRole.counter)).toBe('ok');
    expect(await pin(cold, byRole.counter)).toBe('bad_request');
    expect(await codeOf(desk.running.host.signIn({ person: admin, pin: PIN }))).toBe('pin_lost');
    expect(await codeOf(desk.running.host.recoverAccess({ person: admin, code: 'A'.repeat(25), pin: PIN }))).toBe(
      'wrong_code',
    );
    await does(desk.running, 'recoverAccess', { person: admin, code, pin: PIN });
    await does(desk.running, 'savePerson', { id: byRole.lead, name: 'lead', roles: ['lead'], active: true, pin: PIN });
    await enter(desk.running, byRole.lead);
    // An admin on the laptop that counts gives a PIN that was forgotten there, and changes nobody.
    await comes(cold, admin);
    const again = { id: byRole.counter, name: 'counter', roles: ['counter' as const], active: true, pin: '97531' };
    const { entries } = await does(cold.running, 'savePerson', again);
    expect(entries.map(({ fact }) => fact.kind)).toEqual(['pin_set']);
    expect(await codeOf(cold.running.host.savePerson({ ...again, roles: ['admin'] }))).toBe('laptop_may_not');
    for (const laptop of [office, cold, desk]) await laptop.running.close();
  });

  test('H790 files taken twice and in any order leave all laptops with the same entries and the same figures', async () => {
    const office = await founder();
    await as(office, 'lead');
    await does(office.running, 'append', { facts: [OPENING, STOCKTAKE] });
    await as(office, 'admin');
    const cold = await join(office, 'Cold store', 'counting');
    const yard = await join(office, 'Yard', 'counting');
    // One clock is half an hour behind.
    yard.clock.wall -= 1_800_000;
    for (const [laptop, quantity] of [
      [cold, '2'],
      [yard, '3'],
    ] as const) {
      await comes(laptop, office.crew.byRole.counter);
      await does(laptop.running, 'append', { facts: [{ ...COUNTED, quantity }] });
    }
    const files = [await save(cold), await save(yard)];
    for (const file of [...files, ...files.toReversed()]) await take(office, file);
    const before = (await does(office.running, 'whoIsHere', {})).journal;
    for (const file of files) expect(await take(office, file)).toMatchObject({ fresh: 0, entries: [] });
    expect((await does(office.running, 'whoIsHere', {})).journal).toEqual(before);

    await as(office, 'admin');
    const all = await save(office);
    await take(yard, all);
    // Carried on: the cold store hears of the office by way of the yard.
    await handOver(yard, cold);
    await handOver(cold, office);
    await handOver(office, yard);
    await handOver(office, cold);
    const counted = async (laptop: Laptop) => {
      const { device, chains = [] } = (await does(laptop.running, 'whoIsHere', {})).journal;
      const ids: string[] = [];
      for (const chain of [device, ...chains.map((one) => one.device)])
        for (const { id, hash, fact } of await chainOf(laptop, chain))
          if (fact.kind === 'counted') ids.push(`${id} ${hash}`);
      return ids.toSorted();
    };
    const seen = await Promise.all([office, cold, yard].map(counted));
    expect(seen[0]).toHaveLength(2);
    // What others counted is no concern of a laptop that counts.
    expect([...(seen[1] ?? []), ...(seen[2] ?? [])].toSorted()).toEqual(seen[0]);
    expect(seen[1]).toHaveLength(1);
    // Added up in the one sheet: the hand-in is judged by both counts, wherever it is made.
    await does(cold.running, 'append', { facts: [{ kind: 'bin_finished', ...SHEET }] });
    await does(cold.running, 'append', { facts: [BATCH] });
    await handOver(cold, office);
    await as(office, 'approver');
    await does(office.running, 'append', { facts: [APPROVED] });
    await does(office.running, 'append', { facts: [await postingOf(office)] });
    for (const laptop of [office, cold, yard]) await laptop.running.close();
  });

  test('H797 a power cut after a file was taken, and a damaged file of a chain, lose nothing: it is heard, or comes again', async () => {
    const office = await founder();
    await as(office, 'lead');
    await does(office.running, 'append', { facts: [OPENING, STOCKTAKE] });
    await as(office, 'admin');
    const cold = await join(office, 'Cold store', 'counting');
    await comes(cold, office.crew.byRole.counter);
    await does(cold.running, 'append', { facts: [COUNTED] });
    const file = await save(cold);
    await take(office, file);
    await as(office, 'admin');
    // The chain lies there, and the journal does not take that it was heard.
    const disk = faultyDisk();
    const torn = await newLaptop({ disk });
    const { request } = await does(torn.running, 'askToJoin', { laptop: 'Torn' });
    await does(office.running, 'enrolLaptop', { request, name: 'Torn', role: 'supervising' });
    await give(torn, await save(office));
    disk.fault = (operation, path) => (operation === 'write' && path.includes('journal') ? 'EIO' : null);
    expect(await codeOf(torn.running.host.takeHandOver({}))).toBe('journal_failed');
    disk.fault = () => null;
    const left = (await does(torn.running, 'whoIsHere', {})).journal;
    expect([left.seq, left.chains?.length]).toEqual([0, 2]);
    await torn.restart();
    const heard = (await does(torn.running, 'start', {})).journal;
    expect([heard.seq, heard.chains]).toEqual([1, left.chains]);
    expect((await does(torn.running, 'team', {})).here).toBe('supervising');

    // A file of the chain that was changed is not believed; the next hand-over brings it again.
    await office.running.close();
    const folder = pathTo(office.folder, 'chains', cold.device);
    const [name = ''] = await readdir(folder);
    const text = await readFile(pathTo(folder, name), 'utf8');
    await writeFile(pathTo(folder, name), text.replace('"quantity":"5"', '"quantity":"6"'));
    await office.restart();
    await enter(office.running, office.crew.byRole.lead);
    expect((await does(office.running, 'checkJournal', {})).journal.chains).toBeUndefined();
    expect((await does(office.running, 'filesFound', {})).mended).toEqual([{ file: 'chain', what: 'lost' }]);
    expect((await take(office, file)).journal.chains).toMatchObject([{ device: cold.device }]);
    await office.restart();
    expect((await does(office.running, 'start', {})).files.mended).toEqual([]);
    await torn.running.close();
    await office.running.close();
    await cold.running.close();
  });

  test('H798 who counted a line on any laptop neither approves nor has it posted, and any laptop’s count can be taken back', async () => {
    const office = await founder();
    await as(office, 'lead');
    await does(office.running, 'append', { facts: [OPENING, STOCKTAKE] });
    await as(office, 'admin');
    // Somebody who counts and approves.
    const both = (
      await does(office.running, 'savePerson', { name: 'Bo', roles: ['counter', 'approver'], active: true, pin: PIN })
    ).person.id;
    const cold = await join(office, 'Cold store', 'counting');
    const yard = await join(office, 'Yard', 'counting');
    await comes(cold, office.crew.byRole.counter);
    await does(cold.running, 'append', { facts: [COUNTED, { kind: 'bin_finished', ...SHEET }] });
    await does(cold.running, 'append', { facts: [BATCH] });
    await handOver(cold, office);
    await enter(office.running, both);
    await does(office.running, 'append', { facts: [APPROVED] });
    // Only now is it known that they counted it as well, on the third laptop.
    await comes(yard, both);
    await does(yard.running, 'append', { facts: [{ ...COUNTED, quantity: '1' }] });
    await handOver(yard, office);
    await as(office, 'approver');
    expect(await codeOf(office.running.host.append({ facts: [await postingOf(office)] }))).toBe('own_count');
    await enter(office.running, both);
    expect(await codeOf(office.running.host.append({ facts: [APPROVED] }))).toBe('own_count');
    await as(office, 'approver');
    await does(office.running, 'append', { facts: [APPROVED] });
    await does(office.running, 'append', { facts: [await postingOf(office)] });

    await as(office, 'lead');
    const theirs = (await chainOf(office, yard.device)).find(({ fact }) => fact.kind === 'counted');
    const voided: Fact = {
      kind: 'count_voided',
      ...SHEET,
      voids: theirs?.id ?? '',
      was: { kind: 'counted', item: 'SKU-1', quantity: '1' },
    };
    await does(office.running, 'append', { facts: [voided] });
    expect(await codeOf(office.running.host.append({ facts: [voided] }))).toBe('bad_request');
    for (const laptop of [office, cold, yard]) await laptop.running.close();
  });
});
