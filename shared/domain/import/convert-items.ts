import { codeKey } from '../barcode.ts';
import { skuKey, type Item, type ItemBarcode } from '../item.ts';
import { checkedSku, isFloat, saysNothing } from './code-checks.ts';
import { isGtinLike } from './column-shape.ts';
import { readBarcodes } from './convert-codes.ts';
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
import { columnDecimalMark, type DecimalMark } from './decimal-text.ts';
import { contradicts, readWords, saysMore, type ItemWords } from './item-words.ts';
import type { ColumnMapping } from './mapping.ts';
import { findSharedCodes } from './shared-codes.ts';
import type { Table } from './table.ts';

type Draft = {
  readonly row: number;
  readonly sku: string;
  readonly fromBarcode: boolean;
  words: ItemWords;
  barcodes: readonly ItemBarcode[];
};

const LONGEST_SKU = 64;
const DEFAULT_UNIT = 'pcs';
/** Things sold by weight, volume or length have three decimals unless the file says otherwise. */
const MEASURED = new Set([
  'kg',
  'kilo',
  'kilogram',
  'l',
  'lt',
  'liter',
  'litre',
  'litro',
  'm',
  'meter',
  'metre',
  'metro',
  'm2',
  'm²',
  'm3',
  'm³',
  'lb',
  'lbs',
  'gal',
  'ft',
]);

/** What the whole list says about how to read a row. */
type ListSense = {
  readonly hasSku: boolean;
  /** The SKUs are mostly GTINs. */
  readonly likeCodes: boolean;
  /** The SKUs are mostly numbers that end in ".0". */
  readonly floats: boolean;
  readonly mark: DecimalMark | undefined;
};

/** The SKU as the row has it; '' where it says in words that there is none. */
function skuOf(row: RowReader): string {
  const sku = tidyText(bareCode(row.text('sku')));
  return saysNothing(sku) ? '' : sku;
}

/** A row as a draft, or null where something stops it. Without an SKU the first barcode is it, and the row says so. */
function readDraft(row: RowReader, sense: ListSense, choices: ImportChoices): Draft | null {
  const barcodes = readBarcodes(row, choices);
  const words = readWords(row, sense.mark);
  const written = sense.hasSku ? skuOf(row) : '';
  const field = written === '' ? 'barcode' : 'sku';
  const sku = written === '' ? (barcodes[0]?.code ?? '') : checkedSku(row, written, sense, choices);
  if (sku === null) return null;
  if (sku === '') {
    // A barcode that was itself stopped has been named already.
    if (sense.hasSku || row.text('barcode') === '')
      row.problem(sense.hasSku ? 'sku' : 'barcode', 'sku_missing', 'stop', '');
    return null;
  }
  if (sku.length > LONGEST_SKU) row.problem(field, 'sku_too_long', 'stop', sku);
  else if (sense.hasSku && written === '') row.problem('sku', 'sku_from_barcode', 'warn', sku);
  return { row: row.row, sku, fromBarcode: written === '', words, barcodes };
}

const sameBarcode = (left: ItemBarcode, right: ItemBarcode): boolean =>
  left.code === right.code && left.factor === right.factor && left.pack === right.pack;

function joinBarcodes(first: readonly ItemBarcode[], more: readonly ItemBarcode[]): readonly ItemBarcode[] {
  if (more.length === 0) return first;
  const codes = new Set(first.map((barcode) => barcode.code));
  return [...first, ...more.filter((barcode) => !codes.has(barcode.code))].slice(0, 40);
}

/** The item after the file: what the row says, over what was known; codes of before stay beside the new ones. */
function mergeItem(known: Item | undefined, draft: Draft): Item {
  const { words } = draft;
  const unit = words.unit ?? known?.unit ?? DEFAULT_UNIT;
  const item: Item = {
    sku: known?.sku ?? draft.sku,
    name: words.name ?? known?.name ?? '',
    barcodes: [...joinBarcodes(draft.barcodes, known?.barcodes ?? [])],
    unit,
    precision: words.precision ?? known?.precision ?? (MEASURED.has(unit.toLowerCase()) ? 3 : 0),
    tracking: words.tracking ?? known?.tracking ?? 'none',
  };
  for (const field of ['brand', 'category', 'size', 'cost'] as const) {
    const said = words[field] ?? known?.[field];
    if (said !== undefined) item[field] = said;
  }
  return item;
}

function sameItem(left: Item, right: Item): boolean {
  return (
    left.name === right.name &&
    left.brand === right.brand &&
    left.category === right.category &&
    left.size === right.size &&
    left.unit === right.unit &&
    left.precision === right.precision &&
    left.cost === right.cost &&
    left.tracking === right.tracking &&
    left.barcodes.length === right.barcodes.length &&
    // The order of codes says nothing.
    left.barcodes.every((barcode) => right.barcodes.some((other) => sameBarcode(barcode, other)))
  );
}

/** Items by SKU, and where a row has no SKU of its own also by a code that only one of them has. */
function findKnown(existing: readonly Item[], anyFromBarcode: boolean): (draft: Draft) => number | undefined {
  const bySku = new Map(existing.map((item, at) => [skuKey(item.sku), at]));
  const byCode = new Map<string, number | null>();
  for (const [at, item] of anyFromBarcode ? existing.entries() : []) {
    for (const { code } of item.barcodes) {
      const key = codeKey(code);
      const there = byCode.get(key);
      byCode.set(key, there === undefined || there === at ? at : null);
    }
  }
  return (draft) =>
    bySku.get(skuKey(draft.sku)) ?? (draft.fromBarcode ? (byCode.get(codeKey(draft.sku)) ?? undefined) : undefined);
}

