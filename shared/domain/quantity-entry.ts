import { toGtin14 } from './gtin.ts';
import { parseQuantity, type Quantity, UNIT } from './quantity.ts';
import { err, ok, type Result } from './result.ts';

/** Longer than any sum a person means. Characters. */
const LONGEST = 80;

export type QuantityEntryProblem = {
  readonly code:
    | 'entry_empty'
    | 'entry_too_long'
    | 'entry_not_understood'
    | 'entry_negative'
    | 'quantity_too_precise'
    | 'quantity_too_large';
  readonly text: string;
};

/** `entered` is the typed text in one spelling ("3*12+7"), kept beside the total because it says how it was counted. */
export type QuantityEntry = { readonly quantity: Quantity; readonly entered: string };

/**
 * Reads what a person types as a quantity: "24", "2,5", "2.5", "3*12+7", "3x12", spaces anywhere between. Only + - and
 * multiplication, multiplication first, computed exactly. The total may not be negative, needs at most 5 decimals and
 * 12 digits before the point. A dot or comma is always the decimal one: nobody groups thousands on a shelf.
 */
export function parseQuantityEntry(text: string): Result<QuantityEntry, QuantityEntryProblem> {
  if (text.length > LONGEST) return err({ code: 'entry_too_long', text: text.slice(0, LONGEST) });
  const entered = text
    .trim()
    .replace(/\s*([-+*x×X−])\s*/g, '$1')
    .replace(/[x×X]/g, '*')
    .replaceAll('−', '-')
    .replaceAll(',', '.');
  if (entered === '') return err({ code: 'entry_empty', text });
  if (!/^\d*\.?\d+([-+*]\d*\.?\d+)*$/.test(entered)) return err({ code: 'entry_not_understood', text });
  const total = sumTerms(entered);
  if (total.scaled < 0n) return err({ code: 'entry_negative', text });
  const quantity = parseQuantity(decimalText(total));
  if (quantity.ok) return ok({ quantity: quantity.value, entered });
  const { code } = quantity.error;
  return err({ code: code === 'quantity_not_a_number' ? 'quantity_too_large' : code, text });
}

/** A decimal of any precision: `scaled` divided by ten to the power of `decimals`. */
type Decimal = { readonly scaled: bigint; readonly decimals: number };

function sumTerms(entered: string): Decimal {
  // Every term keeps the sign in front of it: "12-2*3" becomes "12" and "-2*3".
  const terms = entered.match(/[-+]?[^-+]+/g) ?? [];
  return terms.reduce<Decimal>((sum, term) => add(sum, multiplyFactors(term)), { scaled: 0n, decimals: 0 });
}

function multiplyFactors(term: string): Decimal {
  const sign = term.startsWith('-') ? -1n : 1n;
  const factors = term.replace(/^[-+]/, '').split('*').map(readDecimal);
  return factors.reduce(
    (product, factor) => ({
      scaled: product.scaled * factor.scaled,
      decimals: product.decimals + factor.decimals,
    }),
    { scaled: sign, decimals: 0 },
  );
}

function readDecimal(text: string): Decimal {
  const [whole = '', fraction = ''] = text.split('.');
  return { scaled: BigInt(whole + fraction), decimals: fraction.length };
}

function add(left: Decimal, right: Decimal): Decimal {
  const decimals = Math.max(left.decimals, right.decimals);
  const raise = (value: Decimal): bigint => value.scaled * 10n ** BigInt(decimals - value.decimals);
  return { scaled: raise(left) + raise(right), decimals };
}

function decimalText({ scaled, decimals }: Decimal): string {
  const digits = String(scaled).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** Whether a text entered as a quantity is rather a barcode that landed in the wrong field: 8 digits or more. */
export function looksLikeBarcode(text: string): boolean {
  const digits = text.trim();
  if (!/^\d{8,}$/.test(digits)) return false;
  return digits.length >= 11 || toGtin14(digits).ok;
}

/** From here on a quantity is asked for a second time, whatever the item. */
export const SURPRISING_QUANTITY: Quantity = 10_000n * UNIT;
