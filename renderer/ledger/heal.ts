import { entryId, FIRST_PREV, type LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { Host, JournalStatus } from '../../shared/ports/host.ts';
import type { Copy } from './copy.ts';
import { fromRow } from './collections.ts';
import type { Healing, LedgerError } from './ledger.ts';

/** How far healing has come; `total` entries are to be copied. */
export type HealProgress = (done: number, total: number) => void;

const PAGE = 5000;
/** Up to here every row is read and checked before the first screen; beyond, the rest is checked behind it. */
const CHECK_ALL_UP_TO = 20_000;

/**
 * Makes the journal and the page's copy hold the same entries, before the first screen. The shorter is completed from the
 * longer; what neither holds is not invented. Run twice, the second run finds nothing to do.
 */
export async function heal(
  host: Pick<Host, 'readJournal' | 'restoreJournal'>,
  copy: Copy,
  journal: JournalStatus,
  checkAll: boolean,
  progress: HealProgress,
): Promise<Result<readonly Healing[], LedgerError>> {
  const done: Healing[] = [];
  let status = journal;
  const own = await readEnd(copy, journal.device, checkAll);

  if (own.seq > status.seq && own.seq > 0) {
    const agree = status.seq === 0 || (await hashAt(copy, status.device, status.seq)) === status.hash;
    if (agree) {
      const given = await giveBack(host, copy, status, own.seq, progress);
      if (!given.ok) return given;
      const note = journal.state === 'missing' ? 'journal_missing' : journal.state === 'damaged' ? 'journal_damaged' : 'journal_short';
      done.push({ from: 'ledger', restored: own.seq - status.seq, note });
      status = given.value;
    }
  } else if (status.state === 'damaged' || status.state === 'missing') {
    // The page's copy reaches no further than the journal: what stands is kept, and the journal starts anew behind it.
    const settled = await host.restoreJournal({ entries: [], last: true });
    if (!settled.ok) return settled;
    done.push({ from: 'ledger', restored: 0, note: status.state === 'missing' ? 'journal_missing' : 'journal_damaged' });
    status = settled.value.journal;
  }

  const agree = own.seq === 0 || own.seq > status.seq || (await hashInJournal(host, own.seq)) === own.hash;
  const altered = !agree || (own.broken !== undefined && (await copy.at(entryId(journal.device, own.broken))) !== undefined);
  // A row that says something else than the journal cannot be mended in place: the page's copy is only an index of it.
  if (altered) await copy.clear();
  const from = altered ? 1 : (own.broken ?? Math.min(own.seq, status.seq) + 1);
  if (from <= status.seq) {
    const taken = await takeFrom(host, copy, from, status.seq, progress);
    if (!taken.ok) return taken;
    const note = own.seq === 0 ? 'page_copy_lost' : altered || own.broken !== undefined ? 'page_copy_damaged' : 'page_copy_short';
    done.push({ from: 'journal', restored: taken.value, note });
  }
  return ok(done);
}

/** The newest entry of the page's copy, and the first sequence before it that is missing or altered. */
async function readEnd(copy: Copy, device: string, checkAll: boolean): Promise<{ seq: number; hash: string; broken?: number }> {
  const last = await copy.last();
  if (!last || !last.id.startsWith(`${device}-`)) return { seq: 0, hash: FIRST_PREV };
  const end = { seq: last.seq, hash: last.hash };
  // A crash leaves holes near the end only: entries sealed together, of which the later were inserted first.
  const tail = entryId(device, last.seq - CHECK_ALL_UP_TO);
  if (!checkAll && last.seq > CHECK_ALL_UP_TO && (await copy.countAfter(tail)) === CHECK_ALL_UP_TO) return end;
  const broken = await firstBroken(copy);
  return broken === undefined ? end : { ...end, broken };
}

/** The first sequence whose row does not follow from the one before it; nothing when the whole chain stands. */
export async function firstBroken(copy: Copy, pause?: () => Promise<void>): Promise<number | undefined> {
  let after = '';
  let prev = FIRST_PREV;
  let expected = 1;
  for (;;) {
    const rows = await copy.rowsAfter(after, PAGE);
    for (const row of rows) {
      const entry = readRow(row);
      if (!entry || entry.seq !== expected || entry.prev !== prev || entry.hash !== row.hash || entry.id !== row.id) return expected;
      prev = entry.hash;
      expected += 1;
    }
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return undefined;
    after = last.id;
    await pause?.();
  }
}

function readRow(row: { line: string }): LedgerEntry | undefined {
  try {
    return fromRow(row);
  } catch {
    return undefined;
  }
}

async function hashAt(copy: Copy, device: string, seq: number): Promise<string | undefined> {
  return (await copy.at(entryId(device, seq)))?.hash;
}

async function hashInJournal(host: Pick<Host, 'readJournal'>, seq: number): Promise<string | undefined> {
  const page = await host.readJournal({ fromSeq: seq, limit: 1 });
  return page.ok ? page.value.entries[0]?.hash : undefined;
}

/** Copies journal entries into the page's copy; rows it holds already are left as they are. */
async function takeFrom(
  host: Pick<Host, 'readJournal'>,
  copy: Copy,
  from: number,
  to: number,
  progress: HealProgress,
): Promise<Result<number, LedgerError>> {
  let next: number | undefined = from;
  let taken = 0;
  while (next !== undefined) {
    const page = await host.readJournal({ fromSeq: next, limit: PAGE });
    if (!page.ok) return page;
    if (page.value.entries.length > 0) {
      const stored = await copy.insert(page.value.entries);
      if (!stored.ok) return stored;
    }
    taken += page.value.entries.length;
    progress(taken, to - from + 1);
    next = page.value.nextSeq;
  }
  return ok(taken);
}

/** Gives the journal what it lost, from the page's copy. */
async function giveBack(
  host: Pick<Host, 'restoreJournal'>,
  copy: Copy,
  journal: JournalStatus,
  to: number,
  progress: HealProgress,
): Promise<Result<JournalStatus, LedgerError>> {
  let status = journal;
  let after = journal.seq === 0 ? '' : entryId(journal.device, journal.seq);
  for (;;) {
    const rows = await copy.rowsAfter(after, PAGE);
    const entries = rows.flatMap((row) => readRow(row) ?? []);
    const last = rows.length < PAGE;
    const given = await host.restoreJournal({ entries, last });
    if (!given.ok) return given;
    status = given.value.journal;
    progress(status.seq - journal.seq, to - journal.seq);
    const end = rows.at(-1);
    if (last || !end) return ok(status);
    after = end.id;
  }
}
