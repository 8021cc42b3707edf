import { foldForSearch } from '../search-text.ts';
import { columnShape, contentScore, SAMPLE_CELL } from './column-shape.ts';
import {
  FIELDS_OF,
  HEADER_WORDS,
  NEEDED_FIELDS,
  REPEATED_FIELDS,
  type ImportField,
  type ImportKind,
} from './fields.ts';
import { isBlankRow, type Table } from './table.ts';

/** What each column of a table means. */
export type ColumnMapping = {
  /** Spreadsheet row of the headers; 0 where the first written row is already one of the list. */
  readonly headerRow: number;
  /** The field of each column, null for a column that is not taken. */
  readonly columns: readonly (ImportField | null)[];
};

/** A mapping a person confirmed once, kept by the headers it was for. */
export type RememberedMapping = {
  readonly headers: readonly string[];
  readonly columns: readonly (ImportField | null)[];
};

const SAMPLE_ROWS = 200;
/** Words that say too little inside a longer header: "stock quantity" is no pack size, "sort order" no name. */
const ALONE_ONLY = new Set([
  'quantity',
  'code',
  'codice',
  'codigo',
  'item',
  'article',
  'product',
  'produkt',
  'produit',
  'artikel',
  'group',
  'format',
  'order',
  'sort',
  'count',
  'amount',
  'stock',
  'pack',
  'title',
  'reference',
  'ref',
  'unit',
  'units',
  'bin',
  'label',
  'store',
  'location',
  'area',
  'section',
  'shelf',
  'platz',
  'fach',
  'lot',
  'batch',
  'gang',
  'name',
  'nom',
  'nome',
  'menge',
  'quantita',
  'description',
]);

/** A header as it is compared: folded, letters and digits only. */
export function headerKey(text: string): string {
  return foldForSearch(text.slice(0, 400))
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** How surely a header names a field: 3 all of it, 2 all the words of a name occur in it, 0 not at all. */
function headerScore(key: string, words: readonly string[]): number {
  if (key === '') return 0;
  const place = words.indexOf(key);
  if (place >= 0) return 3 - place / 1000;
  const parts = ` ${key} `;
  const best = words.findIndex((word) => word.length > 2 && !ALONE_ONLY.has(word) && parts.includes(` ${word} `));
  return best < 0 ? 0 : 2 - best / 1000;
}

function isKnownHeader(kind: ImportKind, key: string): boolean {
  return Object.values(HEADER_WORDS[kind]).some((words) => headerScore(key, words) > 2.5);
}

type Bid = { readonly column: number; readonly field: ImportField; readonly score: number };

/** Gives columns to fields, the surest first; a field that is not repeated has one column. */
function settle(bids: readonly Bid[], columns: (ImportField | null)[]): void {
  const taken = new Set(columns.filter((field) => field !== null));
  for (const bid of bids.toSorted((left, right) => right.score - left.score || left.column - right.column)) {
    const repeated = REPEATED_FIELDS.has(bid.field) && bid.score > 1.5;
    if (columns[bid.column] !== null || (taken.has(bid.field) && !repeated)) continue;
    columns[bid.column] = bid.field;
    taken.add(bid.field);
  }
}

/** The first row in which anything is written, as a spreadsheet counts; 0 in an empty table. */
export function firstWrittenRow(table: Table): number {
  return table.rows.findIndex((cells) => !isBlankRow(cells)) + 1;
}

/** Whether the row heads the columns: it uses a header's words, or is all words over columns of numbers. */
function looksLikeHeader(kind: ImportKind, cells: readonly string[], below: readonly (readonly string[])[]): boolean {
  const written = cells.map((cell) => cell.slice(0, SAMPLE_CELL).trim()).filter((cell) => cell !== '');
  if (written.some((cell) => /^\D{0,3}\d[\d\s.,-]{3,}\D{0,3}$/.test(cell))) return false;
  if (written.some((cell) => isKnownHeader(kind, headerKey(cell)))) return true;
  return cells.some((cell, column) => /\p{L}/u.test(cell) && columnShape(below, column).numbers > 0.8);
}

function mappingOf(
  remembered: readonly RememberedMapping[],
  headers: readonly string[],
): RememberedMapping | undefined {
  return remembered.find(
    (one) => one.headers.length === headers.length && one.headers.every((header, at) => header === headers[at]),
  );
}

/**
 * What the columns probably mean: as a person said before for the same headers; else by the headers' words; else, and for
 * what is still missing, by what the cells look like. A guess only: the person sees it before anything is taken.
 */
export function guessMapping(
  kind: ImportKind,
  table: Table,
  remembered: readonly RememberedMapping[] = [],
): ColumnMapping {
  const first = firstWrittenRow(table);
  const columns: (ImportField | null)[] = Array.from({ length: table.columnCount }, () => null);
  if (first === 0) return { headerRow: 0, columns };
  const cells = table.rows[first - 1] ?? [];
  const below = table.rows.slice(first, first + SAMPLE_ROWS).filter((row) => !isBlankRow(row));
  const keys = headerKeys(cells, table.columnCount);
  const known = mappingOf(remembered, keys);
  if (known !== undefined) return { headerRow: first, columns: known.columns };
  const hasHeader = looksLikeHeader(kind, cells, below);
  if (hasHeader) {
    settle(
      FIELDS_OF[kind].flatMap((field) =>
        keys
          .map((key, column) => ({ column, field, score: headerScore(key, HEADER_WORDS[kind][field] ?? []) }))
          .filter((bid) => bid.score > 0),
      ),
      columns,
    );
  }
  const sample = hasHeader ? below : [cells, ...below];
  const shapes = columns.map((_, column) => columnShape(sample, column));
  const missing = FIELDS_OF[kind].filter(
    (field) => !columns.includes(field) && (!hasHeader || isStillNeeded(kind, field, columns)),
  );
  settle(
    missing.flatMap((field) =>
      shapes
        .map((shape, column) => ({ column, field, score: contentScore(kind, field, shape) }))
        .filter((bid) => bid.score > 0.4),
    ),
    columns,
  );
  return { headerRow: hasHeader ? first : 0, columns };
}

/** Where there are headers, cells only decide about what the import cannot do without. */
function isStillNeeded(kind: ImportKind, field: ImportField, columns: readonly (ImportField | null)[]): boolean {
  return NEEDED_FIELDS[kind].some(
    (choices) => choices.includes(field) && !choices.some((choice) => columns.includes(choice)),
  );
}

/** The cells of a header row as they are compared, one for each column. */
export function headerKeys(cells: readonly string[], columnCount: number): readonly string[] {
  return Array.from({ length: columnCount }, (_, column) => headerKey(cells[column] ?? ''));
}

/** The fields nothing can be imported without and no column has; empty when the mapping will do. */
export function missingFields(kind: ImportKind, mapping: ColumnMapping): readonly (readonly ImportField[])[] {
  return NEEDED_FIELDS[kind].filter((choices) => !choices.some((choice) => mapping.columns.includes(choice)));
}

const REMEMBERED_MOST = 30;

/** The remembered mappings with this one in front; the oldest are forgotten. A table without headers has nothing to be known by. */
export function rememberMapping(
  remembered: readonly RememberedMapping[],
  headers: readonly string[],
  mapping: ColumnMapping,
): readonly RememberedMapping[] {
  if (mapping.headerRow === 0) return remembered;
  const others = remembered.filter((one) => mappingOf([one], headers) === undefined);
  return [{ headers, columns: mapping.columns }, ...others].slice(0, REMEMBERED_MOST);
}
