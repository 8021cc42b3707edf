import { err, ok, type Result } from '../../domain/result.ts';
import { watchPages } from '../../ports/pages.ts';
import type { RemoteError, RemoteItem } from '../../ports/remote-inventory.ts';
import type { ZettleAccount } from './account.ts';
import { readProductsBalances } from './balances.ts';
import { read } from './call.ts';
import { variantId } from './ids.ts';
import { librarySchema, type ZettleProduct } from './schemas.ts';
import { readTracked } from './stock.ts';

const LIBRARY = '/organizations/self/library';
/** Products of one page, also those that one question about tracking names; Zettle allows 500. */
const PAGE_PRODUCTS = 200;
/** Decimals of what is sold by a unit of measure; Zettle says that amounts may be fractional, not how fine. */
const UNIT_DECIMALS = 3;

export type ItemPage = { readonly items: readonly RemoteItem[]; readonly cursor?: string };

/** `deleted` and `until` belong to a delta: ask again with `until` to learn what changed after it. */
export type LibraryPage = {
  readonly products: readonly ZettleProduct[];
  readonly deleted: readonly string[];
  readonly until?: string;
  readonly cursor?: string;
};

/**
 * One page of the product library (contracts: Zettle 5). `after`: only what changed after that event; `cursor_expired`
 * when more than 500 changes have piled up since, and the library has to be read anew.
 */
export async function readLibrary(
  account: ZettleAccount,
  from: { after?: string; cursor?: string } = {},
): Promise<Result<LibraryPage, RemoteError>> {
  if (from.cursor !== undefined && !from.cursor.startsWith(`${LIBRARY}?`))
    return err({ code: 'cursor_expired', detail: 'this cursor is none of ours' });
  const first = `${LIBRARY}?limit=${PAGE_PRODUCTS}${from.after === undefined ? '' : `&eventLogUuid=${encodeURIComponent(from.after)}`}`;
  const paged = from.cursor !== undefined || from.after !== undefined;
  const call = { host: 'products', method: 'GET', path: from.cursor ?? first, paged } as const;
  const page = await read(account, call, librarySchema);
  if (!page.ok) return page;
  const { products, deletedProducts, untilEventLogUuid: until } = page.value.value;
  return ok({
    products: products ?? [],
    deleted: deletedProducts ?? [],
    ...(until ? { until } : {}),
    ...(page.value.next === undefined ? {} : { cursor: page.value.next }),
  });
}

/** The whole library, page after page. */
export async function listProducts(account: ZettleAccount): Promise<Result<readonly ZettleProduct[], RemoteError>> {
  const products: ZettleProduct[] = [];
  const endless = watchPages();
  for (let cursor: string | undefined; ;) {
    const page = await readLibrary(account, cursor === undefined ? {} : { cursor });
    if (!page.ok) return page;
    products.push(...page.value.products);
    cursor = page.value.cursor;
    if (cursor === undefined) return ok(products);
    const refused = endless(cursor);
    if (refused) return refused;
  }
}

/** One page of what can be counted: every variant of every product, and whether it is tracked. */
export async function listItems(
  account: ZettleAccount,
  cursor: string | undefined,
): Promise<Result<ItemPage, RemoteError>> {
  const page = await readLibrary(account, cursor === undefined ? {} : { cursor });
  if (!page.ok) return page;
  const tracked = await trackedOf(account, page.value.products);
  if (!tracked.ok) return tracked;
  const items = page.value.products.flatMap((product) => itemsOf(product, tracked.value.has(product.uuid)));
  return ok({ items, ...(page.value.cursor === undefined ? {} : { cursor: page.value.cursor }) });
}

/** Every variant whose barcode or SKU is exactly that; Zettle cannot be asked, so the library is gone through. */
export async function findByCode(
  account: ZettleAccount,
  code: string,
): Promise<Result<readonly RemoteItem[], RemoteError>> {
  const products = await listProducts(account);
  if (!products.ok) return products;
  const tracked = await trackedOf(
    account,
    products.value.filter((product) => product.variants.some((one) => one.barcode === code || one.sku === code)),
  );
  if (!tracked.ok) return tracked;
  const items = products.value.flatMap((product) => itemsOf(product, tracked.value.has(product.uuid)));
  return ok(items.filter((item) => item.barcode === code || item.sku === code));
}

async function trackedOf(
  account: ZettleAccount,
  products: readonly ZettleProduct[],
): Promise<Result<ReadonlySet<string>, RemoteError>> {
  const uuids = products.map((product) => product.uuid);
  if (uuids.length === 0) return ok(new Set());
  if (account.generation === 'v3') return readTracked(account, uuids);
  const answer = await readProductsBalances(account, 'STORE', uuids);
  if (answer.ok) return ok(new Set(answer.value.trackedProducts ?? []));
  // An organization that never tracked anything has no STORE to ask.
  return answer.error.code === 'rejected' ? ok(new Set()) : answer;
}

function itemsOf(product: ZettleProduct, tracked: boolean): RemoteItem[] {
  const isMeasured = (product.unitName ?? '') !== '';
  return product.variants.map((variant) => ({
    id: variantId({ product: product.uuid, variant: variant.uuid }),
    name: [product.name, variant.name]
      .filter((word) => (word ?? '') !== '')
      .join(' · ')
      .slice(0, 512),
    ...(variant.sku ? { sku: variant.sku.slice(0, 128) } : {}),
    ...(variant.barcode ? { barcode: variant.barcode.slice(0, 128) } : {}),
    precision: isMeasured ? UNIT_DECIMALS : 0,
    tracked,
  }));
}
