import type { Holding } from '../../../electron/host/remotes/holding.ts';
import { createHash } from 'node:crypto';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import type { Chains, HeldChain, Stretch } from '../../../electron/host/team/chains.ts';
import type { Ledger } from '../../../electron/host/authority/ledger.ts';
import type { Disk } from '../../../electron/host/disk/disk.ts';
import { trustedEntry } from '../../../electron/host/journal/line.ts';
import { entryId, type LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { ok } from '../../../shared/domain/result.ts';
import { endLine } from '../../../shared/team/hand-over.ts';
import type { JournalStatus } from '../../../shared/ports/host.ts';
import type { Copy } from '../../../renderer/ledger/copy.ts';
import type { FaultKind } from '../faults.ts';
import type { World } from '../world.ts';
import type { SiteCalls } from './site-host.ts';

/** From where a site sends: nowhere, from the office whenever it likes, or from every laptop that supervises, in the evening. */
export type Sends = 'nowhere' | 'office' | 'evenings';

/** A laptop, and whether a file is being looked at or taken there. */
export type TakingLaptop = { readonly world: World; readonly device: string; readonly isTaking: () => boolean };

/** A bug planted into what several laptops do together, at one of the seams that it is put together at. */
export type SiteMutant = {
  readonly name: string;
  /** Worlds in which these faults are frequent show it soonest. */
  readonly aim?: readonly FaultKind[];
  /** What is held of others, as all of the host of a laptop sees it. */
  readonly chains?: (chains: Chains, laptop: TakingLaptop) => Chains;
  /** Which laptop sends. */
  readonly holding?: (made: Holding) => Holding;
  /** Worlds in which this is so show it. */
  readonly sends?: Sends;
  /** The ledger that handing over speaks to. */
  readonly hearing?: (ledger: Ledger) => Ledger;
  /** An entry as the ledger reads it, whosever it is. */
  readonly reading?: (entry: LedgerEntry) => LedgerEntry;
  /** What the page is told of the journal and the chains; made anew at each start. */
  readonly status?: () => (status: JournalStatus) => JournalStatus;
  readonly calls?: (calls: SiteCalls) => SiteCalls;
  readonly copy?: (copy: Copy) => Copy;
  readonly disk?: (disk: Disk) => Disk;
};

/** What the page reads of other laptops, entry by entry, in another way than it was said. */
function told(change: (entry: LedgerEntry) => LedgerEntry): (calls: SiteCalls) => SiteCalls {
  return (calls) => ({
    ...calls,
    async readJournal(input) {
      const page = await calls.readJournal(input);
      if (!page.ok || input.device === undefined) return page;
      return ok({ ...page.value, entries: page.value.entries.map(change) });
    },
  });
}

/** Whoever counted on another laptop is taken for somebody else. */
function byAnother(entry: LedgerEntry): LedgerEntry {
  const { kind } = entry.fact;
  if (kind !== 'counted' && kind !== 'bin_confirmed_empty' && kind !== 'unknown_scanned') return entry;
  return entry.by.startsWith('app-') ? { ...entry, by: entry.by.replace('app-', 'cora-') } : entry;
}

/** Of a file that is not whole the chains before the damage, as a file that is: who reads that believes a part. */
function mended(bytes: Buffer): Buffer {
  // As far as it can be unpacked.
  const text = gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString('utf8');
  const lines = text.split('\n').slice(0, -1);
  let whole = 1;
  for (let at = 1; at < lines.length;) {
    const entries: unknown = JSON.parse(lines[at] ?? '{}').chain?.entries;
    if (typeof entries !== 'number' || at + entries >= lines.length) break;
    at += 1 + entries;
    whole = at;
  }
  const kept = lines.slice(0, whole).map((line) => `${line}\n`);
  const hash = createHash('sha256').update(kept.join('')).digest('hex');
  const packed = gzipSync([...kept, endLine(hash)].join(''));
  Buffer.from('1f8b08000000000000ff', 'hex').copy(packed);
  return packed;
}

/** Files that are cut short are taken as far as they go. */
function takingParts(calls: SiteCalls): SiteCalls {
  let given = Buffer.alloc(0);
  return {
    ...calls,
    async giveHandOver(input) {
      given = Buffer.from(input.bytes, 'base64');
      return await calls.giveHandOver(input);
    },
    async takeHandOver(input) {
      const taken = await calls.takeHandOver(input);
      if (taken.ok || taken.error.code !== 'bad_hand_over') return taken;
      try {
        await calls.giveHandOver({ at: 0, bytes: mended(given).toString('base64') });
      } catch {
        return taken;
      }
      return await calls.takeHandOver(input);
    },
  };
}

/** What is written of chains is not synced, and what is left of a file after the power went is believed. */
function believingTorn(disk: Disk): Disk {
  const isChain = (path: string) => path.startsWith('/profile/chains/');
  /** Where the bytes lie that a name stands for. */
  const places = new Map<string, string>();
  return {
    ...disk,
    async open(path, toRead) {
      const file = await disk.open(path, toRead);
      return isChain(path) ? { ...file, datasync: async () => undefined } : file;
    },
    read: async (path) => await disk.read(places.get(path) ?? path),
    async list(folder) {
      const names = await disk.list(folder);
      if (!isChain(`${folder}/`) || folder === '/profile/chains') return names;
      return await Promise.all(
        names.map(async (name) => {
          const bytes = await disk.read(`${folder}/${name}`);
          if (bytes === null || !name.endsWith('.jsonl')) return name;
          const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
          const believed = `${name.slice(0, 26)}${digest}.jsonl`;
          places.set(`${folder}/${believed}`, `${folder}/${name}`);
          return believed;
        }),
      );
    },
  };
}

/** What each laptop of a world took on, by laptop: all of its newest file. */
const takenOn = new WeakMap<World, Map<string, Map<string, Stretch>>>();

/** Chains that are given as they come, whatever was held before. */
function takingForks(chains: Chains, { world, device: self, isTaking }: TakingLaptop): Chains {
  const ofWorld = takenOn.get(world) ?? new Map<string, Map<string, Stretch>>();
  takenOn.set(world, ofWorld);
  const taken = ofWorld.get(self) ?? new Map<string, Stretch>();
  ofWorld.set(self, taken);
  const heldOf = (stretch: Stretch): HeldChain => ({
    ...stretch,
    seq: stretch.to,
    lines: stretch.lines.length,
    lost: [],
  });
  const held = () => {
    const others = chains.held().filter(({ device }) => !taken.has(device));
    return [...others, ...[...taken.values()].map(heldOf)].toSorted((left, right) =>
      left.device < right.device ? -1 : 1,
    );
  };
  return {
    ...chains,
    held,
    heads: () => held().map(({ device, seq, hash }) => ({ device, seq, hash })),
    // To whoever compares, nothing but the founder's is held: so everything of a file is news, and nothing contradicts it.
    of: (device) =>
      isTaking() && device !== chains.root()?.founder ? undefined : held().find((one) => one.device === device),
    async read(device, fromSeq, limit) {
      const stretch = taken.get(device);
      if (stretch === undefined) return await chains.read(device, fromSeq, limit);
      const entries = stretch.lines.map(trustedEntry).filter(({ seq }) => seq >= fromSeq);
      return ok({
        entries: entries.slice(0, limit),
        ...(entries.length > limit && { nextSeq: entries[limit]?.seq ?? 0 }),
      });
    },
    async *lines(device) {
      const stretch = taken.get(device);
      if (stretch === undefined) yield* chains.lines(device);
      else yield stretch.lines;
    },
    async take(stretches) {
      for (const stretch of stretches) {
        if (stretch.device === stretch.site.founder) {
          await chains.take([stretch]);
          continue;
        }
        const before = chains.of(stretch.device)?.seq ?? 0;
        if (stretch.to > (taken.get(stretch.device)?.to ?? 0)) taken.set(stretch.device, stretch);
        if (before === 0) await chains.take([stretch]);
      }
    },
  };
}

export const SITE_MUTANTS: readonly SiteMutant[] = [
  {
    name: 'what was heard is not sealed',
    aim: ['clock_skew'],
    hearing: (ledger) => ({
      ...ledger,
      async hear() {
        await ledger.rebuild();
        return ok([]);
      },
    }),
  },
  {
    name: 'a bin is left out when bins are folded anew',
    aim: ['clock_skew', 'file_late'],
    copy: (copy) => ({ ...copy, byBins: (bins) => copy.byBins(new Set([...bins].slice(1))) }),
  },
  {
    name: 'who was shut out is believed all the same',
    aim: ['shut_out'],
    reading: (entry) =>
      entry.fact.kind === 'laptop_revoked'
        ? { ...entry, fact: { kind: 'laptop_named', laptop: entry.fact.laptop, name: 'still here' } }
        : entry,
  },
  {
    name: 'nobody is judged again when people change',
    aim: ['people_change', 'file_late', 'apart'],
    status() {
      /** Entries that were judged once, by laptop. */
      const judged = new Map<string, { readonly upTo: number; readonly refused: readonly number[] }>();
      return (status) => ({
        ...status,
        ...(status.chains && {
          chains: status.chains.map((chain) => {
            const before = judged.get(chain.device) ?? { upTo: 0, refused: [] };
            const refused = [...before.refused, ...(chain.refused ?? []).filter((seq) => seq > before.upTo)];
            judged.set(chain.device, { upTo: chain.seq, refused });
            return { ...chain, refused };
          }),
        }),
      });
    },
  },
  {
    name: 'a fork is taken on',
    aim: ['put_back'],
    chains: takingForks,
  },
  {
    name: 'four eyes are judged by what was counted here',
    reading: byAnother,
  },
  {
    name: 'the order is that in which files arrive',
    aim: ['file_late', 'clock_skew'],
    calls(calls) {
      let arrived = '';
      return {
        ...told((entry) => {
          // The newest time that was met stands for the time of arrival.
          if (entry.at > arrived) arrived = entry.at;
          return { ...entry, at: arrived };
        })(calls),
      };
    },
  },
  {
    name: 'a posting stands where the book is when it is heard',
    aim: ['file_late', 'clock_skew'],
    calls: told((entry) =>
      entry.fact.kind === 'lines_posted'
        ? {
            ...entry,
            fact: { ...entry.fact, lines: entry.fact.lines.map((line) => ({ ...line, anchor: entry.id })) },
          }
        : entry,
    ),
  },
  {
    name: 'of two batches of a bin one is lost',
    aim: ['apart', 'file_late'],
    calls: told((entry) =>
      entry.fact.kind === 'batch_submitted'
        ? { ...entry, fact: { ...entry.fact, bins: entry.fact.bins.slice(0, 1) } }
        : entry,
    ),
  },
  {
    name: 'what another laptop took back stays in the book',
    aim: ['apart', 'file_late'],
    calls: told((entry) =>
      entry.fact.kind === 'lines_reversed'
        ? { ...entry, fact: { ...entry.fact, lines: entry.fact.lines.slice(1) } }
        : entry,
    ),
  },
  {
    name: 'a chain counts again under another name when its file comes twice',
    aim: ['file_twice'],
    calls(calls) {
      const AGAIN = '-again';
      const twice = new Set<string>();
      const seen = new Set<string>();
      const named = (status: JournalStatus): JournalStatus => ({
        ...status,
        ...(status.chains && {
          chains: status.chains.flatMap((chain) =>
            twice.has(chain.device) ? [chain, { ...chain, device: `${chain.device}${AGAIN}` }] : [chain],
          ),
        }),
      });
      return {
        ...calls,
        async giveHandOver(input) {
          const text = input.bytes.slice(0, 200) + String(input.bytes.length);
          if (seen.has(text)) {
            const here = await calls.whoIsHere({});
            for (const { device } of (here.ok && here.value.journal.chains) || []) twice.add(device);
          }
          seen.add(text);
          return await calls.giveHandOver(input);
        },
        async takeHandOver(input) {
          const taken = await calls.takeHandOver(input);
          return taken.ok ? ok({ ...taken.value, journal: named(taken.value.journal) }) : taken;
        },
        async readJournal(input) {
          if (input.device?.endsWith(AGAIN) !== true) return await calls.readJournal(input);
          const device = input.device.slice(0, -AGAIN.length);
          const page = await calls.readJournal({ ...input, device });
          if (!page.ok) return page;
          const entries = page.value.entries.map((entry) => ({
            ...entry,
            device: `${device}${AGAIN}`,
            id: entryId(`${device}${AGAIN}`, entry.seq),
          }));
          return ok({ ...page.value, entries });
        },
      };
    },
  },
  {
    name: 'of a damaged file the part before the damage is taken',
    aim: ['file_damaged'],
    calls: takingParts,
  },
  {
    name: 'what a power cut left of a chain is believed',
    aim: ['crash'],
    disk: believingTorn,
  },
  {
    name: 'whoever supervises sends, and not the one laptop that holds the connection',
    aim: ['file_late'],
    sends: 'evenings',
    holding: (made) => ({ ...made, refusal: () => null, whyNotBegin: () => null, whyNotFinish: () => null }),
  },
];
