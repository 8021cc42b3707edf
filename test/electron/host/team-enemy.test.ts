import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join as pathTo } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bookNow } from '../../../shared/domain/balance.ts';
import { holdsAnything } from '../../../shared/domain/batch.ts';
import {
  entryId,
  entryText,
  FIRST_PREV,
  type Fact,
  type FactOf,
  type LedgerEntry,
} from '../../../shared/domain/ledger-entry.ts';
import { foldLedger, type LedgerState } from '../../../shared/domain/ledger-state.ts';
import { reviewBatch, toPostedLine } from '../../../shared/domain/variance.ts';
import { ENGINE } from '../../../shared/domain/person.ts';
import { lineRef } from '../../../shared/sync/outbox/line-ref.ts';
import type { RunningHost } from '../../../electron/host/create-host.ts';
import { sha256 } from '../../../electron/host/disk/sha256.ts';
import { codeOf, does, freshFolder } from './bench.ts';
import { APPROVED, BATCH, COUNTED, LINE, PIN, STOCKTAKE, enter } from './crew.ts';
import { honestRemote } from './honest-remote.ts';
import { closeFile, goOn, openFile, stolenKey } from './team-attacks.ts';
import { as, chainOf, comes, founder, handOver, join, look, newLaptop, save, take, type Laptop } from './team-rig.ts';

const SHEET = { stocktake: 'take-1', pass: 1, bin: 'A-01' };
const OPENING: Fact = { kind: 'stock_changed', item: 'SKU-1', bin: 'A-01', quantity: '7', reason: 'opening' };
const DONE: Fact = { kind: 'bin_finished', ...SHEET };

/** What a page makes of all chains that a laptop holds, without what does not count. */
async function stateOn(laptop: Laptop): Promise<LedgerState> {
  const { device, chains = [], refused = [] } = (await does(laptop.running, 'whoIsHere', {})).journal;
  const bad = new Map(chains.map((chain) => [chain.device, new Set(chain.refused)]));
  bad.set(device, new Set(refused));
  const all: LedgerEntry[] = [];
  for (const one of bad.keys()) all.push(...(await chainOf(laptop, one)));
  return foldLedger(all, (entry) => bad.get(entry.device)?.has(entry.seq) === true);
}

async function postingOn(laptop: Laptop, batch = 'batch-1'): Promise<FactOf<'lines_posted'>> {
  const { batches, stocktakes, books } = await stateOn(laptop);
  const found = batches.get(batch);
  const rows = found === undefined ? [] : reviewBatch(found, stocktakes, books);
  return { kind: 'lines_posted', batch, lines: rows.map((row) => toPostedLine(row)) };
}

const append = (laptop: Laptop, ...facts: Fact[]) => codeOf(laptop.running.host.append({ facts }));
async function close(...laptops: readonly { running: RunningHost }[]): Promise<void> {
  for (const { running } of laptops) await running.close();
}

/** A second laptop that supervises, on which everybody of the crew can enter. */
async function secondDesk(
  office: Awaited<ReturnType<typeof founder>>,
  setting: Parameters<typeof join>[3] = {},
): Promise<Laptop & { crew: typeof office.crew }> {
  const { admin, code, byRole } = office.crew;
  const desk = await join(office, 'Desk', 'supervising', setting);
  await does(desk.running, 'recoverAccess', { person: admin, code, pin: PIN });
  for (const role of ['counter', 'lead', 'approver', 'admin'] as const)
    await does(desk.running, 'savePerson', { id: byRole[role], name: role, roles: [role], active: true, pin: PIN });
  await handOver(desk, office);
  return Object.assign(desk, { crew: office.crew });
}

/** An office with stock and a stocktake; the admin is signed in. */
async function stockedOffice(setting: Parameters<typeof founder>[0] = {}) {
  const office = await founder(setting);
  await as(office, 'lead');
  await does(office.running, 'append', { facts: [OPENING, STOCKTAKE] });
  await as(office, 'admin');
  return office;
}

