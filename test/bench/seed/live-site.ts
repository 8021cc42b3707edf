import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ensureNatsServer } from '../../../build/nats-server.mjs';
import { createFolderCarrier } from '../../../electron/carriers/folder.ts';
import { createNatsCarrier } from '../../../electron/carriers/nats/carrier.ts';
import { createRunner } from '../../../electron/carriers/nats/runner.ts';
import { createHost, type RunningHost } from '../../../electron/host/create-host.ts';
import { sharedDisk } from '../../../electron/host/disk/disk.ts';
import type { Item } from '../../../shared/domain/item.ts';
import type { Fact } from '../../../shared/domain/ledger-entry.ts';
import { freePort } from '../../contracts/site-server-rig.ts';
import { forget, newFolder } from '../bench-app.ts';
import { COUNTER, COUNTER_PIN, itemSku } from './ledger-model.ts';
import { seedJournal } from './seed-journal.ts';
import { does, give } from './seed-site.ts';

/** What each laptop counts in. */
export const STOCKTAKE = 'live';
const PIN_COST = { memoryKib: 8192, passes: 1 };

/** A laptop of a site that runs in this process, and exchanges by itself. */
export type LiveLaptop = {
  readonly running: RunningHost;
  readonly device: string;
  /** Counts so many items with one append. */
  count(items: number): Promise<void>;
};

export type LiveSite = { readonly laptops: readonly LiveLaptop[]; close(): Promise<void> };

export type LiveSetting = {
  readonly by: 'folder' | 'server';
  readonly laptops: number;
  /** What the founder says before all others, and the items that it knows. */
  readonly facts?: readonly Fact[];
  readonly items?: readonly Item[];
};

type Opened = { readonly folder: string; running: RunningHost; saved: Uint8Array };

async function open(folder: string, shared: string, places: readonly string[]): Promise<Opened> {
  const opened: Opened = {
    folder,
    saved: new Uint8Array(),
    running: await createHost({
      folder,
      clock: { now: () => Date.now(), steady: () => performance.now() },
      randomId: randomUUID,
      randomBytes: (length) => new Uint8Array(randomBytes(length)),
      random: Math.random,
      cipher: null,
      connectors: [],
      samplesFolder: folder,
      saveFile: async (_name, content) => {
        opened.saved = typeof content === 'string' ? Buffer.from(content) : content;
        return true;
      },
      appVersion: '0.0.0',
      laptop: 'bench',
      lockAfterMs: 86_400_000,
      pinCost: PIN_COST,
      chooseFolder: async () => shared,
      openCarrier: (place) => createFolderCarrier({ disk: sharedDisk, ...place }),
      openServer: (place, access) => createNatsCarrier({ ...place, ...access }),
      createRunner: (into) => createRunner({ folder: into, places, randomBytes: (length) => randomBytes(length) }),
    }),
  };
  await does(opened.running, 'start', {});
  return opened;
}

function counts(at: number, items: number): Fact[] {
  return Array.from({ length: items }, (_, item) => ({
    kind: 'counted',
    stocktake: STOCKTAKE,
    pass: 1,
    bin: `L-${at}`,
    item: itemSku(item % 200),
    quantity: '1',
    how: 'scan',
  }));
}

/**
 * A site whose laptops run in this process and exchange through a folder or a server, which the first of them runs. Its
 * founder is the profile that Electron is started on; it has joined as well, and is closed.
 */
export async function openLiveSite(
  profile: string,
  { by, laptops: many, facts = [], items = [] }: LiveSetting,
): Promise<LiveSite> {
  const shared = newFolder('shared');
  const folders = Array.from({ length: many }, () => newFolder('laptop'));
  const found = by === 'server' ? await ensureNatsServer() : null;
  if (found?.ok === false) throw new Error(found.error.sentence);
  const places = found?.ok === true ? [dirname(found.value)] : [];
  const home = join(profile, 'ledger');
  mkdirSync(home, { recursive: true });
  const founding = await open(home, shared, places);
  const { person, recoveryCode } = await does(founding.running, 'createFirstPerson', {
    name: COUNTER.name,
    pin: COUNTER_PIN,
  });
  await does(founding.running, 'foundSite', { site: 'Bench', laptop: 'Office' });
  await founding.running.close();
  await seedJournal({ profile, entries: 0, by: person.id, items });
  const office = await open(home, shared, places);
  await does(office.running, 'signIn', { person: person.id, pin: COUNTER_PIN });
  const bins = folders.map((_, at) => `L-${at}`);
  const live: Fact = { kind: 'stocktake_created', stocktake: STOCKTAKE, name: 'Live', blind: false, bins };
  await does(office.running, 'append', { facts: [live, ...facts] });
  const opened: Opened[] = [];
  for (const [at, folder] of folders.entries()) {
    const laptop = await open(folder, shared, places);
    const name = `Laptop ${at + 1}`;
    const { request } = await does(laptop.running, 'askToJoin', { laptop: name });
    await does(office.running, 'enrolLaptop', { request, name, role: 'supervising' });
    await does(office.running, 'saveHandOver', {});
    await give(laptop.running, office.saved);
    await does(laptop.running, 'takeHandOver', {});
    await does(laptop.running, 'recoverAccess', { person: person.id, code: recoveryCode, pin: COUNTER_PIN });
    opened.push(laptop);
  }
  const [first] = opened;
  if (first === undefined) throw new Error('a site has laptops');
  if (by === 'folder') for (const { running } of [office, ...opened]) await does(running, 'shareFolder', {});
  else {
    // The server admits whom the first laptop knows of.
    await does(office.running, 'saveHandOver', {});
    await give(first.running, office.saved);
    await does(first.running, 'takeHandOver', {});
    await does(first.running, 'serveSite', { port: await freePort() });
    await does(first.running, 'saveServerFile', {});
    const text = Buffer.from(first.saved).toString();
    for (const { running } of [office, ...opened.slice(1)]) await does(running, 'joinServer', { text });
  }
  await office.running.close();
  const laptops: LiveLaptop[] = [];
  for (const [at, { running }] of opened.entries()) {
    const { device } = (await does(running, 'whoIsHere', {})).journal;
    laptops.push({
      running,
      device,
      async count(items) {
        await does(running, 'append', { facts: counts(at, items) });
      },
    });
  }
  return {
    laptops,
    async close() {
      for (const { running } of laptops.toReversed()) await running.close();
      for (const folder of [shared, ...folders]) forget(folder);
    },
  };
}

/** The newest entry of a laptop that another one holds. */
export async function heldOn(laptop: LiveLaptop, of: LiveLaptop): Promise<number> {
  const { device, seq, chains = [] } = (await does(laptop.running, 'whoIsHere', {})).journal;
  return of.device === device ? seq : (chains.find((chain) => chain.device === of.device)?.seq ?? 0);
}
