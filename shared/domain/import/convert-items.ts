import { codeKey } from '../barcode.ts';
import { withRetired } from '../catalogue-facts.ts';
import { calledItem, skuKey, type Item, type ItemBarcode } from '../item.ts';
import type { Bin } from '../location.ts';
import { readUnit } from '../unit.ts';
import { clashesWithBins, type Clashes } from './clashes.ts';
import { checkedSku, isFloat, saysNothing } from './code-checks.ts';
import { isGtinLike } from './column-shape.ts';
import { readBarcodes } from './convert-codes.ts';
import { bareCode, closePass, openPass, tidyText, type Conversion, type OnProgress } from './conversion.ts';
import type { ImportChoices } from './choices.ts';
import type { RowReader } from './row-reader.ts';
import { columnDecimalMark, type DecimalMark } from './decimal-text.ts';
import { readRetired } from './in-use.ts';
import { contradicts, readWords, saysMore, type ItemWords } from './item-words.ts';
import type { ColumnMapping } from './mapping.ts';
import { findMovedCodes } from './moved-codes.ts';
import type { ImportProblem, ProblemCode, Severity } from './problem.ts';
import { findSharedCodes } from './shared-codes.ts';
import type { Table } from './table.ts';
import { createUnitMemory, unitKey, type UnitMemory } from './unit-memory.ts';

type Draft = {
  readonly row: number;
  readonly sku: string;
  readonly fromBarcode: boolean;
  readonly retired: boolean | undefined;
  words: ItemWords;
  barcodes: readonly ItemBarcode[];
};

const LONGEST_SKU = 64;
const DEFAULT_UNIT = 'pcs';
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
function readDraft(row: RowReader, sense: ListSense, choices: ImportChoices, units: UnitMemory): Draft | null {
  const barcodes = readBarcodes(row, choices);
  const words = readWords(row, sense.mark);
  const { unit } = words;
  if (unit !== undefined && words.precision === undefined && units.decimals(unit) === undefined) {
    units.miss(unit);
    row.problem('unit', 'unit_unknown', 'stop', unit);
  }
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
  return { row: row.row, sku, fromBarcode: written === '', words, barcodes, retired: readRetired(row) };
}

const called = (item: Item | undefined): string => (item === undefined ? '' : calledItem(item));
const calledDraft = ({ sku, words }: Draft): string => calledItem({ sku, name: words.name ?? '' });

/** Codes of the row that a scan would also take for something else than an item. */
function nameClashes(row: RowReader, { sku, barcodes, fromBarcode }: Draft, binOf: Clashes): void {
  const codes = [
    ...(fromBarcode ? [] : [{ field: 'sku' as const, code: sku }]),
    ...barcodes.map(({ code, factor }) => ({
      field: factor === undefined ? ('barcode' as const) : ('packBarcode' as const),
      code,
    })),
  ];
  for (const { field, code } of codes) {
    const bin = binOf(code);
    if (bin !== undefined) row.problem(field, 'code_is_bin', 'warn', code, { other: bin });
  }
}

const sameBarcode = (left: ItemBarcode, right: ItemBarcode): boolean =>
  left.code === right.code && left.factor === right.factor && left.pack === right.pack;

function joinBarcodes(first: readonly ItemBarcode[], more: readonly ItemBarcode[]): readonly ItemBarcode[] {
  if (more.length === 0) return first;
  const codes = new Set(first.map((barcode) => barcode.code));
  return [...first, ...more.filter((barcode) => !codes.has(barcode.code))].slice(0, 40);
}

/** Decimals of the item: as the file says; else as before, while the unit is the same; else those of its unit. */
function precisionOf(known: Item | undefined, { words }: Draft, unit: string, units: UnitMemory): number {
  if (words.precision !== undefined) return words.precision;
  const decimals = units.decimals(unit) ?? 0;
  // No decimals in a unit that is weighed or measured: taken in before the spelling of that unit was known.
  const isKept =
    known !== undefined && (words.unit === undefined || (known.precision > 0 && sameUnit(known.unit, unit)));
  return isKept ? known.precision : decimals;
}

function sameUnit(left: string, right: string): boolean {
  return (
    unitKey(left) === unitKey(right) || (readUnit(left) !== undefined && readUnit(left)?.code === readUnit(right)?.code)
  );
}