const FORM = {
  remote: 'honest',
  name: 'Shop',
  settings: { baseUrl: 'https://remote.example' },
  secrets: { token: 'canary-token' },
};

describe('what is posted and sent', () => {
  test('H850 a line that two laptops handed in is posted once, under whichever batch', async () => {
    const office = await stockedOffice();
    const desk = await secondDesk(office);
    await enter(office.running, office.crew.byRole.counter);
    await does(office.running, 'append', { facts: [COUNTED, DONE] });
    await handOver(office, desk);
    await does(office.running, 'append', { facts: [BATCH] });
    await enter(desk.running, office.crew.byRole.lead);
    await does(desk.running, 'append', { facts: [{ ...BATCH, batch: 'batch-2' }] });
    await handOver(desk, office);
    await as(office, 'approver');
    await does(office.running, 'append', { facts: [APPROVED] });
    const second = { ...(await postingOn(office)), batch: 'batch-2' };
    await does(office.running, 'append', { facts: [await postingOn(office)] });
    await append(office, { ...APPROVED, batch: 'batch-2' });
    expect(await append(office, second)).not.toBe('ok');
    expect(await append(office, { ...APPROVED, batch: 'batch-2' }, await postingOn(office, 'batch-2'))).not.toBe('ok');
    await close(office, desk);
  });

  test.each([
    ['the holder sends it before they meet', true],
    ['nobody had sent it', false],
  ])(
    'H851 two laptops that posted one line before they heard of each other send it once: %s',
    async (_what, isFrozen) => {
      const remote = honestRemote();
      const connectors = [remote.connector];
      const office = await stockedOffice({ connectors });
      const { connection } = await does(office.running, 'saveConnection', FORM);
      const mapped: Fact = {
        kind: 'mapping_set',
        connection,
        items: [],
        sites: [{ site: 'Main', remoteLocation: 'L1' }],
      };
      await does(office.running, 'append', { facts: [mapped] });
      const desk = await secondDesk(office, { connectors });
      await enter(office.running, office.crew.byRole.counter);
      await does(office.running, 'append', { facts: [COUNTED, DONE] });
      await does(office.running, 'append', { facts: [BATCH] });
      await handOver(office, desk);
      for (const [at, laptop] of [office, desk].entries()) {
        laptop.clock.pass(60_000 * (at + 1));
        await enter(laptop.running, office.crew.byRole.approver);
        await does(laptop.running, 'append', { facts: [APPROVED] });
        await does(laptop.running, 'append', { facts: [await postingOn(laptop)] });
      }
      const [line] = (await postingOn(office)).lines;
      if (line === undefined) throw new Error('nothing posted');
      const planned = {
        ref: lineRef(connection, 'batch-1', [line]),
        item: 'SKU-1',
        remoteItem: 'I1',
        remoteLocation: 'L1',
        change: 'adjust' as const,
        quantity: '-2',
        bins: ['A-01'],
        occurredAt: '2026-11-22T07:00:00.000Z',
      };
      const freeze = (laptop: Laptop) =>
        codeOf(laptop.running.host.freezeRequests({ connection, batch: 'batch-1', lines: [planned], stopped: [] }));
      await enter(desk.running, office.crew.admin);
      await does(desk.running, 'saveConnection', { ...FORM, connection });
      await enter(desk.running, office.crew.byRole.approver);
      expect(await freeze(desk)).toBe('held_elsewhere');
      if (isFrozen) expect(await freeze(office)).toBe('ok');
      // They meet, and then the others send.
      await handOver(office, desk);
      await handOver(desk, office);
      for (let start = 0; start < 2; start += 1) {
        const codes = [await freeze(office), await freeze(desk)];
        expect(codes).toEqual(['ok', 'held_elsewhere']);
        for (const laptop of [desk, office]) {
          await laptop.restart();
          await enter(laptop.running, office.crew.byRole.approver);
        }
      }
      await close(office, desk);
    },
  );
});

