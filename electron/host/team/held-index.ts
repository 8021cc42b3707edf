import { standsAt } from '../../../shared/domain/ledger-order.ts';
import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { ok, type Result } from '../../../shared/domain/result.ts';
import type { HostError } from '../../../shared/ports/host.ts';
import { falls, isTrustFact } from '../../../shared/team/trust.ts';
import type { Journal } from '../journal/journal.ts';
import type { Chains } from './chains.ts';
import { shelfOf } from './read-chains.ts';

/** An entry that the judge remembers, with its place in ledger order. */
export type Placed = { readonly device: string; readonly seq: number; readonly orderedAt: string };
export type Remembered = Placed & { readonly entry: LedgerEntry };

/** What of all that is held is asked of a file. */
export type Held = {
  readonly remembered: readonly Remembered[];
  /** Laptops that counted a bin in a pass. */
  readonly counters: ReadonlyMap<string, ReadonlySet<string>>;
  /** By laptop: the latest version that an entry of it bears. */
  readonly versions: ReadonlyMap<string, number>;
};

export type HeldIndex = {
  /** Everything that is held by now. What was read before is not read again. */
  catchUp(): Promise<Result<Held, HostError>>;
};

type Read = { seq: number; hash: string; orderedAt: string; entries: number };

const PAGE = 5_000;

/** Reads each chain once, the own journal among them, and what is added to it. */
export function createHeldIndex({
  journal,
  chains,
}: {
  readonly journal: Pick<Journal, 'read' | 'status'>;
  readonly chains: Chains;
}): HeldIndex {
  let remembered: Remembered[] = [];
  let counters = new Map<string, Set<string>>();
  let versions = new Map<string, number>();
  /** How far each chain was read. */
  let read = new Map<string, Read>();
  let lost = chains.lost();

  function forget(): void {
    remembered = [];
    counters = new Map();
    versions = new Map();
    read = new Map();
    lost = chains.lost();
  }

  function take(entry: LedgerEntry, orderedAt: string): void {
    const { device, seq, fact } = entry;
    const fell = falls({ versions }, entry);
    if (isTrustFact(fact) && !fell) remembered.push({ device, seq, orderedAt, entry });
    const shelf = shelfOf(fact);
    if (shelf === undefined) return;
    const devices = counters.get(shelf.key);
    if (devices === undefined) counters.set(shelf.key, new Set([device]));
    else devices.add(device);
  }

  /** Whether the own journal still says what was read of it: it may have been given back what it had lost. */
  async function isOwnAsRead(): Promise<boolean> {
    const { device, entries } = journal.status();
    const before = read.get(device);
    if (before === undefined) return read.size === 0;
    if (before.seq === 0) return true;
    const page = await journal.read(before.seq, PAGE);
    const [last, ...more] = page.ok ? page.value.entries : [];
    const isWhole = page.ok && page.value.nextSeq === undefined;
    return last?.hash === before.hash && (!isWhole || before.entries + more.length === entries);
  }

  async function readOn(device: string, upTo: number, from: (seq: number) => ReturnType<Chains['read']>) {
    const at = read.get(device) ?? { seq: 0, hash: '', orderedAt: '', entries: 0 };
    read.set(device, at);
    let next: number | undefined = at.seq + 1;
    while (next !== undefined && next <= upTo) {
      const page: Awaited<ReturnType<typeof from>> = await from(next);
      // What stands behind damage is not read: then what was read is all there is.
      if (!page.ok)
        return page.error.code === 'journal_incomplete' || page.error.code === 'not_found' ? null : page.error;
      for (const entry of page.value.entries) {
        const { seq, hash } = entry;
        Object.assign(at, { seq, hash, orderedAt: standsAt(at.orderedAt, entry), entries: at.entries + 1 });
        take(entry, at.orderedAt);
      }
      next = page.value.nextSeq;
    }
    return null;
  }

  return {
    async catchUp() {
      if (lost !== chains.lost() || !(await isOwnAsRead())) forget();
      const own = journal.status();
      const refused = await readOn(own.device, own.seq, (seq) => journal.read(seq, PAGE));
      if (refused !== null) return { ok: false, error: refused };
      for (const { device, seq } of chains.heads()) {
        const unread = await readOn(device, seq, (from) => chains.read(device, from, PAGE));
        if (unread !== null) return { ok: false, error: unread };
      }
      return ok({ remembered, counters, versions });
    },
  };
}
