import { skuKey } from '../../domain/item.ts';
import type { FactOf, LedgerEntry } from '../../domain/ledger-entry.ts';
import { binKey } from '../../domain/location.ts';

/** Our item and the remote's. `precision`: decimals that the remote's unit allows. */
export type ItemMatch = { readonly item: string; readonly remoteItem: string; readonly precision: number };

/** What a connection calls our items (by `skuKey`), sites, bins (by `binKey`) and reasons for a variance. */
export type Mapping = {
  readonly items: ReadonlyMap<string, ItemMatch>;
  readonly sites: ReadonlyMap<string, string>;
  readonly bins: ReadonlyMap<string, string>;
  readonly reasons: ReadonlyMap<string, string>;
};
export type Mappings = ReadonlyMap<string, Mapping>;

export const NO_MAPPING: Mapping = { items: new Map(), sites: new Map(), bins: new Map(), reasons: new Map() };

/** Folds `mapping_set`: newer matches replace older ones one by one; an empty remote id, or word, takes a match away. */
export function foldMappings(state: Mappings, entry: LedgerEntry): Mappings {
  const { fact } = entry;
  if (fact.kind !== 'mapping_set') return state;
  return new Map(state).set(fact.connection, changed(state.get(fact.connection) ?? NO_MAPPING, fact));
}

function changed(before: Mapping, fact: FactOf<'mapping_set'>): Mapping {
  const items = fact.items.map((match) => [skuKey(match.item), match.remoteItem === '' ? undefined : match] as const);
  const sites = fact.sites.map(({ site, remoteLocation }) => [site, orNone(remoteLocation)] as const);
  const bins = (fact.bins ?? []).map(({ bin, remoteLocation }) => [binKey(bin), orNone(remoteLocation)] as const);
  const reasons = (fact.reasons ?? []).map(({ reason, word }) => [reason, orNone(word)] as const);
  return {
    items: replaced(before.items, items),
    sites: replaced(before.sites, sites),
    bins: replaced(before.bins, bins),
    reasons: replaced(before.reasons, reasons),
  };
}

function orNone(text: string): string | undefined {
  return text === '' ? undefined : text;
}

function replaced<Value>(
  before: ReadonlyMap<string, Value>,
  changes: readonly (readonly [string, Value | undefined])[],
): ReadonlyMap<string, Value> {
  if (changes.length === 0) return before;
  const after = new Map(before);
  for (const [key, value] of changes) {
    if (value === undefined) after.delete(key);
    else after.set(key, value);
  }
  return after;
}
