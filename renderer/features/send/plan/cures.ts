import { skuKey } from '../../../../shared/domain/item.ts';
import type { StoppedLine } from '../../../../shared/domain/ledger-entry.ts';
import { binKey } from '../../../../shared/domain/location.ts';
import type { Mapping } from '../../../../shared/sync/seen/mapping.ts';

/**
 * Where a person goes to let stopped lines through; `track` is done on the spot, `ask` is answered in the table of questions,
 * `none` needs something done elsewhere.
 */
export type Cure = 'match' | 'track' | 'import' | 'compare' | 'ask' | 'none';

/** What lets lines of that code through. */
export function cureOf(code: string): Cure {
  switch (code) {
    case 'item_not_mapped':
    case 'site_not_mapped':
    case 'bin_not_mapped':
      return 'match';
    case 'not_tracked':
      return 'track';
    case 'bin_not_found':
      return 'import';
    case 'read_only':
    case 'figure_not_read':
      return 'compare';
    case 'base_unknown':
    case 'no_figure_there':
    case 'sold_between':
      return 'ask';
    default:
      return 'none';
  }
}

/** Stopped lines of one code, the most frequent first. */
export type StoppedGroup = { readonly code: string; readonly lines: readonly StoppedLine[]; readonly cure: Cure };

/** Groups stopped lines by what is the matter. */
export function stoppedGroups(stopped: readonly StoppedLine[]): readonly StoppedGroup[] {
  const groups = new Map<string, StoppedLine[]>();
  for (const line of stopped) {
    const known = groups.get(line.code);
    if (known) known.push(line);
    else groups.set(line.code, [line]);
  }
  return [...groups]
    .map(([code, lines]) => ({ code, lines, cure: cureOf(code) }))
    .toSorted((left, right) => right.lines.length - left.lines.length || (left.code < right.code ? -1 : 1));
}

/** Their items of which tracking is to be started, by their place. */
export function trackingOf(
  stopped: readonly StoppedLine[],
  { mapping, binSite }: { mapping: Mapping; binSite: (bin: string) => string | undefined },
): ReadonlyMap<string, readonly string[]> {
  const byPlace = new Map<string, Set<string>>();
  for (const { code, item, bin } of stopped) {
    if (code !== 'not_tracked') continue;
    const remoteItem = mapping.items.get(skuKey(item))?.remoteItem;
    const place = mapping.bins.get(binKey(bin)) ?? mapping.sites.get(binSite(bin) ?? '');
    if (remoteItem === undefined || place === undefined) continue;
    byPlace.set(place, (byPlace.get(place) ?? new Set()).add(remoteItem));
  }
  return new Map([...byPlace].map(([place, items]) => [place, [...items]]));
}
