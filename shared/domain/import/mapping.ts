import { columnShape, contentScore, type ColumnShape } from './column-shape.ts';
import { FIELDS_OF, NEEDED_FIELDS, REPEATED_FIELDS, type ImportField, type ImportKind } from './fields.ts';
import { findHeaderRow, writtenRows } from './header-row.ts';
import { headerKeys, headerScore, isNever, wordsScore } from './header-words.ts';
import { isBlankRow, type Table } from './table.ts';
import { PRICE_WORDS } from './words/never-words.ts';

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
/** A column in which more cells than this are codes with a right check digit is a column of barcodes, whatever its head. */
const MOSTLY_CODES = 0.7;
/** Heads that may as well mean a barcode: the cells decide. */
const VAGUE_HEADS = new Set(
  'code codice codigo reference referencia riferimento ref item article product produkt produit artikel articolo articulo prodotto producto'.split(
    ' ',
  ),
);

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

function mappingOf(
  remembered: readonly RememberedMapping[],
  headers: readonly string[],
): RememberedMapping | undefined {
  return remembered.find(
    (one) => one.headers.length === headers.length && one.headers.every((header, at) => header === headers[at]),
  );
}

/**
 * What the columns probably mean: as a person said before for the same headers; else by the headers' words and by what
 * the cells hold, which wins where a head is vague ("code" over right check digits is a barcode). A guess only: the
 * person sees it before anything is taken. `headerRow`: the row they chose, 0 for none; without it, it is looked for.
 */
export function guessMapping(
  kind: ImportKind,
  table: Table,
  remembered: readonly RememberedMapping[] = [],
  headerRow?: number,
): ColumnMapping {
  const found = headerRow ?? rememberedRow(table, remembered) ?? findHeaderRow(kind, table);
  const keys = headerKeys(table.rows[found - 1] ?? [], table.columnCount);
  const known = found === 0 ? undefined : mappingOf(remembered, keys);
  if (known !== undefined) return { headerRow: found, columns: known.columns };
  const columns: (ImportField | null)[] = keys.map(() => null);
  const sample = table.rows.slice(found, found + SAMPLE_ROWS).filter((row) => !isBlankRow(row));
  const shapes = columns.map((_, column) => columnShape(sample, column));
  const named = keys.some((key, column) => headBids(kind, key, column, shapes).length > 0);
  settle(
    keys.flatMap((key, column) => headBids(kind, key, column, shapes)),
    columns,
  );
  if (kind === 'items') {
    // Codes that no head told of are codes all the same.
    for (const [column, shape] of shapes.entries()) {
      if (columns[column] === null && isCodes(shape) && shape.distinct > MOSTLY_CODES) columns[column] = 'barcode';
    }
    if (!columns.includes('cost')) settle(priceBids(keys), columns);
  }
  const missing = FIELDS_OF[kind].filter(
    // Names are worth looking for: an item without one can hardly be told from another.
    (field) => !columns.includes(field) && (!named || field === 'name' || isStillNeeded(kind, field, columns)),
  );
  settle(
    missing.flatMap((field) =>
      shapes
        .map((shape, column) => ({ column, field, score: contentScore(kind, field, shape) }))
        .filter((bid) => bid.score > 0.4 && !isNever(field, keys[bid.column] ?? ''))
        // What a column of money is, only its head can tell.
        .filter((bid) => field !== 'cost' || (keys[bid.column] ?? '') === ''),
    ),
    columns,
  );
  return { headerRow: found, columns };
}

const isCodes = (shape: ColumnShape): boolean => shape.filled > 0 && shape.gtins > MOSTLY_CODES;

/** What a column's head says it is, unless its cells cannot be that. */
function headBids(kind: ImportKind, key: string, column: number, shapes: readonly ColumnShape[]): readonly Bid[] {
  const shape = shapes[column];
  return FIELDS_OF[kind].flatMap((field): Bid[] => {
    const score = headerScore(kind, field, key);
    if (score === 0 || shape === undefined) return [];
    if (kind === 'items' && (field === 'sku' || field === 'name') && VAGUE_HEADS.has(key) && isCodes(shape))
      return [{ column, field: 'barcode', score }];
    // "Quantity" or "Units" over plain numbers is a stock figure and neither a size nor a unit.
    if ((field === 'size' || field === 'unit') && VAGUE_AMOUNTS.has(key) && shape.numbers > 0.8) return [];
    // "Item" over words is a name beside the column that says which item it is.
    if (kind === 'stock' && field === 'item' && VAGUE_HEADS.has(key) && shape.words > 0.5)
      return [{ column, field, score: score - 1 }];
    return [{ column, field, score }];
  });
}
const VAGUE_AMOUNTS = new Set('quantity quantita units pack packung'.split(' '));

/** A price is taken for the cost only where no column is headed as one; the person is told. */
function priceBids(keys: readonly string[]): readonly Bid[] {
  return keys
    .map((key, column): Bid => ({
      column,
      field: 'cost',
      score: isNever('cost', key) ? 0 : wordsScore(key, PRICE_WORDS),
    }))
    .filter((bid) => bid.score > 0);
}

/** The row whose texts are the heads a person once confirmed. */
function rememberedRow(table: Table, remembered: readonly RememberedMapping[]): number | undefined {
  if (remembered.length === 0) return undefined;
  return writtenRows(table, 20).find(
    ({ cells }) => mappingOf(remembered, headerKeys(cells, table.columnCount)) !== undefined,
  )?.row;
}

/** Where there are headers, cells only decide about what the import cannot do without. */
function isStillNeeded(kind: ImportKind, field: ImportField, columns: readonly (ImportField | null)[]): boolean {
  return NEEDED_FIELDS[kind].some(
    (choices) => choices.includes(field) && !choices.some((choice) => columns.includes(choice)),
  );
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
