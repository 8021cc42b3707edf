import type { FrozenRequest } from '../../domain/ledger-entry.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import { watchPages } from '../../ports/pages.ts';
import type { FileProgress, RemoteError } from '../../ports/remote-inventory.ts';
import type { ShipheroAccount } from './call.ts';
import { listFileRows, readFileJob } from './files.ts';
import type { ShipheroSync, ShipheroSyncRow } from './schemas.ts';

/** After this a job is taken for ended, whatever it says: words for its states are not known (contracts: ShipHero 2.3). */
const LONGEST_JOB_MS = 24 * 3_600_000;

/** What is remembered of jobs while the app runs: rows read so far, the word for a stopped one, and what it said last. */
export type FileMemory = {
  readonly rows: Map<string, { readonly read: Map<number, ShipheroSyncRow>; after: string | undefined }>;
  readonly stopped: Map<string, string>;
  readonly finished: Map<string, number>;
};

export function createFileMemory(): FileMemory {
  return { rows: new Map(), stopped: new Map(), finished: new Map() };
}

/**
 * How far a job is. While it runs only counts are asked for. When it has ended every row is read, since a job that ended in
 * errors has done the other rows all the same; rows are ours by their number, and their SKU has to agree.
 */
export async function followFile(
  account: ShipheroAccount,
  request: FrozenRequest,
  known: { job: string; memory: FileMemory },
): Promise<Result<FileProgress, RemoteError>> {
  const { job, memory } = known;
  const answer = await readFileJob(account, job);
  if (!answer.ok) return answer;
  const sync = answer.value;
  const finished = finishedOf(sync);
  const counts = { finished, total: sync.total_count ?? request.lines.length };
  if (!hasEnded(account, sync, known)) return ok({ done: false, ...counts, arrived: [], refused: [] });
  const rows = await readRows(account, job, memory);
  if (!rows.ok) return rows;
  const arrived: string[] = [];
  const refused: { ref: string; detail: string }[] = [];
  for (const [number, row] of rows.value) {
    const line = request.lines[number - 1];
    if (line === undefined || (row.sku != null && row.sku !== line.remoteItem))
      return err({ code: 'bad_answer', detail: `row ${number} of the file is not ours` });
    if (row.status === 'success') arrived.push(line.ref);
    else if (row.status === 'error') refused.push({ ref: line.ref, detail: (row.error || 'refused').slice(0, 300) });
  }
  // Rows may be told later than the job's own end.
  const isTold = arrived.length + refused.length >= finished || isOld(account, sync);
  if (!isTold) memory.rows.delete(job);
  return ok({ done: isTold, ...counts, arrived, refused });
}

function finishedOf(sync: ShipheroSync): number {
  return sync.finished_count ?? (sync.success_count ?? 0) + (sync.error_count ?? 0);
}

function hasEnded(account: ShipheroAccount, sync: ShipheroSync, known: { job: string; memory: FileMemory }): boolean {
  const { job, memory } = known;
  const { status } = sync;
  const total = sync.total_count ?? 0;
  const finished = finishedOf(sync);
  if (isOld(account, sync) || (total > 0 && finished >= total)) return true;
  const isStopped = status != null && (status === memory.stopped.get(job) || /^abort/i.test(status));
  if (status !== 'success' && status !== 'error' && !isStopped) return false;
  if (finished >= total) return true;
  // A row that was under way at the end is done first: two looks that agree show that nothing moves any more.
  const before = memory.finished.get(job);
  memory.finished.set(job, finished);
  return before === finished;
}

function isOld(account: ShipheroAccount, sync: ShipheroSync): boolean {
  return account.now() - Date.parse(sync.created_at ?? '') >= LONGEST_JOB_MS;
}

/** Every row of an ended job by its number. What was read is kept, so that a wait for credits does not begin it anew. */
async function readRows(
  account: ShipheroAccount,
  job: string,
  memory: FileMemory,
): Promise<Result<ReadonlyMap<number, ShipheroSyncRow>, RemoteError>> {
  const kept = memory.rows.get(job) ?? { read: new Map<number, ShipheroSyncRow>(), after: undefined };
  memory.rows.set(job, kept);
  const endless = watchPages();
  for (let isFirst = true; isFirst || kept.after !== undefined; isFirst = false) {
    const { after } = kept;
    const page = await listFileRows(account, { job, ...(after === undefined ? {} : { after }) });
    if (!page.ok) {
      // A dead cursor: the next look reads from the start.
      if (page.error.code === 'cursor_expired') memory.rows.delete(job);
      return page.error.code === 'cursor_expired' ? err({ code: 'unavailable', detail: page.error.detail }) : page;
    }
    for (const row of page.value.rows) if (row.row != null) kept.read.set(row.row, row);
    const refused = page.value.next === undefined ? undefined : endless(page.value.next);
    if (refused) return refused;
    kept.after = page.value.next;
  }
  return ok(kept.read);
}
