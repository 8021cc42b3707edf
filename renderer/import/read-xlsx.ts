import readWorkbook from 'read-excel-file/universal';
import { TABLE_LIMITS, type Table, type TableError } from '../../shared/domain/import/table.ts';
import { err, type Result } from '../../shared/domain/result.ts';
import { finishTable } from './read-csv.ts';
import { storeZip } from './unpack-zip.ts';

/** Digits a spreadsheet keeps of a number; of a longer code the rest is gone. */
const EXACT_DIGITS = 15;

/**
 * A number cell as the text a code, a price or a quantity is read from. Whole numbers come out in full; one with more
 * digits than the cell could hold stays in scientific notation, so that it is named and not taken for the code it was.
 */
export function numberText(raw: string): string {
  const text = raw.trim();
  if (/^-?\d{1,15}$/.test(text)) return text;
  const number = Number(text);
  if (text === '' || !Number.isFinite(number)) return text;
  if (Math.abs(number) >= 10 ** EXACT_DIGITS) return number.toExponential().replace('e', 'E');
  const rounded = Number(number.toPrecision(EXACT_DIGITS));
  if (Number.isInteger(rounded)) return String(rounded);
  // Never an exponent: 0.00001 is a quantity.
  return rounded
    .toFixed(Math.min(20, Math.max(0, EXACT_DIGITS - Math.ceil(Math.log10(Math.abs(rounded))))))
    .replace(/\.?0+$/, '');
}

function cellText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString().slice(0, 10);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return '';
}

/** Reads one sheet (the first, unless another is named) of an Excel workbook: every cell as text. */
export async function readXlsx(bytes: Uint8Array, name: string, sheet?: string): Promise<Result<Table, TableError>> {
  const stored = await storeZip(bytes, (path) => /\.(xml|rels)$/.test(path) && !path.includes('__proto__'));
  if (!stored.ok) return stored;
  try {
    const sheets = await readWorkbook(stored.value.buffer, { parseNumber: numberText, trim: false });
    const chosen = sheets.find((one) => one.sheet === sheet) ?? sheets.find((one) => one.data.length > 0) ?? sheets[0];
    if (chosen === undefined || chosen.data.length === 0) return err({ code: 'file_empty' });
    if (chosen.data.length > TABLE_LIMITS.rows) return err({ code: 'too_many_rows', most: TABLE_LIMITS.rows });
    const rows = chosen.data.map((cells) => cells.map(cellText));
    return finishTable(
      { name, format: { kind: 'xlsx', sheet: chosen.sheet, sheets: sheets.map((one) => one.sheet) } },
      rows,
      [],
      true,
    );
  } catch {
    // The reader throws for anything that is not a workbook; which part it missed helps nobody.
    return err({ code: 'damaged_xlsx' });
  }
}

/** Whether the bytes begin as an archive does, which is what an .xlsx is. */
export function looksZipped(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

/** Whether the bytes begin as an Excel file of before 2007 does (a compound file). */
export function looksOldExcel(bytes: Uint8Array): boolean {
  return bytes[0] === 0xd0 && bytes[1] === 0xcf && bytes[2] === 0x11 && bytes[3] === 0xe0;
}
