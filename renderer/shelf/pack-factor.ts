import type { Quantity } from '../../shared/domain/quantity.ts';
import { looksLikeBarcode, parseQuantityEntry } from '../../shared/domain/quantity-entry.ts';

/** What one scan of a code stands for, as a person types any quantity: "6", "2,5", "3*12". Nothing where it is none. */
export function readPackFactor(text: string): Quantity | undefined {
  if (looksLikeBarcode(text)) return undefined;
  const entry = parseQuantityEntry(text);
  return entry.ok && entry.value.quantity > 0n ? entry.value.quantity : undefined;
}
