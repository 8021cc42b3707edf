import type { TextEncoding } from './encoding.ts';
import type { ProblemCode, Severity } from './problem.ts';
import type { Separator } from './separator.ts';

/** How the file turned out to be written. */
export type TableFormat =
  | {
      readonly kind: 'csv';
      readonly encoding: TextEncoding;
      readonly separator: Separator;
      /** Only likelihood speaks for the encoding: a person should look at the letters. */
      readonly guessed?: true;
    }
  | {
      readonly kind: 'xlsx';
      readonly sheet: string;
      readonly sheets: readonly string[];
      /** Those that the workbook hides. */
      readonly hidden?: readonly string[];
    };

/** Something seen while the cells were cut out, before anybody knew what the columns mean. */
export type CellProblem = {
  readonly row: number;
  /** Index of the column, from 0. */
  readonly column: number;
  readonly code: ProblemCode;
  readonly severity: Severity;
  readonly value: string;
};

/** A file as rows of text cells. `rows[0]` is the spreadsheet's row 1; blank rows keep their place. */
export type Table = {
  readonly name: string;
  readonly format: TableFormat;
  readonly rows: readonly (readonly string[])[];
  /** Columns of the widest row. */
  readonly columnCount: number;
  readonly problems: readonly CellProblem[];
  /**
   * Cells that most rows have, empty ones at the end included. Absent where a cell cannot have slipped into the wrong
   * column: in spreadsheets, and between tabs.
   */
  readonly usualWidth?: number;
  /** What each cell of a spreadsheet is, one letter a cell (see `CellKind`); absent in text files, where all is text. */
  readonly cellKinds?: readonly string[];
  /** The value behind a cell that a number format shows otherwise, by `cellKey`: `SKU-0042` may be 42. */
  readonly values?: ReadonlyMap<number, string>;
};

/** A spreadsheet's cell: a number, text, a date, an error, a truth, or nothing. */
export type CellKind = 'n' | 't' | 'd' | 'e' | 'b' | ' ';

/** The key of a cell in `Table.values`: index of its row and of its column, from 0. */
export function cellKey(row: number, column: number): number {
  return row * 16_384 + column;
}

/** Why a file is no table that can be imported. */
export type TableError =
  | { readonly code: 'file_empty' }
  | { readonly code: 'file_too_large'; readonly bytes: number; readonly most: number }
  | { readonly code: 'too_many_rows'; readonly most: number }
  | { readonly code: 'too_many_columns'; readonly most: number }
  | { readonly code: 'old_excel' }
  | { readonly code: 'locked_xlsx' }
  | { readonly code: 'not_a_table' }
  | { readonly code: 'damaged_xlsx' }
  | { readonly code: 'took_too_long' };

/** The most that is read. Rows and columns are a spreadsheet's own limits, or what a person could still map. */
export const TABLE_LIMITS = {
  bytes: 256_000_000,
  rows: 1_048_576,
  columns: 512,
  cell: 32_767,
  unpacked: 700_000_000,
  /** Of all cells of a sheet together. */
  characters: 300_000_000,
} as const;

/** "A" for 0, "Z" for 25, "AA" for 26: a column's name in a spreadsheet. */
export function columnLetter(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnLetter(Math.floor(index / 26) - 1) + letter;
}

/** Whether nothing is written in the row. */
export function isBlankRow(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '');
}

/** Header texts of a table whose first written row is one; letters otherwise, and where a header cell is empty. */
export function columnNames(table: Table, headerRow: number): readonly string[] {
  const headers = headerRow === 0 ? [] : (table.rows[headerRow - 1] ?? []);
  return Array.from({ length: table.columnCount }, (_, index) => {
    const text = (headers[index] ?? '').slice(0, 400).replaceAll(/\s+/g, ' ').trim().slice(0, 60);
    return text === '' ? columnLetter(index) : text;
  });
}
