import papa, { type ParseError } from 'papaparse/papaparse.js';
import type { TextEncoding } from '../../shared/domain/import/encoding.ts';
import { sniffSeparator, statedSeparator, type Separator } from '../../shared/domain/import/separator.ts';
import {
  isBlankRow,
  TABLE_LIMITS,
  type CellProblem,
  type Table,
  type TableError,
} from '../../shared/domain/import/table.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import { decodeText } from './decode-text.ts';

export type CsvOptions = { readonly encoding?: TextEncoding; readonly separator?: Separator };

const MOST_READING_PROBLEMS = 10_000;
// oxlint-disable-next-line no-control-regex -- NUL is what is looked for
const SUSPECT = /[\u0000\uFFFD]/;
/** Characters of a row that goes on over several pieces, after which it is taken as it stands. */
const LONGEST_ROW = 40_000_000;
const INTERNED_LENGTH = 24;
const INTERNED_MOST = 50_000;
/** More strange characters than this, and more than one in so many: the bytes are no text at all. */
const STRANGE_MOST = 8;
const STRANGE_SHARE = 50;

/**
 * Reads separated text: any of eight encodings, four separators, and line ends of any kind, mixed too. Rows keep the number
 * they have in a spreadsheet. Damage (NUL, bytes that are no text, quotes that never end, cells beyond a spreadsheet's
 * limit) is named, with its place.
 */
export function readCsv(bytes: Uint8Array, name: string, options: CsvOptions = {}): Result<Table, TableError> {
  const { pieces, encoding, guessed } = decodeText(bytes, options.encoding);
  const rows: string[][] = [];
  const problems: CellProblem[] = [];
  const intern = createIntern();
  let separator = options.separator;
  let parser: InstanceType<typeof papa.Parser> | undefined;
  let suspect = false;
  let stated = false;
  let rest = '';

  function take(text: string, last: boolean): void {
    if (parser === undefined) {
      separator ??= sniffSeparator(text);
      stated = statedSeparator(text) !== null;
      parser = new papa.Parser({ delimiter: separator, newline: '\n' });
    }
    const { data, errors, meta } = parser.parse(text, 0, !last);
    nameQuotes(errors, data, rows.length, problems);
    for (const cells of data) {
      for (let at = 0; at < cells.length; at += 1) cells[at] = intern(cells[at] ?? '');
      rows.push(cells);
    }
    rest = last ? '' : text.slice(meta.cursor);
  }

  let first = true;
  for (const piece of pieces) {
    if (first && isNoText(piece)) return err({ code: 'not_a_table' });
    first = false;
    suspect ||= SUSPECT.test(piece);
    // A quote that never closes would have the rest read again and again.
    take(rest + piece, rest.length > LONGEST_ROW);
    if (rows.length > TABLE_LIMITS.rows + 1) break;
  }
  if (rest !== '') take(rest, true);
  // A line end closes the last row; it does not begin another.
  if (rows.length > 1 && rows.at(-1)?.length === 1 && rows.at(-1)?.[0] === '') rows.pop();
  if (rows.length > TABLE_LIMITS.rows) return err({ code: 'too_many_rows', most: TABLE_LIMITS.rows });
  if (stated) rows[0] = [];
  const format: Table['format'] = {
    kind: 'csv',
    encoding,
    separator: separator ?? ',',
    ...(guessed ? { guessed } : {}),
  };
  return finishTable({ name, format }, rows, problems, suspect);
}

/** One text for all cells that say the same: most columns of a long list repeat few words. */
function createIntern(): (cell: string) => string {
  const known = new Map<string, string>();
  return (cell) => {
    if (cell.length > INTERNED_LENGTH) return cell;
    const there = known.get(cell);
    if (there !== undefined) return there;
    if (known.size < INTERNED_MOST) known.set(cell, cell);
    return cell;
  };
}

/** Pictures, archives and the like: full of characters no list of items has. */
function isNoText(text: string): boolean {
  const sample = text.slice(0, 4000);
  // oxlint-disable-next-line no-control-regex -- control characters are what is counted
  const strange = sample.match(/[\u0000-\u0008\u000e-\u001b\uFFFD]/g)?.length ?? 0;
  return strange > STRANGE_MOST && strange * STRANGE_SHARE > sample.length;
}

