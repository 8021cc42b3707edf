import { entryId, type LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { ok, type Result } from '../../shared/domain/result.ts';
import type { Host, JournalStatus } from '../../shared/ports/host.ts';
import { readRow } from './chain.ts';
import type { Copy } from './copy.ts';
import type { HealProgress } from './heal.ts';
import type { LedgerError } from './ledger.ts';

const PAGE = 5000;

type Parts = { host: Pick<Host, 'restoreJournal'>; copy: Pick<Copy, 'rowsAfter'>; progress: HealProgress };

/**
 * Gives the journal what it lost, from the page's copy: the entries that continue its chain, up to the first that does
 * not. The host checks every hash again. Gives the journal's status afterwards, or the same one if nothing fitted.
 */
export async function giveBack(
  { host, copy, progress }: Parts,
  { journal, device, to }: { journal: JournalStatus; device: string; to: number },
): Promise<Result<JournalStatus, LedgerError>> {
  let status = journal;
  let head = { seq: journal.seq, hash: journal.hash };
  for (;;) {
    const rows = await copy.rowsAfter(entryId(device, head.seq), PAGE);
    const entries: LedgerEntry[] = [];
    for (const row of rows) {
      const entry = readRow(row);
      if (entry?.device !== device || entry.seq !== head.seq + 1 || entry.prev !== head.hash) break;
      entries.push(entry);
      head = { seq: entry.seq, hash: entry.hash };
    }
    if (entries.length === 0 && status === journal) return ok(journal);
    const last = entries.length < PAGE;
    const given = await give(host, entries, last);
    if (!given.ok) return given;
    status = given.value.journal;
    progress(status.seq - journal.seq, to - journal.seq);
    if (last || status.seq < head.seq) return ok(status);
  }
}

/** One page of entries. One that is not what its hash says ends the giving: those before it are given, nothing after it. */
async function give(host: Parts['host'], entries: LedgerEntry[], last: boolean): ReturnType<Host['restoreJournal']> {
  const given = await host.restoreJournal({ entries, last });
  if (given.ok || given.error.code !== 'broken_chain') return given;
  const { seq } = given.error;
  return host.restoreJournal({ entries: entries.filter((entry) => entry.seq < seq), last: true });
}
