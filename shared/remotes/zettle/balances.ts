import { ok, type Result } from '../../domain/result.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import type { ZettleAccount } from './account.ts';
import { read } from './call.ts';
import { inventorySchema, type ZettleInventory } from './schemas.ts';

const ORGANIZATION = '/organizations/self';

export type LocationType = 'STORE' | 'BIN' | 'SOLD' | 'SUPPLIER';

/** All balances of the STORE; `since` narrows to what changed later, in a form that is written nowhere (contracts: Zettle 3, row 2). */
export function readStoreBalances(
  account: ZettleAccount,
  since?: string,
): Promise<Result<ZettleInventory, RemoteError>> {
  return get(account, `/inventory${since === undefined ? '' : `?since=${encodeURIComponent(since)}`}`);
}

/** Balances of one location, not paged: non-zero ones, and which products are tracked (row 3). */
export function readLocationBalances(
  account: ZettleAccount,
  location: string,
): Promise<Result<ZettleInventory, RemoteError>> {
  return get(account, `${ORGANIZATION}/inventory/locations/${encodeURIComponent(location)}`);
}

/** Balances by the type of location; the slash before "?" is Zettle's (row 4). */
export function readBalancesByType(
  account: ZettleAccount,
  type: LocationType,
): Promise<Result<ZettleInventory, RemoteError>> {
  return get(account, `${ORGANIZATION}/inventory/locations/?type=${type}`);
}

/** Balances of one product at a location; without the list of what is tracked (row 5). */
export function readProductBalances(
  account: ZettleAccount,
  location: string,
  product: string,
): Promise<Result<ZettleInventory, RemoteError>> {
  const place = `${ORGANIZATION}/inventory/locations/${encodeURIComponent(location)}`;
  return get(account, `${place}/products/${encodeURIComponent(product)}`);
}

/** Balances of several products (row 6). A product that is not among `trackedProducts` has none. */
export async function readProductsBalances(
  account: ZettleAccount,
  type: LocationType,
  products: readonly string[],
): Promise<Result<ZettleInventory, RemoteError>> {
  const body = JSON.stringify({ locationType: type, productUuids: products });
  const path = `${ORGANIZATION}/inventory/products`;
  const answer = await read(account, { host: 'inventory', method: 'POST', path, body }, inventorySchema);
  return answer.ok ? ok(answer.value.value) : answer;
}

async function get(account: ZettleAccount, path: string): Promise<Result<ZettleInventory, RemoteError>> {
  const answer = await read(account, { host: 'inventory', method: 'GET', path }, inventorySchema);
  return answer.ok ? ok(answer.value.value) : answer;
}
