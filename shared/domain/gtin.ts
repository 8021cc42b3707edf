import { err, ok, type Result } from './result.ts';

const DIGITS = /^\d+$/;
const ALL_ZERO = /^0+$/;

export type GtinProblem = { readonly code: 'not_a_gtin' | 'check_digit' };

/**
 * The GS1 modulo-10 digit that belongs after these digits (GS1 General Specifications, section 7.9): weights 3 and 1
 * from the right. Zeros in front change nothing, so 8, 12, 13, 14 and 18 digit keys share it.
 */
export function checkDigit(body: string): string {
  let sum = 0;
  for (let at = 0; at < body.length; at += 1) {
    const weight = (body.length - at) % 2 === 1 ? 3 : 1;
    sum += (body.charCodeAt(at) - 48) * weight;
  }
  return String((10 - (sum % 10)) % 10);
}

/** Whether the last of these digits is the check digit of the others. */
export function endsInCheckDigit(digits: string): boolean {
  return DIGITS.test(digits) && digits.length > 1 && checkDigit(digits.slice(0, -1)) === digits.slice(-1);
}

/** A GTIN of 8, 12, 13 or 14 digits as the 14 digits that are compared; a number of nothing but zeros is no GTIN. */
export function toGtin14(digits: string): Result<string, GtinProblem> {
  const length = digits.length;
  const gtinLength = length === 8 || length === 12 || length === 13 || length === 14;
  if (!gtinLength || !DIGITS.test(digits) || ALL_ZERO.test(digits)) return err({ code: 'not_a_gtin' });
  if (!endsInCheckDigit(digits)) return err({ code: 'check_digit' });
  return ok(digits.padStart(14, '0'));
}

/**
 * The UPC-A behind an eight digit UPC-E (number system 0 or 1, six digits, check digit), or null when it is none.
 * GS1 General Specifications, section 5.2.2.4: the last of the six digits says where the zeros were taken out.
 */
export function expandUpcE(digits: string): string | null {
  const match = /^([01])(\d{5})(\d)(\d)$/.exec(digits);
  if (match === null) return null;
  const [, system = '', five = '', last = '', check = ''] = match;
  const body = system + zerosRestored(five, last);
  if (ALL_ZERO.test(body)) return null;
  return checkDigit(body) === check ? body + check : null;
}

function zerosRestored(five: string, last: string): string {
  if (last <= '2') return `${five.slice(0, 2)}${last}0000${five.slice(2)}`;
  if (last === '3') return `${five.slice(0, 3)}00000${five.slice(3)}`;
  if (last === '4') return `${five.slice(0, 4)}00000${five.slice(4)}`;
  return `${five}0000${last}`;
}
