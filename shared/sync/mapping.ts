import { skuKey } from '../domain/item.ts';
import type { LedgerEntry } from '../domain/ledger-entry.ts';

/** Our item and the remote's. `precision`: decimals that the remote's unit allows. */
export type ItemMatch = { readonly item: string; readonly remoteItem: string; readonly precision: number };

/** What a connection calls our items (by `skuKey`) and our sites. */
export type Mapping = { readonly items: ReadonlyMap<string, ItemMatch>; readonly sites: ReadonlyMap<string, string> };
export type Mappings = ReadonlyMap<string, Mapping>;

export const NO_MAPPING: Mapping = { items: new Map(), sites: new Map() };

/** Folds `mapping_set`: newer matches replace older ones one by one; an empty remote id takes a match away. */
export function foldMappings(state: Mappings, entry: LedgerEntry): Mappings {
  const { fact } = entry;
  if (fact.kind !== 'mapping_set') return state;
  const before = state.get(fact.connection) ?? NO_MAPPING;
  const items = new Map(before.items);
  for (const match of fact.items) {
    if (match.remoteItem === '') items.delete(skuKey(match.item));
    else items.set(skuKey(match.item), match);
  }
  const sites = new Map(before.sites);
  for (const { site, remoteLocation } of fact.sites) {
    if (remoteLocation === '') sites.delete(site);
    else sites.set(site, remoteLocation);
  }
  return new Map(state).set(fact.connection, { items, sites });
}
