import { codeKey } from '../../shared/domain/barcode.ts';
import { skuKey, type Item } from '../../shared/domain/item.ts';
import type { FactOf } from '../../shared/domain/ledger-entry.ts';
import type { RemoteItem, RemoteLocation } from '../../shared/ports/remote-inventory.ts';

type ItemMatch = FactOf<'mapping_set'>['items'][number];
type SiteMatch = FactOf<'mapping_set'>['sites'][number];

/** Matches our items with a remote's by SKU, else by barcode. A code that several of theirs carry matches none: it is left for a person. */
export function matchItems(
  ours: readonly Item[],
  theirs: readonly RemoteItem[],
): { matches: ItemMatch[]; unmatched: string[] } {
  const bySku = indexOf(theirs, (item) => (item.sku === undefined || item.sku === '' ? [] : [skuKey(item.sku)]));
  const byCode = indexOf(theirs, (item) =>
    [item.barcode, item.sku].flatMap((code) => (code === undefined || code === '' ? [] : [codeKey(code)])),
  );
  const matches: ItemMatch[] = [];
  const unmatched: string[] = [];
  for (const item of ours) {
    const codes = [
      item.sku,
      ...item.barcodes.filter((barcode) => barcode.factor === undefined).map((barcode) => barcode.code),
    ];
    const found =
      only(bySku.get(skuKey(item.sku))) ??
      codes.map((code) => only(byCode.get(codeKey(code)))).find((match) => match !== undefined);
    if (found) matches.push({ item: item.sku, remoteItem: found.id, precision: found.precision });
    else unmatched.push(item.sku);
  }
  return { matches, unmatched };
}

function indexOf(
  items: readonly RemoteItem[],
  keysOf: (item: RemoteItem) => readonly string[],
): Map<string, RemoteItem[]> {
  const index = new Map<string, RemoteItem[]>();
  for (const item of items) {
    for (const key of new Set(keysOf(item))) {
      const known = index.get(key);
      if (known) known.push(item);
      else index.set(key, [item]);
    }
  }
  return index;
}

function only<Value>(items: readonly Value[] | undefined): Value | undefined {
  return items?.length === 1 ? items[0] : undefined;
}

/**
 * Matches our sites with active locations by name; where there is one location and one site, they are each other's. A name
 * that two locations carry matches neither: it is left for a person.
 */
export function matchSites(sites: readonly string[], locations: readonly RemoteLocation[]): SiteMatch[] {
  const active = locations.filter((location) => location.active);
  const single = sites.length === 1 ? only(active) : undefined;
  return sites.flatMap((site) => {
    const name = site.trim().toLowerCase();
    const found = only(active.filter((location) => location.name.trim().toLowerCase() === name)) ?? single;
    return found ? [{ site, remoteLocation: found.id }] : [];
  });
}
