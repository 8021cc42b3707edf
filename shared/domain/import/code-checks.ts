import { findCodeDamage, parseBarcode } from '../barcode.ts';
import { toGtin14 } from '../gtin.ts';
import type { ImportChoices, Restorable } from './choices.ts';
import type { RowReader } from './row-reader.ts';
import type { ImportField } from './fields.ts';

/** What a spreadsheet, a hand or a program did to a code of a list. Wider than what a scan may be suspected of. */
export type WrittenDamage =
  | { readonly code: Restorable; readonly suggestion: string }
  | { readonly code: 'scientific_notation' | 'control_character' | 'check_digit' | 'date' | 'cell_error' | 'command' };

/** A word after # that ends in ! or ?, in any language, and the few that do not. */
const ERRORS = /^#(?:[¡¿]?[\p{L}\d_/]{2,20}[!?]|n\/a|n\/d|n\/v|nv|i\/t|ref|bezug|getting_data)$/iu;
const SCIENTIFIC = /^[-+]?\d([.,]\d+)?E\+?\d{1,3}$/i;
const THOUSANDS = /^\d{1,3}(?:([.,'’])\d{3})(?:\1\d{3}){1,3}$/;
/** "03-Jan", "01. Mrz", "Mar-26": what Excel makes of SKUs such as 3-1 and MAR26. */
const MONTHS = 'jan|feb|mar|mär|mrz|apr|may|mai|jun|jul|aug|sep|sept|oct|okt|nov|dec|dez';
const DATE = new RegExp(`^(\\d{1,2}[-. ]+(${MONTHS})\\.?|(${MONTHS})[-. ]+\\d{2,4})([-. ]\\d{2,4})?$`, 'i');

const FULL_DATE =
  /^(?:\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:[T ]00:00(?::00)?)?|(?:0?[1-9]|[12]\d|3[01])([./])(?:0?[1-9]|[12]\d|3[01])\1(?:19|20)\d\d)$/;
const FLOAT = /^(\d{1,14})[.,]0+$/;
const DASHED = /^\d+(?:[-‐‑–]\d+)+$/;
/** What a whole GS1 label begins with, as people copy it from a scanner. */
const LABEL = /^(?:\(\d{2}\)|\][CdQ]\d|01\d{14}\D)/;
/** Dashes that writing programs put for the one of the keyboard; no label has them. */
const ODD_DASH = /[‐‑‒–—−]/;
/** What people and programs write where there is none. */
const NOTHING = /^(?:none|null|nil|nan|n\/?a|n\.a\.|k\.? ?a\.?|keiner?|ohne|no (?:barcode|ean|sku)|tbd|-+|–|—|\?+)$/i;

/** Whether the cell says in words that there is no code. */
export function saysNothing(text: string): boolean {
  return text.length <= 12 && NOTHING.test(text);
}

/** Whether the text is a whole number that a program wrote as a fraction: "17.0". */
export function isFloat(text: string): boolean {
  return FLOAT.test(text);
}

/** Whether the text is a spreadsheet's error, in any language: #N/A, #BEZUG!, #¡VALOR!. */
export function isCellError(text: string): boolean {
  return text.startsWith('#') && ERRORS.test(text.trim());
}

/** Looks at a code as a list has it. `4E12` and `4.006.381.333.931` are suspected here, which a scanned code is not. */
export function findWrittenDamage(text: string): WrittenDamage | null {
  // Nearly every barcode is plain digits, for which there is no more to look at than in a scan.
  if (/^\d+$/.test(text)) return ofScan(text);
  if (isCellError(text)) return { code: 'cell_error' };
  if (/^TALLYBOOK:/i.test(text)) return { code: 'command' };
  if (LABEL.test(text)) {
    const label = parseBarcode(text);
    return label.kind === 'gs1' && label.gtin14 !== undefined ? { code: 'label', suggestion: label.gtin14 } : null;
  }
  if (SCIENTIFIC.test(text)) return { code: 'scientific_notation' };
  if (THOUSANDS.test(text)) return { code: 'thousands_marks', suggestion: text.replaceAll(/\D/g, '') };
  if (DATE.test(text) || FULL_DATE.test(text)) return { code: 'date' };
  const whole = FLOAT.exec(text)?.[1];
  if (whole !== undefined) return { code: 'decimal_point', suggestion: whole };
  if (DASHED.test(text)) {
    const digits = text.replaceAll(/\D/g, '');
    if (toGtin14(digits).ok) return { code: 'dashes', suggestion: digits };
  }
  if (ODD_DASH.test(text)) return { code: 'odd_dash', suggestion: text.replaceAll(new RegExp(ODD_DASH, 'g'), '-') };
  return ofScan(text);
}

/** Damage that a scanned code is suspected of too. */
function ofScan(text: string): WrittenDamage | null {
  const damage = findCodeDamage(text);
  if (damage === null) return null;
  switch (damage.code) {
    case 'scientific_notation':
    case 'control_character':
    case 'check_digit':
      return { code: damage.code };
    case 'lost_zeros':
    case 'decimal_point':
    case 'letter_for_digit':
      return damage.suggestion === undefined ? null : { code: damage.code, suggestion: damage.suggestion };
  }
}

/**
 * An SKU after the same look as a barcode's: what it is taken as, or null where the row is stopped. `likeCodes`: the SKUs
 * of this list are mostly GTINs, so that a check digit means something; one number in ten has a right one by chance.
 * `floats`: they are mostly numbers that end in ".0", which a program made of whole ones.
 */
export function checkedSku(
  row: RowReader,
  sku: string,
  { likeCodes, floats }: { readonly likeCodes: boolean; readonly floats: boolean },
  choices: ImportChoices,
): string | null {
  if (row.kind('sku') === 'd') return stop(row, 'sku', 'code_is_date', sku);
  const damage = findWrittenDamage(sku);
  if (damage === null) return sku;
  switch (damage.code) {
    case 'cell_error':
      return stop(row, 'sku', 'cell_error', sku);
    case 'command':
      return stop(row, 'sku', 'code_is_command', sku);
    case 'control_character':
      return stop(row, 'sku', 'code_control_character', sku);
    case 'scientific_notation':
      // "1E2" may be an SKU; "4.1E+12" cannot.
      if (/[.,+]/.test(sku)) return stop(row, 'sku', 'code_scientific_notation', sku);
      row.problem('sku', 'code_scientific_notation', 'warn', sku);
      return sku;
    case 'date':
      row.problem('sku', 'code_is_date', 'warn', sku);
      return sku;
    case 'check_digit':
      if (likeCodes) row.problem('sku', 'code_check_digit', 'warn', sku);
      return sku;
    case 'odd_dash':
      row.problem('sku', 'code_odd_dash', 'warn', sku, { suggestion: damage.suggestion });
      return choices.restore.includes('odd_dash') ? damage.suggestion : sku;
    case 'lost_zeros':
    case 'decimal_point':
    case 'thousands_marks':
    case 'dashes':
    case 'label':
    case 'letter_for_digit':
      if (damage.code === 'dashes' && !likeCodes) return sku;
      // An SKU such as 1.234.567 may be meant so; one whose digits are a GTIN is not.
      if (
        !likeCodes &&
        !(damage.code === 'decimal_point' && floats) &&
        !(damage.code !== 'lost_zeros' && toGtin14(damage.suggestion).ok)
      )
        return sku;
      row.problem('sku', `code_${damage.code}`, 'warn', sku, { suggestion: damage.suggestion });
      return choices.restore.includes(damage.code) ? damage.suggestion : sku;
  }
}

function stop(
  row: RowReader,
  field: ImportField,
  code: 'code_is_date' | 'cell_error' | 'code_is_command' | 'code_control_character' | 'code_scientific_notation',
  value: string,
): null {
  row.problem(field, code, 'stop', value);
  return null;
}
