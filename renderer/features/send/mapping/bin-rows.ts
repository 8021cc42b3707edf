import { binKey, type Bin } from '../../../../shared/domain/location.ts';
import type { RemoteLocation } from '../../../../shared/ports/remote-inventory.ts';
import type { Mapping } from '../../../../shared/sync/seen/mapping.ts';
import type { MatchProposal } from '../../../sync/sending.ts';
import { searchText, wordsOf } from './item-rows.ts';

/** `missing`: they have no place of that name. `unmatched`: nothing was read yet, or somebody took the match away. */
export type BinState = 'matched' | 'suggested' | 'missing' | 'unmatched';

/** One of our bins, and their place for it. */
export type BinRow = {
  readonly key: string;
  readonly bin: string;
  readonly site: string;
  readonly state: BinState;
  readonly remoteLocation?: string;
};

export type BinFilter = BinState | 'all';
export const BIN_FILTERS: readonly BinFilter[] = ['all', 'suggested', 'missing', 'unmatched', 'matched'];

/** Our bins beside their places, in walking order. */
export function binRows(input: { bins: readonly Bin[]; mapping: Mapping; proposal: MatchProposal }): readonly BinRow[] {
  const suggestions = new Map(
    input.proposal.bins.map(({ bin, remoteLocation }) => [binKey(bin), remoteLocation] as const),
  );
  const missing = new Set(input.proposal.binsMissing.map(binKey));
  return input.bins.map(({ code, site }) => {
    const key = binKey(code);
    const row = { key, bin: code, site };
    const match = input.mapping.bins.get(key);
    if (match !== undefined) return { ...row, state: 'matched', remoteLocation: match };
    const suggestion = suggestions.get(key);
    if (suggestion !== undefined) return { ...row, state: 'suggested', remoteLocation: suggestion };
    return { ...row, state: missing.has(key) ? 'missing' : 'unmatched' };
  });
}

/** How many rows are in each state, and in all. */
export function countBins(rows: readonly BinRow[]): Readonly<Record<BinFilter, number>> {
  const counts = { all: rows.length, matched: 0, suggested: 0, missing: 0, unmatched: 0 };
  for (const { state } of rows) counts[state] += 1;
  return counts;
}

/** Rows of a filter in which every typed word occurs. */
export function findBins(
  rows: readonly BinRow[],
  wanted: { filter: BinFilter; text: string; theirs: (id: string) => RemoteLocation | undefined },
): readonly BinRow[] {
  const words = wordsOf(wanted.text);
  return rows.filter((row) => {
    if (wanted.filter !== 'all' && row.state !== wanted.filter) return false;
    if (words.length === 0) return true;
    const their = row.remoteLocation === undefined ? undefined : wanted.theirs(row.remoteLocation);
    const text = searchText([row.bin, row.site, their?.name]);
    return words.every((word) => text.includes(word));
  });
}

/** What their places belong to, those of most places first. */
export function theirSites(places: readonly RemoteLocation[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { site } of places) if (site !== undefined) counts.set(site, (counts.get(site) ?? 0) + 1);
  return [...counts].toSorted(([, left], [, right]) => right - left).map(([site]) => site);
}
