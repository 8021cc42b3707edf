import { bareBinCode } from '../../../shared/domain/bin-name.ts';
import type { Bin } from '../../../shared/domain/location.ts';
import { binKey } from '../../../shared/domain/location.ts';
import { isUnderWay } from '../../../shared/domain/pass.ts';
import type { Stocktake } from '../../../shared/domain/stocktake.ts';
import { rangeParts } from './range-parts.ts';

/** What a new stocktake is to cover. With `all`, the rest does not matter. */
export type Scope = { readonly all: boolean; readonly zones: ReadonlySet<string>; readonly range: string };

export const NO_SCOPE: Scope = { all: false, zones: new Set(), range: '' };

/** A zone as a chip names it: two buildings may each have a zone "A". */
export type ZoneChip = { readonly key: string; readonly site: string; readonly zone: string; readonly bins: number };

export function zoneKey(bin: Pick<Bin, 'site' | 'zone'>): string {
  return `${bin.site}\u001F${bin.zone}`;
}

/** Bins that a stocktake may cover: those in use, and those out of use in which something should still lie. */
export function binsToCount(bins: readonly Bin[], hasStock: (bin: string) => boolean): readonly Bin[] {
  return bins.filter((bin) => bin.retired !== true || hasStock(bin.code));
}

/** Every zone with its number of bins, in walking order. */
export function zoneChips(bins: readonly Bin[]): ZoneChip[] {
  const chips = new Map<string, ZoneChip>();
  for (const bin of bins) {
    const key = zoneKey(bin);
    chips.set(key, { key, site: bin.site, zone: bin.zone, bins: (chips.get(key)?.bins ?? 0) + 1 });
  }
  return [...chips.values()];
}

const ORDER = new Intl.Collator('en', { numeric: true });

/** Whether a bin code lies in one part of a range text: "A-07" (that and what starts with it), "A-*", or "A-01..A-05". */
function inPart(code: string, part: string): boolean {
  const [from = '', to] = part.split(/\.{2,}|…/).map((text) => binKey(text));
  if (to !== undefined)
    return ORDER.compare(code, from) >= 0 && (ORDER.compare(code, to) <= 0 || code.startsWith(`${to}-`));
  const start = from.replace(/\*$/, '');
  if (start === '') return from === '*';
  if (start !== from) return code.startsWith(start);
  return code === start || code.startsWith(`${start}-`);
}

/**
 * Bins of a scope in the order given: all, or those of the chosen zones together with those of the range text. The range is
 * parts as `rangeParts` divides it; both ends of "from..to" belong to it, digits count by value.
 */
export function binsInScope(bins: readonly Bin[], scope: Scope): Bin[] {
  if (scope.all) return [...bins];
  const parts = partsOf(bins, scope.range);
  return bins.filter((bin) => scope.zones.has(zoneKey(bin)) || parts.some((part) => isInPart(bin, part)));
}

/** A part names a bin by its whole code, or without its building, as the label has it. */
function isInPart(bin: Bin, part: string): boolean {
  return inPart(binKey(bin.code), part) || inPart(binKey(bareBinCode(bin.code)), part);
}

/** Parts of the range text that no bin answers to: most likely mistyped. */
function emptyParts(bins: readonly Bin[], range: string): string[] {
  return partsOf(bins, range).filter((part) => !answersTo(bins, part));
}

/** The most bins that one stocktake holds (schema of `stocktake_created`). */
const MOST_BINS = 50_000;

/** What keeps a stocktake over this scope from being made: a part that names no bin first, whatever the others name. */
export type ScopeProblem =
  | { readonly code: 'no_such_bin'; readonly parts: readonly string[] }
  | { readonly code: 'nothing_chosen' }
  | { readonly code: 'too_many' };

export function scopeProblem(bins: readonly Bin[], scope: Scope): ScopeProblem | undefined {
  const parts = scope.all ? [] : emptyParts(bins, scope.range);
  if (parts.length > 0) return { code: 'no_such_bin', parts };
  const chosen = binsInScope(bins, scope).length;
  if (chosen === 0) return { code: 'nothing_chosen' };
  return chosen > MOST_BINS ? { code: 'too_many' } : undefined;
}

function partsOf(bins: readonly Bin[], range: string): string[] {
  const blanks = bins.some((bin) => /\s/.test(bareBinCode(bin.code).trim()));
  return rangeParts(range, blanks, (part) => answersTo(bins, part));
}

const answersTo = (bins: readonly Bin[], part: string): boolean => bins.some((bin) => isInPart(bin, part));

/** Stocktakes under way that share bins with these, and how many bins. */
export function overlaps(
  stocktakes: Iterable<Stocktake>,
  bins: readonly Bin[],
): { stocktake: Stocktake; bins: number }[] {
  const chosen = new Set(bins.map((bin) => binKey(bin.code)));
  const found = [];
  for (const stocktake of stocktakes) {
    if (!isUnderWay(stocktake)) continue;
    const shared = stocktake.bins.filter((bin) => chosen.has(binKey(bin))).length;
    if (shared > 0) found.push({ stocktake, bins: shared });
  }
  return found;
}
