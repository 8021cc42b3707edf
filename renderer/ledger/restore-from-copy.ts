import { entryId, type LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { ok, type Result } from '../../shared/domain/result.ts';
import type { Host, JournalStatus } from '../../shared/ports/host.ts';
import { isAsSealed } from './chain.ts';
import type { Copy } from './copy.ts';
import type { LedgerError, HealProgress } from './ledger.ts';
import type { KeptEntry } from './rows.ts';

const PAGE = 5000;

type Parts = { host: Pick<Host, 'restoreJournal'>; copy: Pick<Copy, 'entriesAfter'>; progress: HealProgress };
type Head = { seq: number; hash: string };
type Lost = {
  journal: JournalStatus;
  device: string;
  /** Sequence of the copy's newest row. */
  to: number;
  /** Entries behind a hole in the copy are given too: the host may have what is missing between. */
  holes: boolean;
};

/**
 * Gives the journal what it lost, from the page's copy: the entries that continue its chain, up to the first that does
 * not, or all behind it too (`holes`). The host checks every hash again. Gives the journal's status afterwards, or the
 * same one if nothing fitted.
 */
export async function restoreFromCopy(
  { host, copy, progress }: Parts,
  { journal, device, to, holes }: Lost,
): Promise<Result<JournalStatus, LedgerError>> {
  let status = journal;
  let head: Head = { seq: journal.seq, hash: journal.hash };
  let after = entryId(device, journal.seq);
  for (;;) {
    const rows = await copy.entriesAfter(after, PAGE);
    const picked = pick(rows, device, head, holes);
    const last = picked.ended || rows.length < PAGE;
    if (last && picked.entries.length === 0 && status === journal) return ok(journal);
    const given = await give(host, { entries: picked.entries, last, holes: picked.hasHole });
    if (!given.ok) return given;
    status = given.value.journal;
    progress(status.seq - journal.seq, to - journal.seq);
    if (last || given.value.ended) return ok(status);
    head = picked.head;
    after = rows.at(-1)?.id ?? after;
  }
}

type Picked = { entries: LedgerEntry[]; head: Head; hasHole: boolean; ended: boolean };

/** The entries of a page that may follow `head`. */
function pick(rows: readonly KeptEntry[], device: string, head: Head, holes: boolean): Picked {
  const picked: Picked = { entries: [], head, hasHole: false, ended: false };
  for (const { entry } of rows) {
    const isOurs = entry?.device === device && entry.seq > picked.head.seq;
    const follows = isOurs && entry.seq === picked.head.seq + 1 && entry.prev === picked.head.hash;
    if (!follows && !holes) return { ...picked, ended: true };
    if (!isOurs) continue;
    picked.hasHole ||= !follows;
    picked.entries.push(entry);
    picked.head = { seq: entry.seq, hash: entry.hash };
  }
  return picked;
}

type Given = { entries: LedgerEntry[]; last: boolean; holes: boolean };

/**
 * One page of entries. One that is not what its own hash says is left out; one that contradicts the journal ends the
 * giving: those before it are given, nothing after it.
 */
async function give(
  host: Parts['host'],
  { entries, last, holes }: Given,
): Promise<Result<{ journal: JournalStatus; ended: boolean }, LedgerError>> {
  const whole = await host.restoreJournal({ entries, last, holes });
  if (whole.ok) return ok({ ...whole.value, ended: false });
  if (whole.error.code !== 'broken_chain') return whole;
  const good = await Promise.all(entries.map(isAsSealed));
  const sealed = entries.filter((_, at) => good[at]);
  const again = await host.restoreJournal({ entries: sealed, last, holes: true });
  if (again.ok) return ok({ ...again.value, ended: false });
  if (again.error.code !== 'broken_chain') return again;
  const { seq } = again.error;
  const cut = await host.restoreJournal({
    entries: sealed.filter((entry) => entry.seq < seq),
    last: true,
    holes: true,
  });
  return cut.ok ? ok({ ...cut.value, ended: true }) : cut;
}
