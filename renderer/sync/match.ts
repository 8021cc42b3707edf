import { codeKey } from '../../shared/domain/barcode.ts';
import { skuKey, type Item } from '../../shared/domain/item.ts';
import type { FactOf } from '../../shared/domain/ledger-entry.ts';
import type { RemoteItem, RemoteLocation } from '../../shared/ports/remote-inventory.ts';
import type { ProposedMatch } from './sending.ts';

type ItemMatch = FactOf<'mapping_set'>['items'][number];
type SiteMatch = FactOf<'mapping_set'>['sites'][number];
type BinMatch = NonNullable<FactOf<'mapping_set'>['bins']>[number];
type Bin = { readonly code: string; readonly label?: string; readonly site: string };

/** What the codes of both sides say of each other. */
export type ProposedItems = {
  readonly items: readonly ProposedMatch[];
  readonly unmatched: readonly string[];
  readonly several: readonly { readonly item: string; readonly remoteItems: readonly string[] }[];
};

/**
 * Proposes a remote's item for each of ours: by SKU, else by a barcode of the single piece, else by the code of a pack
 * that both sides say holds as many pieces. A code that several of theirs carry proposes none: it is left for a person.
 */
export function proposeItems(ours: readonly Item[], theirs: readonly RemoteItem[]): ProposedItems {
  const bySku = indexOf(theirs, (item) => (item.sku === undefined || item.sku === '' ? [] : [skuKey(item.sku)]));
  const byCode = indexOf(theirs, (item) =>
    [item.barcode, item.sku].flatMap((code) => (code === undefined || code === '' ? [] : [codeKey(code)])),
  );
  const byCase = indexOf(theirs, (item) => (item.cases ?? []).map(({ code, factor }) => caseKey(code, String(factor))));
  const items: ProposedMatch[] = [];
  const unmatched: string[] = [];
  const several: { item: string; remoteItems: string[] }[] = [];
  for (const item of ours) {
    const single = item.barcodes.filter((barcode) => barcode.factor === undefined).map((barcode) => barcode.code);
    const packs = item.barcodes.flatMap(({ code, factor }) => (factor === undefined ? [] : [caseKey(code, factor)]));
    const found = [
      { by: 'sku' as const, lists: [bySku.get(skuKey(item.sku))] },
      { by: 'barcode' as const, lists: [item.sku, ...single].map((code) => byCode.get(codeKey(code))) },
      { by: 'case' as const, lists: packs.map((key) => byCase.get(key)) },
    ];
    const match = found
      .flatMap(({ by, lists }) => lists.map((list) => ({ by, one: only(list) })))
      .find(({ one }) => one);
    const others = [
      ...new Set(found.flatMap(({ lists }) => lists.flatMap((list) => (list ?? []).map(({ id }) => id)))),
    ];
    if (match?.one)
      items.push({ item: item.sku, remoteItem: match.one.id, precision: match.one.precision, by: match.by });
    else if (others.length > 0) several.push({ item: item.sku, remoteItems: others });
    else unmatched.push(item.sku);
  }
  return { items, unmatched, several };
}

function caseKey(code: string, factor: string): string {
  return `${codeKey(code)}\u001F${factor}`;
}

/** The proposals that are beyond doubt, as matches to keep; all others are unmatched. In the order of our items. */
export function matchItems(
  ours: readonly Item[],
  theirs: readonly RemoteItem[],
): { matches: ItemMatch[]; unmatched: string[] } {
  const { items } = proposeItems(ours, theirs);
  const matched = new Set(items.map((match) => match.item));
  return {
    matches: items.map(({ item, remoteItem, precision }) => ({ item, remoteItem, precision })),
    unmatched: ours.map((item) => item.sku).filter((sku) => !matched.has(sku)),
  };
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

function nameKey(name: string): string {
  return name.trim().toLowerCase();
}

/**
 * Matches our sites with active locations by name; where there is one location and one site, they are each other's. A name
 * that two locations carry matches neither: it is left for a person.
 */
export function matchSites(sites: readonly string[], locations: readonly RemoteLocation[]): SiteMatch[] {
  const active = locations.filter((location) => location.active);
  const single = sites.length === 1 ? only(active) : undefined;
  return sites.flatMap((site) => {
    const found = only(active.filter((location) => nameKey(location.name) === nameKey(site))) ?? single;
    return found ? [{ site, remoteLocation: found.id }] : [];
  });
}

/**
 * Matches our bins with the remote's places one to one: by name, and where a name stands at several of its sites by that
 * of the bin's own site. What is still two things is left for a person; `missing`: no place bears the bin's name.
 */
export function matchBins(
  bins: readonly Bin[],
  locations: readonly RemoteLocation[],
): { bins: BinMatch[]; missing: string[] } {
  const byName = new Map<string, RemoteLocation[]>();
  for (const location of locations) {
    if (!location.active) continue;
    const some = byName.get(nameKey(location.name));
    if (some) some.push(location);
    else byName.set(nameKey(location.name), [location]);
  }
  const taken = new Set<string>();
  const matches: BinMatch[] = [];
  const missing: string[] = [];
  for (const bin of bins) {
    const found = byName.get(nameKey(bin.code)) ?? byName.get(nameKey(bin.label ?? bin.code)) ?? [];
    const ofSite = found.filter(
      (location) => location.site !== undefined && nameKey(location.site) === nameKey(bin.site),
    );
    const one = only(ofSite) ?? only(found);
    if (found.length === 0) missing.push(bin.code);
    else if (one !== undefined && !taken.has(one.id)) {
      taken.add(one.id);
      matches.push({ bin: bin.code, remoteLocation: one.id });
    }
  }
  return { bins: matches, missing };
}