describe('what is held', () => {
  test('H852 a chain that was damaged and comes again counts at once', async () => {
    const office = await stockedOffice();
    const cold = await join(office, 'Cold store', 'counting');
    await comes(cold, office.crew.byRole.counter);
    await does(cold.running, 'append', { facts: [COUNTED, DONE] });
    await does(cold.running, 'append', { facts: [BATCH] });
    const file = await save(cold);
    await take(office, file);
    await office.running.close();
    const folder = pathTo(office.folder, 'chains', cold.device);
    const [name = ''] = await readdir(folder);
    const text = await readFile(pathTo(folder, name), 'utf8');
    await writeFile(pathTo(folder, name), text.replace('"quantity":"5"', '"quantity":"6"'));
    await office.open();
    await as(office, 'approver');
    await does(office.running, 'checkJournal', {});
    await office.restart();
    await as(office, 'approver');
    expect(await append(office, APPROVED)).toBe('not_found');
    await take(office, file);
    expect(await append(office, APPROVED)).toBe('ok');
    expect(await append(office, await postingOn(office))).toBe('ok');
    await close(office, cold);
  });
});

describe('what is told', () => {
  test('H861 a laptop that says it heard somebody at the end of all time is not believed: nothing could come after it', async () => {
    const office = await stockedOffice();
    const cold = await join(office, 'Cold store', 'counting');
    await comes(cold, office.crew.byRole.counter);
    await does(cold.running, 'append', { facts: [COUNTED] });
    const file = await openFile(await save(cold));
    const key = await stolenKey(cold);
    const heads = [{ device: office.device, seq: 1, hash: 'a'.repeat(64) }];
    const heard: Fact = { kind: 'heard', heads, at: '9999-12-31T23:59:59.000Z' };
    const chains = file.chains.map((chain) =>
      chain.device === cold.device
        ? goOn(chain, file.start.site.id, key, [{ fact: heard, by: ENGINE, at: '2026-11-22T08:00:01.000Z' }])
        : chain,
    );
    const forged = await closeFile({ ...file, chains });
    expect((await look(office, forged)).problems).toMatchObject([{ laptop: 'Cold store', why: 'broken' }]);
    await take(office, forged);
    await enter(office.running, office.crew.byRole.counter);
    await does(office.running, 'append', { facts: [{ ...COUNTED, quantity: '1' }, DONE] });
    await does(office.running, 'append', { facts: [BATCH] });
    await as(office, 'approver');
    await does(office.running, 'append', { facts: [APPROVED] });
    expect(await append(office, await postingOn(office))).toBe('ok');
    await close(office, cold);
  });

  test('H862 what the file says of another laptop is refused with its chain; what was counted there counts when it comes', async () => {
    const office = await founder();
    const desk = await secondDesk(office);
    await enter(desk.running, office.crew.byRole.lead);
    await does(desk.running, 'append', { facts: [OPENING, STOCKTAKE] });
    await enter(office.running, office.crew.admin);
    const cold = await join(office, 'Cold store', 'counting');
    await comes(cold, office.crew.byRole.counter);
    await handOver(desk, cold);
    await does(cold.running, 'append', { facts: [COUNTED, DONE] });
    await does(cold.running, 'append', { facts: [BATCH] });
    const whole = await save(cold);
    const file = await openFile(whole);
    const signature = file.chains.find((chain) => chain.device === cold.device)?.signature ?? '';
    const spoiled = await closeFile({
      ...file,
      chains: file.chains.map((chain) => (chain.device === desk.device ? { ...chain, signature } : chain)),
    });
    const report = await look(office, spoiled);
    expect(report.problems).toMatchObject([{ laptop: 'Desk', why: 'wrong_signature' }]);
    await take(office, spoiled);
    await as(office, 'approver');
    expect((await stateOn(office)).stocktakes.size).toBe(0);
    // All of what the desk said comes from the desk: a laptop that counts does not have it.
    expect((await look(office, whole)).problems).toMatchObject([{ laptop: 'Desk', why: 'veiled' }]);
    expect((await take(office, await save(desk))).fresh).toBeGreaterThan(0);
    await does(office.running, 'append', { facts: [APPROVED] });
    const posted = await postingOn(office);
    expect(posted.lines).toMatchObject([{ counted: '5', bookThen: '7' }]);
    expect(await append(office, posted)).toBe('ok');
    await close(office, desk, cold);
  });
});

