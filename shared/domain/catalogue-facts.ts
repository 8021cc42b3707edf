import { codeKey } from './barcode.ts';
import { skuKey, type Item } from './item.ts';
import type { FactOf } from './ledger-entry.ts';
import { binKey, type Bin } from './location.ts';

/** What a person says about items and bins beside the imported files. The last word about each thing stands. */
export type CatalogueFact = FactOf<'barcode_taught' | 'barcode_retired' | 'item_retired' | 'bin_retired' | 'bin_made'>;

const SEPARATOR = '\u001F';

/** What a fact is about: a code of an item, an item, a bin, the making of a bin. */
export function catalogueFactKey(fact: CatalogueFact): string {
  switch (fact.kind) {
    case 'barcode_taught':
      return ['code', skuKey(fact.item), codeKey(fact.barcode.code)].join(SEPARATOR);
    case 'barcode_retired':
      return ['code', skuKey(fact.item), codeKey(fact.code)].join(SEPARATOR);
    case 'item_retired':
      return ['item', skuKey(fact.item)].join(SEPARATOR);
    case 'bin_retired':
      return ['bin', binKey(fact.bin)].join(SEPARATOR);
    case 'bin_made':
      return ['made', binKey(fact.bin.code)].join(SEPARATOR);
  }
}

/** The row out of use, or in use. */
export function withRetired<Row extends Item | Bin>(row: Row, retired: boolean): Row {
  return (row.retired ?? false) === retired ? row : { ...row, retired: retired ? true : undefined };
}

function withCode(item: Item, fact: FactOf<'barcode_taught' | 'barcode_retired'>): Item {
  if (fact.kind === 'barcode_taught') {
    const key = codeKey(fact.barcode.code);
    if (item.barcodes.some((barcode) => codeKey(barcode.code) === key)) return item;
    return { ...item, barcodes: [...item.barcodes, fact.barcode] };
  }
  const key = codeKey(fact.code);
  const barcodes = item.barcodes.filter((barcode) => codeKey(barcode.code) !== key);
  return barcodes.length === item.barcodes.length ? item : { ...item, barcodes };
}

/** The items of the newest file after what was said of them: codes taught and taken away, out of use or back in use. */
export function withSaidOfItems(items: readonly Item[], facts: readonly CatalogueFact[]): readonly Item[] {
  const bySku = new Map<string, ((item: Item) => Item)[]>();
  for (const fact of facts) {
    if (fact.kind === 'bin_retired' || fact.kind === 'bin_made') continue;
    const change = (item: Item): Item =>
      fact.kind === 'item_retired' ? withRetired(item, fact.retired) : withCode(item, fact);
    const key = skuKey(fact.item);
    bySku.set(key, [...(bySku.get(key) ?? []), change]);
  }
  if (bySku.size === 0) return items;
  return items.map((item) => (bySku.get(skuKey(item.sku)) ?? []).reduce((before, change) => change(before), item));
}

/** The bins of the newest file after what was said of them: made by hand, out of use or back in use. */
export function withSaidOfBins(bins: readonly Bin[], facts: readonly CatalogueFact[]): readonly Bin[] {
  const made = facts.flatMap((fact): Bin[] => (fact.kind === 'bin_made' ? [fact.bin] : []));
  const retired = new Map(
    facts.flatMap((fact) => (fact.kind === 'bin_retired' ? [[binKey(fact.bin), fact.retired] as const] : [])),
  );
  if (made.length + retired.size === 0) return bins;
  const known = new Set(bins.map((bin) => binKey(bin.code)));
  return [...bins, ...made.filter((bin) => !known.has(binKey(bin.code)))].map((bin) =>
    withRetired(bin, retired.get(binKey(bin.code)) ?? bin.retired ?? false),
  );
}

/**
 * What must be said with an import so that its rows mean what they say: a row speaks later than what was said by hand
 * before it, so where the two differ the row's word is said again.
 */
export function factsOfItemRows(rows: readonly Item[], facts: readonly CatalogueFact[]): readonly CatalogueFact[] {
  if (facts.length === 0 || rows.length === 0) return [];
  const bySku = new Map(rows.map((item) => [skuKey(item.sku), item]));
  return facts.flatMap((fact): CatalogueFact[] => {
    if (fact.kind === 'bin_retired' || fact.kind === 'bin_made') return [];
    const item = bySku.get(skuKey(fact.item));
    if (item === undefined) return [];
    const retired = item.retired ?? false;
    if (fact.kind === 'item_retired')
      return fact.retired === retired ? [] : [{ kind: 'item_retired', item: item.sku, retired }];
    const code = fact.kind === 'barcode_taught' ? fact.barcode.code : fact.code;
    const barcode = item.barcodes.find((one) => codeKey(one.code) === codeKey(code));
    if (fact.kind === 'barcode_taught')
      return barcode === undefined ? [{ kind: 'barcode_retired', item: item.sku, code }] : [];
    return barcode === undefined ? [] : [{ kind: 'barcode_taught', item: item.sku, barcode }];
  });
}

/** The same for bins. */
export function factsOfBinRows(rows: readonly Bin[], facts: readonly CatalogueFact[]): readonly CatalogueFact[] {
  if (facts.length === 0 || rows.length === 0) return [];
  const byCode = new Map(rows.map((bin) => [binKey(bin.code), bin.retired ?? false]));
  return facts.flatMap((fact): CatalogueFact[] => {
    if (fact.kind !== 'bin_retired') return [];
    const retired = byCode.get(binKey(fact.bin));
    return retired === undefined || retired === fact.retired ? [] : [{ ...fact, retired }];
  });
}
