import { codeKey } from './barcode.ts';
import { createSearchText, type SearchText } from './catalogue-search.ts';
import { skuKey, type Item, type ItemBarcode } from './item.ts';
import { binKey, type Bin } from './location.ts';

/** An item a code stands for. `barcode` is the code of the item that matched; its `factor` says when it was a pack's code. */
export type CatalogueMatch = { readonly item: Item; readonly barcode?: ItemBarcode };

/** A barcode a person taught for an item after the last import. */
export type TaughtBarcode = { readonly sku: string; readonly barcode: ItemBarcode };

/** All items and bins, in memory, for looking up. Made anew for each import; never changed. */
export type Catalogue = {
  readonly itemCount: number;
  readonly binCount: number;
  /** The item of a SKU, in any letter case. */
  item(sku: string): Item | undefined;
  /** Items found by keys of `barcode.ts` (`g:` GTIN-14, `c:` any other code, SKUs too): none, one, or all that share the code. */
  find(keys: readonly string[]): readonly CatalogueMatch[];
  /** Items in which every word occurs (name, SKU, brand, category, size, barcodes), best first; no words, no items. */
  search(text: string, limit: number): readonly Item[];
  bin(code: string): Bin | undefined;
  /** Bins that carry this label; two bins of different buildings may. */
  binByLabel(label: string): readonly Bin[];
  /** Every bin in walking order. */
  bins(): readonly Bin[];
  items(): readonly Item[];
};

/** Keys to item indexes; nearly every key has one item, so a list is made only for the others. */
type KeyIndex = Map<string, number | number[]>;

const STEP = 4000;

function addKey(index: KeyIndex, key: string, at: number): void {
  const there = index.get(key);
  if (there === undefined) index.set(key, at);
  else if (typeof there === 'number') {
    if (there !== at) index.set(key, [there, at]);
  } else if (!there.includes(at)) there.push(at);
}

/** Whether a code has this key. A GTIN as it is usually written is compared without reading it. */
function isKeyOf(code: string, key: string): boolean {
  return key === `g:${code.padStart(14, '0')}` || codeKey(code) === key;
}

function atKey(index: KeyIndex, key: string): readonly number[] {
  const there = index.get(key);
  if (there === undefined) return [];
  return typeof there === 'number' ? [there] : there;
}

/** Walking order; bins at the same place by code, digits by value ("A-2" before "A-10"). */
export function compareBins(left: Bin, right: Bin): number {
  return left.walk - right.walk || BIN_ORDER.compare(left.code, right.code);
}
const BIN_ORDER = new Intl.Collator('en', { numeric: true });

function withTaught(items: readonly Item[], taught: readonly TaughtBarcode[]): readonly Item[] {
  if (taught.length === 0) return items;
  const bySku = new Map<string, ItemBarcode[]>();
  for (const { sku, barcode } of taught) {
    const key = skuKey(sku);
    const known = bySku.get(key);
    if (known === undefined) bySku.set(key, [barcode]);
    else known.push(barcode);
  }
  return items.map((item) => {
    const more = bySku.get(skuKey(item.sku));
    if (more === undefined) return item;
    const keys = new Set(item.barcodes.map((barcode) => codeKey(barcode.code)));
    return { ...item, barcodes: [...item.barcodes, ...more.filter((barcode) => !keys.has(codeKey(barcode.code)))] };
  });
}

function* buildCatalogue(
  given: readonly Item[],
  givenBins: readonly Bin[],
  taught: readonly TaughtBarcode[],
): Generator<void, Catalogue> {
  const items = withTaught(given, taught);
  const bySku = new Map<string, number>();
  const byKey: KeyIndex = new Map();
  const texts: SearchText = createSearchText(items.length);
  for (const [at, item] of items.entries()) {
    bySku.set(skuKey(item.sku), at);
    for (const barcode of item.barcodes) addKey(byKey, codeKey(barcode.code), at);
    // Where the catalogue has no SKU of its own the SKU is the code, and a scanner may give it with other zeros in front.
    const skuCode = codeKey(item.sku);
    if (skuCode.startsWith('g:')) addKey(byKey, skuCode, at);
    texts.add(item);
    if (at % STEP === STEP - 1) yield;
  }
  const bins = givenBins.toSorted(compareBins);
  const byBin = new Map(bins.map((bin, at) => [binKey(bin.code), at]));
  const byLabel: KeyIndex = new Map();
  for (const [at, bin] of bins.entries()) addKey(byLabel, binKey(bin.label), at);

  function matchOf(at: number, key: string): CatalogueMatch | undefined {
    const item = items[at];
    if (item === undefined) return undefined;
    const barcode = item.barcodes.find((one) => isKeyOf(one.code, key));
    return barcode === undefined ? { item } : { item, barcode };
  }

  function indexesOf(key: string): readonly number[] {
    const coded = atKey(byKey, key);
    const named = key.startsWith('c:') ? bySku.get(key.slice(2)) : undefined;
    return named === undefined || coded.includes(named) ? coded : [...coded, named];
  }

  const itemOf = (sku: string): Item | undefined => items[bySku.get(skuKey(sku)) ?? -1];

  return {
    itemCount: items.length,
    binCount: bins.length,
    item: itemOf,
    find(keys) {
      const matches = new Map<number, CatalogueMatch>();
      for (const key of keys) {
        for (const at of indexesOf(key)) {
          const match = matchOf(at, key);
          if (match !== undefined && matches.get(at)?.barcode === undefined) matches.set(at, match);
        }
      }
      return [...matches.values()];
    },
    search(text, limit) {
      const exact = text.length > 128 ? [] : indexesOf(codeKey(text));
      const named = bySku.get(skuKey(text));
      const first = new Set(named === undefined ? exact : [named, ...exact]);
      const found = texts.search(text, limit + first.size).filter((at) => !first.has(at));
      return [...first, ...found].slice(0, limit).flatMap((at) => items[at] ?? []);
    },
    bin: (code) => bins[byBin.get(binKey(code)) ?? -1],
    binByLabel: (label) => atKey(byLabel, binKey(label)).flatMap((at) => bins[at] ?? []),
    bins: () => bins,
    items: () => items,
  };
}

/** The catalogue of these items and bins; 200,000 items take a few hundred milliseconds. Of two items with one SKU the later is found by it. */
export function createCatalogue(
  items: readonly Item[],
  bins: readonly Bin[],
  taught: readonly TaughtBarcode[] = [],
): Catalogue {
  const steps = buildCatalogue(items, bins, taught);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * The same, letting go between steps of some ten milliseconds. `pause` resolves when the page may be kept busy again: pass
 * one that lets the page paint (a new task, not a new microtask, which is all there is without it).
 */
export async function createCatalogueInSteps(
  items: readonly Item[],
  bins: readonly Bin[],
  taught: readonly TaughtBarcode[] = [],
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<Catalogue> {
  const steps = buildCatalogue(items, bins, taught);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await pause();
  }
}
