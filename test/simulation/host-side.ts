import { isDeepStrictEqual } from 'node:util';
import { openJournal, type Journal } from '../../electron/host/journal/journal.ts';
import type { Fact, LedgerEntry, PostedLine } from '../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { HostError } from '../../shared/ports/host.ts';
import type { DeskPorts } from '../../shared/sync/desk/desk-ports.ts';
import { createDesk, type Desk } from '../../shared/sync/desk/desk.ts';
import { emptyDesk, foldDesk, type DeskState } from '../../shared/sync/desk/desk-state.ts';
import { foldSendMarks, NO_SEND_MARKS } from '../../shared/sync/outbox/open-lines.ts';
import { verifyChain } from './chain.ts';
import { createConnectionOpener } from './connection-opener.ts';
import type { LaptopParts } from './laptop.ts';
import type { Life } from './life.ts';
import type { Random } from './random.ts';
import type { Tokens } from './tokens.ts';
import type { DiskGate, VirtualDisk } from './virtual-disk.ts';

/** One run of the host: the production journal on a virtual disk, and the production desk over it. */
export type HostSide = {
  readonly desk: Desk;
  readonly device: string;
  entries(): Promise<readonly LedgerEntry[]>;
  /** The same at once: for the oracle. */
  sealed(): readonly LedgerEntry[];
  record(by: string, facts: readonly Fact[]): Promise<Result<readonly LedgerEntry[], HostError>>;
  /** Posts approved lines; no entries when they are not saved. */
  post(batch: string, lines: readonly PostedLine[]): Promise<readonly LedgerEntry[]>;
  /** Takes a posted line back; no entries when that is not saved. */
  reverse(batch: string, reverses: string, line: PostedLine): Promise<readonly LedgerEntry[]>;
  hasPosted(anchor: string): boolean;
  hasReversed(batch: string): boolean;
  judge(disk: VirtualDisk): Promise<void>;
};

export type HostParts = LaptopParts & {
  readonly life: Life;
  readonly disk: VirtualDisk;
  readonly tokens: Tokens;
  readonly random: Random;
  readonly now: () => number;
  readonly isOnline: () => boolean;
  /** Entries whose saving was acknowledged, by sequence: their hash. Outlives every crash. */
  readonly acknowledged: Map<number, string>;
  /** Hears every entry that is saved; at a start all of them again. */
  readonly onSealed: (entry: LedgerEntry) => void;
};

const PROFILE = '/profile';
const STOCKTAKE = 'stocktake-1';
const PAGE = 5_000;

export async function openHostSide(parts: HostParts): Promise<HostSide> {
  const { world, name, life, random, oracle, acknowledged } = parts;
  const { mutant } = parts;
  const gate: DiskGate = async (operation, path) => {
    await life.gate(`${operation} ${path}`, random.between(0, 9));
    if (operation !== 'write' || !world.faults.hits('disk_full')) return 'pass';
    return random.chance(0.5) ? 'torn' : 'full';
  };
  const clock = { now: parts.now, steady: world.timeline.now };
  const journal = await openJournal({
    disk: parts.disk.disk(gate),
    folder: PROFILE,
    clock,
    randomId: () => `laptop-${name}`,
  });
  const { state: condition } = journal.status();
  if (condition !== 'new' && condition !== 'whole')
    world.violate('I8', `${name}: the journal is ${condition} after a start`);

  let state: DeskState = emptyDesk();
  let anchors = new Set<string>();
  /** What each reversal takes back. */
  let reversals = new Map<string, string>();
  let entries: LedgerEntry[] = [];

  function hear(entry: LedgerEntry): void {
    oracle.hear(entry);
    parts.onSealed(entry);
  }

  function fold(entry: LedgerEntry): void {
    foldDesk(state, entry.fact, entry);
    if (entry.fact.kind === 'lines_posted') for (const line of entry.fact.lines) anchors.add(line.anchor);
    if (entry.fact.kind === 'lines_reversed') reversals.set(entry.fact.batch, entry.fact.reverses);
  }

  async function refold(): Promise<void> {
    await journal.idle();
    entries = await readAll(journal);
    state = emptyDesk();
    anchors = new Set();
    reversals = new Map();
    for (const entry of entries) if (mutant?.remembers?.(entry.fact) !== false) fold(entry);
  }

  journal.listen({ onTakenBack: () => undefined, onCommitted: async () => undefined });
  await refold();
  for (const [seq, hash] of acknowledged)
    if (entries[seq - 1]?.hash !== hash) world.violate('I2', `${name}: entry ${seq} was acknowledged and is gone`);
  for (const entry of entries) hear(entry);

  /** Folded at once, as the ledger does, so that what follows is judged by it; a refusal folds all anew. */
  async function record(by: string, facts: readonly Fact[]): Promise<Result<readonly LedgerEntry[], HostError>> {
    world.counters.records += 1;
    const sealing = journal.seal(by, facts);
    if (!sealing.ok) return sealing;
    for (const entry of sealing.value.entries) fold(entry);
    if (mutant?.isHasty === true) {
      for (const entry of sealing.value.entries) acknowledged.set(entry.seq, entry.hash);
      entries.push(...sealing.value.entries);
      return ok(sealing.value.entries);
    }
    const synced = await sealing.value.synced;
    if (!synced.ok) {
      world.counters.unsaved += 1;
      world.trace(() => `${name} could not save ${facts.map((fact) => fact.kind).join(', ')}: ${synced.error.code}`);
      await refold();
      return synced;
    }
    for (const entry of synced.value) {
      acknowledged.set(entry.seq, entry.hash);
      entries[entry.seq - 1] = entry;
      hear(entry);
      world.trace(() => `${name} saved ${entry.seq} ${shortly(entry.fact)}`);
    }
    return synced;
  }

  const open = createConnectionOpener({ ...parts, mutant });

  const ports: DeskPorts = {
    record,
    state: () => state,
    async marks(sent) {
      let marks = NO_SEND_MARKS;
      const of = reversals.get(sent.batch);
      for (const entry of entries) if (isAbout(entry, sent, of)) marks = foldSendMarks(marks, entry);
      return marks.posted.has(sent.batch) ? ok(marks) : err({ code: 'not_found', what: 'batch' });
    },
    async frozenBytes(id, { seq, index }) {
      const fact = entries[seq - 1]?.fact;
      const request = fact?.kind === 'send_frozen' ? fact.requests[index] : undefined;
      return request?.id === id ? ok(request) : err({ code: 'not_found', what: 'request' });
    },
    open: async (connection) => ok(open(connection)),
    now: parts.now,
    random: () => random.next(),
  };
  const desk = createDesk(mutant?.ports?.(ports) ?? ports);

  if (entries.length === 0) await record('admin', firstFacts(parts));

  return {
    desk,
    device: `laptop-${name}`,
    record,
    async entries() {
      await life.gate('read the journal', 2);
      return [...entries];
    },
    sealed: () => entries,
    async post(batch, lines) {
      const facts: Fact[] = [];
      for (const line of lines) if (anchors.has(line.anchor)) return [];
      facts.push({ kind: 'lines_posted', batch, lines: [...lines] });
      const sealed = await record('approver', facts);
      return sealed.ok ? sealed.value : [];
    },
    async reverse(batch, reverses, line) {
      if (reversals.has(batch)) return [];
      const sealed = await record('approver', [
        { kind: 'lines_reversed', batch, reverses, lines: [line], reason: 'other' },
      ]);
      return sealed.ok ? sealed.value : [];
    },
    hasPosted: (anchor) => anchors.has(anchor),
    hasReversed: (batch) => reversals.has(batch),
    async judge(disk) {
      const anew = emptyDesk();
      for (const entry of entries) foldDesk(anew, entry.fact, entry);
      if (!isDeepStrictEqual(anew, state)) world.violate('I7', `${name}: the desk rebuilt is not the desk that ran`);
      const read = await readAll(journal);
      if (
        !isDeepStrictEqual(
          read.map((entry) => entry.hash),
          entries.map((entry) => entry.hash),
        )
      )
        world.violate('I7', `${name}: the journal read is not what was sealed`);
      const broken = await verifyChain(disk, journal.sealedSeq());
      if (broken !== undefined) world.violate('I8', `${name}: ${broken}`);
    },
  };
}

