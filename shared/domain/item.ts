import { z } from 'zod';
import { textKey } from './text-key.ts';

/** An item's identity: the SKU as the catalogue writes it. Text always; compared without regard to letter case. */
export const skuSchema = z.string().min(1).max(64);

/** One code that finds the item. `factor` pieces are in the pack that carries it ("12"), absent for the single piece. */
export const itemBarcodeSchema = z.object({
  code: z.string().min(1).max(128),
  pack: z.string().max(40).optional(),
  factor: z.string().max(20).optional(),
});
export type ItemBarcode = z.infer<typeof itemBarcodeSchema>;

export const trackingSchema = z.enum(['none', 'lot', 'serial']);

/** One thing that can be counted. `precision` = decimals its quantity may have (0 = whole pieces); `cost` per unit, decimal text. */
export const itemSchema = z.object({
  sku: skuSchema,
  name: z.string().max(400),
  barcodes: z.array(itemBarcodeSchema).max(40),
  brand: z.string().max(200).optional(),
  category: z.string().max(200).optional(),
  size: z.string().max(400).optional(),
  unit: z.string().max(20),
  precision: z.number().int().min(0).max(5),
  cost: z.string().max(24).optional(),
  tracking: trackingSchema,
  /** Out of use: not proposed any more; its stock and history stay, and it can still be counted. */
  retired: z.boolean().optional(),
});
export type Item = z.infer<typeof itemSchema>;

/** The form under which SKUs are the same item. */
export function skuKey(sku: string): string {
  return textKey(sku);
}

/** An item as a sentence calls it: its name, and its SKU, as two may be of one name. */
export function calledItem({ sku, name }: Pick<Item, 'sku' | 'name'>): string {
  return name === '' || name === sku ? sku : `${name} (${sku})`;
}
