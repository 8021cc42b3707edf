import type { Item } from '../item.ts';
import { formatQuantity, quantityOf, UNIT } from '../quantity.ts';
import { convertQuantity, readUnit } from '../unit.ts';

/**
 * A quantity with a unit beside it as decimal text in the item's own unit: "3 ctn" of an item whose carton holds 12 is
 * "36", "3 doz" of pieces too, "500 g" of kilograms "0.5". A pack of the item goes before a unit of the same name. Null
 * where nobody said what the unit is for this item, or where the result would not be exact.
 */
export function inItemUnit(number: string, unit: string, item: Pick<Item, 'unit' | 'barcodes'>): string | null {
  const key = wordKey(unit);
  if (key === wordKey(item.unit)) return number;
  const quantity = quantityOf(number);
  const from = readUnit(unit);
  const isThisPack = (pack: string): boolean =>
    wordKey(pack) === key || (from !== undefined && readUnit(pack)?.code === from.code);
  const factors = new Set(
    item.barcodes.flatMap(({ pack, factor }) =>
      pack !== undefined && factor !== undefined && isThisPack(pack) ? [factor] : [],
    ),
  );
  const [factor] = factors;
  if (factors.size > 1) return null;
  if (factor !== undefined) {
    const product = quantity * quantityOf(factor);
    return product % UNIT === 0n ? formatQuantity(product / UNIT) : null;
  }
  const to = readUnit(item.unit);
  if (from === undefined || to === undefined) return null;
  const converted = convertQuantity(quantity, from, to);
  return converted.ok ? formatQuantity(converted.value) : null;
}

function wordKey(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[.\s]+/gu, '');
}
