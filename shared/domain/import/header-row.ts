import { columnShape, SAMPLE_CELL } from './column-shape.ts';
import { FIELDS_OF, type ImportKind } from './fields.ts';
import { isKnownHeader } from './header-words.ts';
import { isBlankRow, type Table } from './table.ts';

/** So many written rows are looked through for the one that names the columns. */
const SEARCHED_ROWS = 20;
const SAMPLE_ROWS = 200;
const NUMBER_CELL = /^\D{0,3}\d[\d\s.,-]{3,}\D{0,3}$/;

type WrittenRow = { readonly row: number; readonly cells: readonly string[]; readonly written: number };

/** The first rows in which anything is written, each with its spreadsheet row. */
export function writtenRows(table: Table, most: number): readonly WrittenRow[] {
  const found: WrittenRow[] = [];
  for (const [index, cells] of table.rows.entries()) {
    if (found.length >= most) break;
    if (!isBlankRow(cells))
      found.push({ row: index + 1, cells, written: cells.filter((cell) => cell.trim() !== '').length });
  }
  return found;
}

/** Texts of a row that are, as they stand, what a column is called; none where a code or a number stands among them. */
function knownHeaders(kind: ImportKind, cells: readonly string[]): number {
  const texts = cells.map((cell) => cell.slice(0, SAMPLE_CELL).trim()).filter((cell) => cell !== '');
  if (texts.some((text) => NUMBER_CELL.test(text))) return 0;
  return texts.filter((text) => isKnownHeader(kind, text, FIELDS_OF[kind])).length;
}

/** Whether a row above could itself be one of the list: nearly as wide, with a number in it. A title is not. */
function couldBeListed(above: WrittenRow, header: WrittenRow): boolean {
  return (
    above.written >= 2 &&
    above.written >= header.written * 0.8 &&
    above.cells.some((cell) => NUMBER_CELL.test(cell.trim()))
  );
}

/**
 * The spreadsheet row that probably names the columns; 0 where the first written row is already one of the list. Titles,
 * dates and blank rows above the names are passed over; where no names follow a title, the title's row stands for them,
 * so that it is never an item. A guess: the person sees it and may choose another.
 */
export function findHeaderRow(kind: ImportKind, table: Table): number {
  const rows = writtenRows(table, SEARCHED_ROWS);
  const [first] = rows;
  if (first === undefined) return 0;
  const known = rows.map(({ cells }) => knownHeaders(kind, cells));
  const most = Math.max(...known);
  const best = rows[known.indexOf(most)];
  if (best !== undefined && most > 0) {
    const above = rows.slice(0, known.indexOf(most));
    const sure =
      above.length === 0 ||
      most >= 2 ||
      above.every(({ written }) => written < best.written) ||
      isTitleOverOne(above, best);
    const listed = above.filter((row) => couldBeListed(row, best)).length;
    // Nearly all of its texts are what columns are called: what stands above is no list, if it is not long.
    const isPlain = most >= 2 && most >= best.written * 0.6 && listed <= 3;
    if (sure && (listed === 0 || isPlain)) return best.row;
  }
  const titles = countTitles(rows, usualWritten(table));
  const head = rows[titles];
  if (head === undefined) return 0;
  if (namesNumbers(head.cells, table.rows.slice(head.row, head.row + SAMPLE_ROWS))) return head.row;
  return rows[titles - 1]?.row ?? 0;
}

/** A list of one column under a title of several words: "Stock list of May", then "SKU". */
function isTitleOverOne(above: readonly WrittenRow[], header: WrittenRow): boolean {
  return (
    header.written === 1 && above.every(({ cells, written }) => written === 1 && /\p{L}\s+\p{L}/u.test(cells.join(' ')))
  );
}

/** Rows at the top with one text while the list has at least three columns, or a sentence over two. */
function countTitles(rows: readonly WrittenRow[], usual: number): number {
  const isTitle = ({ cells, written }: WrittenRow): boolean =>
    written === 1 &&
    /\p{L}/u.test(cells.join('')) &&
    (usual >= 3 || (usual === 2 && /\p{L}\s+\p{L}/u.test(cells.join(' '))));
  const end = rows.findIndex((row) => !isTitle(row));
  return end < 0 ? 0 : end;
}

/** How many cells most rows have written. */
function usualWritten(table: Table): number {
  const tally = new Map<number, number>();
  for (const { written } of writtenRows(table, SAMPLE_ROWS)) tally.set(written, (tally.get(written) ?? 0) + 1);
  return [...tally].toSorted((left, right) => right[1] - left[1] || right[0] - left[0])[0]?.[0] ?? 1;
}

/** Words over columns of numbers are names, whatever language they are in. */
function namesNumbers(cells: readonly string[], below: readonly (readonly string[])[]): boolean {
  if (cells.some((cell) => NUMBER_CELL.test(cell.slice(0, SAMPLE_CELL).trim()))) return false;
  return cells.some((cell, column) => /\p{L}/u.test(cell) && columnShape(below, column).numbers > 0.8);
}
