import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join as pathTo } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Fact } from '../../../shared/domain/ledger-entry.ts';
import type { Mended } from '../../../shared/ports/host.ts';
import { realDisk } from '../../../electron/host/disk/disk.ts';
import { openKeptText } from '../../../electron/host/disk/kept-file.ts';
import { openChains } from '../../../electron/host/team/chains.ts';
import { lineAlone } from '../../../electron/host/journal/line.ts';
import { codeOf, does, faultyDisk, freshFolder, journalAt, sealOne, type FaultyDisk } from './bench.ts';
import { APPROVED, BATCH, COUNTED, STOCKTAKE, enter } from './crew.ts';
import { openFile } from './team-attacks.ts';
import { as, chainOf, comes, founder, give, join, save, take, type Laptop } from './team-rig.ts';

const DONE: Fact = { kind: 'bin_finished', stocktake: 'take-1', pass: 1, bin: 'A-01' };
const LOST: Mended = { file: 'chain', what: 'lost' };
const ENTRIES = 600;
/** Where the first file ends, and where the chain does. */
const FIRST_TO = 2;
const LAST = FIRST_TO + ENTRIES + 2;

type Office = Awaited<ReturnType<typeof founder>>;
type Held = { office: Office; cold: Laptop; disk: FaultyDisk; folder: string; names: string[]; whole: Uint8Array };

/** An office that has taken in two files of a laptop: what it said first, then many counts and a batch. The office is closed. */
async function held(): Promise<Held> {
  const disk = faultyDisk();
  const office = await founder({ disk });
  await as(office, 'lead');
  await does(office.running, 'append', { facts: [STOCKTAKE] });
  await as(office, 'admin');
  const cold = await join(office, 'Cold store', 'counting');
  await comes(cold, office.crew.byRole.counter);
  await take(office, await save(cold));
  const facts = Array.from({ length: ENTRIES }, (_, at): Fact => ({ ...COUNTED, item: `SKU-${at}`, quantity: '5' }));
  await does(cold.running, 'append', { facts: [...facts, DONE] });
  await does(cold.running, 'append', { facts: [BATCH] });
  const whole = await save(cold);
  await take(office, whole);
  await office.running.close();
  const folder = pathTo(office.folder, 'chains', cold.device);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl'));
  return { office, cold, disk, folder, names, whole };
}

/** Changes a text in the file of a chain that holds most, leaving its length as it was. */
async function change({ folder, names }: Held, from: string | RegExp, to: string): Promise<void> {
  const path = pathTo(folder, names[1] ?? '');
  const text = await readFile(path, 'utf8');
  const changed = text.replace(from, to);
  expect([changed === text, changed.length]).toEqual([false, text.length]);
  await writeFile(path, changed);
}

async function close({ office, cold }: Held): Promise<void> {
  await office.running.close();
  await cold.running.close();
}

/** The chain of the other laptop, as the office tells of it. */
async function told({ office }: Held) {
  const { chains = [] } = (await does(office.running, 'whoIsHere', {})).journal;
  return chains.map(({ seq }) => seq);
}

const mended = async ({ office }: Held) =>
  (await does(office.running, 'filesFound', {})).mended.filter(({ file }) => file === 'chain');

describe('files of chains', () => {
  test('H866 a start reads none of the lines that are held of others, and tells of them as before', async () => {
    const all = await held();
    const { office, disk } = all;
    const read: string[] = [];
    disk.fault = (operation, path) => {
      if (['readFile', 'open'].includes(operation) && path.endsWith('.jsonl') && path.includes('chains'))
        read.push(path);
      return null;
    };
    await office.open();
    const { journal, files } = await does(office.running, 'start', {});
    expect([read, files.mended]).toEqual([[], []]);
    expect(journal.chains?.map(({ seq }) => seq)).toEqual([LAST]);
    await as(office, 'approver');
    expect(await codeOf(office.running.host.append({ facts: [APPROVED] }))).toBe('ok');
    expect(await chainOf(office, all.cold.device)).toEqual(await chainOf(all.cold, all.cold.device));
    expect(read).toHaveLength(2);
    await close(all);
  });

  test('H866 without a list, or with one that was changed, the files are read whole, and listed anew', async () => {
    const all = await held();
    const { office, folder, disk } = all;
    const list = pathTo(folder, 'manifest.json');
    const before = await readFile(list, 'utf8');
    const spoils = [
      () => rm(list),
      () => writeFile(list, ''),
      () => writeFile(list, before.replace('"orderedAt":"2', '"orderedAt":"1')),
      () => writeFile(list, before.slice(0, 100)),
    ];
    let reads = 0;
    disk.fault = (operation, path) => {
      if (operation === 'readFile' && path.startsWith(folder) && path.endsWith('.jsonl')) reads += 1;
      return null;
    };
    for (const spoil of spoils) {
      await spoil();
      for (const expected of [2, 0]) {
        reads = 0;
        const chains = await openChains(disk, office.folder, () => expect.fail('nothing was lost'));
        expect([reads, chains.of(all.cold.device)?.seq]).toEqual([expected, LAST]);
      }
      expect(openKeptText(await readFile(list, 'utf8'))).toEqual(openKeptText(before));
    }
    await all.cold.running.close();
  });

  test('H866 a list of files that are not there, or are longer or shorter, is not believed', async () => {
    const all = await held();
    const { office, folder, names } = all;
    const path = pathTo(folder, names[1] ?? '');
    const text = await readFile(path, 'utf8');
    for (const spoil of [() => writeFile(path, text.slice(0, -1)), () => writeFile(path, `${text}\n`)]) {
      await spoil();
      const found: Mended[] = [];
      const chains = await openChains(realDisk, office.folder, (one) => found.push(one));
      expect([found, chains.of(all.cold.device)?.seq]).toEqual([[LOST], FIRST_TO]);
    }
    await rm(path);
    const chains = await openChains(realDisk, office.folder);
    expect(chains.of(all.cold.device)?.seq).toBe(FIRST_TO);
    await all.cold.running.close();
  });
});

