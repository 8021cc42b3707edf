import { siteKey } from '../../../shared/domain/bin-name.ts';
import type { Bin } from '../../../shared/domain/location.ts';
import { looseKey, textKey } from '../../../shared/domain/text-key.ts';

/** Buildings by name, those without one last. */
export function sitesOf(bins: readonly Bin[]): readonly string[] {
  const sites = new Map(bins.map(({ site }) => [siteKey(site), site]));
  return [...sites.values()].toSorted(
    (left, right) => Number(left === '') - Number(right === '') || left.localeCompare(right),
  );
}

/**
 * Bins of a building, or of all, in which every word occurs (code, label, building, zone): by building, then in walking
 * order. Dashes and blanks of a code may be left out.
 */
export function findBins(bins: readonly Bin[], text: string, site: string | undefined): readonly Bin[] {
  const words = text.split(/\s+/).map(textKey).filter(Boolean);
  const loose = looseKey(text);
  const order = new Map(sitesOf(bins).map((one, at) => [siteKey(one), at]));
  return bins
    .filter((bin) => {
      if (site !== undefined && siteKey(bin.site) !== siteKey(site)) return false;
      if (words.length === 0) return true;
      const there = textKey(`${bin.code} ${bin.label} ${bin.site} ${bin.zone}`);
      return words.every((word) => there.includes(word)) || (loose !== '' && looseKey(bin.code).includes(loose));
    })
    .toSorted(
      (left, right) =>
        (order.get(siteKey(left.site)) ?? 0) - (order.get(siteKey(right.site)) ?? 0) || left.walk - right.walk,
    );
}