function nameQuotes(
  errors: readonly ParseError[],
  rows: readonly string[][],
  before: number,
  problems: CellProblem[],
): void {
  const seen = new Set<string>();
  for (const error of errors) {
    if (error.type !== 'Quotes' || error.row === undefined || problems.length >= MOST_READING_PROBLEMS) continue;
    const key = `${error.code} ${error.row}`;
    if (seen.has(key)) continue;
    const cells = rows[error.row];
    // A row that the next piece ends is named when it is whole.
    if (cells === undefined) continue;
    seen.add(key);
    const unclosed = error.code === 'MissingQuotes';
    const column = unclosed
      ? cells.length - 1
      : Math.max(
          0,
          cells.findIndex((cell) => cell.includes('"')),
        );
    problems.push({
      row: before + error.row + 1,
      column,
      code: unclosed ? 'unclosed_quote' : 'stray_quote',
      severity: unclosed ? 'stop' : 'warn',
      value: cells[column] ?? '',
    });
  }
}

/** So many rows at the top keep their empty cells at the end: the one that heads the columns is among them. */
const HEAD_ROWS = 30;

/** Cuts what is too long, names what is damaged in the cells, and counts the columns. Shared with spreadsheets. */
export function finishTable(
  table: Pick<Table, 'name' | 'format' | 'cellKinds' | 'values'>,
  rows: string[][],
  problems: CellProblem[],
  suspect: boolean,
): Result<Table, TableError> {
  const { columns: mostColumns, cell: longestCell } = TABLE_LIMITS;
  const tally = new Map<number, number>();
  const trimmedTally = new Map<number, number>();
  let written = 0;
  let widestHead = 0;
  let widest = 0;
  for (const [index, cells] of rows.entries()) {
    const raw = cells.length;
    const trimmed = cells.findLastIndex((cell) => cell !== '') + 1;
    const blank = isBlankRow(cells);
    if (!blank) {
      written += 1;
      tally.set(raw, (tally.get(raw) ?? 0) + 1);
      trimmedTally.set(trimmed, (trimmedTally.get(trimmed) ?? 0) + 1);
      if (written <= HEAD_ROWS) widestHead = Math.max(widestHead, Math.min(raw, mostColumns));
      widest = Math.max(widest, Math.min(trimmed, mostColumns));
    }
    if (trimmed > mostColumns)
      report({
        row: index + 1,
        column: mostColumns,
        code: 'too_many_cells',
        severity: 'stop',
        value: cells[mostColumns] ?? '',
      });
    // Empty cells at the end of a row are no columns: some programs write thousands.
    cells.length = Math.min(mostColumns, written <= HEAD_ROWS ? raw : Math.max(1, trimmed));
    for (const [column, cell] of cells.entries()) {
      if (cell.length > longestCell) {
        report({ row: index + 1, column, code: 'cell_too_long', severity: 'stop', value: cell });
        cells[column] = cell.slice(0, longestCell);
      }
      if (!suspect) continue;
      if (cell.includes('\u0000'))
        report({ row: index + 1, column, code: 'nul_character', severity: 'stop', value: cell });
      if (cell.includes('\uFFFD'))
        report({ row: index + 1, column, code: 'unreadable_character', severity: 'warn', value: cell });
    }
  }
  if (widest === 0) return err({ code: 'file_empty' });
  if (usualWidth(trimmedTally) > mostColumns) return err({ code: 'too_many_columns', most: mostColumns });
  const mayHaveSlipped = table.format.kind === 'csv' && table.format.separator !== '\t';
  const usual = usualWidth(tally);
  return ok({
    ...table,
    rows,
    columnCount: mayHaveSlipped ? Math.min(widest, Math.max(usual, widestHead)) : widest,
    problems,
    ...(mayHaveSlipped ? { usualWidth: usual } : {}),
  });

  function report(problem: CellProblem): void {
    if (problems.length < MOST_READING_PROBLEMS) problems.push({ ...problem, value: problem.value.slice(0, 100) });
  }
}

/** The width that most rows have; of two equally usual ones the greater. */
function usualWidth(tally: ReadonlyMap<number, number>): number {
  return [...tally].toSorted((left, right) => right[1] - left[1] || right[0] - left[0])[0]?.[0] ?? 1;
}