async function readAll(journal: Journal): Promise<LedgerEntry[]> {
  const tail = journal.takeTail();
  if (tail[0]?.seq === 1) return [...tail];
  const entries: LedgerEntry[] = [];
  let next: number | undefined = 1;
  while (next !== undefined) {
    const page: Awaited<ReturnType<Journal['read']>> = await journal.read(next, PAGE);
    if (!page.ok) break;
    entries.push(...page.value.entries);
    next = page.value.nextSeq;
  }
  return entries;
}

/** `of`: the batch whose lines this one takes back. */
function isAbout(
  { fact }: LedgerEntry,
  { connection, batch }: { connection: string; batch: string },
  of: string | undefined,
): boolean {
  if (fact.kind === 'lines_posted') return fact.batch === batch || fact.batch === of;
  if (fact.kind === 'lines_reversed') return fact.batch === batch || fact.reverses === batch;
  return 'connection' in fact && fact.connection === connection;
}

/** What a shop sets up once: its connections, and what the remote calls our items and places. */
function firstFacts({ connections, model, things, shelves }: HostParts): Fact[] {
  const { binLevel } = model.connector.abilities;
  const items = things.map(({ sku, remoteItem, precision }) => ({ item: sku, remoteItem, precision }));
  const sites = new Map(shelves.map(({ site, place }) => [site, place]));
  return [
    {
      kind: 'stocktake_created',
      stocktake: STOCKTAKE,
      name: 'Stocktake',
      blind: true,
      bins: shelves.map((shelf) => shelf.bin),
    },
    ...connections.flatMap((connection): Fact[] => [
      { kind: 'connection_saved', connection, remote: model.connector.id, name: connection, settings: {} },
      {
        kind: 'mapping_set',
        connection,
        items,
        sites: binLevel ? [] : [...sites].map(([site, remoteLocation]) => ({ site, remoteLocation })),
        ...(binLevel && { bins: shelves.map(({ bin, place }) => ({ bin, remoteLocation: place })) }),
      },
    ]),
  ];
}

function shortly(fact: Fact): string {
  switch (fact.kind) {
    case 'send_frozen':
      return `froze ${fact.requests.map((request) => `${request.id} [${request.lines.map((line) => `${line.remoteItem}@${line.remoteLocation} ${line.change} ${line.quantity}`).join(', ')}]`).join('; ')} stopped ${fact.stopped.map((one) => `${one.item} ${one.code}`).join(', ')}`;
    case 'send_settled':
      return `settled ${fact.request} ${JSON.stringify(fact.outcome)}`;
    case 'send_attempted':
      return `attempt ${fact.attempt} of ${fact.request} ${JSON.stringify(fact.before ?? '')}`;
    case 'lines_posted':
      return `posted ${fact.batch} ${fact.lines.map((line) => `${line.item} ${line.bin} ${line.counted} (${line.variance})`).join(', ')}`;
    default:
      return JSON.stringify(fact).slice(0, 300);
  }
}
