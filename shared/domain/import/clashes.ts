import { codeKey } from '../barcode.ts';
import { bareBinCode } from '../bin-name.ts';
import type { Item } from '../item.ts';
import type { Bin } from '../location.ts';

/** Whether a scan of this text is a command card or a person's badge, whatever else it may be. */
export function isCardText(text: string): boolean {
  return /^\s*TALLYBOOK:/i.test(text);
}

/** What a text also is, by the key under which a scan looks for it; undefined: nothing else. */
export type Clashes = (text: string) => string | undefined;

/** Items by what a scan of a bin's label would find too: their SKUs and their barcodes. */
export function clashesWithItems(items: readonly Item[], called: (item: Item) => string): Clashes {
  const byKey = new Map<string, number>();
  for (const [at, item] of items.entries()) {
    byKey.set(codeKey(item.sku), at);
    for (const { code } of item.barcodes) byKey.set(codeKey(code), at);
  }
  return (text) => {
    const item = items[byKey.get(codeKey(text)) ?? -1];
    return item === undefined ? undefined : called(item);
  };
}

/** Bins by what a scan of an item's code would find too: their codes, with and without the building, and their labels. */
export function clashesWithBins(bins: readonly Bin[]): Clashes {
  const byKey = new Map(
    bins.flatMap((bin) => [bin.code, bareBinCode(bin.code), bin.label].map((text) => [codeKey(text), bin.code])),
  );
  return (text) => byKey.get(codeKey(text));
}
