import { z } from 'zod';
import { err, ok, type Result } from './result.ts';

/**
 * An exact quantity: a whole number of 10⁻⁵ units, so 2.5 is 250000n. Sums and differences of quantities are
 * quantities. Five decimals is the finest that any remote accepts (Square's stocktake precision).
 */
export type Quantity = bigint;

/** How many 10⁻⁵ steps make one unit. */
export const UNIT: bigint = 100_000n;
export const ZERO: Quantity = 0n;
export const ONE: Quantity = UNIT;

const DECIMALS = 5;
const MAX_WHOLE_DIGITS = 12;
const SHAPE = /^(-?)0*(\d+)(?:\.(\d+))?$/;

export type QuantityProblem = {
  readonly code: 'quantity_not_a_number' | 'quantity_too_precise' | 'quantity_too_large';
  readonly text: string;
};

// Folding a ledger reads a quantity for each entry, and most are small whole numbers.
const SMALL: readonly Quantity[] = Array.from({ length: 1000 }, (_, whole) => BigInt(whole) * UNIT);

function smallWhole(text: string): Quantity | undefined {
  const length = text.length;
  if (length === 0 || length > 3) return undefined;
  let whole = 0;
  for (let at = 0; at < length; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return undefined;
    whole = whole * 10 + digit;
  }
  return SMALL[whole];
}

/**
 * Reads decimal text with a point: an optional '-', at most 12 digits before the point and 5 after it. Zeros that
 * change nothing are accepted ("2.50", "007"); grouping, exponents, '+' and a decimal comma are not.
 */
export function parseQuantity(text: string): Result<Quantity, QuantityProblem> {
  const small = smallWhole(text);
  if (small !== undefined) return ok(small);
  // A long text is refused before the pattern sees it.
  if (text.length > 64) return err({ code: 'quantity_not_a_number', text: text.slice(0, 64) });
  const match = SHAPE.exec(text);
  if (match === null) return err({ code: 'quantity_not_a_number', text });
  const [, sign = '', whole = '0', decimals = ''] = match;
  const fraction = decimals.replace(/0+$/, '');
  if (fraction.length > DECIMALS) return err({ code: 'quantity_too_precise', text });
  if (whole.length > MAX_WHOLE_DIGITS) return err({ code: 'quantity_too_large', text });
  const steps = BigInt(whole + fraction.padEnd(DECIMALS, '0'));
  return ok(sign === '-' ? -steps : steps);
}

/**
 * The quantity of a text that a schema has accepted already.
 * @throws when it is no quantity: that is a bug of the caller, not something a person did.
 */
export function quantityOf(text: string): Quantity {
  const small = smallWhole(text);
  if (small !== undefined) return small;
  const parsed = parseQuantity(text);
  if (!parsed.ok) throw new Error(`quantityOf: ${parsed.error.code}`);
  return parsed.value;
}

/** The shortest decimal text: "2.5", "-3", "0". `parseQuantity` reads it back to the same quantity. */
export function formatQuantity(quantity: Quantity): string {
  const steps = Number(quantity);
  if (Number.isSafeInteger(steps) && steps % 100_000 === 0) return String(steps / 100_000);
  const magnitude = quantity < 0n ? -quantity : quantity;
  const fraction = String(magnitude % UNIT)
    .padStart(DECIMALS, '0')
    .replace(/0+$/, '');
  const whole = String(magnitude / UNIT);
  return (quantity < 0n ? '-' : '') + (fraction === '' ? whole : `${whole}.${fraction}`);
}

/** Whether the quantity can be written with that many decimals (0 to 5) without losing anything. */
export function hasPrecision(quantity: Quantity, decimals: number): boolean {
  if (decimals >= DECIMALS) return true;
  return quantity % 10n ** BigInt(DECIMALS - Math.max(0, decimals)) === 0n;
}

/** Exact product of two quantities, or undefined when it needs more than five decimals. */
export function timesQuantity(left: Quantity, right: Quantity): Quantity | undefined {
  const product = left * right;
  return product % UNIT === 0n ? product / UNIT : undefined;
}

/** Decimal text exactly as `formatQuantity` writes it: one spelling for each quantity, so equal entries hash equally. */
export const quantitySchema = z.string().refine(
  (text) => {
    const parsed = parseQuantity(text);
    return parsed.ok && formatQuantity(parsed.value) === text;
  },
  { message: 'not a quantity in canonical form' },
);