describe('people', () => {
  test('H853 the last two admins who each step down on a laptop of their own leave one of them admin, everywhere', async () => {
    const office = await stockedOffice();
    const desk = await secondDesk(office);
    const { admin, byRole } = office.crew;
    await enter(office.running, admin);
    await enter(desk.running, byRole.admin);
    const down = { roles: ['counter' as const], active: true };
    await does(office.running, 'savePerson', { id: admin, name: 'Ada', ...down });
    desk.clock.pass(60_000);
    await does(desk.running, 'savePerson', { id: byRole.admin, name: 'admin', ...down });
    await enter(office.running, byRole.admin);
    await enter(desk.running, admin);
    await handOver(office, desk);
    await enter(desk.running, admin);
    await handOver(desk, office);
    for (const laptop of [office, desk]) {
      const { people } = await does(laptop.running, 'whoIsHere', {});
      expect(people.filter(({ active, roles }) => active && roles.includes('admin')).map(({ id }) => id)).toEqual([
        byRole.admin,
      ]);
      await laptop.restart();
      const again = (await does(laptop.running, 'whoIsHere', {})).people;
      expect(again).toEqual(people);
    }
    await close(office, desk);
  });

  test('H854 a role that one admin takes away is not given back by another who changed something else meanwhile', async () => {
    const office = await stockedOffice();
    const desk = await secondDesk(office);
    const { admin, byRole } = office.crew;
    const person = byRole.approver;
    await enter(office.running, admin);
    await enter(desk.running, admin);
    await does(office.running, 'savePerson', { id: person, name: 'approver', roles: ['counter'], active: true });
    await does(office.running, 'savePerson', { id: byRole.lead, name: 'lead', roles: ['lead'], active: false });
    desk.clock.pass(60_000);
    await does(desk.running, 'savePerson', { id: person, name: 'Bo', roles: ['approver'], active: true });
    await does(desk.running, 'savePerson', { id: byRole.lead, name: 'Lee', roles: ['lead'], active: true });
    await handOver(office, desk);
    await handOver(desk, office);
    for (const laptop of [office, desk]) {
      const found = (await does(laptop.running, 'whoIsHere', {})).people;
      expect(found.find(({ id }) => id === person)).toMatchObject({ name: 'Bo', active: false });
      expect(found.find(({ id }) => id === byRole.lead)).toMatchObject({ name: 'Lee', active: false });
    }
    // Who has heard of both says what stands.
    await does(desk.running, 'savePerson', { id: person, name: 'Bo', roles: ['approver'], active: true });
    await handOver(desk, office);
    for (const laptop of [office, desk]) {
      await laptop.restart();
      const found = (await does(laptop.running, 'whoIsHere', {})).people;
      expect(found.find(({ id }) => id === person)).toMatchObject({ name: 'Bo', roles: ['approver'] });
    }
    await close(office, desk);
  });

  test('H855 what somebody says while the word comes in that they may not any more is refused to their face', async () => {
    const office = await stockedOffice();
    const desk = await secondDesk(office);
    const { admin, byRole } = office.crew;
    await enter(office.running, admin);
    await does(office.running, 'savePerson', {
      id: byRole.counter,
      name: 'counter',
      roles: ['counter'],
      active: false,
    });
    const file = await save(office);
    await enter(desk.running, byRole.counter);
    const during = { isTaken: false };
    const done = take(desk, file).then(() => {
      during.isTaken = true;
    });
    const codes: string[] = [];
    while (!during.isTaken) {
      codes.push(await append(desk, { ...COUNTED, quantity: String(codes.length + 1) }));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await done;
    const { refused = [] } = (await does(desk.running, 'whoIsHere', {})).journal;
    await enter(desk.running, admin);
    const counts = (await stateOn(desk)).stocktakes.get('take-1');
    const counted = [...(counts?.sheets.values() ?? [])].flatMap(({ lines }) => [...lines.values()]);
    expect(counted.reduce((sum, { observations }) => sum + observations, 0)).toBe(
      codes.filter((code) => code === 'ok').length,
    );
    expect(refused).toEqual([]);
    await handOver(desk, office);
    expect((await does(office.running, 'whoIsHere', {})).journal.chains?.[0]?.refused).toBeUndefined();
    await close(office, desk);
  });

  test('H856 a decision given back by undoing is still its maker’s: who counted the line has not approved it', async () => {
    const office = await stockedOffice();
    const { admin } = office.crew;
    await enter(office.running, admin);
    const both = (
      await does(office.running, 'savePerson', { name: 'Bo', roles: ['counter', 'approver'], active: true, pin: PIN })
    ).person.id;
    const cold = await join(office, 'Cold store', 'counting');
    const yard = await join(office, 'Yard', 'counting');
    await comes(yard, both);
    await does(yard.running, 'append', { facts: [{ ...COUNTED, quantity: '3' }] });
    await comes(cold, office.crew.byRole.counter);
    await does(cold.running, 'append', { facts: [COUNTED, DONE] });
    await does(cold.running, 'append', { facts: [BATCH] });
    await handOver(cold, office);
    await enter(office.running, both);
    await does(office.running, 'append', { facts: [APPROVED] });
    await as(office, 'approver');
    const rejected: Fact = { ...APPROVED, decision: 'reject', act: 'act-2' };
    await does(office.running, 'append', { facts: [rejected] });
    await does(office.running, 'append', { facts: [{ ...APPROVED, undoes: 'act-2' }] });
    await handOver(yard, office);
    expect(await append(office, await postingOn(office))).toBe('own_count');
    await close(office, cold, yard);
  });
});

describe('clocks and lists', () => {
  test('H857 a laptop a year ahead is heard, then put right: what is said after it is judged and posted as ever', async () => {
    const office = await stockedOffice();
    const desk = await secondDesk(office);
    const YEAR = 365 * 86_400_000;
    desk.clock.wall += YEAR;
    await enter(desk.running, office.crew.byRole.counter);
    await does(desk.running, 'append', { facts: [COUNTED, DONE] });
    await handOver(desk, office);
    desk.clock.wall -= YEAR;
    desk.clock.pass(60_000);
    office.clock.pass(120_000);
    await as(office, 'lead');
    await does(office.running, 'append', {
      facts: [{ kind: 'stock_moved', item: 'SKU-1', from: 'A-01', to: 'A-02', quantity: '1' }],
    });
    await does(office.running, 'append', { facts: [BATCH] });
    await as(office, 'approver');
    await does(office.running, 'append', { facts: [APPROVED] });
    const posted = await postingOn(office);
    expect(posted.lines).toMatchObject([{ counted: '5', bookThen: '7', variance: '-2' }]);
    expect(await append(office, posted)).toBe('ok');
    await handOver(office, desk);
    await enter(desk.running, office.crew.byRole.lead);
    await does(desk.running, 'append', {
      facts: [{ kind: 'stock_moved', item: 'SKU-1', from: 'A-01', to: 'A-02', quantity: '1' }],
    });
    await handOver(desk, office);
    for (const laptop of [office, desk]) {
      const { books } = await stateOn(laptop);
      expect([...books.lines.values()].map((line) => [line.bin, Number(bookNow(line) / 100_000n)])).toEqual([
        ['A-01', 3],
        ['A-02', 2],
      ]);
    }
    await close(office, desk);
  });

  test('H858 lists imported on two laptops at once: the newest stands on both, and its file is there', async () => {
    const office = await stockedOffice();
    const desk = await secondDesk(office);
    const importOn = async (laptop: Laptop, sku: string) => {
      laptop.clock.pass(60_000);
      const { file } = await does(laptop.running, 'beginCatalogueFile', { what: 'items' });
      const item = { sku, name: sku, unit: 'pcs', precision: 0, tracking: 'none' as const, barcodes: [] };
      await does(laptop.running, 'appendCatalogueRows', { file, lines: `${JSON.stringify(item)}\n`, rows: 1 });
      const { sha256 } = await does(laptop.running, 'sealCatalogueFile', { file });
      await does(laptop.running, 'append', {
        facts: [{ kind: 'catalogue_imported', what: 'items', sha256, rows: 1, source: 'list.csv' }],
      });
      return sha256;
    };
    await as(office, 'lead');
    await enter(desk.running, office.crew.byRole.lead);
    const names: string[] = [];
    for (const sku of ['S-1', 'S-2', 'S-3']) names.push(await importOn(office, sku));
    for (const sku of ['S-4', 'S-5']) names.push(await importOn(desk, sku));
    for (const laptop of [office, desk]) {
      await laptop.restart();
      await enter(laptop.running, office.crew.byRole.lead);
    }
    await handOver(office, desk);
    await handOver(desk, office);
    const newest: unknown[] = [];
    for (const laptop of [office, desk]) {
      await laptop.restart();
      await enter(laptop.running, office.crew.byRole.lead);
      const sha256 = (await stateOn(laptop)).catalogue.get('items')?.sha256 ?? '';
      newest.push(sha256);
      expect(names).toContain(sha256);
      expect(await codeOf(laptop.running.host.readCatalogueFile({ sha256, offset: 0 }))).toBe('ok');
    }
    expect(newest[0]).toBe(newest[1]);
    await close(office, desk);
  });

  test('H859 a recount that is asked for while another laptop counts the bin again takes nothing away', async () => {
    const office = await stockedOffice();
    const desk = await secondDesk(office);
    await enter(office.running, office.crew.byRole.counter);
    await does(office.running, 'append', { facts: [COUNTED, DONE] });
    await does(office.running, 'append', { facts: [BATCH] });
    await handOver(office, desk);
    const asked: Fact = { kind: 'lines_decided', batch: 'batch-1', decision: 'recount', lines: [LINE] };
    await enter(desk.running, office.crew.byRole.approver);
    await does(desk.running, 'append', { facts: [asked] });
    await enter(desk.running, office.crew.byRole.lead);
    const again = { ...COUNTED, pass: 2, quantity: '6' };
    await does(desk.running, 'append', { facts: [again, { ...DONE, pass: 2 }] });
    // Meanwhile the office asks as well, and takes that back.
    office.clock.pass(60_000);
    await as(office, 'approver');
    await does(office.running, 'append', { facts: [asked] });
    await does(office.running, 'append', { facts: [{ ...asked, decision: 'undecided' }] });
    await handOver(desk, office);
    const { stocktakes } = await stateOn(office);
    const second = [...(stocktakes.get('take-1')?.sheets.values() ?? [])].find(({ pass }) => pass === 2);
    expect([...(second?.lines.values() ?? [])].map(({ counted }) => counted)).toEqual([600_000n]);
    // It can be handed in and posted, though nobody asks for it any more.
    await handOver(office, desk);
    await enter(desk.running, office.crew.byRole.lead);
    expect(await append(desk, { ...BATCH, batch: 'batch-2', pass: 2 })).toBe('ok');
    await handOver(desk, office);
    await as(office, 'approver');
    await does(office.running, 'append', { facts: [{ ...APPROVED, batch: 'batch-2' }] });
    expect(await append(office, await postingOn(office, 'batch-2'))).toBe('ok');
    await close(office, desk);
  });
});

/** Seals a journal as version `v` of the ledger wrote it, into a profile that has nothing else. */
async function olderJournal(folder: string, v: number, facts: readonly { by: string; fact: Fact }[]): Promise<void> {
  let prev = FIRST_PREV;
  const lines = facts.map(({ by, fact }, at) => {
    const text = entryText({ device: 'older', seq: at + 1, at: '2026-11-22T07:00:00.000Z', by, v, prev, fact });
    prev = sha256(text);
    return `{"hash":"${prev}","id":"${entryId('older', at + 1)}",${text.slice(1)}\n`;
  });
  await mkdir(pathTo(folder, 'journal'));
  await writeFile(pathTo(folder, 'journal', '000001.jsonl'), lines.join(''));
  const device = { v: 2, device: 'older', createdAt: '2026-11-22T07:00:00.000Z', acknowledged: facts.length };
  await writeFile(pathTo(folder, 'device.json'), JSON.stringify({ ...device, reserved: facts.length + 100 }));
}

describe('an older journal', () => {
  test.each([1, 2, 3])(
    'H860 what an app of version %i wrote founds a site, is handed over, and is figured alike on both laptops',
    async (v) => {
      const made = await stockedOffice();
      const { crew } = made;
      const { counter, approver } = crew.byRole;
      const old = await chainOf(made, made.device);
      await made.running.close();
      const facts = old
        .filter(({ fact }) => !['site_created', 'person_key_added', 'checkpoint_kept'].includes(fact.kind))
        .map(({ by, fact }) => ({ by, fact }));
      const anchor = entryId('older', facts.length + 1);
      const posted = {
        ...LINE,
        counted: '5',
        bookThen: '7',
        variance: '-2',
        anchor,
        countedAt: '2026-11-22T07:00:00.000Z',
      };
      facts.push(
        { by: counter, fact: COUNTED },
        { by: counter, fact: DONE },
        { by: counter, fact: BATCH },
        // Pressed twice.
        { by: counter, fact: { ...BATCH, batch: 'batch-twice' } },
        { by: approver, fact: APPROVED },
        { by: approver, fact: { kind: 'lines_posted', batch: 'batch-1', lines: [posted] } },
        { by: counter, fact: { ...COUNTED, bin: 'A-02', quantity: '3' } },
        { by: counter, fact: { ...DONE, bin: 'A-02' } },
        { by: counter, fact: { ...BATCH, batch: 'batch-2', bins: ['A-02'] } },
        { by: approver, fact: { ...APPROVED, batch: 'batch-2', lines: [{ ...LINE, bin: 'A-02' }] } },
      );
      const folder = await freshFolder();
      await olderJournal(folder, v, facts);
      const office = Object.assign(await newLaptop({ folder }), { crew });
      const { journal } = await does(office.running, 'start', {});
      expect(journal).toMatchObject({ state: 'whole', device: 'older' });
      // Its PINs were another device's.
      await does(office.running, 'recoverAccess', { person: crew.admin, code: crew.code, pin: PIN });
      const person = { id: approver, name: 'approver', roles: ['approver' as const], active: true, pin: PIN };
      await does(office.running, 'savePerson', person);
      await does(office.running, 'foundSite', { site: 'Leeds', laptop: 'Office' });
      const desk = await secondDesk(office);
      await enter(desk.running, approver);
      for (const laptop of [office, desk]) {
        const { books, batches } = await stateOn(laptop);
        expect([...batches.values()].filter(holdsAnything).map(({ id }) => id)).toEqual(['batch-1', 'batch-2']);
        expect([...books.lines.values()].map((line) => bookNow(line))).toEqual([500_000n, 0n]);
      }
      // The approval of the older app is posted on the other laptop, and not again on the first.
      const rest = await postingOn(desk, 'batch-2');
      expect(await append(desk, rest)).toBe('ok');
      await handOver(desk, office);
      await enter(office.running, approver);
      expect(await append(office, rest)).toBe('bad_request');
      expect([...(await stateOn(office)).books.lines.values()].map((line) => bookNow(line))).toEqual([
        500_000n,
        300_000n,
      ]);
      await close(office, desk);
    },
  );
});
