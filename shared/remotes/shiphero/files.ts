import type { FrozenRequest } from '../../domain/ledger-entry.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import { change, read, type ShipheroAccount } from './call.ts';
import { SYNC_ABORT, SYNC_ONE, SYNC_ROWS, SYNC_START, SYNCS } from './documents.ts';
import { readPlaceId } from './place-id.ts';
import {
  pageOf,
  syncAbortAnswer,
  syncAnswer,
  syncRowsAnswer,
  syncsAnswer,
  syncStartAnswer,
  type ShipheroSync,
  type ShipheroSyncRow,
} from './schemas.ts';

/** A job of the remote that was started within this time may be the one whose answer was lost. */
const JUST_NOW_MS = 15 * 60_000;
const PAGE_ROWS = 100;

/**
 * Sends the remote for a file. When the answer is lost, a job that was just started with the same address is taken for
 * ours: the address is told to nobody else.
 */
export async function startFile(
  account: ShipheroAccount,
  request: FrozenRequest,
  url: string,
): Promise<Result<{ job: string }, RemoteError>> {
  const refs = request.lines.map((line) => line.ref);
  const warehouse = readPlaceId(request.lines[0]?.remoteLocation ?? '')?.warehouse;
  if (warehouse === undefined) return err({ code: 'rejected', detail: 'the lines have no warehouse', refs });
  if (!/^https?:\/\/[^/]/i.test(url))
    return err({ code: 'rejected', detail: 'an address that begins with http is needed', refs });
  const data = { url, warehouse_id: warehouse, customer_account_id: account.customer };
  const answer = await change(account, SYNC_START, data, syncStartAnswer);
  if (answer.ok) return ok({ job: answer.value.inventory_sync.sync_id });
  if (answer.error.code !== 'unknown_outcome') return answer;
  const jobs = await listFileJobs(account, { warehouse });
  const found = jobs.ok ? jobs.value.jobs.find((job) => job.url === url && isFresh(account, job)) : undefined;
  return found ? ok({ job: found.id }) : answer;
}

/** One page of the jobs of a warehouse, or of all. */
export async function listFileJobs(
  account: ShipheroAccount,
  query: { warehouse?: string; status?: string; after?: string },
): Promise<Result<{ jobs: readonly ShipheroSync[]; next?: string }, RemoteError>> {
  const answer = await read(account, SYNCS, { first: PAGE_ROWS, customer: account.customer, ...query }, syncsAnswer);
  if (!answer.ok) return answer;
  const { rows, next } = pageOf(answer.value.inventory_sync_statuses.data);
  return ok({ jobs: rows, ...(next === undefined ? {} : { next }) });
}

/** How far one job is, in counts. */
export async function readFileJob(account: ShipheroAccount, job: string): Promise<Result<ShipheroSync, RemoteError>> {
  const answer = await read(account, SYNC_ONE, { id: job }, syncAnswer);
  return answer.ok ? ok(answer.value.inventory_sync_status.data) : answer;
}

/** One page of a job's rows. They share the job's id: `row`, from 1, is what tells them apart (contracts: ShipHero 2.3). */
export async function listFileRows(
  account: ShipheroAccount,
  query: { job: string; status?: string; after?: string },
): Promise<Result<{ rows: readonly ShipheroSyncRow[]; next?: string }, RemoteError>> {
  const { job, ...rest } = query;
  const answer = await read(account, SYNC_ROWS, { id: job, first: PAGE_ROWS, ...rest }, syncRowsAnswer);
  if (!answer.ok) return answer;
  const { rows, next } = pageOf(answer.value.inventory_sync_items_status.data);
  return ok({ rows, ...(next === undefined ? {} : { next }) });
}

/** Stops a job; rows that were done stay done. Answers with the remote's own word for a stopped job. */
export async function abortFile(
  account: ShipheroAccount,
  job: string,
): Promise<Result<{ status: string }, RemoteError>> {
  const data = { sync_id: job, reason: 'Stopped in Tallybook' };
  const answer = await change(account, SYNC_ABORT, data, syncAbortAnswer);
  return answer.ok ? ok({ status: answer.value.inventory_sync_abort.sync?.status ?? '' }) : answer;
}

function isFresh(account: ShipheroAccount, job: ShipheroSync): boolean {
  return Math.abs(account.now() - Date.parse(job.created_at ?? '')) < JUST_NOW_MS;
}
