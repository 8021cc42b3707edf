import type { Item } from '../item.ts';
import { isCellError } from './code-checks.ts';
import { bareText, tidyText } from './conversion.ts';
import type { RowReader } from './row-reader.ts';
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
    const tidy = readText(row, field);
    if (tidy.length <= LONGEST[field]) return tidy;
    row.problem(field, 'text_cut', 'warn', tidy);
    return tidy.slice(0, LONGEST[field]);
  };
  // Two hundred thousand rows come through here: one object each, and no copies of it.
  const words: ItemWords = {};
  const name = withVariant(row, text('name'));
  if (name !== '') words.name = name;
  else if (row.has('name') && row.text('name') === '') row.problem('name', 'name_missing', 'warn', '');
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

/** A cell of words: without armour; a spreadsheet's error is no word, and is named. */
function readText(row: RowReader, field: ItemField): string {
  const text = row.text(field);
  if (!isCellError(text) && row.kind(field) !== 'e') return tidyText(bareText(text));
  row.problem(field, 'cell_error', 'warn', text);
  return '';
}

/** What tells two variants of one name apart stands in the name: "Candle · Small". */
function withVariant(row: RowReader, name: string): string {
  const variants = row
    .all('variant')
    .map((cell) => tidyText(bareText(cell)))
    .filter((variant) => variant !== '' && !NO_VARIANT.test(variant) && !isCellError(variant))
    .filter((variant) => !foldedWords(name).includes(foldedWords(variant)));
  return [...(name === '' ? [] : [name]), ...variants].join(' · ').slice(0, LONGEST.name);
}
/** What shop systems call the only variant. */
const NO_VARIANT = /^(regular|default|default title|normal|standard|régulier|n\/a|-+)$/i;
const foldedWords = (text: string): string =>
  ` ${text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;

function readPrecision(row: RowReader): number | undefined {
  const text = row.text('precision');
  if (text === '') return undefined;
  if (/^[0-5]([.,]0+)?$/.test(text)) return Number(text.charAt(0));
  row.problem('precision', 'precision_unreadable', 'warn', text);
  return undefined;
}

function readCost(row: RowReader, mark: DecimalMark | undefined): string | undefined {
  const { text, exact } = row.number('cost');
  if (text === '') return undefined;
  const reading = readDecimal(text, exact ? '.' : mark);
  if (!exact) row.sample(text, reading.ok ? reading.value : reading.code === 'too_precise' ? reading.rounded : null);
  const value = reading.ok ? reading.value : reading.code === 'too_precise' ? reading.rounded : undefined;
  if (value !== undefined && !value.startsWith('-')) {
    if (!reading.ok) row.problem('cost', 'price_too_precise', 'warn', text, { other: value });
    return value;
  }
  if (!reading.ok && reading.code === 'ambiguous')
    row.problem('cost', 'price_ambiguous', 'warn', text, { suggestion: reading.suggestion });
  else if (isCellError(text)) row.problem('cost', 'cell_error', 'warn', text);
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

/** Whether two rows contradict each other; what only one of them says is no contradiction. */
export function contradicts(left: ItemWords, right: ItemWords): boolean {
  return WORDS.some((word) => left[word] !== undefined && right[word] !== undefined && left[word] !== right[word]);
}

/** Whether the second row says something that the first left open. */
export function saysMore(first: ItemWords, second: ItemWords): boolean {
  return WORDS.some((word) => first[word] === undefined && second[word] !== undefined);
}
