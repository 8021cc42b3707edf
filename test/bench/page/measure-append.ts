import { createRxDatabase } from 'rxdb';
import { createDexieStorage } from '../../../renderer/ledger/storage/dexie.ts';
import type { Fact } from '../../../shared/domain/ledger-entry.ts';
import { firstFacts, looseEntry, scanFact } from '../seed/ledger-model.ts';
import { shuffled } from '../statistics.ts';
import { plainRow, plainSchema } from './plain-rows.ts';
import { enter, host, must, openNewLedger, openOwnLedger, openOwnProjection } from './ours.ts';
import { dexieScan, openRaw, openRawDexie, plainEntry, rawAdd, rawScan } from './raw-stores.ts';
import { seeded } from '../../seeded.ts';

export type AppendInput = {
  readonly seed: number;
  /** Scans one after the other, each awaited, for each contender. */
  readonly singles: number;
  /** Contenders take turns after so many. */
  readonly block: number;
  /** Scans fired at once. */
  readonly burst: number;
  /** Entries of one import. */
  readonly bulk: number;
};

/** Milliseconds: of each awaited scan, of a whole burst, of a whole import. */
export type AppendFigures = {
  singles: Record<string, number[]>;
  burst: Record<string, number>;
  bulk: Record<string, number>;
};

type Contender = {
  readonly scan: (index: number) => Promise<unknown>;
  readonly burst?: (from: number, count: number) => Promise<unknown>;
  readonly bulk?: (from: number, count: number) => Promise<unknown>;
};

const DEVICE = 'bench';
const WARM_UP = 60;

const entryAt = (index: number) =>
  looseEntry(DEVICE, index + 1, scanFact(index), new Date(1_700_000_000_000 + index).toISOString());
const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, at) => from + at);

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function openContenders(): Promise<Record<string, Contender>> {
  const raw = await openRaw('bench-raw');
  const rawOne = await openRaw('bench-raw-one');
  const dexie = openRawDexie('bench-dexie');
  await dexie.database.open();
  const rx = await createRxDatabase({
    name: 'bench-rxdb',
    storage: createDexieStorage().storage,
    multiInstance: false,
  });
  const { ledger: plain } = await rx.addCollections({ ledger: { schema: plainSchema } });
  const own = await openOwnProjection('bench-own', DEVICE);
  await own.projection.add(
    firstFacts().map((fact, at) => looseEntry(DEVICE, at + 1, fact, new Date(1_700_000_000_000).toISOString())),
  );
  const ledger = await openNewLedger();
  const facts = (from: number, count: number): Fact[] => range(from, count).map(scanFact);
  const ownEntries = (from: number, count: number) => range(from + 10, count).map(entryAt);

  async function keep(from: number, count: number): Promise<void> {
    const entries = ownEntries(from, count);
    must(await own.copy.insert(entries));
    await own.projection.add(entries);
  }

  return {
    raw: {
      scan: (index) => rawScan(raw, plainEntry(entryAt(index))),
      burst: (from, count) =>
        Promise.all(range(from, count).map((index) => rawAdd(rawOne, [plainEntry(entryAt(index))]))),
      bulk: (from, count) => rawAdd(rawOne, range(from, count).map(entryAt).map(plainEntry)),
    },
    dexie: {
      scan: (index) => dexieScan(dexie, plainEntry(entryAt(index))),
      burst: (from, count) =>
        Promise.all(range(from, count).map((index) => dexie.entries.add(plainEntry(entryAt(index))))),
      bulk: (from, count) => dexie.entries.bulkAdd(range(from, count).map(entryAt).map(plainEntry)),
    },
    rxdb: {
      scan: (index) => plain.insert(plainRow(entryAt(index))),
      burst: (from, count) => Promise.all(range(from, count).map((index) => plain.insert(plainRow(entryAt(index))))),
      bulk: (from, count) => plain.bulkInsert(range(from, count).map(entryAt).map(plainRow)),
    },
    own: { scan: (index) => keep(index, 1), bulk: keep },
    whole: {
      scan: async (index) => must(await ledger.appendFacts([scanFact(index)])),
      burst: (from, count) =>
        Promise.all(range(from, count).map(async (index) => must(await ledger.appendFacts([scanFact(index)])))),
      bulk: async (from, count) => must(await ledger.appendFacts(facts(from, count))),
    },
  };
}

/**
 * Scans, bursts and imports of every contender in one page, in turns, so that whatever else the machine does meets all of
 * them alike.
 */
export async function measureAppend({ seed, singles, block, burst, bulk }: AppendInput): Promise<AppendFigures> {
  const contenders = await openContenders();
  const names = Object.keys(contenders);
  const random = seeded(seed);
  const figures: AppendFigures = { singles: Object.fromEntries(names.map((name) => [name, []])), burst: {}, bulk: {} };

  let index = 0;
  async function scans(name: string, count: number, samples: number[]): Promise<void> {
    const contender = contenders[name];
    for (let done = 0; done < count; done += 1) samples.push(await timed(async () => contender?.scan(index + done)));
  }
  for (const name of names) await scans(name, WARM_UP, []);
  index += WARM_UP;
  for (let done = 0; done < singles; done += block) {
    for (const name of shuffled(names, random)) await scans(name, block, figures.singles[name] ?? []);
    index += block;
  }
  for (const name of shuffled(names, random)) {
    const run = contenders[name]?.burst;
    if (run !== undefined) figures.burst[name] = await timed(() => run(index, burst));
  }
  index += burst;
  for (const name of shuffled(names, random)) {
    const run = contenders[name]?.bulk;
    if (run !== undefined) figures.bulk[name] = await timed(() => run(index, bulk));
  }
  return figures;
}

/** Scans one by one on the profile as it is, and raw ones, in turns. */
export async function measureSaving(input: { scans: number }): Promise<{ own: number[]; raw: number[] }> {
  await enter();
  const { journal } = must(await host.start({}));
  const ledger = await openOwnLedger(journal);
  const store = await openRaw('bench-raw');
  const figures = { own: [] as number[], raw: [] as number[] };
  const own = async (index: number): Promise<unknown> => must(await ledger.appendFacts([scanFact(index)]));
  const raw = (index: number): Promise<unknown> => rawScan(store, plainEntry(entryAt(index)));
  for (let index = 0; index < input.scans + WARM_UP; index += 1) {
    const isMeasured = index >= WARM_UP;
    const [ownMs, rawMs] = [await timed(() => own(index)), await timed(() => raw(index))];
    if (isMeasured) figures.own.push(ownMs);
    if (isMeasured) figures.raw.push(rawMs);
  }
  await ledger.close();
  store.close();
  return figures;
}
