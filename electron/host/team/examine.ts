import type { FactKind } from '../../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { HandOver, HostError } from '../../../shared/ports/host.ts';
import { headText } from '../../../shared/team/head.ts';
import {
  claimOf,
  emptyTrust,
  falls,
  foldTrust,
  isTrustFact,
  judge,
  keysOf,
  type ClaimRefusal,
  type Reader,
  type SiteRoot,
  type Trust,
} from '../../../shared/team/trust.ts';
import type { IsAct } from '../../../shared/team/act.ts';
import { isUnsigned } from '../authority/union.ts';
import type { Journal } from '../journal/journal.ts';
import { isSigned } from '../secrets/ed25519.ts';
import { admit, inOrder } from './admit.ts';
import type { Chains, Stretch } from './chains.ts';
import { isProven, type Fork } from './forks.ts';
import type { HeldIndex, Remembered } from './held-index.ts';
import {
  hashesIn,
  readHandOver,
  type ChainReading,
  type FileReading,
  type FreshEntry,
  type Problem,
} from './read-chains.ts';
import { firstHead, veiledLine } from '../journal/line.ts';

/** What a file holds, and what of it may be taken. */
export type Examined = {
  readonly report: HandOver;
  /** The laptop that wrote the file, as the file says. */
  readonly madeBy: string;
  readonly stretches: readonly Stretch[];
  readonly catalogues: FileReading['catalogues'];
  /** Histories of laptops that are another than what is held, and were signed by them. */
  readonly forks: readonly Fork[];
  /** Kinds of what would be taken. */
  readonly kinds: ReadonlySet<FactKind>;
  /** Chains of which nothing would be taken, by laptop. */
  readonly problems: readonly ({ readonly device: string } & Problem)[];
};

type Parts = {
  readonly journal: Pick<Journal, 'read' | 'status'>;
  readonly chains: Chains;
  readonly held: HeldIndex;
  /** Where this laptop's site begins; null: it belongs to none yet. */
  readonly root: SiteRoot | null;
  /** This laptop's key; null: it has none. */
  readonly key: string | null;
  readonly hasCatalogue: (sha256: string) => boolean;
  readonly isAct: IsAct;
};

function noteCounter(counters: Map<string, Set<string>>, shelf: string, device: string): void {
  const devices = counters.get(shelf);
  if (devices === undefined) counters.set(shelf, new Set([device]));
  else devices.add(device);
}

function rememberedOf({ fresh }: ChainReading): Remembered[] {
  return fresh.flatMap(({ device, seq, orderedAt, fell, entry }) =>
    entry === undefined || fell || !isTrustFact(entry.fact) ? [] : [{ device, seq, orderedAt, entry }],
  );
}

/** The founder's entry that a site's id is the hash of, if the file holds it. */
function findRoot({ start, chains }: FileReading): { root: SiteRoot; reading: ChainReading; key: string } | null {
  for (const reading of chains) {
    if (reading.problem !== null) continue;
    for (const { entry } of reading.fresh)
      if (entry?.fact.kind === 'site_created' && entry.hash === start.site.id)
        return {
          root: { id: entry.hash, founder: entry.device, seq: entry.seq },
          reading,
          key: entry.fact.key,
        };
  }
  return null;
}

function isSignedBy(key: string, site: string, { chain }: ChainReading): boolean {
  const { device, to: seq, hash, signature, gaps } = chain;
  return isSigned(key, headText({ site, device, seq, hash }, gaps), signature);
}

/** Finds the first entry that is another than the one held; both are of the same laptop. */
async function forkAt(parts: Parts, file: Uint8Array, device: string): Promise<number> {
  const theirs = await hashesIn(file, device);
  const isOwn = device === parts.journal.status().device;
  let next: number | undefined = 1;
  while (next !== undefined) {
    const from: number = next;
    const page = await (isOwn ? parts.journal.read(from, 5_000) : parts.chains.read(device, from, 5_000));
    if (!page.ok) return from;
    for (const { seq, hash } of page.value.entries) {
      const other = theirs.get(seq);
      if (other !== undefined && other !== hash) return seq;
    }
    next = page.value.nextSeq;
  }
  return (isOwn ? parts.journal.status().seq : (parts.chains.of(device)?.seq ?? 0)) + 1;
}

