import type { ItemBarcode } from '../item.ts';
import { findWrittenDamage, isCellError, saysNothing } from './code-checks.ts';
import { bareCode, bareText } from './conversion.ts';
import type { ImportChoices } from './choices.ts';
import type { RowReader } from './row-reader.ts';
import { readUnit } from '../unit.ts';
import { readDecimal, splitUnit, type DecimalMark } from './decimal-text.ts';

const LONGEST_CODE = 128;
const MOST_BARCODES = 40;
const SPACED_DIGITS = /^\d[\d\s]*\d$/;

/** The codes in one cell: several may be written with `;`, `|`, line ends, commas or spaces between. */
function codesOfCell(cell: string): readonly string[] {
  const parts = cell
    .split(/[;|\n]/)
    .flatMap((part) => {
      const pieces = part.split(/[,\s/+&]+/).filter((piece) => piece !== '');
      return pieces.length > 1 && pieces.every((piece) => /^\d{8,14}$/.test(piece)) ? pieces : [part];
    })
    .map(bareCode)
    .filter((part) => part !== '');
  return parts.map((part) => (SPACED_DIGITS.test(part) ? part.replaceAll(/\s/g, '') : part));
}

/**
 * One code, after damage has been looked for: what it is taken as, or null where the row is stopped. Never changed but by
 * the person's choice.
 */
function checkedCode(
  row: RowReader,
  field: 'barcode' | 'packBarcode',
  at: number,
  code: string,
  choices: ImportChoices,
): string | null {
  if (code.length > LONGEST_CODE) {
    row.problem(field, 'code_too_long', 'stop', code, { at });
    return null;
  }
  if (saysNothing(code) || /^0+$/.test(code)) {
    row.problem(field, 'code_is_none', 'warn', code, { at });
    return null;
  }
  const damage = findWrittenDamage(code);
  if (damage === null) return code;
  switch (damage.code) {
    case 'cell_error':
      // Looked up and not found: the item has none.
      row.problem(field, 'cell_error', 'warn', code, { at });
      return null;
    case 'scientific_notation':
      row.problem(field, 'code_scientific_notation', 'stop', code, { at });
      return null;
    case 'control_character':
      row.problem(field, 'code_control_character', 'stop', code, { at });
      return null;
    case 'command':
      row.problem(field, 'code_is_command', 'stop', code, { at });
      return null;
    case 'date':
      row.problem(field, 'code_is_date', 'warn', code, { at });
      return code;
    case 'check_digit':
      row.problem(field, 'code_check_digit', 'warn', code, { at });
      return code;
    case 'lost_zeros':
    case 'decimal_point':
    case 'thousands_marks':
    case 'dashes':
    case 'label':
    case 'odd_dash':
    case 'letter_for_digit':
      row.problem(field, `code_${damage.code}`, 'warn', code, { at, suggestion: damage.suggestion });
      return choices.restore.includes(damage.code) ? damage.suggestion : code;
  }
}

/** The barcodes of a row: of the single piece first, then of packs with how many pieces are in them. */
export function readBarcodes(row: RowReader, choices: ImportChoices): readonly ItemBarcode[] {
  const found = new Map<string, ItemBarcode>();
  for (const [at, cell] of row.all('barcode').entries()) {
    for (const written of codesOfCell(cell)) {
      const code = checkedCode(row, 'barcode', at, written, choices);
      if (code !== null && !found.has(code)) found.set(code, { code });
    }
  }
  const factors = row.all('packFactor');
  const names = row.all('packName');
  for (const [at, cell] of row.all('packBarcode').entries()) {
    for (const written of codesOfCell(cell)) {
      const code = checkedCode(row, 'packBarcode', at, written, choices);
      if (code === null || found.has(code)) continue;
      const factor = readFactor(row, at, factors[at] ?? '', choices.decimalMark);
      const name = bareText(names[at] ?? '');
      if (isCellError(name)) row.problem('packName', 'cell_error', 'warn', name, { at });
      const pack = isCellError(name) ? '' : name.slice(0, 40);
      // A pack's code without its factor would count a case as one piece.
      if (factor === null) row.problem('packBarcode', 'pack_without_factor', 'stop', code, { at });
      else found.set(code, { code, factor, ...(pack === '' ? {} : { pack }) });
    }
  }
  if (found.size > MOST_BARCODES) row.problem('barcode', 'too_many_barcodes', 'stop', String(found.size));
  return [...found.values()];
}

/** Pieces in a pack: "12", "12 pcs". A text of two meanings ("1.000") is never guessed. */
function readFactor(row: RowReader, at: number, text: string, mark: DecimalMark | undefined): string | null {
  if (text === '') return null;
  const split = splitUnit(bareText(text));
  const reading = split === null || !isPieces(split.unit) ? null : readDecimal(split.number, mark);
  if (reading?.ok === true && !reading.value.startsWith('-') && reading.value !== '0') return reading.value;
  row.problem('packFactor', 'pack_factor_unreadable', 'stop', text, { at });
  return null;
}
const isPieces = (unit: string): boolean => unit === '' || readUnit(unit)?.code === 'C62';
