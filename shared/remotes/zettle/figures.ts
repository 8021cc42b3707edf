import { formatQuantity } from '../../domain/quantity.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import type { ZettleAccount } from './account.ts';
import { readLocationBalances, readProductsBalances } from './balances.ts';
import { readAmount } from './decimals.ts';
import { variantId, type Place } from './ids.ts';
import { listStockOf, readProductsStock, readTracked } from './stock.ts';

/** Products that one question names at most; nobody has written down how many may be. */
export const MAX_PRODUCTS = 100;

/** What a place holds: which products are tracked, and decimal texts by variant id. No text of a tracked one is zero. */
export type Figures = { readonly tracked: ReadonlySet<string>; readonly balances: ReadonlyMap<string, string> };

type Row = { readonly productUuid: string; readonly variantUuid: string; readonly balance: string };

/** The figures of these products at a place, at most `MAX_PRODUCTS` of them. */
export async function readFigures(
  account: ZettleAccount,
  place: Place,
  products: readonly string[],
): Promise<Result<Figures, RemoteError>> {
  if (products.length === 0) return ok({ tracked: new Set(), balances: new Map() });
  return place.generation === 'v2' ? readOld(account, place, products) : readNew(account, place, products);
}

/** The figures of everything at a place; `products` are those whose tracking is to be known. */
export async function readAllFigures(
  account: ZettleAccount,
  place: Place,
  products: readonly string[],
): Promise<Result<Figures, RemoteError>> {
  if (place.generation === 'v2') {
    const whole = await readLocationBalances(account, place.store);
    return whole.ok ? figuresOf(whole.value.trackedProducts ?? [], whole.value.variants) : whole;
  }
  const rows = await listStockOf(account, place.store);
  if (!rows.ok) return rows;
  const tracked = new Set(rows.value.map((row) => row.productUuid));
  const open = products.filter((product) => !tracked.has(product));
  for (let at = 0; at < open.length; at += MAX_PRODUCTS) {
    const some = await readTracked(account, open.slice(at, at + MAX_PRODUCTS));
    if (!some.ok) return some;
    for (const product of some.value) tracked.add(product);
  }
  return figuresOf(tracked, rows.value);
}

async function readOld(
  account: ZettleAccount,
  place: Place,
  products: readonly string[],
): Promise<Result<Figures, RemoteError>> {
  const some = await readProductsBalances(account, 'STORE', products);
  if (some.ok && some.value.locationUuid === place.store)
    return figuresOf(some.value.trackedProducts ?? [], some.value.variants);
  // One product that is gone may spoil the question for all of them: the whole place can always be asked.
  return some.ok || some.error.code === 'rejected' ? readAllFigures(account, place, products) : some;
}

async function readNew(
  account: ZettleAccount,
  place: Place,
  products: readonly string[],
): Promise<Result<Figures, RemoteError>> {
  const some = await readProductsStock(account, place.store, products);
  if (!some.ok) return some.error.code === 'rejected' ? readAllFigures(account, place, products) : some;
  const rows = some.value.filter((row) => row.inventoryUuid === place.store);
  const tracked = await readTracked(account, products);
  return tracked.ok ? figuresOf(tracked.value, rows) : tracked;
}

function figuresOf(tracked: Iterable<string>, rows: readonly Row[]): Result<Figures, RemoteError> {
  const balances = new Map<string, string>();
  for (const { productUuid: product, variantUuid: variant, balance } of rows) {
    const amount = readAmount(balance);
    // A row left out would be taken for zero.
    if (amount === null)
      return err({
        code: 'bad_answer',
        detail: `${variant}: the balance ${balance} cannot be held exactly`.slice(0, 300),
      });
    balances.set(variantId({ product, variant }), formatQuantity(amount));
  }
  return ok({ tracked: new Set(tracked), balances });
}
