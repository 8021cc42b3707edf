import { type LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { standsAt } from '../../../shared/domain/ledger-order.ts';
import { ok, type Result } from '../../../shared/domain/result.ts';
import type { HostError } from '../../../shared/ports/host.ts';
import {
  claimOf,
  emptyTrust,
  falls,
  foldTrust,
  judge,
  type ClaimRefusal,
  type Reader,
  type SiteRoot,
  type Trust,
} from '../../../shared/team/trust.ts';
import type { Journal } from '../journal/journal.ts';
import type { Head } from '../journal/line.ts';

type Page = Promise<Result<{ readonly entries: readonly LedgerEntry[]; readonly nextSeq?: number }, HostError>>;

/** Chains of other laptops that are held here. */
export type ForeignChains = {
  /** Where the site begins that they belong to; null: none is held. */
  root(): SiteRoot | null;
  /** The newest entry of each, by device. */
  heads(): readonly Head[];
  /** Entries from `fromSeq` on, oldest first; `not_found` where nothing of the laptop is held. */
  read(device: string, fromSeq: number, limit: number): Page;
};

/** No other laptop. */
export const NO_CHAINS: ForeignChains = {
  root: () => null,
  heads: () => [],
  read: async () => ok({ entries: [] }),
};

/** Entries that are shown and never count: by laptop its sequences and why, and from which on none does. */
export type Verdict = {
  readonly refused: Map<string, Map<number, ClaimRefusal>>;
  readonly from: Map<string, number>;
};

/** Whoever said so many things that they may not is not believed any more from there on. */
const MOST_REFUSED = 10_000;
const PAGE = 5_000;

export function emptyVerdict(): Verdict {
  return { refused: new Map(), from: new Map() };
}

export function isRefused({ refused, from }: Verdict, { device, seq }: Pick<LedgerEntry, 'device' | 'seq'>): boolean {
  return seq >= (from.get(device) ?? Number.POSITIVE_INFINITY) || refused.get(device)?.has(seq) === true;
}

function refuse(verdict: Verdict, { device, seq }: LedgerEntry, why: ClaimRefusal): void {
  const some = verdict.refused.get(device) ?? new Map<number, ClaimRefusal>();
  verdict.refused.set(device, some);
  if (some.size < MOST_REFUSED) some.set(seq, why);
  else if (!verdict.from.has(device)) verdict.from.set(device, seq);
}

/** Judges the next entry of the ledger, and remembers what of it is needed to judge those after it; whether it counts. */
export function weigh(trust: Trust, verdict: Verdict, entry: LedgerEntry, reader: Reader): boolean {
  const late = falls(trust, entry) ? 'older_version' : null;
  const why = verdict.from.has(entry.device) ? 'revoked' : (late ?? judge(trust, claimOf(entry), reader));
  if (why === null) foldTrust(trust, entry);
  else refuse(verdict, entry, why);
  return why === null;
}

/** How many entries of a laptop do not count because the person whom they name did not sign them. */
export function unsignedOf({ refused }: Verdict, device: string): number {
  return [...(refused.get(device)?.values() ?? [])].filter(isUnsigned).length;
}

/** Whether an entry was refused because a laptop alone says what a person must have said. */
export function isUnsigned(why: ClaimRefusal): boolean {
  return why === 'not_signed' || why === 'older_version';
}

type Source = { readonly read: (fromSeq: number) => Page };
type Cursor = Source & {
  entries: readonly LedgerEntry[];
  at: number;
  next: number | undefined;
  /** Where the entry at `at` stands in time. */
  orderedAt: string;
};

/** Reads on where a page is used up; false at the end of the chain. */
async function fill(cursor: Cursor): Promise<Result<boolean, HostError>> {
  while (cursor.at >= cursor.entries.length) {
    if (cursor.next === undefined) return ok(false);
    const page = await cursor.read(cursor.next);
    if (!page.ok) {
      // What stands behind damage is not read: then what was read is all there is.
      if (page.error.code !== 'journal_incomplete' && page.error.code !== 'not_found') return page;
      return ok(false);
    }
    cursor.entries = page.value.entries;
    cursor.next = page.value.nextSeq;
    cursor.at = 0;
  }
  return ok(true);
}

function isBefore(left: Cursor, right: Cursor): boolean {
  if (left.orderedAt !== right.orderedAt) return left.orderedAt < right.orderedAt;
  return (left.entries[left.at]?.device ?? '') < (right.entries[right.at]?.device ?? '');
}

/** Gives every entry of the own journal and of all chains, in ledger order, reading each chain in pages. */
export async function eachInOrder(
  journal: Pick<Journal, 'read'>,
  chains: ForeignChains,
  take: (entry: LedgerEntry, orderedAt: string) => void,
): Promise<HostError | null> {
  const sources: Source[] = [
    { read: (from) => journal.read(from, PAGE) },
    ...chains.heads().map(({ device }) => ({ read: (from: number) => chains.read(device, from, PAGE) })),
  ];
  const cursors: Cursor[] = [];
  for (const source of sources) {
    const cursor: Cursor = { ...source, entries: [], at: 0, next: 1, orderedAt: '' };
    const filled = await fill(cursor);
    if (!filled.ok) return filled.error;
    const [first] = cursor.entries;
    if (!filled.value || first === undefined) continue;
    cursor.orderedAt = standsAt('', first);
    cursors.push(cursor);
  }
  while (cursors.length > 0) {
    let first = cursors[0];
    for (const cursor of cursors) if (first !== undefined && isBefore(cursor, first)) first = cursor;
    if (first === undefined) break;
    const entry = first.entries[first.at];
    if (entry !== undefined) take(entry, first.orderedAt);
    first.at += 1;
    if (first.at >= first.entries.length) {
      const filled = await fill(first);
      if (!filled.ok) return filled.error;
      if (!filled.value) cursors.splice(cursors.indexOf(first), 1);
    }
    const next = first.entries[first.at];
    if (next !== undefined) first.orderedAt = standsAt(first.orderedAt, next);
  }
  return null;
}

export type Union = {
  readonly trust: Trust;
  readonly verdict: Verdict;
  /** Where the fold has come to in each chain. */
  readonly heads: ReadonlyMap<string, Head>;
};

type Visit = {
  /** All is folded from the beginning from here on: what was taken before is void. */
  begin(): void;
  /** An entry that counts. */
  take(entry: LedgerEntry, trust: Trust): void;
};

/**
 * Judges all entries in ledger order and gives those that count. An entry that revokes a laptop may come after what the
 * laptop had said since: then all is folded once more, with that known from the start.
 */
export async function foldUnion(
  { journal, chains, ...reader }: Reader & { journal: Pick<Journal, 'read'>; chains: ForeignChains; self: string },
  visit: Visit,
): Promise<Result<Union, HostError>> {
  let revoked: ReadonlyMap<string, number> = new Map();
  for (;;) {
    const trust = emptyTrust(chains.root(), revoked);
    const verdict = emptyVerdict();
    const heads = new Map<string, Head>();
    visit.begin();
    const refused = await eachInOrder(journal, chains, (entry) => {
      heads.set(entry.device, { device: entry.device, seq: entry.seq, hash: entry.hash });
      if (weigh(trust, verdict, entry, reader)) visit.take(entry, trust);
    });
    if (refused !== null) return { ok: false, error: refused };
    const late = [...trust.revoked].some(
      ([device, seq]) => revoked.get(device) !== seq && device !== reader.self && (heads.get(device)?.seq ?? 0) > seq,
    );
    if (!late) return ok({ trust, verdict, heads });
    revoked = new Map(trust.revoked);
  }
}
