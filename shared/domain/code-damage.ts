import { endsInCheckDigit, expandUpcE, toGtin14 } from './gtin.ts';

/** What a spreadsheet or a hand did to a code, and what it probably was before. */
export type CodeDamage = {
  readonly code:
    | 'scientific_notation'
    | 'decimal_point'
    | 'lost_zeros'
    | 'letter_for_digit'
    | 'check_digit'
    | 'control_character';
  readonly suggestion?: string;
};

/**
 * Looks for damage in the text of a barcode column: `2.02E+11`, `3017620422003.0`, lost zeros in front, the letter o
 * for a zero, a wrong check digit. Null: nothing seems wrong, which does not make it a GTIN. A suggestion is only a
 * guess whose check digit fits (one number in ten does by chance), so it is for a person to accept.
 */
export function findCodeDamage(text: string): CodeDamage | null {
  // oxlint-disable-next-line no-control-regex -- a control character in a code is what is looked for
  if (/[\u0000-\u001C\u001E\u001F\u007F\uFFFD]/.test(text)) return { code: 'control_character' };
  const code = text.trim();
  if (/^\d([.,]\d+)?E\+\d{1,2}$|^\d[.,]\d+E\d{1,2}$/i.test(code)) return { code: 'scientific_notation' };
  const pointless = /^(\d{6,14})[.,]0+$/.exec(code)?.[1];
  if (pointless !== undefined) return { code: 'decimal_point', suggestion: pointless };
  if (/^\d+$/.test(code)) return findDigitDamage(code);
  if (/^[\doil]{12,14}$/i.test(code)) {
    const digits = code.replace(/o/gi, '0').replace(/[il]/gi, '1');
    if (toGtin14(digits).ok) return { code: 'letter_for_digit', suggestion: digits };
  }
  return null;
}

function findDigitDamage(digits: string): CodeDamage | null {
  const gtin = toGtin14(digits);
  if (gtin.ok || expandUpcE(digits) !== null) return null;
  if (gtin.error.code === 'check_digit') return { code: 'check_digit' };
  // Padding never changes a check digit, so one that fits now is one that fitted before the zeros were lost.
  const full = { 6: 8, 7: 8, 9: 12, 10: 12, 11: 12 }[digits.length];
  if (full === undefined || digits.startsWith('0') || !endsInCheckDigit(digits)) return null;
  return { code: 'lost_zeros', suggestion: digits.padStart(full, '0') };
}
