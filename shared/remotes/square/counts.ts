import type { ObservedCount } from '../../domain/ledger-entry.ts';
import { formatQuantity, parseQuantity } from '../../domain/quantity.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { CountPage, RemoteError } from '../../ports/remote-inventory.ts';
import { read, type SquareAccount } from './call.ts';
import { locationQuery } from './changes.ts';
import { countsPageSchema, type SquareCount } from './schemas.ts';

/** Rows of one page: the most that Square gives, and the most that one observation holds. */
const PAGE_ROWS = 1000;

export type CountQuery = {
  readonly locations: readonly string[];
  readonly items?: readonly string[];
  readonly updatedAfter?: string;
  readonly cursor?: string;
};

/**
 * One page of stock on hand, newest first. Asked for certain items, it also says which of them have no record (null):
 * only where the answer came whole on one page, since a row could stand on another.
 */
export async function listCounts(account: SquareAccount, query: CountQuery): Promise<Result<CountPage, RemoteError>> {
  const body = JSON.stringify({
    catalog_object_ids: query.items,
    location_ids: query.locations,
    updated_after: query.updatedAfter,
    states: ['IN_STOCK'],
    cursor: query.cursor,
    limit: PAGE_ROWS,
  });
  const call = {
    method: 'POST',
    path: '/v2/inventory/counts/batch-retrieve',
    body,
    paged: query.cursor !== undefined,
  } as const;
  const page = pageOf(await read(account, call, countsPageSchema));
  if (!page.ok) return page;
  const whole = query.cursor === undefined && page.value.cursor === undefined && query.updatedAfter === undefined;
  if (!whole || query.items === undefined) return page;
  const counts = [...page.value.counts, ...withoutRecord(query.items, query.locations, page.value.counts)];
  return ok({ ...page.value, counts });
}

/** Stock of one variation; no location means all of them. */
export async function listItemCounts(
  account: SquareAccount,
  query: { item: string; locations: readonly string[]; cursor?: string },
): Promise<Result<CountPage, RemoteError>> {
  const path = `/v2/inventory/${encodeURIComponent(query.item)}?${locationQuery(query)}`;
  return pageOf(await read(account, { method: 'GET', path, paged: query.cursor !== undefined }, countsPageSchema));
}

function pageOf(
  answer: Result<{ counts?: SquareCount[] | null | undefined; cursor?: string | null | undefined }, RemoteError>,
): Result<CountPage, RemoteError> {
  if (!answer.ok) return answer;
  const counts: ObservedCount[] = [];
  for (const row of answer.value.counts ?? []) {
    if (row.state !== 'IN_STOCK' || !row.location_id) continue;
    const quantity = parseQuantity(row.quantity);
    if (!quantity.ok)
      return err({
        code: 'bad_answer',
        detail: `${row.catalog_object_id}: ${quantity.error.code} ${row.quantity}`.slice(0, 300),
      });
    const calculatedAt = row.calculated_at ? { calculatedAt: row.calculated_at } : {};
    counts.push({
      remoteItem: row.catalog_object_id,
      remoteLocation: row.location_id,
      quantity: formatQuantity(quantity.value),
      ...calculatedAt,
    });
  }
  const { cursor } = answer.value;
  return ok({ counts, ...(cursor ? { cursor } : {}) });
}

function withoutRecord(
  items: readonly string[],
  locations: readonly string[],
  counts: readonly ObservedCount[],
): ObservedCount[] {
  const seen = new Set(counts.map((count) => `${count.remoteItem}\u001F${count.remoteLocation}`));
  return items.flatMap((remoteItem) =>
    locations
      .filter((remoteLocation) => !seen.has(`${remoteItem}\u001F${remoteLocation}`))
      .map((remoteLocation) => ({ remoteItem, remoteLocation, quantity: null })),
  );
}
