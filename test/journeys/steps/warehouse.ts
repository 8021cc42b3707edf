import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Papa from 'papaparse';
import { itemName, nameText } from '../../../shared/domain/item-name.ts';

/** What lies where, read straight from the sample's files: what the app is compared with. */
export type Warehouse = {
  /** Name by SKU, as the app shows it: with brand and size, and the SKU of those that still look alike. */
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
    names: shownNames(items),
    bins: readRows('build/samples/bins.csv').map((row) => row['code'] ?? ''),
    stock: readRows('build/samples/stock.csv').map((row) => ({
      item: row['item'] ?? '',
      bin: row['bin'] ?? '',
      quantity: Number(row['quantity']),
    })),
  };
}

/** Items of a list in the sample's columns, by their barcode as the app names them. */
export function shownNames(items: readonly Readonly<Record<string, string>>[]): ReadonlyMap<string, string> {
  const names = items.map((row): [string, string] => {
    const { barcode = '', name = '', brand = '', pack = '' } = row;
    return [barcode, nameText(itemName({ sku: barcode, name, brand, size: pack }))];
  });
  const times = new Map<string, number>();
  for (const [, name] of names) times.set(name.toLowerCase(), (times.get(name.toLowerCase()) ?? 0) + 1);
  return new Map(
    names.map(([sku, name]) => [sku, (times.get(name.toLowerCase()) ?? 0) > 1 ? `${name} · ${sku}` : name]),
  );
}

/** Pieces of an item in the whole warehouse, as the opening stock says. */
export function openingOf(warehouse: Warehouse, item: string): number {
  return warehouse.stock.filter((row) => row.item === item).reduce((sum, row) => sum + row.quantity, 0);
}

/** A GTIN as the label on the product carries it: UPC-A has twelve digits, the list pads them to fourteen. */
export function labelOf(gtin: string): string {
  return /^00\d{12}$/.test(gtin) ? gtin.slice(2) : gtin;
}
