import type { ImportField } from './fields.ts';
import type { ProblemCode, Severity } from './problem.ts';
import type { CellKind } from './table.ts';

/** One row of the table during conversion, good only while it is read: its cells by field, and the way to say what is wrong with them. */
export type RowReader = {
  readonly row: number;
  /** The first written cell of a field's columns, trimmed; '' when there is none. */
  text(field: ImportField): string;
  /** Whether any column is this field. */
  has(field: ImportField): boolean;
  /** The number of that cell: in a spreadsheet what it holds, whatever a number format makes of it. */
  number(field: ImportField): NumberCell;
  /** Remembers a number of text that has a mark, and what it was taken as, to be shown. */
  sample(text: string, value: string | null): void;
  /** What that cell is in a spreadsheet; text in a text file. */
  kind(field: ImportField): CellKind;
  /** Cells of all columns of a field, in the order of columns, trimmed, empty ones too. */
  all(field: ImportField): readonly string[];
  /** Names a problem of a cell of this field (`at`: which of its columns). */
  problem(
    field: ImportField | null,
    code: ProblemCode,
    severity: Severity,
    value: string,
    more?: { suggestion?: string; other?: string; at?: number; name?: string },
  ): void;
};

/** A cell to read a number from. `exact`: it is a spreadsheet's number, so a point in it is the decimal mark. */
export type NumberCell = { readonly text: string; readonly exact: boolean };
