import { parseBarcode } from '../../shared/domain/barcode.ts';
import type { ItemBarcode } from '../../shared/domain/item.ts';
import { formatQuantity, ONE, type Quantity } from '../../shared/domain/quantity.ts';

/** What is taught of a code, `factor` units in one scan of it: of a label that says more, the item's number on it. */
export function barcodeToTeach(code: string, factor: Quantity): ItemBarcode | undefined {
  const parsed = parseBarcode(code, { today: { year: new Date().getFullYear() } });
  const taught = parsed.kind === 'gs1' && parsed.gtin14 !== undefined ? parsed.gtin14 : code;
  if (taught.length > 128) return undefined;
  return { code: taught, ...(factor !== ONE && { factor: formatQuantity(factor) }) };
}
