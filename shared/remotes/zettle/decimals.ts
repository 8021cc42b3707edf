import { parseQuantity, type Quantity } from '../../domain/quantity.ts';

const AMOUNTS = /(?<!\\)"(balance|change|lowStockLevel)"(\s*:\s*)(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?=\s*[,}\]])/g;

/**
 * Puts the amounts of a JSON text into quotes, digit for digit, so that parsing never makes binary fractions of them.
 * Zettle writes balances as numbers in some answers and as strings in others (contracts: Zettle 3.2).
 */
export function quoteAmounts(json: string): string {
  return json.replaceAll(AMOUNTS, '"$1"$2"$3"');
}

/** Reads a balance as it is written, an exponent too ("1E+2" is 100). Null: no quantity that we can hold exactly. */
export function readAmount(text: string): Quantity | null {
  const match = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?(?:[eE]([+-]?\d{1,2}))?$/.exec(text.trim());
  if (match === null) return null;
  const [, sign = '', whole = '', decimals = '', exponent = '0'] = match;
  const point = whole.length + Number(exponent);
  const digits =
    '0'.repeat(Math.max(0, 1 - point)) + whole + decimals + '0'.repeat(Math.max(0, point - (whole + decimals).length));
  const at = Math.max(1, point);
  const fraction = digits.slice(at);
  const parsed = parseQuantity(`${sign}${digits.slice(0, at)}${fraction === '' ? '' : `.${fraction}`}`);
  return parsed.ok ? parsed.value : null;
}