/** The SKU that differs from this one only by zeros in front: of an item that is known, or of an earlier row. */
type ZeroMemory = (sku: string) => { readonly sku: string; readonly isKnown: boolean } | undefined;

/** Known SKUs of digits by what is left without the zeros in front: a spreadsheet makes 123 of 00123. */
function createZeroMemory(existing: readonly Item[]): ZeroMemory {
  const known = new Set<string>();
  const bare = new Map<string, string>();
  const inFile = new Map<string, string>();
  for (const { sku } of existing) {
    if (!/^\d{1,20}$/.test(sku)) continue;
    known.add(sku);
    bare.set(sku.replace(/^0+/, ''), sku);
  }
  return (sku) => {
    if (!/^\d{1,20}$/.test(sku) || known.has(sku)) return undefined;
    const key = sku.replace(/^0+/, '');
    const before = bare.get(key);
    if (before !== undefined) return { sku: before, isKnown: true };
    const earlier = inFile.get(key);
    if (earlier === undefined) inFile.set(key, sku);
    return earlier === undefined || earlier === sku ? undefined : { sku: earlier, isKnown: false };
  };
}

const SAMPLE_SKUS = 5000;

/** Whether most SKUs of the list are so, by its first few thousand rows. */
function most(skus: Iterable<string>, isSo: (sku: string) => boolean): boolean {
  let [codes, all] = [0, 0];
  let looked = 0;
  for (const sku of skus) {
    looked += 1;
    if (looked > SAMPLE_SKUS) break;
    const text = bareCode(sku);
    if (text === '') continue;
    all += 1;
    if (isSo(text)) codes += 1;
  }
  return codes > all / 2;
}

/** The draft, after a look whether its SKU differs from a known one only by zeros in front: two items where there is one. */
function withKnownZeros(row: RowReader, draft: Draft, withZeros: ZeroMemory, choices: ImportChoices): Draft {
  const other = draft.fromBarcode ? undefined : withZeros(draft.sku);
  if (other === undefined) return draft;
  const known = other.sku;
  if (!other.isKnown || known.length < draft.sku.length) {
    row.problem('sku', 'zeros_differ', 'warn', draft.sku, { other: known });
    return draft;
  }
  row.problem('sku', 'code_lost_zeros', 'warn', draft.sku, { suggestion: known });
  return choices.restore.includes('lost_zeros') ? { ...draft, sku: known } : draft;
}

/**
 * A table of items against the items known: the whole list as it would be afterwards, and every problem of every row.
 * Items of one SKU in different letter case are one. Importing the same file again changes nothing.
 */
export function convertItems(
  table: Table,
  mapping: ColumnMapping,
  existing: readonly Item[],
  choices: ImportChoices,
  onProgress?: OnProgress,
): Conversion<Item> {
  const pass = openPass(table, mapping, onProgress);
  const { problems } = pass;
  const hasSku = mapping.columns.includes('sku');
  const sense: ListSense = {
    hasSku,
    likeCodes: hasSku && most(pass.cellsOf('sku'), isGtinLike),
    floats: hasSku && most(pass.cellsOf('sku'), isFloat),
    mark: choices.decimalMark ?? columnDecimalMark(pass.textsOf('cost')),
  };
  const withZeros = createZeroMemory(existing);
  const drafts = new Map<string, Draft>();
  let needless = 0;

  const read = pass.eachRow((row) => {
    const read = readDraft(row, sense, choices);
    if (read === null || problems.stops(row.row)) return;
    const draft = withKnownZeros(row, read, withZeros, choices);
    const key = skuKey(draft.sku);
    const first = drafts.get(key);
    if (first === undefined) {
      drafts.set(key, draft);
      return;
    }
    const other = String(first.row);
    const field = draft.fromBarcode ? 'barcode' : 'sku';
    if (contradicts(first.words, draft.words)) {
      row.problem(field, 'sku_twice', 'stop', draft.sku, { other });
      return;
    }
    needless += 1;
    const joined = joinBarcodes(first.barcodes, draft.barcodes);
    const more = joined.length > first.barcodes.length || saysMore(first.words, draft.words);
    row.problem(field, more ? 'rows_joined' : 'row_twice', 'warn', draft.sku, { other });
    first.barcodes = joined;
    first.words = { ...draft.words, ...first.words };
  });

  const knownAt = findKnown(
    existing,
    [...drafts.values()].some((draft) => draft.fromBarcode),
  );
  const merged: Item[] = [...existing];
  const fromRow = new Map<number, Draft>();
  let [added, changed, unchanged] = [0, 0, 0];
  for (const draft of drafts.values()) {
    const at = knownAt(draft);
    const known = at === undefined ? undefined : merged[at];
    const item = mergeItem(known, draft);
    if (at === undefined || known === undefined) {
      fromRow.set(merged.length, draft);
      merged.push(item);
      added += 1;
      continue;
    }
    fromRow.set(at, draft);
    if (sameItem(known, item)) {
      unchanged += 1;
      continue;
    }
    merged[at] = item;
    changed += 1;
  }

  const duplicates = findSharedCodes(merged, (at, code, others) => {
    const draft = fromRow.get(at);
    if (draft === undefined) return;
    const column = mapping.columns.findIndex((field) => field === 'barcode' || field === 'packBarcode');
    const header = column < 0 ? '' : pass.columnName(column);
    problems.add({
      row: draft.row,
      column: header,
      code: 'duplicate_barcode',
      severity: 'warn',
      value: code,
      other: others.join(', '),
    });
  });
  const kept = existing.length - changed - unchanged;
  return closePass('items', pass, choices, {
    rows: () => merged,
    duplicates,
    counts: { read, added, changed, unchanged, kept, needless },
  });
}
