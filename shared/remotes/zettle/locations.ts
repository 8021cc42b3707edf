import { ok, type Result } from '../../domain/result.ts';
import type { RemoteError, RemoteLocation } from '../../ports/remote-inventory.ts';
import type { ZettleAccount } from './account.ts';
import { attempt, read, readAll } from './call.ts';
import { placeId, type Generation } from './ids.ts';
import {
  inventoryPlaceSchema,
  inventoryPlacesSchema,
  locationsSchema,
  type InventoryPlace,
  type ZettleLocation,
} from './schemas.ts';

/** Every location of the organization, virtual ones included (contracts: Zettle 3, row 1). None before anything was ever tracked. */
export async function listLocations(account: ZettleAccount): Promise<Result<readonly ZettleLocation[], RemoteError>> {
  return readAll(account, { host: 'inventory', method: 'GET', path: '/organizations/self/locations' }, locationsSchema);
}

/** Every inventory of the third generation, several of them STOREs (contracts: Zettle 4). */
export async function listInventories(account: ZettleAccount): Promise<Result<readonly InventoryPlace[], RemoteError>> {
  return readAll(account, { host: 'inventory', method: 'GET', path: '/v3/inventories' }, inventoryPlacesSchema);
}

export async function readInventoryPlace(
  account: ZettleAccount,
  uuid: string,
): Promise<Result<InventoryPlace, RemoteError>> {
  const path = `/v3/inventories/${encodeURIComponent(uuid)}`;
  const answer = await read(account, { host: 'inventory', method: 'GET', path }, inventoryPlaceSchema);
  return answer.ok ? ok(answer.value.value) : answer;
}

/** Makes another STORE; answers with its address as Zettle gives it. Doing it twice makes two. */
export async function createInventoryPlace(
  account: ZettleAccount,
  wanted: { name: string; description: string },
): Promise<Result<{ address: string }, RemoteError>> {
  const body = JSON.stringify(wanted);
  const answer = await attempt(account, {
    host: 'inventory',
    method: 'POST',
    path: '/v3/inventories',
    body,
    effect: 'change',
  });
  return answer.ok ? ok({ address: answer.value.headers['location'] ?? '' }) : answer;
}

/**
 * The STOREs as places, each with the virtual locations that its movements need. Inactive where one of those is missing:
 * Zettle makes them when tracking is first switched on.
 */
export async function listPlaces(account: ZettleAccount): Promise<Result<readonly RemoteLocation[], RemoteError>> {
  if (account.generation === 'v2') {
    const rows = await listLocations(account);
    return rows.ok ? ok(asLocations('v2', rows.value)) : rows;
  }
  const rows = await listInventories(account);
  if (!rows.ok) return rows;
  const alike = rows.value.map(({ inventoryUuid, inventoryType, name, defaultInventory }) => {
    return { uuid: inventoryUuid, type: inventoryType, name, default: defaultInventory };
  });
  return ok(asLocations('v3', alike));
}

function asLocations(generation: Generation, rows: readonly ZettleLocation[]): RemoteLocation[] {
  const uuidOfType = (type: string): string => {
    const some = rows.filter((row) => row.type === type);
    return (some.find((row) => row.default === true) ?? some[0])?.uuid ?? '';
  };
  const [bin, sold, supplier] = [uuidOfType('BIN'), uuidOfType('SOLD'), uuidOfType('SUPPLIER')];
  const active = [bin, sold, supplier].every((uuid) => uuid !== '');
  return rows
    .filter((row) => row.type === 'STORE')
    .map(({ uuid, name }) => ({
      id: placeId({ generation, store: uuid, bin, sold, supplier }),
      name: (name ?? '') === '' ? 'STORE' : (name ?? ''),
      active,
    }));
}
