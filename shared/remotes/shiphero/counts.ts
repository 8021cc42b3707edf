import { z } from 'zod';
import type { ObservedCount } from '../../domain/ledger-entry.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { CountPage, RemoteError } from '../../ports/remote-inventory.ts';
import { read, type ShipheroAccount } from './call.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { manyShelves } from './documents.ts';
import { figuresOf, isShelfOf, type Figures } from './figures.ts';
import { readPlaceId } from './place-id.ts';
import { listShelves } from './products.ts';
import { manyShelvesAnswer, pageOf } from './schemas.ts';

export type CountQuery = {
  readonly locations: readonly string[];
  readonly items?: readonly string[];
  readonly updatedAfter?: string;
  readonly cursor?: string;
};

/** The most rows that one observation holds. */
const MOST_ROWS = 1000;
/** Things asked for in one document: with their locations they stay below the smallest bucket of credits that was seen, 1001. */
const MOST_THINGS = 20;
/** Places of one warehouse that are answered about together. */
const MOST_PLACES = 500;

/** The asked places of one warehouse: our id by the remote's location id. */
type Site = { readonly warehouse: string; readonly places: ReadonlyMap<string, string> };

/**
 * One page of figures by place. Asked for certain things it also says where they have no row (null, which is not zero);
 * asked for all, it goes through what each warehouse holds, or only what changed there since `updatedAfter`.
 */
export async function listCounts(account: ShipheroAccount, query: CountQuery): Promise<Result<CountPage, RemoteError>> {
  const sites = sitesOf(query.locations);
  if (!sites.ok) return sites;
  const { items } = query;
  return items === undefined
    ? listAll(account, sites.value, query)
    : listNamed(account, sites.value, { items, cursor: query.cursor });
}

const namedCursor = z.object({ done: z.number().int().min(0) });

async function listNamed(
  account: ShipheroAccount,
  sites: readonly Site[],
  { items, cursor }: { items: readonly string[]; cursor: string | undefined },
): Promise<Result<CountPage, RemoteError>> {
  const start = readCursor(cursor, namedCursor);
  if (!start.ok) return start;
  const done = start.value?.done ?? 0;
  const wanted = sites.flatMap((site) => [...new Set(items)].map((sku) => ({ sku, site })));
  const together: typeof wanted = [];
  for (const one of wanted.slice(done, done + MOST_THINGS)) {
    const rows = [...together, one].reduce((sum, { site }) => sum + site.places.size, 0);
    if (together.length > 0 && rows > MOST_ROWS) break;
    together.push(one);
  }
  if (together.length === 0) return ok({ counts: [] });
  const variables = Object.fromEntries(
    together.flatMap(({ sku, site }, at) => [
      [`sku${at}`, sku],
      [`warehouse${at}`, site.warehouse],
    ]),
  );
  const document = manyShelves(together.length);
  const answer = await read(account, document, { customer: account.customer, ...variables }, manyShelvesAnswer);
  if (!answer.ok) return answer;
  const counts: ObservedCount[] = [];
  for (const [at, { sku, site }] of together.entries()) {
    const part = answer.value[`r${at}`];
    if (part === undefined) return err({ code: 'bad_answer', detail: `no answer for ${sku}` });
    const shelf = pageOf(part.data).rows.find((one) => isShelfOf(one, { sku, warehouse: site.warehouse }));
    const figures = shelf === undefined ? ok<Figures>(new Map()) : await figuresOf(account, shelf);
    if (!figures.ok) return figures;
    for (const [location, remoteLocation] of site.places) {
      const quantity = figures.value.get(location);
      counts.push({ remoteItem: sku, remoteLocation, quantity: quantity === undefined ? null : String(quantity) });
    }
  }
  const next = done + together.length;
  return ok({ counts, ...(next < wanted.length ? { cursor: writeCursor({ done: next }) } : {}) });
}

/** `warehouse`: the place in the list of warehouses; `skip`: rows of the page that are told already. */
const allCursor = z.object({
  warehouse: z.number().int().min(0),
  after: z.string().optional(),
  skip: z.number().int().min(0).default(0),
});

async function listAll(
  account: ShipheroAccount,
  sites: readonly Site[],
  { cursor, updatedAfter }: CountQuery,
): Promise<Result<CountPage, RemoteError>> {
  const read = readCursor(cursor, allCursor);
  if (!read.ok) return read;
  const { warehouse: number, after, skip } = read.value ?? { warehouse: 0, after: undefined, skip: 0 };
  const site = sites[number];
  if (site === undefined) return ok({ counts: [] });
  const page = await listShelves(account, {
    warehouse: site.warehouse,
    ...(updatedAfter === undefined ? {} : { from: updatedAfter }),
    ...(after === undefined ? {} : { after }),
  });
  if (!page.ok) return page;
  const counts: ObservedCount[] = [];
  for (const shelf of page.value.shelves) {
    if (shelf.warehouse_id !== site.warehouse || shelf.sku.length > 100) continue;
    const figures = await figuresOf(account, shelf);
    if (!figures.ok) return figures;
    for (const [location, quantity] of figures.value) {
      const remoteLocation = site.places.get(location);
      if (remoteLocation !== undefined)
        counts.push({ remoteItem: shelf.sku, remoteLocation, quantity: String(quantity) });
    }
  }
  const told = counts.slice(skip, skip + MOST_ROWS);
  const rest = skip + told.length < counts.length ? { warehouse: number, after, skip: skip + told.length } : undefined;
  const onward = page.value.next === undefined ? undefined : { warehouse: number, after: page.value.next };
  const nextSite = number + 1 < sites.length ? { warehouse: number + 1 } : undefined;
  const following = rest ?? onward ?? nextSite;
  return ok({ counts: told, ...(following ? { cursor: writeCursor(following) } : {}) });
}

/** Places by warehouse. For what is named, no more of them together than one page can speak of. */
function sitesOf(locations: readonly string[]): Result<readonly Site[], RemoteError> {
  const sites: { warehouse: string; places: Map<string, string> }[] = [];
  for (const id of locations) {
    const place = readPlaceId(id);
    if (place === null || place.location === '')
      return err({ code: 'rejected', detail: `${id} is no location of ShipHero`.slice(0, 300), refs: [] });
    const open = sites.find((one) => one.warehouse === place.warehouse && one.places.size < MOST_PLACES);
    if (open) open.places.set(place.location, id);
    else sites.push({ warehouse: place.warehouse, places: new Map([[place.location, id]]) });
  }
  return ok(sites);
}
