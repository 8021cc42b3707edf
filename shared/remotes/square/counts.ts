import type { ObservedCount } from '../../domain/ledger-entry.ts';
import { formatQuantity, parseQuantity, ZERO, type Quantity } from '../../domain/quantity.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import { watchPages } from '../../ports/pages.ts';
import type { CountPage, RemoteError } from '../../ports/remote-inventory.ts';
import { read, type SquareAccount } from './call.ts';
import { locationQuery } from './changes.ts';
import { ON_SHELF } from './movements.ts';
import { countsPageSchema, type SquareCount } from './schemas.ts';
import { figureKey } from '../../ports/figure-key.ts';

/** Rows of one page: the most that Square gives, and the most that one observation holds. */
const PAGE_ROWS = 1000;

export type CountQuery = {
  readonly locations: readonly string[];
  readonly items?: readonly string[];
  readonly updatedAfter?: string;
  readonly cursor?: string;
};

/** Items that one question names at most (contracts: Square 2.3). */
const MOST_NAMED = 100;
/** Pages of named items that are read in one go: only the last tells what has no record. */
const MOST_PAGES = 20;
const RESERVED = 'RESERVED_FOR_SALE';

/** The states of one item at one location, as their rows tell them. */
type Shelf = {
  readonly remoteItem: string;
  readonly remoteLocation: string;
  inStock?: Quantity;
  reserved?: Quantity;
  calculatedAt?: string;
};
type Shelves = Map<string, Shelf>;

/**
 * One page of what lies on the shelf, newest first: stock, and what of it is reserved. Asked for certain items, it reads
 * on to the last page and also says which of them have no record (null); a page may be empty and have others behind it.
 * Where the answer did not come whole, the states that are missing are asked for.
 */
export async function listCounts(account: SquareAccount, query: CountQuery): Promise<Result<CountPage, RemoteError>> {
  const isNamed = query.items !== undefined && query.cursor === undefined && query.updatedAfter === undefined;
  const page = await (isNamed ? readOn(account, query) : readShelves(account, query, ON_SHELF));
  if (!page.ok) return page;
  const { shelves, cursor } = page.value;
  const isWhole = query.cursor === undefined && cursor === undefined && query.updatedAfter === undefined;
  if (!isWhole) {
    const completed = await completeShelves(account, query.locations, shelves);
    if (!completed.ok) return completed;
  }
  const counts = [...shelves.values()].map(countOf);
  if (!isWhole || query.items === undefined) return ok({ counts, ...(cursor === undefined ? {} : { cursor }) });
  return ok({ counts: [...counts, ...withoutRecord(query.items, query.locations, counts)] });
}

/** Stock of one variation; no location means all of them. */
export async function listItemCounts(
  account: SquareAccount,
  query: { item: string; locations: readonly string[]; cursor?: string },
): Promise<Result<CountPage, RemoteError>> {
  const path = `/v2/inventory/${encodeURIComponent(query.item)}?${locationQuery(query)}`;
  const page = shelvesOf(
    await read(account, { method: 'GET', path, paged: query.cursor !== undefined }, countsPageSchema),
  );
  if (!page.ok) return page;
  const { shelves, cursor } = page.value;
  return ok({ counts: [...shelves.values()].map(countOf), ...(cursor === undefined ? {} : { cursor }) });
}

async function readShelves(account: SquareAccount, query: CountQuery, states: readonly string[]) {
  const body = JSON.stringify({
    catalog_object_ids: query.items,
    location_ids: query.locations,
    updated_after: query.updatedAfter,
    states,
    cursor: query.cursor,
    limit: PAGE_ROWS,
  });
  const call = {
    method: 'POST',
    path: '/v2/inventory/counts/batch-retrieve',
    body,
    paged: query.cursor !== undefined,
  } as const;
  return shelvesOf(await read(account, call, countsPageSchema));
}

/** All pages of a question, as far as it is worth it: the states of one item may stand on several. */
async function readOn(
  account: SquareAccount,
  query: CountQuery,
): Promise<Result<{ shelves: Shelves; cursor?: string }, RemoteError>> {
  const all: Shelves = new Map();
  const endless = watchPages();
  let cursor: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await readShelves(account, cursor === undefined ? query : { ...query, cursor }, ON_SHELF);
    if (!page.ok) return page;
    for (const [key, shelf] of page.value.shelves) {
      const calculatedAt = laterOf(all.get(key)?.calculatedAt, shelf.calculatedAt);
      all.set(key, { ...all.get(key), ...shelf, ...(calculatedAt === undefined ? {} : { calculatedAt }) });
    }
    cursor = page.value.cursor;
    if (cursor === undefined) return ok({ shelves: all });
    const refused = endless(cursor);
    if (refused) return refused;
  }
  return ok({ shelves: all, ...(cursor === undefined ? {} : { cursor }) });
}

