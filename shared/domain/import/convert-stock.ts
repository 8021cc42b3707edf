import { codeKey, lookUpKeys, parseBarcode } from '../barcode.ts';
import type { Catalogue } from '../catalogue.ts';
import type { Item } from '../item.ts';
import type { FactOf } from '../ledger-entry.ts';
import { lineKey, type LineKey } from '../line-key.ts';
import type { Bin } from '../location.ts';
import { hasPrecision, quantityOf } from '../quantity.ts';
import {
  bareCode,
  closePass,
  openPass,
  tidyText,
  type Conversion,
  type ImportChoices,
  type OnProgress,
  type RowReader,
} from './conversion.ts';
import { columnDecimalMark, readDecimal, type DecimalMark } from './decimal-text.ts';
import type { ColumnMapping } from './mapping.ts';
import type { Table } from './table.ts';

export type OpeningFact = FactOf<'stock_changed'>;

const LONGEST_LOT = 64;
const LONGEST_CODE = 128;

/** The one item a cell names: by SKU first, then by any of its codes. */
function readItem(row: RowReader, catalogue: Catalogue): Item | null {
  const text = bareCode(row.text('item'));
  if (text === '') {
    row.problem('item', 'item_missing', 'stop', '');
    return null;
  }
  const named = catalogue.item(text);
  if (named !== undefined) return named;
  const found =
    text.length > LONGEST_CODE ? [] : catalogue.find([...new Set([codeKey(text), ...lookUpKeys(parseBarcode(text))])]);
  const [first] = found;
  if (first !== undefined && found.length === 1) return first.item;
  if (first === undefined) row.problem('item', 'item_unknown', 'stop', text);
  else
    row.problem('item', 'item_ambiguous', 'stop', text, {
      other: found
        .slice(0, 5)
        .map((match) => match.item.sku)
        .join(', '),
    });
  return null;
}

/** The one bin a cell names: by code, else by a label that only one bin carries. */
function readBin(row: RowReader, catalogue: Catalogue): Bin | null {
  const text = tidyText(bareCode(row.text('bin')));
  if (text === '') {
    row.problem('bin', 'bin_missing', 'stop', '');
    return null;
  }
  const coded = catalogue.bin(text);
  if (coded !== undefined) return coded;
  const labelled = catalogue.binByLabel(text);
  const [first] = labelled;
  if (first !== undefined && labelled.length === 1) return first;
  if (first === undefined) row.problem('bin', 'bin_unknown', 'stop', text);
  else
    row.problem('bin', 'bin_ambiguous', 'stop', text, {
      other: labelled
        .slice(0, 5)
        .map((bin) => bin.code)
        .join(', '),
    });
  return null;
}

function readQuantity(row: RowReader, mark: DecimalMark | undefined): string | null {
  const text = row.text('quantity');
  if (text === '') {
    row.problem('quantity', 'quantity_missing', 'stop', '');
    return null;
  }
  const reading = readDecimal(text, mark);
  if (reading.ok) return reading.value;
  if (reading.code === 'ambiguous')
    row.problem('quantity', 'quantity_ambiguous', 'stop', text, { suggestion: reading.suggestion });
  else row.problem('quantity', 'quantity_unreadable', 'stop', text);
  return null;
}

/**
 * A table of opening quantities as facts for the ledger. A key (item, bin, lot) that already has an opening is stopped,
 * not added to: importing the same file twice must not double the stock. A quantity of zero is no fact.
 */
export function convertStock(
  table: Table,
  mapping: ColumnMapping,
  known: { readonly catalogue: Catalogue; readonly openings: ReadonlySet<LineKey> },
  choices: ImportChoices,
  onProgress?: OnProgress,
): Conversion<OpeningFact> {
  const pass = openPass(table, mapping, onProgress);
  const { problems } = pass;
  const mark =
    choices.decimalMark ??
    columnDecimalMark(pass.cellsOf('quantity')) ??
    (table.format.kind === 'xlsx' ? '.' : undefined);
  const rows = new Map<LineKey, { readonly row: number; readonly fact: OpeningFact }>();
  let needless = 0;

  const read = pass.eachRow((row) => {
    const item = readItem(row, known.catalogue);
    const bin = readBin(row, known.catalogue);
    const quantity = readQuantity(row, mark);
    const lot = tidyText(row.text('lot'));
    if (lot.length > LONGEST_LOT) row.problem('lot', 'lot_too_long', 'stop', lot);
    if (item === null || bin === null || quantity === null) return;
    if (!hasPrecision(quantityOf(quantity), item.precision))
      row.problem('quantity', 'quantity_too_precise', 'stop', row.text('quantity'), { other: String(item.precision) });
    if (quantity.startsWith('-')) row.problem('quantity', 'quantity_negative', 'warn', row.text('quantity'));
    if (lot === '' && item.tracking === 'lot') row.problem('lot', 'lot_missing', 'warn', '');
    const key = lineKey({ item: item.sku, bin: bin.code, ...(lot === '' ? {} : { lot }) });
    const first = rows.get(key);
    if (first !== undefined) row.problem('item', 'stock_twice', 'stop', item.sku, { other: String(first.row) });
    else if (known.openings.has(key)) row.problem('item', 'already_has_opening', 'stop', item.sku, { other: bin.code });
    if (problems.stops(row.row)) return;
    const fact: OpeningFact = {
      kind: 'stock_changed',
      item: item.sku,
      bin: bin.code,
      ...(lot === '' ? {} : { lot }),
      quantity,
      reason: 'opening',
    };
    rows.set(key, { row: row.row, fact });
    if (quantity === '0') needless += 1;
  });

  const facts = [...rows.values()].map((row) => row.fact).filter((fact) => fact.quantity !== '0');
  const counts = { read, added: facts.length, changed: 0, unchanged: 0, kept: known.openings.size, needless };
  return closePass('stock', pass, choices, { rows: () => facts, counts });
}
