import type { JournalStatus } from '../../shared/ports/host.ts';
import { entryId, FIRST_PREV, type LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { textsOf } from '../../shared/domain/veil.ts';
import type { Copy } from './copy.ts';
import type { KeptEntry } from './rows.ts';

/** Whether an entry is what its own hashes say. */
export async function isAsSealed(entry: LedgerEntry): Promise<boolean> {
  for (const [text, digest] of textsOf(entry) ?? [['', '']]) if ((await sha256(text)) !== digest) return false;
  return true;
}

/** SHA-256 of a text, as the host computes it. */
async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Whether an entry is what it says, and follows `prev` with sequence `seq`. */
async function stands({ id, hash, entry }: KeptEntry, seq: number, prev: string): Promise<boolean> {
  if (entry?.seq !== seq || entry.prev !== prev || entry.hash !== hash || entry.id !== id) return false;
  return isAsSealed(entry);
}

/** Which entries of a device's chain to check: those after `after`, whose newest is `after`'s; all when absent. */
export type CheckOptions = {
  device: string;
  after?: Pick<KeptEntry, 'id' | 'seq' | 'hash'>;
  /** Numbers of this chain that were declared as lost. */
  gaps?: JournalStatus['gaps'];
  pause?: () => Promise<void>;
};

/** A page has about so many entries: a few milliseconds' work. */
const PAGE = 250;
/** Rows of one entry each are read so many at once, at most. */
const MOST_ROWS = 32;

/**
 * The first sequence of a chain whose row is missing, altered, or does not follow from the one before it; nothing when
 * the chain stands, or ends. Every hash is computed again. Reads each row once, a few at a time, with a `pause` between.
 */
export async function firstBroken(
  copy: Pick<Copy, 'nextRows'>,
  { device, after, gaps = [], pause }: CheckOptions,
): Promise<number | undefined> {
  const lost = new Map(gaps.map((gap) => [gap.fromSeq, gap]));
  let head = after ?? { id: entryId(device, 0), seq: 0, hash: FIRST_PREV };
  for (let count = 1; ;) {
    const { id } = head;
    const rows = await copy.nextRows(id, count);
    const expected: { seq: number; prev: string }[] = [];
    let next = { seq: head.seq + 1, prev: head.hash };
    for (const row of rows) {
      for (let gap = lost.get(next.seq); gap; gap = lost.get(next.seq)) next = { seq: gap.toSeq + 1, prev: gap.prev };
      expected.push(next);
      next = { seq: next.seq + 1, prev: row.hash };
    }
    const good = await Promise.all(
      rows.map((row, at) => stands(row, expected[at]?.seq ?? 0, expected[at]?.prev ?? '')),
    );
    const bad = good.indexOf(false);
    if (bad >= 0) return expected[bad]?.seq;
    const last = rows.at(-1);
    if (!last) return undefined;
    head = last;
    count = rows.length < PAGE ? Math.min(MOST_ROWS, count * 2) : 1;
    await pause?.();
  }
}
