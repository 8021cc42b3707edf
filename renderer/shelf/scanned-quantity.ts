import type { LabelProblem } from '../../shared/domain/label-amount.ts';
import { formatQuantity, hasPrecision, ONE, timesQuantity, type Quantity } from '../../shared/domain/quantity.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { Proposed } from './read-scan.ts';
import type { TypedQuantity } from './typed-quantity.ts';

/** `too_precise`: finer than the item's quantities are. */
export type ScannedProblem = LabelProblem | { readonly code: 'too_precise' };

/**
 * How much a scan counts: what one scan of its label is, times what was typed. Where the label's own quantity cannot be
 * used, only a typed number says how much.
 */
export function scannedQuantity(proposed: Proposed, typed: TypedQuantity): Result<Quantity, ScannedProblem> {
  if (proposed.unusable !== undefined && typed.entered === undefined) return err(proposed.unusable);
  const quantity = timesQuantity(proposed.perScan, typed.quantity);
  return quantity === undefined || !hasPrecision(quantity, proposed.item.precision)
    ? err({ code: 'too_precise' })
    : ok(quantity);
}

/** How the quantity came about, kept as evidence: "8 case (12)", "2*1.25 kg", "3*12+7"; nothing for a plain scan. */
export function enteredText(
  proposed: Proposed,
  typed: TypedQuantity,
  packs: (times: string, pack: { name: string; factor: string }) => string,
): string | undefined {
  if (proposed.said !== undefined)
    return typed.quantity === ONE ? proposed.said : `${formatQuantity(typed.quantity)}*${proposed.said}`;
  if (proposed.pack === undefined) return typed.entered;
  const times = timesQuantity(proposed.packs, typed.quantity);
  return times === undefined ? typed.entered : packs(formatQuantity(times), proposed.pack);
}
