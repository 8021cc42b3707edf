import { copyFile, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join as pathTo } from 'node:path';
import { describe, expect, test } from 'vitest';
import { siteFolder } from '../../../electron/carriers/folder.ts';
import { realDisk, type Disk } from '../../../electron/host/disk/disk.ts';
import { lineAlone, sealFacts } from '../../../electron/host/journal/line.ts';
import { packSegment, stretchName, unpackSegment } from '../../../electron/host/team/segments.ts';
import type { Fact } from '../../../shared/domain/ledger-entry.ts';
import { carriedName, readCarried } from '../../../shared/ports/carrier.ts';
import { memoryPlace } from '../../contracts/memory-carrier.ts';
import { codeOf, does, freshFolder } from './bench.ts';
import { BATCH, COUNTED, PIN, STOCKTAKE, type Crew } from './crew.ts';
import {
  exchangeOf,
  headsOf,
  look,
  manualTimer,
  namesIn,
  onFolder,
  placeOf,
  share,
  sharing,
  untilLevel,
  type Sharing,
} from './exchange-rig.ts';
import { as, chainOf, comesToDesk, founder, join, newLaptop, save, take, type Laptop } from './team-rig.ts';

const SHEET = { stocktake: 'take-1', pass: 1, bin: 'A-01' };

type Site = { readonly office: Sharing & { crew: Crew }; readonly others: readonly Sharing[] };

/** An office and laptops that hold everything, each at the folder given for it, with somebody there; nobody has chosen a folder yet. */
async function siteAt(
  folders: readonly [string, ...string[]],
  disks: readonly (Disk | undefined)[] = [],
): Promise<Site> {
  const [first, ...more] = folders;
  const there = onFolder(first, disks[0]);
  const office = sharing(await founder(there.setting), there);
  await as(office, 'lead');
  await does(office.running, 'append', { facts: [STOCKTAKE] });
  await as(office, 'admin');
  const others: Sharing[] = [];
  for (const [at, folder] of more.entries()) {
    const alsoThere = onFolder(folder, disks[at + 1]);
    others.push(sharing(await join(office, `Laptop ${at + 1}`, 'supervising', alsoThere.setting), alsoThere));
  }
  for (const other of others) await comesToDesk(other, office.crew, 'counter');
  return { office, others };
}

/** A fact about an item of its own: whoever counts it twice by mistake is found out. */
const counted = (item: string): Fact => ({ ...COUNTED, item });

async function says(laptop: Laptop, item: string): Promise<void> {
  await does(laptop.running, 'append', { facts: [counted(item)] });
}

async function closeAll(...laptops: readonly Laptop[]): Promise<void> {
  for (const laptop of laptops) await laptop.running.close();
}

/** Everybody holds the same, and every entry once. */
async function areLevel(laptops: readonly Laptop[]): Promise<void> {
  const [first, ...more] = await Promise.all(laptops.map(headsOf));
  for (const heads of more) expect(heads).toEqual(first);
  for (const laptop of laptops)
    for (const device of Object.keys(first ?? {})) {
      const seqs = (await chainOf(laptop, device)).map(({ seq }) => seq);
      expect(seqs).toEqual([...new Set(seqs)].toSorted((left, right) => left - right));
      expect(seqs.at(-1)).toBe(seqs.length);
    }
}

async function itemsOn(laptop: Laptop, device: string): Promise<string[]> {
  const entries = await chainOf(laptop, device);
  return entries.flatMap(({ fact }) => (fact.kind === 'counted' ? [fact.item] : []));
}

