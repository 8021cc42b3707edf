import { bookNow, type BookLine } from '../../../../shared/domain/balance.ts';
import { skuKey } from '../../../../shared/domain/item.ts';
import { binKey } from '../../../../shared/domain/location.ts';
import { formatQuantity, ZERO } from '../../../../shared/domain/quantity.ts';

/** A bin in which the book has some of an item. */
export type HoldingBin = { readonly bin: string; readonly quantity: string };

type Place = { readonly item: string; readonly site: string; readonly remoteLocation: string };

/**
 * Bins in which a difference at a place may lie: those of the site that hold the item, the fullest first. Where the
 * remote knows bins, the one bin that is matched with the place, whether or not the book has the item there.
 */
export function holdingBins(input: {
  lines: Iterable<BookLine>;
  /** What the remote keeps one figure of: the bin's site, or for a remote that knows bins the bin itself. */
  placeOf: (bin: string) => string | undefined;
  /** Our bin of a place of theirs. */
  binOf: (remoteLocation: string) => string | undefined;
}): (place: Place) => readonly HoldingBin[] {
  const held = new Map<string, Map<string, { bin: string; amount: bigint }>>();
  for (const line of input.lines) {
    const amount = bookNow(line);
    const site = input.placeOf(line.bin);
    if (amount === ZERO || site === undefined) continue;
    const bins = held.get(placeKey(line.item, site)) ?? new Map<string, { bin: string; amount: bigint }>();
    const known = bins.get(binKey(line.bin));
    bins.set(binKey(line.bin), { bin: line.bin, amount: (known?.amount ?? 0n) + amount });
    held.set(placeKey(line.item, site), bins);
  }
  return ({ item, site, remoteLocation }) => {
    const bins = [...(held.get(placeKey(item, site))?.values() ?? [])];
    const own = input.binOf(remoteLocation);
    if (own !== undefined) {
      const amount = bins.find(({ bin }) => binKey(bin) === binKey(own))?.amount ?? 0n;
      return [{ bin: own, quantity: formatQuantity(amount) }];
    }
    return bins
      .toSorted((left, right) => (right.amount > left.amount ? 1 : right.amount < left.amount ? -1 : 0))
      .map(({ bin, amount }) => ({ bin, quantity: formatQuantity(amount) }));
  };
}

function placeKey(item: string, site: string): string {
  return `${skuKey(item)}\u001F${site}`;
}
