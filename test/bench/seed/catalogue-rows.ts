import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import papa from 'papaparse';
import { checkDigit } from '../../../shared/domain/barcode.ts';
import type { Item } from '../../../shared/domain/item.ts';
import { itemSku } from './ledger-model.ts';

type Row = { readonly name: string; readonly brand: string; readonly category: string; readonly size: string };

/** The sample's real products: names, brands and sizes as people write them. */
function sampleRows(root: string): readonly Row[] {
  const text = readFileSync(join(root, 'build', 'samples', 'items.csv'), 'utf8');
  const { data } = papa.parse(text, { header: true, skipEmptyLines: true });
  return data.flatMap((row) => {
    const cells = row as Readonly<Record<string, string>>;
    return [
      {
        name: cells['name'] ?? '',
        brand: cells['brand'] ?? '',
        category: cells['category'] ?? '',
        size: cells['pack'] ?? '',
      },
    ];
  });
}

/** A GTIN-13 of the range that shops give out themselves. */
export function barcodeOf(item: number): string {
  const digits = `20${String(item).padStart(10, '0')}`;
  return `${digits}${checkDigit(digits)}`;
}

/** As many items as asked for: the sample's, over and over, each time round with another suffix. */
export function makeItems(root: string, count: number): readonly Item[] {
  const rows = sampleRows(root);
  return Array.from({ length: count }, (_, at): Item => {
    const row = rows[at % rows.length];
    const round = Math.floor(at / rows.length);
    const name = `${row?.name ?? 'Item'}${round === 0 ? '' : ` ${VARIANTS[round % VARIANTS.length] ?? ''} ${round}`}`;
    return {
      sku: itemSku(at),
      name,
      barcodes: [{ code: barcodeOf(at) }],
      ...(row?.brand ? { brand: row.brand } : {}),
      ...(row?.category ? { category: row.category } : {}),
      ...(row?.size ? { size: row.size } : {}),
      unit: 'pcs',
      precision: 0,
      tracking: 'none',
    };
  });
}
const VARIANTS = ['Family Pack', 'Organic', 'Light', 'Extra', 'Classic', 'Mini', 'Value', 'Reserve', 'Unsalted'];

/** The items as a file a person would import. */
export function itemsCsv(items: readonly Item[]): string {
  const rows = items.map((item) => [
    item.sku,
    item.barcodes[0]?.code ?? '',
    item.name,
    item.brand ?? '',
    item.category ?? '',
    item.size ?? '',
  ]);
  return papa.unparse({ fields: ['sku', 'barcode', 'name', 'brand', 'category', 'pack'], data: rows });
}
