import {
  cellKey,
  TABLE_LIMITS,
  type CellKind,
  type CellProblem,
  type TableError,
} from '../../shared/domain/import/table.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { ZipEntry } from './unpack-zip.ts';
import { createTextCollector, readPart, shownBy, type Workbook } from './workbook.ts';
import { attributeOf } from './xml-events.ts';

/** The cells of one sheet: what they show, what they are, and the numbers behind those that show something else. */
export type SheetCells = {
  readonly rows: string[][];
  readonly kinds: readonly string[];
  readonly values: ReadonlyMap<number, string>;
  readonly problems: CellProblem[];
};

/** Digits a spreadsheet keeps of a number; of a longer code the rest is gone. */
const EXACT_DIGITS = 15;
const DAY_MS = 86_400_000;
/** A formula that nobody has calculated yet has no value; empty it is not. */
const NOT_CALCULATED = '#VALUE!';

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

/** The day a spreadsheet counts as `serial`, as YYYY-MM-DD; its year 1900 has a 29 February that never was. */
export function dateText(serial: number, from1904: boolean): string {
  const days = from1904 ? serial + 1462 : serial < 60 ? serial + 1 : serial;
  const time = new Date(Date.UTC(1899, 11, 30) + Math.floor(days) * DAY_MS);
  return Number.isNaN(time.getTime()) ? String(serial) : time.toISOString().slice(0, 10);
}

/** Index of the column of a cell's address ("C12" is 2); -1 where it has none. */
function columnOf(address: string | undefined): number {
  const letters = /^[A-Z]{1,3}/i.exec(address ?? '')?.[0].toUpperCase();
  if (letters === undefined) return -1;
  let column = 0;
  for (let at = 0; at < letters.length; at += 1) column = column * 26 + letters.charCodeAt(at) - 64;
  return column - 1;
}

/**
 * Reads the cells of a sheet while it is unpacked; rows keep their number, blank ones too.
 * One piece: a reader of events that share the cell they are in.
 */
export async function readSheet(book: Workbook, entry: ZipEntry): Promise<Result<SheetCells, TableError>> {
  const rows: string[][] = [];
  const kinds: string[] = [];
  const seenKinds = new Map<string, string>();
  const values = new Map<number, string>();
  const problems: CellProblem[] = [];
  const collected = createTextCollector();
  let refused: TableError | undefined;
  let row = -1;
  let column = -1;
  let rowKinds: CellKind[] = [];
  let type = 'n';
  let style = -1;
  let value = '';
  let inValue = false;
  let inText = false;
  let calculated = false;
  let characters = 0;

  function beginRow(attributes: string): void {
    const stated = Number(attributeOf(attributes, 'r') ?? row + 2);
    row = Number.isSafeInteger(stated) && stated > row + 1 ? stated - 1 : row + 1;
    if (row >= TABLE_LIMITS.rows) {
      refused = { code: 'too_many_rows', most: TABLE_LIMITS.rows };
      return;
    }
    while (rows.length <= row) rows.push([]);
    column = -1;
    rowKinds = [];
  }

  function endRow(): void {
    for (let at = 0; at < rowKinds.length; at += 1) rowKinds[at] ??= ' ';
    const letters = rowKinds.join('');
    const known = seenKinds.get(letters) ?? letters;
    if (seenKinds.size < 1000) seenKinds.set(letters, known);
    while (kinds.length < row) kinds.push('');
    kinds[row] = known;
  }

  /** What the cell shows, and what it is. */
  function cellOf(): { readonly text: string; readonly kind: CellKind; readonly behind?: string } {
    switch (type) {
      case 's': {
        const text = value === '' ? undefined : book.texts[Number(value)];
        return text === undefined && value !== ''
          ? { text: NOT_CALCULATED, kind: 'e' }
          : { text: text ?? '', kind: 't' };
      }
      case 'inlineStr':
        return { text: collected.end(), kind: 't' };
      case 'str':
        return { text: value, kind: 't' };
      case 'b':
        return { text: value === '1' ? 'TRUE' : value === '0' ? 'FALSE' : '', kind: 'b' };
      case 'e':
        return { text: value === '' ? NOT_CALCULATED : value, kind: 'e' };
      case 'd':
        return { text: value.slice(0, 10), kind: 'd' };
      default: {
        if (value === '') return calculated ? { text: NOT_CALCULATED, kind: 'e' } : { text: '', kind: ' ' };
        const known = book.styles[style];
        if (known?.isDate === true && Number.isFinite(Number(value)))
          return { text: dateText(Number(value), book.from1904), kind: 'd' };
        const text = numberText(value);
        const shown = shownBy(known, text);
        return shown === undefined || shown === text ? { text, kind: 'n' } : { text: shown, kind: 'n', behind: text };
      }
    }
  }

  function endCell(): void {
    const { text, kind, behind } = cellOf();
    if (text === '' || row < 0) return;
    if (column >= TABLE_LIMITS.columns) {
      if (problems.at(-1)?.row !== row + 1 && problems.length < 10_000)
        problems.push({ row: row + 1, column, code: 'too_many_cells', severity: 'stop', value: text.slice(0, 100) });
      return;
    }
    characters += text.length + column - (rows[row]?.length ?? 0);
    if (characters > TABLE_LIMITS.characters)
      refused = { code: 'file_too_large', bytes: characters, most: TABLE_LIMITS.characters };
    const cells = rows[row];
    if (cells === undefined) return;
    while (cells.length < column) cells.push('');
    cells[column] = text;
    rowKinds[column] = kind;
    if (behind !== undefined) values.set(cellKey(row, column), behind);
  }

  const read = await readPart(
    entry,
    book.budget,
    {
      open(name, attributes) {
        if (name === 'row') beginRow(attributes);
        else if (name === 'c') {
          const stated = columnOf(attributeOf(attributes, 'r'));
          column = stated < 0 ? column + 1 : stated;
          type = attributeOf(attributes, 't') ?? 'n';
          style = Number(attributeOf(attributes, 's') ?? -1);
          value = '';
          calculated = false;
        } else if (name === 'v') inValue = true;
        else if (name === 'f') calculated = true;
        else if (name === 'is') {
          inText = true;
          collected.begin();
        } else if (inText) collected.open(name);
      },
      close(name) {
        if (name === 'v') inValue = false;
        else if (name === 'c') endCell();
        else if (name === 'row') endRow();
        else if (name === 'is') inText = false;
        else if (inText) collected.close(name);
      },
      text(text) {
        if (inValue) value += text;
        else if (inText) collected.text(text);
      },
    },
    () => refused === undefined,
  );
  if (refused !== undefined) return err(refused);
  return read.ok ? ok({ rows, kinds, values, problems }) : read;
}
