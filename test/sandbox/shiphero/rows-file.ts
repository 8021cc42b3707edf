import Papa from 'papaparse';
import type { Stock } from './stock.ts';
import type { ShipheroWorld } from './world.ts';

/** A row of a fetched file, as it stands there. */
export type FileRow = {
  readonly sku: string;
  readonly quantity: string;
  readonly action: string;
  readonly reason: string;
  readonly location: string;
};

/** At most about that many lines a file (contracts: ShipHero 2.3). */
export const MAX_LINES = 3000;

/** Reads a fetched file. Columns may stand in any order; a missing one fails the file. `location` may be left out. */
export function readFileRows(text: string): { rows: readonly FileRow[] } | { error: string } {
  const parsed = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });
  const header = parsed.meta.fields ?? [];
  const missing = ['sku', 'quantity', 'action', 'reason'].filter((name) => !header.includes(name));
  if (missing.length > 0) return { error: `missing columns: ${missing.join(', ')}` };
  const cell = (row: Record<string, string>, name: string): string => row[name] ?? '';
  return {
    rows: parsed.data.map((row) => ({
      sku: cell(row, 'sku'),
      quantity: cell(row, 'quantity'),
      action: cell(row, 'action'),
      reason: cell(row, 'reason'),
      location: cell(row, 'location'),
    })),
  };
}

/** Does one row, or says why not. */
export function applyRow(
  row: FileRow,
  where: { stock: Stock; world: ShipheroWorld; warehouse: string; customer: string | undefined },
): string | null {
  const { stock, world, warehouse, customer } = where;
  if (row.action !== 'replace') return `action ${row.action} is not supported`;
  if (!/^\d{1,9}$/.test(row.quantity)) return `quantity ${row.quantity} is not a whole number`;
  const shelf = stock.shelf(warehouse, row.sku, customer);
  if (shelf === undefined) return `sku ${row.sku} does not exist in this warehouse`;
  const isDynamic = world.warehouses.find((one) => one.id === warehouse)?.dynamic_slotting === true;
  if (!isDynamic) {
    stock.set(shelf, null, Number(row.quantity), row.reason);
    return null;
  }
  const place = row.location === '' ? unassigned(stock, warehouse) : stock.placeNamed(warehouse, row.location);
  if (place === undefined) return `location ${row.location} does not exist in this warehouse`;
  stock.set(shelf, place.id, Number(row.quantity), row.reason);
  return null;
}

/** Where stock goes that nobody gives a place (contracts: ShipHero 2.3). */
export function unassigned(stock: Stock, warehouse: string): { readonly id: string } {
  const there = stock.placeNamed(warehouse, 'Unassigned');
  if (there !== undefined) return there;
  const flags = { pickable: false, sellable: false, is_cart: false };
  const id = `unassigned of ${warehouse}`;
  return stock.addPlace({ id, warehouse, name: 'Unassigned', zone: '', type: 'Bin', ...flags });
}
