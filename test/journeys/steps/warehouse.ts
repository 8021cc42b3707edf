import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';

/** What lies where, read straight from the sample's files: what the app is compared with. */
export type Warehouse = {
  /** Name by SKU. */
  readonly names: ReadonlyMap<string, string>;
  readonly bins: readonly string[];
  readonly stock: readonly { readonly item: string; readonly bin: string; readonly quantity: number }[];
};

/** Rows of a CSV file of the repository, by the names of its columns. */
export function readRows(path: string): readonly Readonly<Record<string, string>>[] {
  const text = readFileSync(join(process.cwd(), path), 'utf8');
  return Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;
}

export function readWarehouse(): Warehouse {
  const items = readRows('build/samples/items.csv');
  return {
    names: new Map(items.map((row) => [row['barcode'] ?? '', row['name'] ?? ''])),
    bins: readRows('build/samples/bins.csv').map((row) => row['code'] ?? ''),
    stock: readRows('build/samples/stock.csv').map((row) => ({
      item: row['item'] ?? '',
      bin: row['bin'] ?? '',
      quantity: Number(row['quantity']),
    })),
  };
}

/** Pieces of an item in the whole warehouse, as the opening stock says. */
export function openingOf(warehouse: Warehouse, item: string): number {
  return warehouse.stock.filter((row) => row.item === item).reduce((sum, row) => sum + row.quantity, 0);
}

/** A GTIN as the label on the product carries it: UPC-A has twelve digits, the list pads them to fourteen. */
export function labelOf(gtin: string): string {
  return /^00\d{12}$/.test(gtin) ? gtin.slice(2) : gtin;
}