/** The item after the file: what the row says, over what was known; codes of before stay beside the new ones. */
function mergeItem(known: Item | undefined, draft: Draft, units: UnitMemory): Item {
  const { words } = draft;
  const unit = words.unit ?? known?.unit ?? DEFAULT_UNIT;
  const item: Item = {
    sku: known?.sku ?? draft.sku,
    name: words.name ?? known?.name ?? '',
    barcodes: [...joinBarcodes(draft.barcodes, known?.barcodes ?? [])],
    unit,
    precision: precisionOf(known, draft, unit, units),
    tracking: words.tracking ?? known?.tracking ?? 'none',
  };
  for (const field of ['brand', 'category', 'size', 'cost'] as const) {
    const said = words[field] ?? known?.[field];
    if (said !== undefined) item[field] = said;
  }
  if (draft.retired ?? known?.retired ?? false) item.retired = true;
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
    (left.retired ?? false) === (right.retired ?? false) &&
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
 * One piece: each row is read once, field by field, and may stop at each.
 */
export function convertItems(
  table: Table,
  mapping: ColumnMapping,
  existing: readonly Item[],
  choices: ImportChoices,
  onProgress?: OnProgress,
  bins: readonly Bin[] = [],
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
  const binOf = clashesWithBins(bins);
  const units = createUnitMemory(existing, choices.unitDecimals);
  const drafts = new Map<string, Draft>();
  const leftOut: Draft[] = [];
  let needless = 0;

  const read = pass.eachRow((row) => {
    const read = readDraft(row, sense, choices, units);
    if (read === null) return;
    nameClashes(row, read, binOf);
    if (problems.stops(row.row)) {
      leftOut.push(read);
      return;
    }
    const draft = withKnownZeros(row, read, withZeros, choices);
    const key = skuKey(draft.sku);
    const first = drafts.get(key);
    if (first === undefined) {
      drafts.set(key, draft);
      return;
    }
    const other = String(first.row);
    const field = draft.fromBarcode ? 'barcode' : 'sku';
    if (contradicts(first.words, draft.words) || first.retired !== draft.retired) {
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
  const file = [...drafts.values()].map((draft) => ({ draft, barcodes: draft.barcodes, at: knownAt(draft) }));
  const merged: Item[] = [...existing];
  const fromRow = new Map<number, Draft>();
  const codeColumn = mapping.columns.findIndex((field) => field === 'barcode' || field === 'packBarcode');
  const say = (
    draft: Draft,
    code: ProblemCode,
    severity: Severity,
    value: string,
    more: Partial<ImportProblem>,
  ): void => problems.add({ row: draft.row, column: '', code, severity, value, ...more });
  const codeHeader = codeColumn < 0 ? '' : pass.columnName(codeColumn);

  const taken = new Map<number, Set<string>>();
  for (const [draft, moved] of findMovedCodes(existing, file)) {
    for (const { code, from } of moved) {
      const more = { column: codeHeader, other: called(existing[from]), name: calledDraft(draft) };
      if (choices.movedCodes === undefined) say(draft, 'barcode_moves', 'stop', code, more);
      if (choices.movedCodes !== 'move') continue;
      say(draft, 'barcode_moved', 'warn', code, more);
      taken.set(from, (taken.get(from) ?? new Set()).add(codeKey(code)));
    }
  }

  let [added, changed, unchanged] = [0, 0, 0];
  for (const { draft, at } of file) {
    if (problems.stops(draft.row)) {
      leftOut.push(draft);
      continue;
    }
    const known = at === undefined ? undefined : merged[at];
    const item = mergeItem(known, draft, units);
    if (known?.retired === true && draft.retired === undefined) {
      if (choices.bringBack === true) item.retired = undefined;
      say(draft, 'is_out_of_use', 'warn', item.sku, { name: calledItem(item) });
    }
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
  for (const [at, codes] of taken) {
    const item = merged[at];
    if (item === undefined) continue;
    merged[at] = { ...item, barcodes: item.barcodes.filter(({ code }) => !codes.has(codeKey(code))) };
    if (item === existing[at] && fromRow.has(at)) unchanged -= 1;
    if (item === existing[at]) changed += 1;
  }
  let retired = 0;
  // A row that is left out still says that its item is in the file.
  const present = new Set([...fromRow.keys(), ...leftOut.map(knownAt)]);
  const missing = existing.flatMap((item, at) => (present.has(at) || item.retired === true ? [] : [at]));
  for (const at of choices.retireMissing === true ? missing : []) {
    const item = merged[at];
    if (item === undefined) continue;
    if (item !== existing[at]) changed -= 1;
    merged[at] = withRetired(item, true);
    retired += 1;
    problems.add({
      row: 0,
      column: '',
      code: 'goes_out_of_use',
      severity: 'warn',
      value: item.sku,
      name: calledItem(item),
    });
  }

  const duplicates = findSharedCodes(merged, (kind, at, code, others) => {
    const draft = fromRow.get(at);
    if (draft === undefined) return;
    if (problems.stops(draft.row)) return;
    say(draft, kind, 'warn', code, { column: codeHeader, other: others.join(', ') });
  });
  const kept = existing.length - changed - unchanged - retired;
  return closePass('items', pass, choices, {
    rows: () => merged,
    duplicates,
    unknownUnits: units.missed(),
    counts: { read, added, changed, unchanged, kept, missing: missing.length, retired, needless },
  });
}
