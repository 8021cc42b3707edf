import type { ImportField, ImportKind } from './fields.ts';
import type { ColumnMapping } from './mapping.ts';
import type { ImportChoices } from './choices.ts';
import type { RowReader } from './row-reader.ts';
import { createProblemList, type ImportProblem, type ProblemCounts, type ProblemList } from './problem.ts';
import { withoutArmour } from '../csv-text.ts';
import { cellKey, columnNames, isBlankRow, type CellKind, type Table } from './table.ts';

export type ImportCounts = {
  /** Rows with something in them, the header not counted. */
  readonly read: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  /** Known before and not in this file: they stay. */
  readonly kept: number;
  /** Known before, in use, and not in this file. */
  readonly missing: number;
  /** Of those, how many are taken out of use. */
  readonly retired: number;
  /** Rows that were stopped. */
  readonly leftOut: number;
  /** Rows that say again what another row said, or a quantity of nothing. */
  readonly needless: number;
};

/** One code that several items have. Both stay; a scan will ask which is meant. */
export type SharedCode = { readonly code: string; readonly skus: readonly string[] };

/** A unit that no table knows, as the file first spells it; its decimals are asked for once. */
export type UnknownUnit = { readonly key: string; readonly unit: string; readonly items: number };

/** A building that nothing is known of, with bins that are known in others: another one, or a new name of one of them? */
export type UnknownSite = {
  readonly key: string;
  readonly site: string;
  readonly from: readonly string[];
  readonly bins: number;
};

/** What an import would do. `rows` is empty unless it is ready: all or nothing. */
export type Conversion<Row> = {
  readonly kind: ImportKind;
  readonly state: 'ready' | 'blocked' | 'nothing';
  readonly rows: readonly Row[];
  readonly problems: readonly ImportProblem[];
  readonly problemCounts: ProblemCounts;
  readonly duplicates: readonly SharedCode[];
  /** Two numbers with a mark in them, open ones first: what the decimal mark makes of them. */
  readonly numbers: readonly NumberSample[];
  readonly unknownUnits: readonly UnknownUnit[];
  readonly unknownSites: readonly UnknownSite[];
  readonly counts: ImportCounts;
};

/** Told how many rows are done, now and then. */
export type OnProgress = (done: number, of: number) => void;
const PROGRESS_EVERY = 4096;

/** A number of the file as it stands, and what it is taken as; null while that is open. */
export type NumberSample = { readonly row: number; readonly text: string; readonly value: string | null };

export type Pass = {
  readonly problems: ProblemList;
  readonly numbers: () => readonly NumberSample[];
  /** Calls `read` for each row that is not blank; the count of such rows. */
  eachRow(read: (row: RowReader) => void): number;
  /** Cells of a field over the whole table that are text: a spreadsheet's numbers say nothing of a decimal mark. */
  textsOf(field: ImportField): Iterable<string>;
  /** Cells of a field over the whole table, as they are shown. */
  cellsOf(field: ImportField): Iterable<string>;
  /** The header, or letter, of a column. */
  columnName(column: number): string;
};

/**
 * Opens a table for conversion: cells that were already damaged in reading are named first.
 * One piece: the rows share the problems and the counts.
 */
