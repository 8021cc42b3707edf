import type { Item } from '../item.ts';
import { tidyText, type RowReader } from './conversion.ts';
import { readDecimal, type DecimalMark } from './decimal-text.ts';
import type { ItemField } from './fields.ts';

/** What one row says about an item; what it leaves empty is not said. */
export type ItemWords = Partial<
  Pick<Item, 'name' | 'brand' | 'category' | 'size' | 'unit' | 'precision' | 'cost' | 'tracking'>
>;
const WORDS = ['name', 'brand', 'category', 'size', 'unit', 'precision', 'cost', 'tracking'] as const;

const LONGEST = { name: 400, brand: 200, category: 200, size: 400, unit: 20 } as const;
const TRACKING_WORDS: Readonly<Record<Item['tracking'], RegExp>> = {
  lot: /^(lots?|batch(es)?|charge|chargen|lotto|lotti|lote|lotes|partij)$/i,
  serial:
    /^(serials?|serial number|sn|seriennummer|numero de serie|numéro de série|numero di serie|número de serie|serie)$/i,
  none: /^(none|no|n|0|false|nein|keine?|non|aucun|nessuno?|ninguno|-)$/i,
};

/** Reads a row's cells but its codes, naming what cannot be taken; `mark` is the price column's decimal mark. */
export function readWords(row: RowReader, mark: DecimalMark | undefined): ItemWords {
  const text = (field: ItemField & keyof typeof LONGEST): string => {
    const tidy = tidyText(row.text(field));
    if (tidy.length <= LONGEST[field]) return tidy;
    row.problem(field, 'text_cut', 'warn', tidy);
    return tidy.slice(0, LONGEST[field]);
  };
  // Two hundred thousand rows come through here: one object each, and no copies of it.
  const words: ItemWords = {};
  const name = text('name');
  if (name === '') row.problem('name', 'name_missing', 'warn', '');
  else words.name = name;
  for (const field of ['brand', 'category', 'size', 'unit'] as const) {
    const said = text(field);
    if (said !== '') words[field] = said;
  }
  const precision = readPrecision(row);
  if (precision !== undefined) words.precision = precision;
  const cost = readCost(row, mark);
  if (cost !== undefined) words.cost = cost;
  const tracking = readTracking(row);
  if (tracking !== undefined) words.tracking = tracking;
  return words;
}

function readPrecision(row: RowReader): number | undefined {
  const text = row.text('precision');
  if (text === '') return undefined;
  if (/^[0-5]([.,]0+)?$/.test(text)) return Number(text.charAt(0));
  row.problem('precision', 'precision_unreadable', 'warn', text);
  return undefined;
}

function readCost(row: RowReader, mark: DecimalMark | undefined): string | undefined {
  const text = row.text('cost');
  if (text === '') return undefined;
  const reading = readDecimal(text, mark);
  if (reading.ok && !reading.value.startsWith('-')) return reading.value;
  if (!reading.ok && reading.code === 'ambiguous')
    row.problem('cost', 'price_ambiguous', 'warn', text, { suggestion: reading.suggestion });
  else row.problem('cost', 'price_unreadable', 'warn', text);
  return undefined;
}

function readTracking(row: RowReader): Item['tracking'] | undefined {
  const text = row.text('tracking');
  if (text === '') return undefined;
  for (const tracking of ['none', 'lot', 'serial'] as const) {
    if (TRACKING_WORDS[tracking].test(text)) return tracking;
  }
  row.problem('tracking', 'tracking_unknown', 'warn', text);
  return undefined;
}

/** Whether two rows say the same. */
export function sameWords(left: ItemWords, right: ItemWords): boolean {
  return WORDS.every((word) => left[word] === right[word]);
}
