import { z } from 'zod';
import { err, ok, type Result } from '../../domain/result.ts';
import type { RemoteError, RemoteLocation } from '../../ports/remote-inventory.ts';
import { nameOf, readAccount } from './account.ts';
import { change, read, type ShipheroAccount } from './call.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { LOCATION_CREATE, LOCATION_ONE, LOCATION_UPDATE, LOCATIONS } from './documents.ts';
import { placeId } from './place-id.ts';
import {
  locationAnswer,
  locationCreateAnswer,
  locationsAnswer,
  locationUpdateAnswer,
  pageOf,
  type ShipheroLocation,
  type ShipheroWarehouse,
} from './schemas.ts';

export type LocationQuery = {
  readonly warehouse?: string;
  readonly sku?: string;
  readonly name?: string;
  readonly pickable?: boolean;
  readonly sellable?: boolean;
  readonly first?: number;
  readonly after?: string;
};
export type BinPage = { readonly bins: readonly ShipheroLocation[]; readonly next?: string };

const PAGE_ROWS = 100;
const cursorSchema = z.object({ warehouse: z.string(), after: z.string().optional() });

/** One page of locations by any of the remote's filters. */
export async function listBins(account: ShipheroAccount, query: LocationQuery): Promise<Result<BinPage, RemoteError>> {
  const answer = await read(account, LOCATIONS, { first: PAGE_ROWS, ...query }, locationsAnswer);
  if (!answer.ok) return answer;
  const { rows, next } = pageOf(answer.value.locations.data);
  return ok({ bins: rows, ...(next === undefined ? {} : { next }) });
}

/** One location, by its id or its name. */
export async function readBin(
  account: ShipheroAccount,
  wanted: { id: string } | { name: string },
): Promise<Result<ShipheroLocation, RemoteError>> {
  const answer = await read(account, LOCATION_ONE, wanted, locationAnswer);
  return answer.ok ? ok(answer.value.location.data) : answer;
}

/** Makes a location. Two of one name in a warehouse are refused. */
export async function createBin(
  account: ShipheroAccount,
  wanted: {
    warehouse_id: string;
    name: string;
    zone: string;
    pickable?: boolean;
    sellable?: boolean;
    is_cart?: boolean;
  },
): Promise<Result<ShipheroLocation, RemoteError>> {
  const answer = await change(account, LOCATION_CREATE, wanted, locationCreateAnswer);
  return answer.ok ? ok(answer.value.location_create.location) : answer;
}

/** Changes what a location is for. Its name cannot be changed through the API (contracts: ShipHero 2.1). */
export async function updateBin(
  account: ShipheroAccount,
  wanted: { location_id: string; zone?: string; pickable?: boolean; sellable?: boolean; is_cart?: boolean },
): Promise<Result<ShipheroLocation, RemoteError>> {
  const answer = await change(account, LOCATION_UPDATE, wanted, locationUpdateAnswer);
  return answer.ok ? ok(answer.value.location_update.location) : answer;
}

/**
 * One page of the places of every warehouse. Carts, and a warehouse that keeps one figure a product (static slotting), are
 * listed as not active: there is no bin to count.
 */
export async function listPlaces(
  account: ShipheroAccount,
  cursor: string | undefined,
): Promise<Result<{ locations: readonly RemoteLocation[]; cursor?: string }, RemoteError>> {
  const place = readCursor(cursor, cursorSchema);
  if (!place.ok) return place;
  const known = await readAccount(account);
  if (!known.ok) return known;
  const all = known.value.warehouses;
  const kept = all.filter((one) => one.dynamic_slotting === true);
  const stillThere = place.value === undefined ? kept[0] : kept.find((one) => one.id === place.value?.warehouse);
  const without = place.value === undefined ? all.filter((one) => !kept.includes(one)).flatMap(wholeWarehouse) : [];
  if (stillThere === undefined) {
    if (place.value !== undefined) return err({ code: 'cursor_expired', detail: 'the warehouse is gone' });
    return ok({ locations: without });
  }
  const after = place.value?.after;
  const page = await listBins(account, { warehouse: stillThere.id, ...(after === undefined ? {} : { after }) });
  if (!page.ok) return page;
  const next = kept[kept.indexOf(stillThere) + 1];
  const following =
    page.value.next !== undefined
      ? { warehouse: stillThere.id, after: page.value.next }
      : next && { warehouse: next.id };
  return ok({
    locations: [...without, ...page.value.bins.flatMap((bin) => placeOf(bin, stillThere))],
    ...(following ? { cursor: writeCursor(following) } : {}),
  });
}

/**
 * Makes a place beside those of a warehouse, in the zone of one that is there; one that bears the name already is as good.
 * A lost answer is cleared up by looking for the name.
 */
export async function createPlace(
  account: ShipheroAccount,
  { name, site }: { name: string; site: string },
): Promise<Result<RemoteLocation, RemoteError>> {
  const known = await readAccount(account);
  if (!known.ok) return known;
  const warehouse = known.value.warehouses.find((one) => nameOf(one) === site);
  if (warehouse?.dynamic_slotting !== true)
    return err({ code: 'rejected', detail: `there is no warehouse ${site} with dynamic slotting`, refs: [] });
  const find = () => findNamed(account, warehouse, name);
  const there = await find();
  if (!there.ok || there.value !== undefined) return placeFrom(there, warehouse);
  const beside = await listBins(account, { warehouse: warehouse.id, first: 1 });
  if (!beside.ok) return beside;
  const zone = beside.value.bins[0]?.zone || 'A';
  const made = await createBin(account, { warehouse_id: warehouse.id, name, zone });
  if (made.ok || made.error.code !== 'unknown_outcome') return placeFrom(made, warehouse);
  const found = await find();
  return found.ok && found.value !== undefined ? placeFrom(found, warehouse) : made;
}

async function findNamed(
  account: ShipheroAccount,
  warehouse: ShipheroWarehouse,
  name: string,
): Promise<Result<ShipheroLocation | undefined, RemoteError>> {
  const page = await listBins(account, { warehouse: warehouse.id, name, first: 10 });
  return page.ok ? ok(page.value.bins.find((bin) => bin.name === name)) : page;
}

function placeFrom(
  found: Result<ShipheroLocation | undefined, RemoteError>,
  warehouse: ShipheroWarehouse,
): Result<RemoteLocation, RemoteError> {
  if (!found.ok) return found;
  const place = found.value === undefined ? undefined : placeOf(found.value, warehouse)[0];
  return place ? ok(place) : err({ code: 'bad_answer', detail: 'the location has no id that can be kept' });
}

function placeOf(bin: ShipheroLocation, warehouse: ShipheroWarehouse): RemoteLocation[] {
  const name = bin.name || bin.id;
  const id = placeId({ warehouse: warehouse.id, location: bin.id, name });
  return id === null ? [] : [{ id, name, active: bin.is_cart !== true, site: nameOf(warehouse) }];
}

function wholeWarehouse(warehouse: ShipheroWarehouse): RemoteLocation[] {
  const id = placeId({ warehouse: warehouse.id, location: '', name: '' });
  const name = nameOf(warehouse);
  return id === null ? [] : [{ id, name, active: false, site: name }];
}
