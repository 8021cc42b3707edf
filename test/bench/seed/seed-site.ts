import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createHost, type RunningHost } from '../../../electron/host/create-host.ts';
import { openLedger } from '../../../electron/host/authority/ledger.ts';
import { realDisk } from '../../../electron/host/disk/disk.ts';
import { openJournal } from '../../../electron/host/journal/journal.ts';
import { openChains } from '../../../electron/host/team/chains.ts';
import type { Fact } from '../../../shared/domain/ledger-entry.ts';
import type { HostInput, HostOutput, HostProcedure } from '../../../shared/ports/host.ts';
import { forget, newFolder } from '../bench-app.ts';
import { binCode, BINS, COUNTER, COUNTER_PIN, itemSku, STOCKTAKE } from './ledger-model.ts';

const PAGE = 5000;
const PIECE_BYTES = 4_000_000;
const LINES_A_LAPTOP = 250;
const BINS_A_LAPTOP = 5;
/** Times in a seeded ledger never lie ahead of the clock. */
const BEGAN = Date.now() - 30 * 24 * 3_600_000;

export type SeedSite = {
  /** The profile that Electron is started on: the laptop that founds the site. */
  readonly profile: string;
  /** Entries of each laptop, the founder's first. */
  readonly entries: readonly number[];
  /** What the founder says before all others. */
  readonly facts: readonly Fact[];
};

type Seeded = { readonly folder: string; readonly clock: { wall: number }; saved: Uint8Array };

function binOf(laptop: number, bin: number): string {
  return `L${laptop}-${bin}`;
}

function scan(laptop: number, at: number): Fact {
  const line = at % LINES_A_LAPTOP;
  const item = itemSku(line);
  const bin = binOf(laptop, line % BINS_A_LAPTOP);
  return { kind: 'counted', stocktake: STOCKTAKE, pass: 1, bin, item, quantity: '1', how: 'scan', code: item };
}

export async function does<Name extends HostProcedure>(
  running: RunningHost,
  procedure: Name,
  input: HostInput<Name>,
): Promise<HostOutput<Name>> {
  const answer = await running.host[procedure](input as never);
  if (!answer.ok) throw new Error(`${procedure}: ${JSON.stringify(answer.error)}`);
  return answer.value;
}

/** The host of one laptop, with the clock of its entries. */
function hostOf(laptop: Seeded): Promise<RunningHost> {
  return createHost({
    folder: laptop.folder,
    clock: { now: () => laptop.clock.wall, steady: () => performance.now() },
    randomId: randomUUID,
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
    random: Math.random,
    cipher: null,
    connectors: [],
    samplesFolder: laptop.folder,
    saveFile: async (_name, content) => {
      laptop.saved = typeof content === 'string' ? Buffer.from(content) : content;
      return true;
    },
    appVersion: '0.0.0',
    laptop: 'bench',
    lockAfterMs: 86_400_000,
  });
}

/** Works with a laptop's host and closes it. */
async function on<Value>(laptop: Seeded, work: (running: RunningHost) => Promise<Value>): Promise<Value> {
  const running = await hostOf(laptop);
  await does(running, 'start', {});
  const value = await work(running);
  await running.close();
  return value;
}

/** Seals entries in a laptop's journal with the host's own code, a hundredth of a second apart. */
async function count(laptop: Seeded, by: string, facts: Iterable<readonly Fact[]>): Promise<void> {
  const { folder, clock } = laptop;
  const told = { now: () => clock.wall, steady: () => performance.now() };
  const journal = await openJournal({ disk: realDisk, folder, clock: told, randomId: randomUUID });
  const chains = await openChains(realDisk, folder);
  const ledger = await openLedger({
    journal,
    disk: realDisk,
    profile: folder,
    clock: told,
    hasCatalogue: () => true,
    chains,
  });
  for (const page of facts) {
    clock.wall += page.length * 10;
    const sealed = await ledger.record(by, page);
    if (!sealed.ok) throw new Error(JSON.stringify(sealed.error));
  }
  await ledger.close();
}

