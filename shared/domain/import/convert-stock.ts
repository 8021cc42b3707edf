import { codeKey, lookUpKeys, parseBarcode } from '../barcode.ts';
import { siteKey } from '../bin-name.ts';
import type { Catalogue } from '../catalogue.ts';
import type { Item } from '../item.ts';
import type { FactOf } from '../ledger-entry.ts';
import { lineKey, type LineKey } from '../line-key.ts';
import type { Bin } from '../location.ts';
import { hasPrecision, quantityOf } from '../quantity.ts';
import { isCellError, saysNothing } from './code-checks.ts';
import { bareCode, bareText, closePass, openPass, tidyText, type Conversion, type OnProgress } from './conversion.ts';
import type { ImportChoices } from './choices.ts';
import type { RowReader } from './row-reader.ts';
import { columnDecimalMark, readDecimal, splitUnit, type DecimalMark } from './decimal-text.ts';
import { inItemUnit } from './item-unit.ts';
import type { ProblemCode } from './problem.ts';
import { undamagedItem } from './undamaged-item.ts';
import type { ColumnMapping } from './mapping.ts';
import type { Table } from './table.ts';

export type OpeningFact = FactOf<'stock_changed'>;

const LONGEST_LOT = 64;
const LONGEST_CODE = 128;

/** The one item a cell names: by SKU first, then by any of its codes. */
function readItem(row: RowReader, catalogue: Catalogue, choices: ImportChoices): Item | null {
  const text = bareCode(row.text('item'));
  if (text === '' || isCellError(text)) {
    row.problem('item', text === '' ? 'item_missing' : 'cell_error', 'stop', text);
    return null;
  }
  const named = catalogue.item(text);
  if (named !== undefined) return named;
  const found =
    text.length > LONGEST_CODE ? [] : catalogue.find([...new Set([codeKey(text), ...lookUpKeys(parseBarcode(text))])]);
  const [first] = found;
  if (first !== undefined && found.length === 1) return first.item;
  if (first === undefined) return undamagedItem(row, text, catalogue, choices);
  else
    row.problem('item', 'item_ambiguous', 'stop', text, {
      other: found
        .slice(0, 5)
        .map((match) => match.item.sku)
        .join(', '),
    });
  return null;
}

/** The lot of a row; '' where it has none, or says in words that it has none. */
function lotOf(row: RowReader): string {
  const lot = tidyText(bareCode(row.text('lot')));
  return saysNothing(lot) ? '' : lot;
}

/** The one bin a row names: by code or label, and by its building where several have one of that name. */
function readBin(row: RowReader, catalogue: Catalogue): Bin | null {
  const text = tidyText(bareCode(row.text('bin')));
  const site = tidyText(row.text('site'));
  if (text === '') {
    row.problem('bin', 'bin_missing', 'stop', '');
    return null;
  }
  const named = catalogue.binsNamed(text);
  // A bin of which no building is known is in whichever the file says.
  const there = site === '' ? named : named.filter((bin) => bin.site === '' || siteKey(bin.site) === siteKey(site));
  const [first] = there;
  if (first !== undefined && there.length === 1) return first;
  const other = (there.length > 0 ? there : named)
    .slice(0, 5)
    .map((bin) => catalogue.binName(bin.code))
    .join(', ');
  if (named.length === 0) row.problem('bin', 'bin_unknown', 'stop', text);
  else if (there.length === 0) row.problem('bin', 'bin_not_there', 'stop', text, { other, name: site });
  else row.problem('bin', 'bin_ambiguous', 'stop', text, { other });
  return null;
}

/**
 * The quantity of a row in the item's own unit. Text beside the number, or in a column of units, is used or stops the row,
 * never dropped: the
 * item's unit as it stands, a unit that converts exactly, or one of the item's packs.
 */
function readQuantity(row: RowReader, item: Item | null, mark: DecimalMark | undefined): string | null {
  const { text, exact } = row.number('quantity');
  if (text === '') return stop(row, 'quantity_missing', '');
  if (isCellError(text)) return stop(row, 'cell_error', text);
  const split = splitUnit(text);
  if (split === null) return stop(row, 'quantity_unreadable', text);
  const reading = readDecimal(split.number, exact ? '.' : mark);
  if (!exact) row.sample(text, reading.ok ? reading.value : null);
  if (!reading.ok && reading.code === 'ambiguous')
    return stop(row, 'quantity_ambiguous', text, { suggestion: reading.suggestion });
  if (!reading.ok && reading.code === 'too_precise')
    return stop(row, 'quantity_too_precise', text, { other: String(item?.precision ?? 5) });
  if (!reading.ok) return stop(row, 'quantity_unreadable', text);
  const unit = split.unit === '' ? tidyText(bareText(row.text('unit'))) : split.unit;
  if (unit === '' || item === null) return reading.value;
  return (
    inItemUnit(reading.value, unit, item) ??
    stop(row, 'quantity_unit_unknown', split.unit === '' ? `${text} ${unit}` : text, { other: item.unit })
  );
}

function stop(
  row: RowReader,
  code: ProblemCode,
  value: string,
  more: { readonly suggestion?: string; readonly other?: string } = {},
): null {
  row.problem('quantity', code, 'stop', value, more);
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
  const mark = choices.decimalMark ?? columnDecimalMark(pass.textsOf('quantity'));
  const rows = new Map<LineKey, { readonly row: number; readonly fact: OpeningFact }>();
  let needless = 0;

  const read = pass.eachRow((row) => {
    const item = readItem(row, known.catalogue, choices);
    const bin = readBin(row, known.catalogue);
    const quantity = readQuantity(row, item, mark);
    const lot = lotOf(row);
    if (isCellError(lot)) row.problem('lot', 'cell_error', 'stop', lot);
    else if (lot.includes('\uFFFD')) row.problem('lot', 'code_control_character', 'stop', lot);
    else if (row.kind('lot') === 'd') row.problem('lot', 'code_is_date', 'warn', lot);
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
  const counts = {
    read,
    added: facts.length,
    changed: 0,
    unchanged: 0,
    kept: known.openings.size,
    missing: 0,
    retired: 0,
    needless,
  };
  return closePass('stock', pass, choices, { rows: () => facts, counts });
}
