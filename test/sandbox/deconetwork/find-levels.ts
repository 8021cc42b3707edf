import type { Found } from './find-events.ts';
import { NOT_FOUND, type Refusal } from './refusals.ts';
import { readSearch, type Fields } from './search.ts';
import { productOf, type InventoryRecord, type Stock } from './stock.ts';
import type { DecoBehaviour } from './world.ts';

/** A row of the sister API, and the id of its inventory record, which can be searched for but is not shown. */
type LevelRow = { readonly inventory_id: number; readonly shown: ReturnType<typeof shownOf> };

const FIELDS: Fields<LevelRow> = {
  1: { kind: 'text', of: ({ shown }) => shown.product_code },
  2: { kind: 'text', of: ({ shown }) => shown.product_name },
  3: { kind: 'text', of: ({ shown }) => shown.supplier },
  4: { kind: 'number', of: ({ shown }) => shown.product_id },
  5: { kind: 'date', of: ({ shown }) => shown.inv_last_modified },
  6: { kind: 'number', of: (row) => row.inventory_id },
  7: { kind: 'flag', of: ({ shown }) => (shown.inv_on ? 1 : 0) },
};

/** Finds stock levels in the sister API, by product code. */
export function findLevels(
  stock: Stock,
  parameters: ReadonlyMap<string, string>,
  behaviour: DecoBehaviour,
): Found | Refusal {
  const search = readSearch(parameters, FIELDS, behaviour);
  if ('severity' in search) return search;
  const lastModified = new Map<number, string>();
  for (const { inventory_id: id, created_at: at } of stock.events())
    if (at > (lastModified.get(id) ?? '')) lastModified.set(id, at);
  const all = stock.records().map((record): LevelRow => ({
    inventory_id: record.inventory_id,
    shown: shownOf(record, stock.level(record.inventory_id), lastModified.get(record.inventory_id)),
  }));
  const isUnknown = search.equals.some(
    ({ field, number }) => field === 4 && !all.some(({ shown }) => shown.product_id === number),
  );
  if (isUnknown) return NOT_FOUND;
  const matching = all.filter(search.matches);
  const keyOf = (row: LevelRow) => FIELDS[search.sortBy]?.of(row) ?? '';
  const sorted = matching.toSorted((one, other) => {
    const [key, otherKey] = [keyOf(one), keyOf(other)];
    if (key === otherKey) return one.inventory_id - other.inventory_id;
    return key < otherKey ? -1 : 1;
  });
  const { offset, limit } = search;
  const rows = sorted.slice(offset, offset + Math.min(limit, behaviour.pageRows)).map(({ shown }) => shown);
  return { list: 'inventories', rows, total: matching.length };
}

function shownOf({ dn_sku_id: sku, given }: InventoryRecord, level: number | undefined, changedAt: string | undefined) {
  const product = given?.product_id ?? productOf(sku);
  const modified = [given?.inv_last_modified, changedAt].filter((at) => at !== undefined).toSorted();
  return {
    product_id: product,
    product_code: given?.product_code ?? `P${product}`,
    product_name: given?.product_name ?? `Product ${product}`,
    supplier: given?.supplier ?? null,
    sku: given?.sku ?? null,
    vendor_sku: given?.vendor_sku ?? null,
    dn_sku_id: sku,
    dn_vsku_id: null,
    product_size: given?.product_size ?? null,
    product_color: given?.product_color ?? null,
    inv_on: given?.inv_on ?? true,
    inv_lvl: level ?? 0,
    inv_warn: null,
    inv_reorder_to: null,
    inv_on_order_po: 0,
    inv_on_order_stk: 0,
    inv_on_order_total: 0,
    inv_last_modified: modified.at(-1) ?? null,
  };
}
