import { skuKey, type Item } from '../../../../shared/domain/item.ts';
import type { RemoteItem } from '../../../../shared/ports/remote-inventory.ts';
import type { Mapping } from '../../../../shared/sync/seen/mapping.ts';
import type { MatchProposal, ProposedMatch } from '../../../sync/sending.ts';

/** `suggested`: a code of ours is one of theirs, and nobody has accepted it. `several`: a code of ours is on several of theirs. */
export type ItemState = 'matched' | 'suggested' | 'several' | 'unmatched';

/** One of our items, and what it is called there. */
export type ItemRow = {
  readonly key: string;
  readonly sku: string;
  readonly name: string;
  readonly state: ItemState;
  /** Theirs: matched, or suggested. */
  readonly remoteItem?: string;
  readonly suggestion?: ProposedMatch;
  /** Theirs that carry one of our codes, where there are several. */
  readonly candidates: readonly string[];
};

export type ItemFilter = ItemState | 'all';
export const ITEM_FILTERS: readonly ItemFilter[] = ['all', 'suggested', 'several', 'unmatched', 'matched'];

/** Our items beside theirs, in the order of ours. A match that was made stands, whatever the codes suggest. */
export function itemRows(input: {
  items: readonly Item[];
  nameOf: (sku: string) => string;
  mapping: Mapping;
  proposal: MatchProposal;
}): readonly ItemRow[] {
  const suggestions = new Map(input.proposal.items.map((match) => [skuKey(match.item), match]));
  const several = new Map(input.proposal.several.map(({ item, remoteItems }) => [skuKey(item), remoteItems]));
  return input.items.map(({ sku }) => {
    const key = skuKey(sku);
    const row = { key, sku, name: input.nameOf(sku), candidates: several.get(key) ?? [] };
    const match = input.mapping.items.get(key);
    if (match) return { ...row, state: 'matched', remoteItem: match.remoteItem };
    const suggestion = suggestions.get(key);
    if (suggestion) return { ...row, state: 'suggested', remoteItem: suggestion.remoteItem, suggestion };
    return { ...row, state: several.has(key) ? 'several' : 'unmatched' };
  });
}

/** How many rows are in each state, and in all. */
export function countItems(rows: readonly ItemRow[]): Readonly<Record<ItemFilter, number>> {
  const counts = { all: rows.length, matched: 0, suggested: 0, several: 0, unmatched: 0 };
  for (const { state } of rows) counts[state] += 1;
  return counts;
}

/** Rows of a filter in which every typed word occurs, in our name or SKU or in theirs. */
export function findItems(
  rows: readonly ItemRow[],
  wanted: { filter: ItemFilter; text: string; theirs: (id: string) => RemoteItem | undefined },
): readonly ItemRow[] {
  const words = wordsOf(wanted.text);
  return rows.filter((row) => {
    if (wanted.filter !== 'all' && row.state !== wanted.filter) return false;
    if (words.length === 0) return true;
    const their = row.remoteItem === undefined ? undefined : wanted.theirs(row.remoteItem);
    const text = searchText([row.name, row.sku, their?.name, their?.sku, their?.barcode]);
    return words.every((word) => text.includes(word));
  });
}

/** What a search looks in. */
export function searchText(parts: readonly (string | undefined)[]): string {
  return parts
    .filter((part) => part !== undefined)
    .join(' ')
    .toLowerCase();
}

/** The words of a typed text, as `searchText` writes them. */
export function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}