describe('a shared folder', () => {
  test('H886 a count made on one laptop is held by the other, without anybody handing over anything', async () => {
    const folder = await freshFolder();
    const { office, others } = await siteAt([folder, folder]);
    const [cold] = others as [Sharing];
    await share(office);
    await share(cold);
    await does(cold.running, 'append', { facts: [COUNTED, { kind: 'bin_finished', ...SHEET }] });
    await does(cold.running, 'append', { facts: [BATCH] });
    const { news } = await does(office.running, 'exchange', {});
    await look(cold, 1_000);
    await look(office, 5_000);
    expect((await does(office.running, 'exchange', {})).news).toBeGreaterThan(news);
    const held = await chainOf(office, cold.device);
    expect(held.filter(({ fact }) => fact.kind === 'counted' || fact.kind === 'batch_submitted')).toHaveLength(2);
    expect(await exchangeOf(office)).toMatchObject({ folder, state: 'reached', missing: [], refused: [] });
    // Hearing of each other comes to an end.
    expect(await untilLevel([office, cold])).toBeLessThan(6);
    await areLevel([office, cold]);
    await closeAll(office, cold);
  });

  test('H887 files that come out of order, in half, twice, as conflict copies or among others lose and double nothing', async () => {
    const here = await freshFolder();
    const there = await freshFolder();
    const { office, others } = await siteAt([here, here, there]);
    const [cold, far] = others as [Sharing, Sharing];
    await share(office);
    await share(cold);
    await share(far);
    for (const item of ['SKU-1', 'SKU-2', 'SKU-3']) {
      await says(cold, item);
      await look(cold, 16_000);
    }
    await untilLevel([office, cold]);
    const from = await placeOf(office, here);
    const to = await placeOf(office, there);
    const names = await namesIn(from, '.seg');
    const ofCold = names
      .filter((name) => name.startsWith(cold.device))
      .toSorted((one, other) => toOf(other) - toOf(one));
    expect(ofCold.length).toBeGreaterThan(2);

    // The newest first: what comes before it is not there yet, and that is said.
    await copyFile(pathTo(from, ofCold[0] ?? ''), pathTo(to, ofCold[0] ?? ''));
    await look(far);
    expect(await itemsOn(office, cold.device)).toEqual(['SKU-1', 'SKU-2', 'SKU-3']);
    expect((await exchangeOf(far)).missing).toMatchObject([{ laptop: 'Laptop 1' }]);

    // Half of each file, and what other programs leave behind.
    for (const name of names.filter((one) => one !== ofCold[0])) {
      const bytes = await readFile(pathTo(from, name));
      await writeFile(pathTo(to, name), bytes.subarray(0, bytes.length / 2));
      await writeFile(pathTo(to, name.replace('.seg', '.sync-conflict-20261201-101112-ABCDEF2.seg')), bytes);
      await writeFile(pathTo(to, name.replace('.seg', ' (1).seg')), bytes);
      await writeFile(pathTo(to, name.toUpperCase()), bytes);
    }
    await writeFile(pathTo(to, 'holiday.jpg'), 'x');
    await look(far);
    await expect(itemsOn(far, cold.device)).rejects.toThrow('not_found');

    for (const name of names) await copyFile(pathTo(from, name), pathTo(to, name));
    await untilLevel([far]);
    expect(await itemsOn(far, cold.device)).toEqual(['SKU-1', 'SKU-2', 'SKU-3']);
    expect(await exchangeOf(far)).toMatchObject({ missing: [], refused: [] });

    // From here on a program levels both folders, in both directions.
    for (let times = 0; times < 5; times += 1) {
      for (const [one, other] of [[from, to] as const, [to, from] as const])
        for (const name of await namesIn(one))
          if (readCarried(name) !== null) await copyFile(pathTo(one, name), pathTo(other, name));
      for (const laptop of [office, cold, far]) await look(laptop);
    }
    await areLevel([office, cold, far]);
    await closeAll(office, cold, far);
  });

  test('H888 what is deleted from the folder is put there again by whoever holds it', async () => {
    const folder = await freshFolder();
    const { office, others } = await siteAt([folder, folder, folder]);
    const [cold, yard] = others as [Sharing, Sharing];
    await share(office);
    await share(cold);
    await says(cold, 'SKU-1');
    await untilLevel([office, cold]);
    const place = await placeOf(office, folder);
    for (const name of await readdir(place)) await rm(pathTo(place, name));
    // The laptop that counted is away: the other one has its counts.
    await look(office);
    await share(yard);
    await untilLevel([office, yard]);
    expect(await itemsOn(yard, cold.device)).toEqual(['SKU-1']);
    await untilLevel([office, cold, yard]);
    await areLevel([office, cold, yard]);
    await closeAll(office, cold, yard);
  });

  test('H889 what is damaged in the folder is never taken, is asked for, and comes again under another name', async () => {
    const folder = await freshFolder();
    const { office, others } = await siteAt([folder, folder, folder]);
    const [cold, yard] = others as [Sharing, Sharing];
    await share(office);
    await share(cold);
    await says(cold, 'SKU-1');
    await untilLevel([office, cold]);
    const place = await placeOf(office, folder);
    for (const name of await namesIn(place)) {
      const bytes = await readFile(pathTo(place, name));
      bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
      await writeFile(pathTo(place, name), bytes);
    }
    await share(yard);
    await look(yard, 5_000);
    await expect(itemsOn(yard, cold.device)).rejects.toThrow('not_found');
    await look(yard);
    const { refused } = await exchangeOf(yard);
    expect(refused.map(({ why }) => why)).toEqual(refused.map(() => 'damaged'));
    expect(refused.map(({ laptop }) => laptop)).toContain('Office');
    expect((await namesIn(place, '.ask')).length).toBeGreaterThan(0);
    await untilLevel([office, cold, yard]);
    expect(await itemsOn(yard, cold.device)).toEqual(['SKU-1']);
    await areLevel([office, cold, yard]);
    expect((await exchangeOf(yard)).refused).toEqual([]);
    expect((await namesIn(place, '.2.seg')).length).toBeGreaterThan(0);
    await closeAll(office, cold, yard);
  });

  test('H890 a folder that is gone stops nobody: it is tried with growing pauses, said, and goes on when it is back', async () => {
    const outer = await freshFolder();
    const folder = pathTo(outer, 'shared');
    await mkdir(folder);
    let looks = 0;
    const counting: Disk = {
      ...realDisk,
      async size(path) {
        if (/tallybook-[0-9a-f]{16}$/.test(path)) looks += 1;
        return realDisk.size(path);
      },
    };
    const { office, others } = await siteAt([folder, folder], [counting, undefined]);
    const [cold] = others as [Sharing];
    await share(office);
    await share(cold);
    await untilLevel([office, cold]);
    await rename(folder, `${folder}-away`);
    await look(office, 5_000);
    expect(await exchangeOf(office)).toMatchObject({ state: 'away' });
    looks = 0;
    for (let second = 0; second < 120; second += 1) await look(office, 1_000);
    // After 5, 10, 20, 40 and 60 seconds.
    expect(looks).toBeLessThan(6);
    await as(office, 'lead');
    await does(office.running, 'append', { facts: [{ ...STOCKTAKE, stocktake: 'take-2' } as Fact] });
    await says(cold, 'SKU-1');
    await look(cold);
    expect(await exchangeOf(cold)).toMatchObject({ state: 'away' });
    expect((await exchangeOf(cold)).toPut).toBeGreaterThan(0);
    // Nobody makes it anew: what is there is another place.
    expect(await readdir(outer)).toEqual(['shared-away']);

    await rename(`${folder}-away`, folder);
    await does(office.running, 'lookIntoFolder', {});
    await untilLevel([office, cold]);
    await areLevel([office, cold]);
    expect(await exchangeOf(cold)).toMatchObject({ state: 'reached', toPut: 0 });
    // The choice is kept.
    await cold.running.close();
    await cold.open();
    expect(await does(cold.running, 'exchange', {})).toMatchObject({ exchange: { folder, state: 'waiting' } });
    await closeAll(office, cold);
  });

  test('H977 looking now puts what waits here as well, also what a laptop says of itself alone', async () => {
    const folder = await freshFolder();
    const { office, others } = await siteAt([folder, folder]);
    const [cold] = others as [Sharing];
    await share(office);
    await share(cold);
    await untilLevel([office, cold]);
    for (const item of ['SKU-1', 'SKU-2']) {
      await says(cold, item);
      await look(cold);
      // The word of having heard goes out once a minute: the second one waits.
      for (let second = 0; second < 10; second += 1) await look(office, 1_000);
    }
    expect(await exchangeOf(office)).toMatchObject({ state: 'reached', toPut: 1 });
    await does(office.running, 'lookIntoFolder', {});
    await look(office, 1_000);
    expect(await exchangeOf(office)).toMatchObject({ state: 'reached', toPut: 0 });
    await closeAll(office, cold);
  });

  test('H891 a laptop whose power goes while it puts something leaves nothing half, and puts it at the next start', async () => {
    const folder = await freshFolder();
    let isCut = false;
    const cut: Disk = {
      ...realDisk,
      rename: (from, to) =>
        isCut ? Promise.reject(Object.assign(new Error('planted'), { code: 'EIO' })) : realDisk.rename(from, to),
    };
    const { office, others } = await siteAt([folder, folder], [undefined, cut]);
    const [cold] = others as [Sharing];
    await share(office);
    await share(cold);
    await untilLevel([office, cold]);
    isCut = true;
    await says(cold, 'SKU-1');
    await look(cold);
    const place = await placeOf(office, folder);
    expect((await readdir(place)).filter((name) => name.endsWith('.part'))).toHaveLength(1);
    await look(office);
    expect(await itemsOn(office, cold.device)).toEqual([]);
    await cold.running.close();
    isCut = false;
    await cold.open();
    await untilLevel([office, cold]);
    expect(await itemsOn(office, cold.device)).toEqual(['SKU-1']);
    expect((await readdir(place)).filter((name) => name.endsWith('.part'))).toEqual([]);
    await closeAll(office, cold);
  });

  test('H892 two laptops that forward the same at once put one file, of the very same bytes', async () => {
    const place = memoryPlace();
    const elsewhere = memoryPlace();
    const { office, others } = await siteAt([await freshFolder(), await freshFolder(), await freshFolder()]);
    const [cold, yard] = others as [Sharing, Sharing];
    // Two laptops took in the same file of the third one, each alone.
    await says(cold, 'SKU-1');
    const file = await save(cold);
    await take(office, file);
    await take(yard, file);
    const carried: Map<string, Uint8Array>[] = [];
    for (const [laptop, to] of [[office, place] as const, [yard, elsewhere] as const]) {
      const timer = manualTimer();
      await laptop.running.close();
      Object.assign(laptop, { timer });
      const reopened = sharing(
        await newLaptop({
          folder: laptop.folder,
          after: timer.after,
          openCarrier: () => to.carrier(),
          chooseFolder: async () => 'x',
        }),
        { timer, setting: {} },
      );
      await does(reopened.running, 'signIn', {
        person: laptop === office ? office.crew.admin : office.crew.byRole.counter,
        pin: PIN,
      });
      await share(reopened);
      carried.push(to.bytes);
      await reopened.running.close();
    }
    const [one, other] = carried as [Map<string, Uint8Array>, Map<string, Uint8Array>];
    const same = [...one.keys()].filter((name) => name.startsWith(cold.device));
    expect(same).toHaveLength(1);
    for (const name of same)
      expect(Buffer.from(other.get(name) ?? []).equals(Buffer.from(one.get(name) ?? []))).toBe(true);
    await closeAll(cold);
  });

  test('H893 what a revoked laptop lays down late is held, shown and never counted; it stops when it hears', async () => {
    const folder = await freshFolder();
    const { office, others } = await siteAt([folder, folder, folder]);
    const [cold, yard] = others as [Sharing, Sharing];
    for (const laptop of [office, cold, yard]) await share(laptop);
    await untilLevel([office, cold, yard]);
    await does(office.running, 'revokeLaptop', { laptop: cold.device });
    await says(cold, 'SKU-1');
    await look(cold);
    await untilLevel([office, yard]);
    for (const laptop of [office, yard]) {
      expect(await itemsOn(laptop, cold.device)).toEqual(['SKU-1']);
      const { laptops } = await does(laptop.running, 'team', {});
      expect(laptops.find((one) => one.laptop === cold.device)).toMatchObject({ state: 'revoked', refused: 1 });
    }
    await look(cold);
    expect(await exchangeOf(cold)).toMatchObject({ state: 'stopped' });
    await says(cold, 'SKU-2');
    const before = await namesIn(await placeOf(office, folder));
    await look(cold);
    expect(await namesIn(await placeOf(office, folder))).toEqual(before);
    await areLevel([office, yard]);
    await closeAll(office, cold, yard);
  });

  test('H894 two sites in one folder do not meet, and a file of the other site is refused wherever it lies', async () => {
    const folder = await freshFolder();
    const { office, others } = await siteAt([folder, folder]);
    const [cold] = others as [Sharing];
    const another = await siteAt([folder]);
    for (const laptop of [office, cold, another.office]) await share(laptop);
    const theirs = await placeOf(another.office, folder);
    const ours = await placeOf(office, folder);
    expect(theirs).not.toBe(ours);
    for (const name of await namesIn(theirs)) await copyFile(pathTo(theirs, name), pathTo(ours, name));
    await untilLevel([office, cold, another.office]);
    await areLevel([office, cold]);
    expect(Object.keys(await headsOf(office))).toHaveLength(2);
    const { refused } = await exchangeOf(cold);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.map(({ why }) => why)).toEqual(refused.map(() => 'other_site'));
    await closeAll(office, cold, another.office);
  });

  test('H895 only a laptop that is enrolled exchanges, and nobody but a person names the folder', async () => {
    const folder = await freshFolder();
    const there = onFolder(folder);
    const alone = await newLaptop(there.setting);
    expect(await codeOf(alone.running.host.shareFolder({}))).toBe('not_signed_in');
    const { person } = await does(alone.running, 'createFirstPerson', { name: 'Ada', pin: PIN });
    expect(person.name).toBe('Ada');
    expect(await codeOf(alone.running.host.shareFolder({}))).toBe('no_site');
    const asking = await newLaptop(there.setting);
    await does(asking.running, 'askToJoin', { laptop: 'New' });
    expect(await codeOf(asking.running.host.shareFolder({}))).toBe('not_signed_in');
    await there.timer.ring();
    expect(await readdir(folder)).toEqual([]);

    const { office } = await siteAt([folder]);
    // A page that names one is not heard: the system’s own dialog asks.
    const named = { folder: pathTo(folder, 'of-a-page') } as object as Record<string, never>;
    expect(await does(office.running, 'shareFolder', named)).toMatchObject({ exchange: { folder } });
    expect(await readdir(folder)).toEqual([siteFolder((await does(office.running, 'team', {})).site?.id ?? '')]);
    await does(office.running, 'leaveFolder', {});
    expect(await does(office.running, 'exchange', {})).toMatchObject({ exchange: null });
    await closeAll(alone, asking, office);
  });

  test('H896 a stretch that is forged, of a stranger, or says otherwise than before is refused, and what is right goes on', async () => {
    const folder = await freshFolder();
    const { office, others } = await siteAt([folder, folder]);
    const [cold] = others as [Sharing];
    await share(office);
    await share(cold);
    await says(cold, 'SKU-1');
    await untilLevel([office, cold]);
    const place = await placeOf(office, folder);
    const site = (await does(office.running, 'team', {})).site ?? { id: '', name: '' };
    const newest = (await namesIn(place)).findLast((name) => name.startsWith(cold.device)) ?? '';
    const is = readCarried(newest);
    if (is?.is !== 'stretch') throw new Error('a stretch lies there');
    const whole = await unpackSegment(await readFile(pathTo(place, newest)), is);
    if (typeof whole === 'string') throw new Error(whole);

    // In the laptop’s name, signed by nobody; and by a laptop that nobody enrolled.
    const twin = await newLaptop();
    await does(twin.running, 'createFirstPerson', { name: 'Eve', pin: PIN });
    const stranger = await chainOf(twin, twin.device);
    const strange = stranger.map((entry) => lineAlone(entry));
    const last = stranger.at(-1);
    const signature = 'A'.repeat(86);
    const ofStranger = {
      device: twin.device,
      from: 1,
      to: strange.length,
      hash: last?.hash ?? '',
      signature,
      entries: strange.length,
    };
    await writeFile(
      pathTo(place, carriedName(stretchName(twin.device, ofStranger))),
      await packSegment(site, ofStranger, last?.at ?? '', strange),
    );
    const head = { device: cold.device, seq: whole.chain.to, hash: whole.chain.hash };
    const forged = sealFacts(head, office.crew.byRole.counter, '2026-11-22T09:00:00.000Z', [counted('SKU-666')]);
    const top = forged[0]?.entry;
    const ofCold = {
      device: cold.device,
      from: head.seq + 1,
      to: head.seq + 1,
      hash: top?.hash ?? '',
      signature,
      entries: 1,
    };
    await writeFile(
      pathTo(place, carriedName(stretchName(cold.device, ofCold))),
      await packSegment(
        site,
        ofCold,
        top?.at ?? '',
        forged.map(({ line }) => line),
      ),
    );
    await look(office);
    const { refused } = await exchangeOf(office);
    expect(refused.map(({ why }) => why).toSorted()).toEqual(['not_enrolled', 'wrong_signature']);
    // The laptop itself sees that somebody speaks in its name: it may be itself, from before a copy was put back.
    await look(cold);
    expect(await exchangeOf(cold)).toMatchObject({ state: 'old_copy' });
    await rm(pathTo(place, carriedName(stretchName(cold.device, ofCold))));
    await says(cold, 'SKU-2');
    await untilLevel([office, cold]);
    expect(await itemsOn(office, cold.device)).toEqual(['SKU-1', 'SKU-2']);
    await areLevel([office, cold]);
    await closeAll(twin);

    // A copy of the laptop from before is put back and goes on, where the folder is not: others see that it says otherwise.
    await cold.running.close();
    const old = onFolder(await freshFolder());
    const copied = await freshFolder();
    await cp(cold.folder, copied, { recursive: true });
    await cold.open();
    await does(cold.running, 'signIn', { person: office.crew.byRole.counter, pin: PIN });
    await says(cold, 'SKU-3');
    await untilLevel([office, cold]);
    const again = sharing(await newLaptop({ folder: copied, ...old.setting }), old);
    await does(again.running, 'signIn', { person: office.crew.byRole.counter, pin: PIN });
    await says(again, 'SKU-4');
    await share(again);
    const apart = await placeOf(again, (await exchangeOf(again)).folder);
    const otherwise = (await namesIn(apart)).filter((name) => name.startsWith(cold.device));
    for (const name of otherwise) await copyFile(pathTo(apart, name), pathTo(place, name));
    await untilLevel([office]);
    const why = (await exchangeOf(office)).refused.map((one) => `${one.laptop}: ${one.why}`);
    expect(why).toContain('Laptop 1: fork');
    expect(await itemsOn(office, cold.device)).toEqual(['SKU-1', 'SKU-2', 'SKU-3']);
    await closeAll(office, cold, again);
  });

  test('H897 while people count what they say goes out in batches, at once when somebody hands in, and few files stay', async () => {
    const folder = await freshFolder();
    const { office, others } = await siteAt([folder, folder]);
    const [cold] = others as [Sharing];
    await share(office);
    await share(cold);
    await untilLevel([office, cold]);
    const place = await placeOf(office, folder);
    const ofCold = async () => (await namesIn(place)).filter((name) => name.startsWith(cold.device));
    const before = (await ofCold()).length;
    for (let second = 0; second < 60; second += 1) {
      await says(cold, `SKU-${second}`);
      await look(cold, 1_000);
    }
    // With the look of the others every five seconds that is heard within fifteen.
    expect((await ofCold()).length - before).toBe(8);
    await does(cold.running, 'append', { facts: [{ kind: 'bin_finished', ...SHEET }] });
    await does(cold.running, 'append', { facts: [BATCH] });
    await look(cold, 1_000);
    expect((await ofCold()).length - before).toBe(9);

    for (let batch = 0; batch < 40; batch += 1) {
      await says(cold, `SKU-${batch}-more`);
      await look(cold, 16_000);
    }
    await look(cold, 700_000);
    await look(cold, 700_000);
    expect((await ofCold()).length).toBeLessThan(20);
    await untilLevel([office, cold]);
    await areLevel([office, cold]);
    await closeAll(office, cold);
  });

  test('H898 what laptops say of themselves alone goes round once, and is heard when the laptop is closed', async () => {
    const folder = await freshFolder();
    const { office, others } = await siteAt([folder, folder, folder]);
    const [cold, yard] = others as [Sharing, Sharing];
    for (const laptop of [office, cold, yard]) await share(laptop);
    await untilLevel([office, cold, yard]);
    await says(cold, 'SKU-1');
    await untilLevel([office, cold, yard]);
    const before = await headsOf(office);
    const { news } = await does(office.running, 'exchange', {});
    for (let times = 0; times < 5; times += 1) for (const laptop of [office, cold, yard]) await look(laptop);
    expect(await headsOf(office)).toEqual(before);
    expect((await does(office.running, 'exchange', {})).news).toBe(news);
    await closeAll(yard);
    await yard.open();
    const heard = (await does(yard.running, 'team', {})).laptops;
    expect(heard.every(({ isHere, heardAt }) => isHere || heardAt !== null)).toBe(true);
    await closeAll(office, cold, yard);
  });

  test('H899 lists of items travel by what they hold; a damaged one is never kept, and is put again', async () => {
    const folder = await freshFolder();
    const { office, others } = await siteAt([folder, folder]);
    const [cold] = others as [Sharing];
    await share(office);
    await as(office, 'lead');
    const { file } = await does(office.running, 'beginCatalogueFile', { what: 'items' });
    const row = `${JSON.stringify({ sku: 'SKU-1', name: 'Tea' })}\n`;
    await does(office.running, 'appendCatalogueRows', { file, lines: row, rows: 1 });
    const { sha256 } = await does(office.running, 'sealCatalogueFile', { file });
    const imported: Fact = { kind: 'catalogue_imported', what: 'items', sha256, rows: 1, source: 'items.csv' };
    await does(office.running, 'append', { facts: [imported] });
    await look(office);
    const place = await placeOf(office, folder);
    expect(await namesIn(place, '.blob')).toEqual([`${sha256}.blob`]);
    await writeFile(pathTo(place, `${sha256}.blob`), 'spoiled');
    await share(cold);
    await look(cold);
    expect(await codeOf(cold.running.host.readCatalogueFile({ sha256, offset: 0 }))).toBe('not_found');
    await untilLevel([cold]);
    await untilLevel([office, cold]);
    await untilLevel([office, cold]);
    expect(await does(cold.running, 'readCatalogueFile', { sha256, offset: 0 })).toMatchObject({ lines: row });
    await closeAll(office, cold);
  });

  test('M875 many small stretches of a chain are one file after the next start, and say what they said', async () => {
    const folder = await freshFolder();
    const { office, others } = await siteAt([folder, folder]);
    const [cold] = others as [Sharing];
    await share(office);
    await share(cold);
    for (let batch = 0; batch < 20; batch += 1) {
      await says(cold, `SKU-${batch}`);
      await look(cold, 16_000);
      await look(office, 16_000);
    }
    await untilLevel([office, cold]);
    const kept = pathTo(office.folder, 'chains', cold.device);
    const stretches = async () => (await readdir(kept)).filter((name) => name.endsWith('.jsonl'));
    expect((await stretches()).length).toBeGreaterThanOrEqual(20);
    const before = (await headsOf(office))[cold.device];
    const said = await itemsOn(office, cold.device);
    await office.restart();
    await does(office.running, 'signIn', { person: office.crew.admin, pin: PIN });
    expect(await stretches()).toHaveLength(1);
    expect((await headsOf(office))[cold.device]).toBe(before);
    expect(await itemsOn(office, cold.device)).toEqual(said);
    expect((await does(office.running, 'filesFound', {})).mended).toEqual([]);
    // What comes next follows, and what is handed on is whole.
    await says(cold, 'SKU-last');
    await untilLevel([office, cold]);
    await areLevel([office, cold]);
    await office.restart();
    expect((await does(office.running, 'filesFound', {})).mended).toEqual([]);
    await closeAll(office, cold);
  });
});

/** The newest sequence in the name of a stretch. */
function toOf(name: string): number {
  const is = readCarried(name);
  return is?.is === 'stretch' ? is.to : 0;
}