/** A chain that ends before what is held must still be the beginning of it. */
async function findForks(parts: Parts, file: Uint8Array, readings: readonly ChainReading[]): Promise<void> {
  for (const reading of readings) {
    const { chain, held } = reading;
    if (reading.problem === null && chain.to < held.seq) {
      const isOwn = chain.device === parts.journal.status().device;
      const page = await (isOwn ? parts.journal.read(chain.to, 1) : parts.chains.read(chain.device, chain.to, 1));
      const entry = page.ok ? page.value.entries[0] : undefined;
      if (entry?.seq === chain.to && entry.hash !== chain.hash) reading.problem = { why: 'fork', fromSeq: chain.to };
    }
    if (reading.problem?.why === 'fork')
      reading.problem = { why: 'fork', fromSeq: await forkAt(parts, file, chain.device) };
  }
}

/** Which forks are proven: this laptop's own is not among them, as others shut it out. */
async function provenForks(
  parts: Parts,
  site: string,
  file: Uint8Array,
  trust: Trust,
  readings: readonly ChainReading[],
) {
  const found: Fork[] = [];
  for (const reading of readings) {
    const { chain, problem } = reading;
    const laptop = trust.laptops.get(chain.device);
    if (problem?.why !== 'fork' || laptop === undefined || chain.device === parts.journal.status().device) continue;
    const fork = { device: chain.device, fromSeq: problem.fromSeq };
    const isTheirs = keysOf(laptop).some((key) => isSignedBy(key, site, reading));
    if (isTheirs && (await isProven(parts.chains, file, reading, fork))) found.push(fork);
  }
  return found;
}

/** Notes which fresh entries say to be of an earlier version than what their laptop had said before them. */
function noteFallen(readings: readonly ChainReading[], versions: Map<string, number>): void {
  for (const { fresh } of readings) for (const entry of fresh) entry.fell = falls({ versions }, entry);
}

/** Which fresh entries would not count, and why. */
function countRefused(trust: Trust, root: SiteRoot, entries: readonly (FreshEntry | Remembered)[], reader: Reader) {
  const known = emptyTrust(root, trust.revoked);
  const refused = new Map<string, ClaimRefusal>();
  for (const one of inOrder(entries)) {
    const fresh = 'kind' in one ? one : undefined;
    const claim = 'kind' in one ? one : claimOf(one.entry);
    const why = fresh?.fell === true ? 'older_version' : judge(known, claim, reader);
    if (why === null && one.entry !== undefined) foldTrust(known, one.entry);
    if (why !== null && fresh !== undefined) refused.set(`${fresh.device} ${fresh.seq}`, why);
  }
  return refused;
}

/**
 * Examines a file: whether it is whole, of this laptop's site, and what of it is new, known, or no laptop's word. Nothing is
 * taken. One piece: each step needs what the one before has found.
 */
