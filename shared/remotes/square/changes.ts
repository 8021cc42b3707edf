import type { FrozenRequest } from '../../domain/ledger-entry.ts';
import { ok, type Result } from '../../domain/result.ts';
import { watchPages } from '../../ports/pages.ts';
import type { ReadBack, RemoteError } from '../../ports/remote-inventory.ts';
import { read, type SquareAccount } from './call.ts';
import { idsByReference, receiptOf } from './push.ts';
import {
  changesPageSchema,
  oneAdjustmentSchema,
  onePhysicalCountSchema,
  oneTransferSchema,
  type SquareAdjustment,
  type SquareChange,
  type SquarePhysicalCount,
  type SquareTransfer,
} from './schemas.ts';

export type ChangePage = { readonly changes: readonly SquareChange[]; readonly cursor?: string };

/** Filters of the change log; `updatedAfter` is compared with Square's clock, while rows come by `occurred_at`. */
export type ChangeQuery = {
  readonly items?: readonly string[];
  readonly locations?: readonly string[];
  readonly updatedAfter?: string;
  readonly updatedBefore?: string;
  readonly cursor?: string;
  /** Rows of a page at most, 1 to 1000. */
  readonly limit?: number;
};

/** One page of recorded counts and adjustments, oldest `occurred_at` first. */
export async function listChanges(
  account: SquareAccount,
  query: ChangeQuery,
): Promise<Result<ChangePage, RemoteError>> {
  const body = JSON.stringify({
    catalog_object_ids: query.items,
    location_ids: query.locations,
    types: ['PHYSICAL_COUNT', 'ADJUSTMENT'],
    updated_after: query.updatedAfter,
    updated_before: query.updatedBefore,
    cursor: query.cursor,
    limit: query.limit ?? 1000,
  });
  const call = {
    method: 'POST',
    path: '/v2/inventory/changes/batch-retrieve',
    body,
    paged: query.cursor !== undefined,
  } as const;
  return pageOf(await read(account, call, changesPageSchema));
}

/** Which of a request's lines Square holds, by our reference; reads page after page until all are found or none are left. */
export async function readBackChanges(
  account: SquareAccount,
  request: FrozenRequest,
  since: string,
): Promise<Result<ReadBack, RemoteError>> {
  const query = {
    items: [...new Set(request.lines.map((line) => line.remoteItem))],
    locations: [...new Set(request.lines.map((line) => line.remoteLocation))],
    updatedAfter: since,
  };
  const found = new Map<string, string>();
  const endless = watchPages();
  for (let cursor: string | undefined; ;) {
    const page = await listChanges(account, cursor === undefined ? query : { ...query, cursor });
    if (!page.ok) return page;
    for (const [ref, id] of idsByReference(page.value.changes)) found.set(ref, id);
    cursor = page.value.cursor;
    if (cursor === undefined || request.lines.every((line) => found.has(line.ref))) break;
    const refused = endless(cursor);
    if (refused) return refused;
  }
  const there = request.lines.filter((line) => found.has(line.ref));
  return ok({ receipts: there.map(({ ref }) => receiptOf(ref, found.get(ref))), doubtful: [] });
}

/** All changes of one variation, newest `occurred_at` first, however old. Deprecated by Square in favour of `listChanges`. */
export async function listItemChanges(
  account: SquareAccount,
  query: { item: string; locations: readonly string[]; cursor?: string },
): Promise<Result<ChangePage, RemoteError>> {
  const path = `/v2/inventory/${encodeURIComponent(query.item)}/changes?${locationQuery(query)}`;
  return pageOf(await read(account, { method: 'GET', path, paged: query.cursor !== undefined }, changesPageSchema));
}

/** The query string of single reads; no location means all of them. */
export function locationQuery(query: { locations: readonly string[]; cursor?: string }): string {
  const ids = query.locations.map(encodeURIComponent).join(',');
  return `location_ids=${ids}${query.cursor === undefined ? '' : `&cursor=${encodeURIComponent(query.cursor)}`}`;
}

export async function readAdjustment(
  account: SquareAccount,
  id: string,
): Promise<Result<SquareAdjustment, RemoteError>> {
  const answer = await read(
    account,
    { method: 'GET', path: `/v2/inventory/adjustments/${encodeURIComponent(id)}` },
    oneAdjustmentSchema,
  );
  return answer.ok ? ok(answer.value.adjustment) : answer;
}

export async function readPhysicalCount(
  account: SquareAccount,
  id: string,
): Promise<Result<SquarePhysicalCount, RemoteError>> {
  const answer = await read(
    account,
    { method: 'GET', path: `/v2/inventory/physical-counts/${encodeURIComponent(id)}` },
    onePhysicalCountSchema,
  );
  return answer.ok ? ok(answer.value.count) : answer;
}

/** Transfers are made at Square's own tills and screens; they can only be read. */
export async function readTransfer(account: SquareAccount, id: string): Promise<Result<SquareTransfer, RemoteError>> {
  const answer = await read(
    account,
    { method: 'GET', path: `/v2/inventory/transfers/${encodeURIComponent(id)}` },
    oneTransferSchema,
  );
  return answer.ok ? ok(answer.value.transfer) : answer;
}

function pageOf(
  answer: Result<{ changes?: SquareChange[] | null | undefined; cursor?: string | null | undefined }, RemoteError>,
): Result<ChangePage, RemoteError> {
  if (!answer.ok) return answer;
  const { changes, cursor } = answer.value;
  return ok({ changes: changes ?? [], ...(cursor ? { cursor } : {}) });
}
