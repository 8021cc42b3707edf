import { z } from 'zod';
import type { RemoteMovement } from '../../domain/ledger-entry.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { MovementPage, RemoteError } from '../../ports/remote-inventory.ts';
import { read, type ShipheroAccount } from './call.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { CHANGES } from './documents.ts';
import { placeId } from './place-id.ts';
import { OUR_REF } from './reason.ts';
import { changesAnswer, pageOf, type ShipheroChange } from './schemas.ts';

/** Filters of the history; `reason` is an SQL LIKE pattern and needs a range of at most 60 days (contracts: ShipHero 2.6). */
export type ChangeQuery = {
  readonly sku?: string;
  readonly warehouse?: string;
  readonly location?: string;
  readonly locationName?: string;
  readonly reason?: string;
  readonly from?: string;
  readonly to?: string;
  readonly first?: number;
  readonly after?: string;
};

const PAGE_ROWS = 100;
const SECOND_MS = 1000;
/** The longest range that is asked for at once. */
export const LONGEST_RANGE_MS = 59 * 24 * 3_600_000;

/** One page of the history. */
export async function listChanges(
  account: ShipheroAccount,
  query: ChangeQuery,
): Promise<Result<{ changes: readonly ShipheroChange[]; next?: string }, RemoteError>> {
  const variables = { first: PAGE_ROWS, customer: account.customer, ...query };
  const answer = await read(account, CHANGES, variables, changesAnswer);
  if (!answer.ok) return answer;
  const { rows, next } = pageOf(answer.value.inventory_changes.data);
  return ok({ changes: rows, ...(next === undefined ? {} : { next }) });
}

const cursorSchema = z.object({ from: z.number().int(), after: z.string().optional() });

/** One page of what others changed in [from, to): everything in the history whose reason bears no reference of ours. */
export async function listMovements(
  account: ShipheroAccount,
  { from, to, cursor }: { from: string; to: string; cursor?: string },
): Promise<Result<MovementPage, RemoteError>> {
  const place = readCursor(cursor, cursorSchema);
  if (!place.ok) return place;
  const [startMs, endMs] = [Date.parse(from), Date.parse(to)];
  const sliceMs = place.value?.from ?? startMs;
  const sliceEndMs = Math.min(sliceMs + LONGEST_RANGE_MS, endMs);
  const after = place.value?.after;
  const page = await listChanges(account, {
    // Times there are cut to seconds: what happened in the first second of the window may be written before it.
    from: instantOf(Math.floor(sliceMs / SECOND_MS) * SECOND_MS - SECOND_MS),
    to: instantOf(sliceEndMs),
    ...(after === undefined ? {} : { after }),
  });
  if (!page.ok) return page;
  const movements = page.value.changes.flatMap((change) => movementOf(change, sliceMs, sliceEndMs));
  const { next } = page.value;
  const following =
    next !== undefined ? { from: sliceMs, after: next } : sliceEndMs < endMs ? { from: sliceEndMs } : undefined;
  return ok({ movements, ...(following ? { cursor: writeCursor(following) } : {}) });
}

/** When a row of the history happened, ms; as late as its text allows, since it may be cut to the second. */
export function latestTimeOf(change: ShipheroChange): number {
  const text = change.created_at ?? '';
  const at = timeOf(text);
  return /\.\d/.test(text) ? at : at + SECOND_MS - 1;
}

function timeOf(text: string): number {
  // A time without a zone is UTC (contracts: ShipHero 1).
  return Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`);
}

function movementOf(change: ShipheroChange, fromMs: number, toMs: number): RemoteMovement[] {
  const { id, sku, warehouse_id: warehouse, location_id: location, reason, created_at: at, location: named } = change;
  const pieces = change.change_in_on_hand ?? 0;
  const happenedMs = latestTimeOf(change);
  if (!sku || sku.length > 100 || !warehouse || pieces === 0 || OUR_REF.test(reason ?? '')) return [];
  if (!(happenedMs >= fromMs && happenedMs < toMs)) return [];
  const remoteLocation = placeId({ warehouse, location: location ?? '', name: named?.name ?? '' });
  if (remoteLocation === null) return [];
  const key = id ?? [warehouse, location, sku, at, change.previous_on_hand, pieces].join(' ');
  return [
    {
      key: key.slice(0, 300),
      remoteItem: sku,
      remoteLocation,
      quantity: String(pieces),
      // `previous_on_hand` is the warehouse's figure, not the shelf's.
      after: null,
      happenedAt: instantOf(timeOf(at ?? '')),
      what: (reason ?? '').slice(0, 120),
    },
  ];
}

function instantOf(ms: number): string {
  return new Date(ms).toISOString();
}
