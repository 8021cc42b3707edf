import { ONE, type Quantity } from '../../shared/domain/quantity.ts';
import {
  looksLikeBarcode,
  parseQuantityEntry,
  SURPRISING_QUANTITY,
  type QuantityEntryProblem,
} from '../../shared/domain/quantity-entry.ts';
import { ok, type Result } from '../../shared/domain/result.ts';

/** A quantity as a person typed it before a scan. `surprising`: has to be typed a second time before it counts. */
export type TypedQuantity = {
  readonly quantity: Quantity;
  readonly entered: string | undefined;
  readonly surprising: boolean;
};

const NOTHING_TYPED: TypedQuantity = { quantity: ONE, entered: undefined, surprising: false };

/**
 * What the strip says about the next scan: nothing is 1, `24` and `24*` are 24, `3*12+7` is 43. A quantity of 10,000 and
 * more, and one that reads like a barcode, is surprising.
 */
export function readTyped(text: string): Result<TypedQuantity, QuantityEntryProblem> {
  const typed = text.trim().replace(/[*x×X]$/, '');
  if (typed === '') return ok(NOTHING_TYPED);
  const entry = parseQuantityEntry(typed);
  if (!entry.ok) return entry;
  const { quantity, entered } = entry.value;
  return ok({ quantity, entered, surprising: quantity >= SURPRISING_QUANTITY || looksLikeBarcode(typed) });
}

/** What stood on the strip before a scan: without the scan's own first characters, where they were taken for typing. */
export function typedBefore(scan: { readonly letGo: string }, typed: string): string {
  return scan.letGo !== '' && typed.endsWith(scan.letGo) ? typed.slice(0, -scan.letGo.length) : typed;
}

/** What the strip shows while keys are held: those that will be part of a quantity are seen at once. */
export function typedWithHeld(typed: string, held: string): string {
  return (typed === '' ? /^\d[\d*.,+-]*$/ : /^[\d*.,+-]+$/).test(held) ? typed + held : typed;
}
