import { ok, type Result } from '../../domain/result.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import type { ZettleAccount } from './account.ts';
import { attempt, read, readAll } from './call.ts';
import { stockRowsSchema, trackingStatusSchema, type StockRow } from './schemas.ts';

/** Rows of one page: the most that a third party has seen accepted (contracts: Zettle 4). */
const PAGE_ROWS = 1000;

type Stock = Promise<Result<readonly StockRow[], RemoteError>>;

/** Stock of all STOREs, page after page. Only tracked products have rows. */
export function listStock(account: ZettleAccount): Stock {
  return all(account, `/v3/stock?limit=${PAGE_ROWS}`);
}

/** Stock of one inventory, page after page. */
export function listStockOf(account: ZettleAccount, inventory: string): Stock {
  return all(account, `/v3/stock/${encodeURIComponent(inventory)}?limit=${PAGE_ROWS}`);
}

/** Stock of one product in one inventory. */
export function readProductStock(account: ZettleAccount, inventory: string, product: string): Stock {
  return all(account, `/v3/stock/${encodeURIComponent(inventory)}/products/${encodeURIComponent(product)}`);
}

/**
 * Stock of several products in one inventory. The form of the question is not documented: it is asked as `readTracked` asks.
 * Nor is how its second page is asked for: what does not come whole is asked for again in halves. The page after that of a
 * single product is followed, as its `Link` says.
 */
export async function readProductsStock(account: ZettleAccount, inventory: string, products: readonly string[]): Stock {
  const path = `/v3/stock/${encodeURIComponent(inventory)}/products?limit=${PAGE_ROWS}`;
  const call = { host: 'inventory', method: 'POST', path, body: JSON.stringify(products) } as const;
  if (products.length <= 1) return readAll(account, call, stockRowsSchema);
  const whole = await read(account, call, stockRowsSchema);
  if (!whole.ok) return whole;
  if (whole.value.next === undefined) return ok(whole.value.value);
  const half = Math.ceil(products.length / 2);
  const first = await readProductsStock(account, inventory, products.slice(0, half));
  if (!first.ok) return first;
  const second = await readProductsStock(account, inventory, products.slice(half));
  return second.ok ? ok([...first.value, ...second.value]) : second;
}

/** What changed lately. Its parameters are not documented (contracts: Zettle 4); `since` is a guess. */
export function listStockUpdates(account: ZettleAccount, since?: string): Stock {
  return all(account, `/v3/stock/updates${since === undefined ? '' : `?since=${encodeURIComponent(since)}`}`);
}

/** Which of these products are tracked. */
export async function readTracked(
  account: ZettleAccount,
  products: readonly string[],
): Promise<Result<ReadonlySet<string>, RemoteError>> {
  const body = JSON.stringify(products);
  const call = { host: 'inventory', method: 'POST', path: '/v3/products/status', body } as const;
  const answer = await read(account, call, trackingStatusSchema);
  if (!answer.ok) return answer;
  return ok(new Set(answer.value.value.filter(({ enabled }) => enabled).map(({ productUuid }) => productUuid)));
}

/** Starts or stops tracking of products; what is so already is fine. */
export async function changeTracking(
  account: ZettleAccount,
  products: readonly string[],
  tracking: 'enable' | 'disable',
): Promise<Result<null, RemoteError>> {
  const body = JSON.stringify(products.map((productUuid) => ({ productUuid, tracking })));
  const call = {
    host: 'inventory',
    method: 'POST',
    path: '/v3/products',
    body,
    effect: 'read',
    accepted: [409],
  } as const;
  const answer = await attempt(account, call);
  return answer.ok ? ok(null) : answer;
}

function all(account: ZettleAccount, path: string): Stock {
  return readAll(account, { host: 'inventory', method: 'GET', path }, stockRowsSchema);
}