function* scans(laptop: number, entries: number): Generator<readonly Fact[]> {
  for (let from = 0; from < entries; from += PAGE)
    yield Array.from({ length: Math.min(PAGE, entries - from) }, (_, at) => scan(laptop, from + at));
}

export async function give(running: RunningHost, file: Uint8Array): Promise<void> {
  for (let at = 0; at < file.length; at += PIECE_BYTES) {
    const bytes = Buffer.from(file.subarray(at, at + PIECE_BYTES)).toString('base64');
    await does(running, 'giveHandOver', { at, bytes });
  }
}

/**
 * A site whose laptops have each counted: the founder's profile, and the file that each of the others has saved for it,
 * which is not taken in yet. All by the host's own calls, but for the counts, which the host's ledger seals in bulk.
 */
export async function seedSite({
  profile,
  entries,
  facts,
}: SeedSite): Promise<{ readonly person: string; readonly files: readonly Uint8Array[] }> {
  const [own = 0, ...others] = entries;
  const folder = join(profile, 'ledger');
  await mkdir(folder, { recursive: true });
  const office: Seeded = { folder, clock: { wall: BEGAN }, saved: new Uint8Array() };
  const laptops = others.map((): Seeded => {
    const clock = { wall: BEGAN };
    return { folder: newFolder('laptop'), clock, saved: new Uint8Array() };
  });
  const person = await on(office, async (running) => {
    const { person: first } = await does(running, 'createFirstPerson', { name: COUNTER.name, pin: COUNTER_PIN });
    await does(running, 'foundSite', { site: 'Bench', laptop: 'Office' });
    const bins = Array.from({ length: BINS }, (_, bin) => binCode(bin));
    const counted = entries.flatMap((_, laptop) =>
      Array.from({ length: BINS_A_LAPTOP }, (_bin, bin) => binOf(laptop, bin)),
    );
    const stocktake: Fact = {
      kind: 'stocktake_created',
      stocktake: STOCKTAKE,
      name: 'Year end',
      blind: false,
      bins: [...bins, ...counted],
    };
    await does(running, 'append', { facts: [stocktake] });
    for (const [at, laptop] of laptops.entries()) {
      const { request } = await on(laptop, (theirs) => does(theirs, 'askToJoin', { laptop: `Laptop ${at + 1}` }));
      await does(running, 'enrolLaptop', { request, name: `Laptop ${at + 1}`, role: 'counting' });
    }
    office.clock.wall += 1000;
    await does(running, 'saveHandOver', {});
    return first.id;
  });
  await count(office, person, [facts, ...scans(0, own)]);
  const files: Uint8Array[] = [];
  for (const [at, laptop] of laptops.entries()) {
    laptop.clock.wall += 2000;
    await on(laptop, async (running) => {
      await give(running, office.saved);
      await does(running, 'takeHandOver', {});
      await does(running, 'setFirstPin', { person, pin: COUNTER_PIN });
    });
    await count(laptop, person, scans(at + 1, others[at] ?? 0));
    await on(laptop, async (running) => {
      await does(running, 'signIn', { person, pin: COUNTER_PIN });
      await does(running, 'saveHandOver', {});
    });
    files.push(laptop.saved);
    forget(laptop.folder);
  }
  return { person, files };
}

/** Takes files in on the founder's profile, without its page. */
export async function takeFiles(profile: string, files: readonly Uint8Array[]): Promise<void> {
  const office: Seeded = { folder: join(profile, 'ledger'), clock: { wall: Date.now() }, saved: new Uint8Array() };
  await on(office, async (running) => {
    const { people } = await does(running, 'whoIsHere', {});
    const [first] = people;
    if (first !== undefined) await does(running, 'signIn', { person: first.id, pin: COUNTER_PIN });
    for (const file of files) {
      await give(running, file);
      await does(running, 'takeHandOver', {});
    }
  });
}