export async function examine(parts: Parts, file: Uint8Array): Promise<Result<Examined, HostError>> {
  const { journal, chains } = parts;
  // First of all: what of the chains is damaged is found by it, and is news in the file.
  const held = await parts.held.catchUp();
  if (!held.ok) return held;
  const { device: self, seq, hash } = journal.status();
  const reading = await readHandOver(
    file,
    (device) =>
      device === self
        ? { device, seq, hash, isOwn: true }
        : { ...(chains.of(device) ?? firstHead(device)), isOwn: false },
    parts.hasCatalogue,
  );
  if (typeof reading === 'string') return err({ code: 'bad_hand_over', why: reading });
  const { start } = reading;
  if (parts.root !== null && parts.root.id !== start.site.id) return err({ code: 'other_site', site: start.site.name });
  // Also where the founder's chain was damaged here and comes again: the site's id vouches for its key.
  const founding = findRoot(reading);
  const root = parts.root ?? founding?.root ?? null;
  if (root === null) return err({ code: 'no_site' });
  await findForks(parts, file, reading.chains);

  const shelves = new Set(reading.chains.flatMap(({ fresh }) => fresh.flatMap(({ shelf }) => shelf?.key ?? [])));
  const { remembered } = held.value;
  const versions = new Map(held.value.versions);
  const counters = new Map([...shelves].map((shelf) => [shelf, new Set(held.value.counters.get(shelf))]));
  const reader = { self, isAct: parts.isAct };
  const hasFresh = reading.chains.filter(({ lines }) => lines.length > 0);
  noteFallen(hasFresh, versions);
  const founderKey = founding?.key ?? null;
  const candidates = hasFresh
    .filter(({ problem }) => problem === null)
    .map((one) => ({
      of: one,
      device: one.chain.device,
      remembered: rememberedOf(one),
      isSignedBy: (signer: string) => isSignedBy(signer, root.id, one),
    }));
  const { trust, admitted: chosen } = admit({ root, founderKey, reader }, candidates, remembered);
  const admitted = new Set([...chosen].map(({ of }) => of));
  // The first file of a site must be one that knows this laptop, by its key.
  if (parts.root === null && (parts.key === null || trust.laptops.get(self)?.key !== parts.key))
    return err({ code: 'no_site' });

  for (const one of hasFresh) {
    if (admitted.has(one) || one.problem !== null) continue;
    const why = trust.laptops.has(one.chain.device) ? 'wrong_signature' : 'not_enrolled';
    one.problem = { why, fromSeq: one.held.seq + 1 };
  }
  const isBlind = trust.laptops.get(self)?.role === 'counting';
  if (!isBlind)
    for (const one of admitted) {
      const first = one.fresh.find(({ kind }) => kind === 'veiled');
      // A laptop that counts has handed on what it was told: whoever supervises needs all of it.
      if (first !== undefined) one.problem = { why: 'veiled', fromSeq: first.seq };
    }
  const taken = [...admitted].filter(
    ({ chain, problem }) => problem === null && !(isBlind && isOfNoConcern(trust, chain.device)),
  );
  const fresh = taken.flatMap((one) => one.fresh);
  const refused = countRefused(trust, root, [...remembered, ...fresh], reader);
  const counted = fresh.filter((entry) => !refused.has(`${entry.device} ${entry.seq}`));
  for (const { shelf, device } of counted) if (shelf !== undefined) noteCounter(counters, shelf.key, device);
  const bins = new Map(counted.flatMap(({ shelf }) => (shelf === undefined ? [] : [[shelf.bin, shelf.key] as const])));
  const overlapping = new Set(
    counted.flatMap(({ shelf }) => (shelf && (counters.get(shelf.key)?.size ?? 0) > 1 ? [shelf.bin] : [])),
  );
  const problems = reading.chains.flatMap(({ chain, problem }) =>
    problem === null ? [] : [{ device: chain.device, ...problem }],
  );
  const nameOf = (device: string) => trust.laptops.get(device)?.name ?? device;
  const report: HandOver = {
    from: trust.laptops.get(start.from.laptop)?.name ?? start.from.name,
    madeAt: start.madeAt,
    site: { id: root.id, name: trust.name },
    fresh: fresh.length,
    known: reading.chains.reduce((sum, one) => sum + one.known, 0),
    refused: refused.size,
    unsigned: [...refused.values()].filter(isUnsigned).length,
    laptops: reading.chains.map((one) => ({
      name: nameOf(one.chain.device),
      fresh: taken.includes(one) ? one.fresh.length : 0,
      newestAt: one.newestAt ?? chains.of(one.chain.device)?.newestAt ?? null,
    })),
    bins: [...bins.keys()],
    overlapping: [...overlapping],
    catalogues: reading.catalogues.length,
    problems: problems.map(({ device, ...problem }) => ({ laptop: nameOf(device), ...problem })),
  };
  const stretches = taken.map((one) => stretchOf(one, root, isBlind));
  const { catalogues } = reading;
  const forks = await provenForks(parts, root.id, file, trust, reading.chains);
  const kinds = new Set(fresh.map(({ kind }) => kind));
  return ok({ report, madeBy: start.from.laptop, stretches, catalogues, kinds, problems, forks });
}

/** What other laptops counted is no concern of one that counts itself: it holds what it is told, and its own word. */
function isOfNoConcern({ laptops }: Trust, device: string): boolean {
  return laptops.get(device)?.role === 'counting';
}

/** `isBlind`: what stays where the books are is not kept here, also where the file has it. */
function stretchOf(
  { chain, held, lines, fresh, declared, orderedAt, newestAt }: ChainReading,
  site: SiteRoot,
  isBlind: boolean,
): Stretch {
  const { device, to, hash, signature, gaps = [] } = chain;
  return {
    site: { ...site },
    device,
    from: held.seq + 1,
    to,
    hash,
    signature,
    orderedAt: orderedAt ?? '',
    newestAt: newestAt ?? '',
    entries: fresh.length,
    gaps,
    declared,
    lines: isBlind ? lines.map(veiledLine) : lines,
  };
}
