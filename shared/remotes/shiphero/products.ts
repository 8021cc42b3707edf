import { ok, type Result } from '../../domain/result.ts';
import type { RemoteError, RemoteItem } from '../../ports/remote-inventory.ts';
import { read, type ShipheroAccount } from './call.ts';
import { PRODUCT_ONE, PRODUCTS, SHELVES } from './documents.ts';
import {
  pageOf,
  productAnswer,
  productsAnswer,
  shelvesAnswer,
  type ShipheroProduct,
  type ShipheroShelf,
} from './schemas.ts';

const PAGE_ROWS = 100;
/** Each is paid for with ten of its locations. */
const SHELVES_AT_ONCE = 50;
/** The longest SKU that a ledger entry holds as a remote's item. */
const LONGEST_SKU = 100;

export type ProductQuery = {
  readonly sku?: string;
  readonly from?: string;
  readonly to?: string;
  readonly kits?: boolean;
  readonly after?: string;
};
export type ShelfQuery = {
  readonly warehouse?: string;
  readonly sku?: string;
  readonly active?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly first?: number;
  readonly after?: string;
};

/** One page of products, as they are there. */
export async function listProducts(
  account: ShipheroAccount,
  query: ProductQuery,
): Promise<Result<{ products: readonly ShipheroProduct[]; next?: string }, RemoteError>> {
  const variables = { first: PAGE_ROWS, customer: account.customer, ...query };
  const answer = await read(account, PRODUCTS, variables, productsAnswer);
  if (!answer.ok) return answer;
  const { rows, next } = pageOf(answer.value.products.data);
  return ok({ products: rows, ...(next === undefined ? {} : { next }) });
}

/** One page of what can be counted. Kits are left out: their parts have the stock (contracts: ShipHero 2.5). */
export async function listItems(
  account: ShipheroAccount,
  cursor: string | undefined,
): Promise<Result<{ items: readonly RemoteItem[]; cursor?: string }, RemoteError>> {
  const page = await listProducts(account, cursor === undefined ? {} : { after: cursor });
  if (!page.ok) return page;
  const { products, next } = page.value;
  return ok({ items: products.flatMap(itemOf), ...(next === undefined ? {} : { cursor: next }) });
}

/** One product, and where every warehouse has it: the seed's list of locations of one product. */
export async function readProduct(
  account: ShipheroAccount,
  wanted: { sku: string } | { id: string },
): Promise<
  Result<
    { product: ShipheroProduct; places: readonly { warehouse: string; location: string; quantity: number }[] },
    RemoteError
  >
> {
  const answer = await read(account, PRODUCT_ONE, wanted, productAnswer);
  if (!answer.ok) return answer;
  const { warehouse_products: shelves, ...product } = answer.value.product.data;
  const places = (shelves ?? []).flatMap((shelf) =>
    shelf?.locations == null
      ? []
      : pageOf(shelf.locations).rows.map((row) => ({
          warehouse: shelf.warehouse_id,
          location: row.location_id,
          quantity: row.quantity,
        })),
  );
  return ok({ product, places });
}

/** One page of what warehouses hold of products, each with the first of its locations. */
export async function listShelves(
  account: ShipheroAccount,
  query: ShelfQuery,
): Promise<Result<{ shelves: readonly ShipheroShelf[]; next?: string }, RemoteError>> {
  const answer = await read(
    account,
    SHELVES,
    { first: SHELVES_AT_ONCE, customer: account.customer, ...query },
    shelvesAnswer,
  );
  if (!answer.ok) return answer;
  const { rows, next } = pageOf(answer.value.warehouse_products.data);
  return ok({ shelves: rows, ...(next === undefined ? {} : { next }) });
}

/** A product that can be counted. Things kept by lot are marked in their name: their figure here is the sum of the lots. */
function itemOf(product: ShipheroProduct): RemoteItem[] {
  const { sku, name, barcode, kit, kit_build: isBuilt, needs_lot_tracking: isByLot } = product;
  if (!sku || sku.length > LONGEST_SKU || (kit === true && isBuilt !== true)) return [];
  const cases = (product.cases ?? []).flatMap((one) =>
    one?.case_barcode && one.case_barcode.length <= 128 && (one.case_quantity ?? 0) > 0
      ? [{ code: one.case_barcode, factor: one.case_quantity ?? 1 }]
      : [],
  );
  return [
    {
      id: sku,
      name: ((name || sku) + (isByLot === true ? ' (lots)' : '')).slice(0, 512),
      sku,
      ...(barcode ? { barcode: barcode.slice(0, 128) } : {}),
      precision: 0,
      ...(cases.length > 0 ? { cases } : {}),
    },
  ];
}