/**
 * Fills in, in place, the states that a page left out: the row of one may be older than what was asked for, or stand on
 * another page.
 */
async function completeShelves(
  account: SquareAccount,
  locations: readonly string[],
  shelves: Shelves,
): Promise<Result<null, RemoteError>> {
  const known = [...shelves.values()];
  const itemsOf = (some: readonly Shelf[]) => [...new Set(some.map((shelf) => shelf.remoteItem))];
  const sold = itemsOf(known.filter((shelf) => shelf.reserved === undefined));
  // Little is reserved as a rule: above one question's worth of items all of it is asked for at once.
  const reserved = sold.length > MOST_NAMED ? [undefined] : sold.length === 0 ? [] : [sold];
  for (const items of reserved) {
    const done = await fillIn(account, { locations, ...(items && { items }) }, RESERVED, shelves);
    if (!done.ok) return done;
  }
  const held = itemsOf(known.filter((shelf) => shelf.inStock === undefined));
  for (let from = 0; from < held.length; from += MOST_NAMED) {
    const items = held.slice(from, from + MOST_NAMED);
    const done = await fillIn(account, { locations, items }, 'IN_STOCK', shelves);
    if (!done.ok) return done;
  }
  return ok(null);
}

async function fillIn(
  account: SquareAccount,
  query: CountQuery,
  state: string,
  shelves: Shelves,
): Promise<Result<null, RemoteError>> {
  const endless = watchPages();
  for (let cursor: string | undefined; ;) {
    const page = await readShelves(account, cursor === undefined ? query : { ...query, cursor }, [state]);
    if (!page.ok) return page;
    for (const [key, shelf] of page.value.shelves) {
      const known = shelves.get(key);
      if (known !== undefined) shelves.set(key, { ...shelf, ...known });
    }
    cursor = page.value.cursor;
    if (cursor === undefined) return ok(null);
    const refused = endless(cursor);
    if (refused) return refused;
  }
}

function shelvesOf(
  answer: Result<{ counts?: SquareCount[] | null | undefined; cursor?: string | null | undefined }, RemoteError>,
): Result<{ shelves: Shelves; cursor?: string }, RemoteError> {
  if (!answer.ok) return answer;
  const shelves: Shelves = new Map();
  for (const row of answer.value.counts ?? []) {
    const state = ON_SHELF.find((one) => one === row.state);
    if (state === undefined || !row.location_id) continue;
    const quantity = parseQuantity(row.quantity);
    if (!quantity.ok)
      return err({
        code: 'bad_answer',
        detail: `${row.catalog_object_id}: ${quantity.error.code} ${row.quantity}`.slice(0, 300),
      });
    const key = figureKey(row.catalog_object_id, row.location_id);
    const known = shelves.get(key) ?? { remoteItem: row.catalog_object_id, remoteLocation: row.location_id };
    const calculatedAt = laterOf(known.calculatedAt, row.calculated_at ?? undefined);
    const held = state === RESERVED ? { reserved: quantity.value } : { inStock: quantity.value };
    shelves.set(key, { ...known, ...held, ...(calculatedAt === undefined ? {} : { calculatedAt }) });
  }
  const { cursor } = answer.value;
  return ok({ shelves, ...(cursor ? { cursor } : {}) });
}

function laterOf(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Date.parse(one) > Date.parse(other) ? one : other;
}

function countOf({ remoteItem, remoteLocation, inStock = ZERO, reserved = ZERO, calculatedAt }: Shelf): ObservedCount {
  return {
    remoteItem,
    remoteLocation,
    quantity: formatQuantity(inStock + reserved),
    ...(calculatedAt === undefined ? {} : { calculatedAt }),
    ...(reserved === ZERO ? {} : { reserved: formatQuantity(reserved) }),
  };
}

function withoutRecord(
  items: readonly string[],
  locations: readonly string[],
  counts: readonly ObservedCount[],
): ObservedCount[] {
  const seen = new Set(counts.map((count) => figureKey(count.remoteItem, count.remoteLocation)));
  return items.flatMap((remoteItem) =>
    locations
      .filter((remoteLocation) => !seen.has(figureKey(remoteItem, remoteLocation)))
      .map((remoteLocation) => ({ remoteItem, remoteLocation, quantity: null })),
  );
}
