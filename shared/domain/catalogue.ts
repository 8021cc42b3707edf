import { codeKey } from './barcode.ts';
import { bareBinCode, binNameOf } from './bin-name.ts';
import { withSaidOfBins, withSaidOfItems, type CatalogueFact } from './catalogue-facts.ts';
import { createSearchText, type SearchText } from './catalogue-search.ts';
import { skuKey, type Item, type ItemBarcode } from './item.ts';
import { itemName, nameKey, nameText, unitBeside, type ItemName } from './item-name.ts';
import { binKey, type Bin } from './location.ts';
import { looseKey } from './text-key.ts';

/** An item a code stands for. `barcode` is the code of the item that matched; its `factor` says when it was a pack's code. */
export type CatalogueMatch = { readonly item: Item; readonly barcode?: ItemBarcode };

/** All items and bins, in memory, for looking up. Made anew for each import; never changed. */
export type Catalogue = {
  readonly itemCount: number;
  readonly binCount: number;
  /** The item of a SKU, in any letter case. */
  item(sku: string): Item | undefined;
  /** What an item is called wherever it is named: no two look alike. One that no import names is its SKU. */
  named(sku: string): ItemName;
  /** The same in one text. */
  name(sku: string): string;
  /** The unit that a figure of the item needs beside it; nothing for pieces. */
  unit(sku: string): string | undefined;
  /** Items found by keys of `barcode.ts` (`g:` GTIN-14, `c:` any other code, SKUs too): none, one, or all that share the code. */
  find(keys: readonly string[]): readonly CatalogueMatch[];
  /** Items in which every word occurs (name, SKU, brand, category, size, barcodes), best first; no words, no items. */
  search(text: string, limit: number): readonly Item[];
  bin(code: string): Bin | undefined;
  /** Bins that carry this label; two bins of different buildings may. */
  binByLabel(label: string): readonly Bin[];
  /** What is called so without its dashes, blanks and points; empty for a code without any letter or digit. */
  like(code: string): { readonly bins: readonly Bin[]; readonly matches: readonly CatalogueMatch[] };
  /** Every bin that this text may name: by code, with or without its building, else by label. */
  binsNamed(text: string): readonly Bin[];
  /** How a bin is called so that nobody takes it for one of another building; its code where it is not known. */
  binName(code: string): string;
  /** Every bin in walking order. */
  bins(): readonly Bin[];
  items(): readonly Item[];
};

/**
 * Keys to spots; nearly every key has one, so a list is made only for the others. A spot says which item, and which of its
 * barcodes has the key, in one number: index × 16 + 1 + place among its barcodes; + 0 for none, or one far behind.
 */
type KeyIndex = Map<string, number | number[]>;

/** Something that a label may leave out. */
const PUNCTUATED = /[^\p{L}\p{N}]/u;
const STEP = 4000;
const SPOTS = 16;

function spotOf(at: number, barcode = -1): number {
  return at * SPOTS + (barcode < SPOTS - 1 ? barcode + 1 : 0);
}

function itemAt(spot: number): number {
  return Math.floor(spot / SPOTS);
}

/** The first spot of an item stays. */
function addKey(index: KeyIndex, key: string, spot: number): void {
  const there = index.get(key);
  if (there === undefined) index.set(key, spot);
  else if (typeof there === 'number') {
    if (itemAt(there) !== itemAt(spot)) index.set(key, [there, spot]);
  } else if (!there.some((known) => itemAt(known) === itemAt(spot))) there.push(spot);
}

function atKey(index: KeyIndex, key: string): readonly number[] {
  const there = index.get(key);
  if (there === undefined) return [];
  return typeof there === 'number' ? [there] : there;
}

/** Whether a `c:` key holds the digits of this `g:` key, as a GTIN of 8, 12, 13 or 14 digits writes them. */
function isSameGtin(gtin: string, key: string): boolean {
  const digits = key.length - 2;
  if ((digits !== 8 && digits !== 12 && digits !== 13 && digits !== 14) || !key.startsWith('c:')) return false;
  // From the end, and zeros in front: to cut the digits out and look them up would take longer.
  for (let at = 1; at <= 14; at += 1) {
    const digit = at <= digits ? key.charCodeAt(key.length - at) : ZERO;
    if (gtin.charCodeAt(gtin.length - at) !== digit) return false;
  }
  return true;
}
const ZERO = 48;