export function openPass(table: Table, mapping: ColumnMapping, onProgress?: OnProgress): Pass {
  const problems = createProblemList();
  const names = columnNames(table, mapping.headerRow);
  const columnsOf = new Map<ImportField, number[]>();
  for (const [column, field] of mapping.columns.entries()) {
    if (field !== null) columnsOf.set(field, [...(columnsOf.get(field) ?? []), column]);
  }
  for (const { row, column, code, severity, value } of table.problems) {
    if (row === mapping.headerRow && code !== 'unclosed_quote') continue;
    // Damage in a column that is not taken stops nothing, unless it moves the other cells.
    const matters =
      code === 'unclosed_quote' || code === 'too_many_cells' || (mapping.columns[column] ?? null) !== null;
    problems.add({
      row,
      column: names[column] ?? '',
      cell: column,
      code,
      severity: matters ? severity : 'warn',
      value,
    });
  }

  const headers = table.rows[mapping.headerRow - 1] ?? [];
  const width = Math.max(table.usualWidth ?? Infinity, headers.length);
  const kindAt = (at: number, column: number): CellKind => toKind(table.cellKinds?.[at - 1]?.[column]);
  /** The first written column of a field in the row that is read; -1 when there is none. */
  const writtenColumn = (field: ImportField): number =>
    columnsOf.get(field)?.find((column) => (cells[column] ?? '').trim() !== '') ?? -1;

  const open: NumberSample[] = [];
  const clear: NumberSample[] = [];
  let row = 0;
  let cells: readonly string[] = [];
  const reader: { row: number } & Omit<RowReader, 'row'> = {
    row,
    text(field) {
      const column = writtenColumn(field);
      return column < 0 ? '' : (cells[column] ?? '').trim();
    },
    has: (field) => columnsOf.has(field),
    number(field) {
      const column = writtenColumn(field);
      const exact = column >= 0 && kindAt(row, column) === 'n';
      const value = exact ? table.values?.get(cellKey(row - 1, column)) : undefined;
      return { text: value ?? bareCode(cells[column] ?? ''), exact };
    },
    sample(text, value) {
      const list = value === null ? open : clear;
      if (list.length < 2 && /\d[.,'’\s]\d/.test(text)) list.push({ row, text, value });
    },
    kind: (field) => {
      const column = writtenColumn(field);
      return column < 0 ? ' ' : kindAt(row, column);
    },
    all: (field) => (columnsOf.get(field) ?? []).map((column) => (cells[column] ?? '').trim()),
    problem(field, code, severity, value, more = {}) {
      const column = field === null ? undefined : columnsOf.get(field)?.[more.at ?? 0];
      problems.add({
        row,
        column: column === undefined ? '' : (names[column] ?? ''),
        ...(column === undefined ? {} : { cell: column }),
        code,
        severity,
        value,
        ...(more.suggestion === undefined ? {} : { suggestion: more.suggestion }),
        ...(more.other === undefined ? {} : { other: more.other }),
        ...(more.name === undefined ? {} : { name: more.name }),
      });
    },
  };

  return {
    problems,
    numbers: () => [...open, ...clear].slice(0, 2),
    columnName: (column) => names[column] ?? '',
    eachRow(read) {
      let written = 0;
      const lastWritten = table.rows.findLastIndex((one) => !isBlankRow(one)) + 1;
      for (row = mapping.headerRow + 1; row <= table.rows.length; row += 1) {
        if (row % PROGRESS_EVERY === 0) onProgress?.(row, table.rows.length);
        cells = table.rows[row - 1] ?? [];
        if (isBlankRow(cells)) continue;
        written += 1;
        reader.row = row;
        if (mapping.headerRow > 0 && repeatsHeaders(cells, headers)) {
          reader.problem(null, 'header_again', 'warn', cells.find((cell) => cell.trim() !== '') ?? '');
          continue;
        }
        if (row === lastWritten && saysTotal(cells)) {
          reader.problem(null, 'row_is_total', 'stop', cells.find((cell) => cell.trim() !== '') ?? '');
          continue;
        }
        // More cells than the others: a separator stood in a text without quotes, and every cell after it is one too far.
        if (cells.length > width && writtenWidth(cells) > width)
          reader.problem(null, 'too_many_cells', 'stop', cells.at(-1) ?? '');
        read(reader);
      }
      return written;
    },
    *cellsOf(field) {
      const columns = columnsOf.get(field) ?? [];
      for (const written of table.rows.slice(mapping.headerRow)) {
        for (const column of columns) yield written[column] ?? '';
      }
    },
    *textsOf(field) {
      const columns = columnsOf.get(field) ?? [];
      for (let at = mapping.headerRow + 1; at <= table.rows.length; at += 1) {
        for (const column of columns)
          if (kindAt(at, column) !== 'n') yield bareText(table.rows[at - 1]?.[column] ?? '');
      }
    },
  };
}

/** Closes a pass: whether it may be imported as it is, under these choices. */
export function closePass<Row>(
  kind: ImportKind,
  pass: Pass,
  choices: ImportChoices,
  outcome: {
    readonly rows: () => readonly Row[];
    readonly duplicates?: readonly SharedCode[];
    readonly unknownUnits?: readonly UnknownUnit[];
    readonly unknownSites?: readonly UnknownSite[];
    readonly counts: Omit<ImportCounts, 'leftOut'>;
  },
): Conversion<Row> {
  const { problems } = pass;
  const leftOut = problems.stoppedRows.size;
  const blocked = problems.fatal() || (leftOut > 0 && !choices.leaveOutStopped);
  const nothing = outcome.counts.added + outcome.counts.changed + outcome.counts.retired === 0;
  const state = blocked ? 'blocked' : nothing ? 'nothing' : 'ready';
  return {
    kind,
    state,
    rows: state === 'ready' ? outcome.rows() : [],
    problems: problems.list(),
    problemCounts: problems.counts(),
    duplicates: outcome.duplicates ?? [],
    numbers: pass.numbers(),
    unknownUnits: outcome.unknownUnits ?? [],
    unknownSites: outcome.unknownSites ?? [],
    counts: { ...outcome.counts, leftOut },
  };
}

/** Text for people: control characters and runs of white space are one space, the ends are cut. */
export function tidyText(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is taken out
  return text.replaceAll(/[\s\u0000-\u001f\u007f]+/g, ' ').trim();
}

/**
 * The text of a cell without a spreadsheet's armour: `="0123"`, and apostrophes before what would be a formula (`'-AB`,
 * `'=A`, `'+49`, `'@x`). Undone alike for every text, or one list would hold both `'-AB12` and `-AB12`.
 */
export function bareText(text: string): string {
  const trimmed = text.trim();
  // Nearly every cell begins otherwise.
  if (!ARMOUR.has(trimmed.charCodeAt(0)) && !trimmed.includes("'")) return trimmed;
  const armoured = /^="(.*)"$/s.exec(trimmed)?.[1];
  if (armoured !== undefined) return armoured.replaceAll('""', '"').trim();
  return withoutArmour(trimmed).trim();
}

/** How armour begins: = ' ’ */
const ARMOUR: ReadonlySet<number> = new Set([0x3d, 0x27, 0x2019]);

/** The text of a code cell without armour: here an apostrophe in front is never part of it, whatever follows. */
export function bareCode(text: string): string {
  const bare = bareText(text).replace(INVISIBLE, '');
  return (/^'[^']/.test(bare) ? bare.slice(1) : bare).trim();
}

/** Letters without width, which copying from web pages brings along: a code with one is the code without it. */
const INVISIBLE = /[\u00AD\u200B-\u200F\u2060\uFEFF]/g;

/** Whether a row says the names of the columns again, as lists put together from pages do. */
function repeatsHeaders(cells: readonly string[], headers: readonly string[]): boolean {
  let same = 0;
  for (const [column, header] of headers.entries()) {
    const cell = cells[column] ?? '';
    if (cell.length !== header.length || (cell !== header && cell.toLowerCase() !== header.toLowerCase())) return false;
    if (cell !== '') same += 1;
  }
  return same >= 2;
}

/** Whether the first text of a row is what a sum below a list is called. */
function saysTotal(cells: readonly string[]): boolean {
  const text = (cells.find((cell) => cell.trim() !== '') ?? '').slice(0, 40).trim();
  return TOTAL.test(text);
}
const TOTAL =
  /^(?:grand )?(?:total|totals|sum|summe|gesamt|gesamtsumme|endsumme|totale|totaal|итого|razem|celkem)\s*:?$/i;

/** How many cells a row has up to the last in which anything is written. */
function writtenWidth(cells: readonly string[]): number {
  return cells.findLastIndex((cell) => cell.trim() !== '') + 1;
}

function toKind(letter: string | undefined): CellKind {
  return letter === 'n' || letter === 'd' || letter === 'e' || letter === 'b' || letter === ' ' ? letter : 't';
}