describe('a byte that changed since', () => {
  test('H867 in line 500 of a file it is found when all is checked: the chain ends before it, and counts no further from the next start on', async () => {
    const all = await held();
    const { office } = all;
    await change(all, '"item":"SKU-499"', '"item":"SKU-999"');
    await office.open();
    expect(await mended(all)).toEqual([]);
    await as(office, 'approver');
    await does(office.running, 'checkJournal', { of: 'own' });
    expect(await mended(all)).toEqual([]);
    const { journal } = await does(office.running, 'checkJournal', { of: 'others' });
    expect(journal.chains?.map(({ seq }) => seq)).toEqual([FIRST_TO]);
    expect([await mended(all), await told(all)]).toEqual([[LOST], [FIRST_TO]]);
    expect(await chainOf(office, all.cold.device)).toHaveLength(FIRST_TO);
    // Its batch is no batch any more after a start, which finds the damage by itself.
    await office.restart();
    expect([await mended(all), await told(all)]).toEqual([[LOST], [FIRST_TO]]);
    await as(office, 'approver');
    expect(await codeOf(office.running.host.append({ facts: [APPROVED] }))).toBe('not_found');
    // It comes again, and counts; nothing is lost any more.
    await take(office, all.whole);
    expect(await codeOf(office.running.host.append({ facts: [APPROVED] }))).toBe('ok');
    await does(office.running, 'checkJournal', {});
    expect(await told(all)).toEqual([LAST]);
    await office.restart();
    expect(await mended(all)).toEqual([]);
    await close(all);
  });

  test('H867 it is found when its lines are read, before any of them is believed', async () => {
    const all = await held();
    const { office } = all;
    await change(all, '"item":"SKU-499"', '"item":"SKU-999"');
    await office.open();
    await enter(office.running, office.crew.admin);
    expect(await chainOf(office, all.cold.device)).toHaveLength(FIRST_TO);
    expect([await mended(all), await told(all)]).toEqual([[LOST], [FIRST_TO]]);
    // What was folded of it goes with the next start.
    await office.restart();
    await as(office, 'approver');
    expect(await codeOf(office.running.host.append({ facts: [APPROVED] }))).toBe('not_found');
    await close(all);
  });

  test('H867 where the state has to be made anew it is found before anybody comes', async () => {
    const all = await held();
    const { office } = all;
    await change(all, '"item":"SKU-499"', '"item":"SKU-999"');
    await rm(pathTo(office.folder, 'authority'), { recursive: true });
    await office.open();
    expect([await mended(all), await told(all)]).toEqual([[LOST], [FIRST_TO]]);
    await as(office, 'approver');
    expect(await codeOf(office.running.host.append({ facts: [APPROVED] }))).toBe('not_found');
    await close(all);
  });

  test('H868 in the first line of a file it is not believed: the head is told as it was taken, and the damage is found', async () => {
    const all = await held();
    const { office, cold } = all;
    const { hash, orderedAt } = (await openChains(realDisk, office.folder)).of(cold.device) ?? {};
    for (const [from, to] of [
      [/"orderedAt":"2/, '"orderedAt":"9'],
      [/"hash":"./, '"hash":"f'],
      [/"to":/, '"tO":'],
    ] as const) {
      const path = pathTo(all.folder, all.names[1] ?? '');
      const text = await readFile(path, 'utf8');
      await change(all, from, to);
      const found: Mended[] = [];
      const chains = await openChains(realDisk, office.folder, (one) => found.push(one));
      expect([chains.of(cold.device)?.hash, chains.of(cold.device)?.orderedAt]).toEqual([hash, orderedAt]);
      await chains.check();
      expect([found, chains.lost(), chains.of(cold.device)?.seq]).toEqual([[LOST], 1, FIRST_TO]);
      await writeFile(path, text);
      // Read whole, and listed again.
      expect((await openChains(realDisk, office.folder)).of(cold.device)?.hash).toBe(hash);
    }
    // Where the list does not help either, the file is read whole, and the damage found at once.
    await change(all, '"orderedAt":"2', '"orderedAt":"9');
    await rm(pathTo(all.folder, 'manifest.json'));
    const found: Mended[] = [];
    const chains = await openChains(realDisk, office.folder, (one) => found.push(one));
    expect([found, chains.of(cold.device)?.seq]).toEqual([[LOST], FIRST_TO]);
    await cold.running.close();
  });

  test('H869 nothing of a damaged file is handed over, and whoever takes in the chain again gets it from the first file', async () => {
    const all = await held();
    const { office, cold } = all;
    await change(all, '"item":"SKU-499"', '"item":"SKU-999"');
    await office.open();
    await enter(office.running, office.crew.admin);
    const { chains } = await openFile(await save(office));
    expect(chains.map(({ device }) => device)).toEqual([office.device]);
    await office.running.close();
    await rm(pathTo(all.folder, 'manifest.json'));
    await change(all, '"item":"SKU-999"', '"item":"SKU-499"');
    await office.open();
    await office.running.close();
    // Listed as whole, and damaged once more: a file is looked at before anything was checked.
    await change(all, '"item":"SKU-499"', '"item":"SKU-999"');
    await office.open();
    await enter(office.running, office.crew.admin);
    await give(office, all.whole);
    const { fresh } = await does(office.running, 'lookAtHandOver', {});
    expect(fresh).toBe(ENTRIES + 2);
    await does(office.running, 'takeHandOver', {});
    expect(await chainOf(office, cold.device)).toEqual(await chainOf(cold, cold.device));
    await as(office, 'approver');
    expect(await codeOf(office.running.host.append({ facts: [APPROVED] }))).toBe('ok');
    await close(all);
  });

  test('H870 a disk that does not take the list takes the chain all the same, and it is listed at the next start', async () => {
    const all = await held();
    const { office, cold, disk, folder } = all;
    await rm(folder, { recursive: true });
    await office.open();
    await enter(office.running, office.crew.admin);
    disk.fault = (operation, path) => (operation === 'write' && path.includes('manifest') ? 'ENOSPC' : null);
    await take(office, all.whole);
    expect(await told(all)).toEqual([LAST]);
    disk.fault = () => null;
    expect(await readdir(folder)).not.toContain('manifest.json');
    await office.restart();
    expect([await mended(all), await told(all)]).toEqual([[], [LAST]]);
    expect(await readdir(folder)).toContain('manifest.json');
    await enter(office.running, office.crew.admin);
    expect(await chainOf(office, cold.device)).toEqual(await chainOf(cold, cold.device));
    await close(all);
  });
});

test('M896 however many stretches come in one session few files stand, and whoever reads meanwhile reads all', async () => {
  const journal = await journalAt({ folder: await freshFolder() });
  for (let at = 0; at < 150; at += 1) await sealOne(journal, `SKU-${at}`);
  const page = await journal.read(1, 500);
  if (!page.ok) throw new Error(page.error.code);
  const stretches = page.value.entries.map((entry) => ({
    site: { id: entry.hash, founder: entry.device, seq: 1 },
    device: entry.device,
    from: entry.seq,
    to: entry.seq,
    hash: entry.hash,
    signature: '',
    orderedAt: entry.at,
    newestAt: entry.at,
    entries: 1,
    gaps: [],
    declared: 0,
    lines: [lineAlone(entry).toString('utf8').trimEnd()],
  }));
  const { device } = journal.status();
  const profile = await freshFolder();
  const all = stretches.flatMap(({ lines }) => lines);
  const chains = await openChains(realDisk, profile);
  for (const one of stretches.slice(0, 50)) await chains.take([one]);
  const reader = chains.lines(device);
  const read = [...((await reader.next()).value ?? [])];
  for (const one of stretches.slice(50, 149)) await chains.take([one]);
  for await (const lines of reader) read.push(...lines);
  expect(read).toEqual(all.slice(0, 50));
  await chains.take(stretches.slice(149));

  const files = async () =>
    (await readdir(pathTo(profile, 'chains', device))).filter((name) => name !== 'manifest.json');
  expect((await files()).length).toBeLessThan(64);
  for (const open of [async () => chains, () => openChains(realDisk, profile, () => expect.unreachable())]) {
    const held = await open();
    expect(held.of(device)).toMatchObject({ seq: 150, entries: 150, hash: stretches[149]?.hash });
    expect(await held.read(device, 1, 500)).toEqual(page);
    const told: string[] = [];
    for await (const lines of held.lines(device)) told.push(...lines);
    expect(told).toEqual(all);
  }
  await journal.close();
});