/** Walking order; bins at the same place by code, digits by value ("A-2" before "A-10"). */
export function compareBins(left: Bin, right: Bin): number {
  return left.walk - right.walk || BIN_ORDER.compare(left.code, right.code);
}
const BIN_ORDER = new Intl.Collator('en', { numeric: true });

/** One piece: the questions of a catalogue share the maps that are built first. */
function* buildCatalogue(
  given: readonly Item[],
  givenBins: readonly Bin[],
  said: readonly CatalogueFact[],
): Generator<void, Catalogue> {
  const items = withSaidOfItems(given, said);
  const bySku = new Map<string, number>();
  const byKey: KeyIndex = new Map();
  const texts: SearchText = createSearchText(items.length);
  // What nearly every scan finds, made ahead: to look at an item for its barcode takes longer than to look up the code.
  const firstMatches: CatalogueMatch[] = [];
  const names = new Set<string>();
  const shared = new Set<string>();
  for (const [at, item] of items.entries()) {
    bySku.set(skuKey(item.sku), at);
    for (const [place, barcode] of item.barcodes.entries()) addKey(byKey, codeKey(barcode.code), spotOf(at, place));
    // Where the catalogue has no SKU of its own the SKU is the code, and a scanner may give it with other zeros in front.
    const skuCode = codeKey(item.sku);
    if (skuCode.startsWith('g:')) addKey(byKey, skuCode, spotOf(at));
    texts.add(item);
    const [first] = item.barcodes;
    firstMatches.push(first === undefined ? { item } : { item, barcode: first });
    const shown = nameKey(itemName(item));
    if (names.has(shown)) shared.add(shown);
    else names.add(shown);
    if (at % STEP === STEP - 1) yield;
  }
  names.clear();
  const bins = withSaidOfBins(givenBins, said).toSorted(compareBins);
  const byBin = new Map(bins.map((bin, at) => [binKey(bin.code), at]));
  const byLabel: KeyIndex = new Map();
  const byBare: KeyIndex = new Map();
  for (const [at, bin] of bins.entries()) {
    addKey(byLabel, binKey(bin.label), spotOf(at));
    addKey(byBare, binKey(bareBinCode(bin.code)), spotOf(at));
  }
  const binsAt = (index: KeyIndex, text: string): readonly Bin[] =>
    atKey(index, binKey(text)).flatMap((spot) => bins[itemAt(spot)] ?? []);
  const binOf = (code: string): Bin | undefined => bins[byBin.get(binKey(code)) ?? -1];

  function matchOf(spot: number): CatalogueMatch | undefined {
    if (spot % SPOTS === 1) return firstMatches[itemAt(spot)];
    const item = items[itemAt(spot)];
    if (item === undefined) return undefined;
    const place = spot % SPOTS;
    const barcode = place > 0 ? item.barcodes[place - 1] : undefined;
    return barcode === undefined ? { item } : { item, barcode };
  }

  /** Where a key leads: by the codes of items, and by their SKUs. */
  function spotsOf(key: string): readonly number[] {
    const coded = atKey(byKey, key);
    const named = key.startsWith('c:') ? bySku.get(key.slice(2)) : undefined;
    return named === undefined || coded.some((spot) => itemAt(spot) === named) ? coded : [...coded, spotOf(named)];
  }

  function findAll(keys: readonly string[]): readonly CatalogueMatch[] {
    const matches = new Map<number, CatalogueMatch>();
    for (const key of keys) {
      for (const spot of spotsOf(key)) {
        const match = matchOf(spot);
        if (match !== undefined && matches.get(itemAt(spot))?.barcode === undefined) matches.set(itemAt(spot), match);
      }
    }
    return [...matches.values()];
  }

  /** Codes by their letters and digits alone. Made when a code is not found as it stands: most days, never. */
  let loose: { readonly items: KeyIndex; readonly bins: KeyIndex } | undefined;
  function looseIndex(): { readonly items: KeyIndex; readonly bins: KeyIndex } {
    if (loose !== undefined) return loose;
    loose = { items: new Map(), bins: new Map() };
    const add = (index: KeyIndex, code: string, spot: number): void => {
      if (PUNCTUATED.test(code)) addKey(index, looseKey(code), spot);
    };
    for (const [at, item] of items.entries()) {
      add(loose.items, item.sku, spotOf(at));
      for (const [place, { code }] of item.barcodes.entries()) add(loose.items, code, spotOf(at, place));
    }
    for (const [at, bin] of bins.entries()) for (const code of [bin.code, bin.label]) add(loose.bins, code, spotOf(at));
    return loose;
  }

  const itemOf = (sku: string): Item | undefined => items[bySku.get(skuKey(sku)) ?? -1];

  function named(sku: string): ItemName {
    const item = itemOf(sku);
    if (item === undefined) return { name: sku, variant: '' };
    const plain = itemName(item);
    if (shared.size === 0 || plain.name === item.sku || !shared.has(nameKey(plain))) return plain;
    return { name: plain.name, variant: plain.variant === '' ? item.sku : `${plain.variant} · ${item.sku}` };
  }

  return {
    itemCount: items.length,
    binCount: bins.length,
    item: itemOf,
    named,
    name: (sku) => nameText(named(sku)),
    unit: (sku) => {
      const item = itemOf(sku);
      return item && unitBeside(item);
    },
    find(keys) {
      // Nearly every scan leads to one spot, and then nothing has to be compared.
      let only = -1;
      let gtin: string | undefined;
      for (const key of keys) {
        // What is called by the very digits of a GTIN, a SKU too, stands under the GTIN: see `buildCatalogue`.
        if (gtin !== undefined && isSameGtin(gtin, key)) continue;
        const coded = byKey.get(key);
        const named = key.startsWith('c:') ? bySku.get(key.slice(2)) : undefined;
        if (typeof coded === 'object') return findAll(keys);
        if (coded === undefined && named === undefined) continue;
        if (only >= 0 || (coded !== undefined && named !== undefined)) return findAll(keys);
        only = coded ?? spotOf(named ?? 0);
        if (key.startsWith('g:')) gtin = key;
      }
      const match = only < 0 ? undefined : matchOf(only);
      return match === undefined ? [] : [match];
    },
    search(text, limit) {
      const exact = text.length > 128 ? [] : spotsOf(codeKey(text)).map(itemAt);
      const named = bySku.get(skuKey(text));
      const first = new Set(named === undefined ? exact : [named, ...exact]);
      const found = texts.search(text, limit + first.size).filter((at) => !first.has(at));
      return [...first, ...found].slice(0, limit).flatMap((at) => items[at] ?? []);
    },
    bin: binOf,
    binByLabel: (label) => binsAt(byLabel, label),
    binsNamed(text) {
      const bare = binsAt(byBare, text);
      if (bare.length > 0) return bare;
      const coded = binOf(text);
      return coded === undefined ? binsAt(byLabel, text) : [coded];
    },
    binName(code) {
      const bin = binOf(code);
      return bin === undefined ? code : binNameOf(bin, binsAt(byBare, bareBinCode(bin.code)));
    },
    like(code) {
      const key = looseKey(code);
      if (key === '') return { bins: [], matches: [] };
      const index = looseIndex();
      const at = new Set([
        ...atKey(index.bins, key).map(itemAt),
        byBin.get(key) ?? -1,
        ...atKey(byLabel, key).map(itemAt),
      ]);
      const spots = [...atKey(index.items, key), ...spotsOf(codeKey(key))];
      return {
        bins: [...at].flatMap((one) => bins[one] ?? []),
        matches: [...new Map(spots.map((spot) => [itemAt(spot), matchOf(spot)])).values()].flatMap(
          (match) => match ?? [],
        ),
      };
    },
    bins: () => bins,
    items: () => items,
  };
}

/**
 * The catalogue of these items and bins, and what people `said` of them beside the files; 200,000 items take a few hundred
 * milliseconds. Of two items with one SKU the later is found by it.
 */
export function createCatalogue(
  items: readonly Item[],
  bins: readonly Bin[],
  said: readonly CatalogueFact[] = [],
): Catalogue {
  const steps = buildCatalogue(items, bins, said);
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
  said: readonly CatalogueFact[] = [],
  pause: () => Promise<void> = () => Promise.resolve(),
): Promise<Catalogue> {
  const steps = buildCatalogue(items, bins, said);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await pause();
  }
}
