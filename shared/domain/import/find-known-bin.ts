import { bareBinCode, codeAtSite, siteKey } from '../bin-name.ts';
import { binKey, type Bin } from '../location.ts';
import type { UnknownSite } from './conversion.ts';

/** A bin as a file names it: its name, and its building where the file says so. */
export type NamedBin = { readonly name: string; readonly site: string };

/** Which bin a row means. `is`: one that is known, by its place. Without it: a new one, or one of several that nobody can tell apart. */
export type FoundBin =
  | { readonly is: 'known'; readonly at: number }
  | { readonly is: 'new'; readonly code: string }
  | { readonly is: 'ambiguous'; readonly among: readonly Bin[] }
  /** The bin is known without a building, and the file has it in several. */
  | { readonly is: 'site_unknown' }
  /** The building is new: another one, or a new name of one that is known? */
  | { readonly is: 'site_unclear'; readonly among: readonly Bin[] };

/** The bins with buildings renamed as a person said; a building keeps its bins, and bins their codes. */
export function withSitesRenamed(
  bins: readonly Bin[],
  file: readonly NamedBin[],
  sites: Readonly<Record<string, string>>,
): readonly Bin[] {
  const names = new Map(
    file.flatMap(({ site }) => {
      const from = Object.hasOwn(sites, siteKey(site)) ? sites[siteKey(site)] : undefined;
      return from === undefined || from === '' ? [] : [[siteKey(from), site] as const];
    }),
  );
  if (names.size === 0) return bins;
  return bins.map((bin) => {
    const site = names.get(siteKey(bin.site));
    return site === undefined ? bin : { ...bin, site };
  });
}

/**
 * Tells which bin each row of a file means. A building is part of what a bin is: a name in another building is another bin,
 * whatever the order of rows and files, and no bin goes from one building to another unless a person says so.
 */
export function createBinFinder(
  known: readonly Bin[],
  file: readonly NamedBin[],
  sites: Readonly<Record<string, string>>,
): { find(row: NamedBin): FoundBin; unclear(): readonly UnknownSite[] } {
  const byName = new Map<string, number[]>();
  const codes = new Set(known.map((bin) => binKey(bin.code)));
  for (const [at, bin] of known.entries()) {
    for (const key of new Set([binKey(bin.code), binKey(bareBinCode(bin.code))]))
      byName.set(key, [...(byName.get(key) ?? []), at]);
  }
  const knownSites = new Set(known.map((bin) => siteKey(bin.site)));
  const fileSites = new Map<string, Set<string>>();
  for (const { name, site } of file)
    fileSites.set(binKey(name), (fileSites.get(binKey(name)) ?? new Set()).add(siteKey(site)));
  const unclear = new Map<string, { site: string; from: Set<string>; bins: number }>();

  /** A code of its own for a bin whose name others have: it names the building, and a number where that is taken too. */
  function codeFor({ name, site }: NamedBin, isShared: boolean): string {
    const wanted = isShared ? codeAtSite(name, site) : name;
    let code = wanted;
    for (let number = 2; codes.has(binKey(code)); number += 1) code = `${wanted} ${number}`;
    codes.add(binKey(code));
    return code;
  }

  function askOf(site: string, among: readonly Bin[]): void {
    const asked = unclear.get(siteKey(site)) ?? { site, from: new Set<string>(), bins: 0 };
    for (const bin of among) asked.from.add(bin.site);
    asked.bins += 1;
    unclear.set(siteKey(site), asked);
  }

  function find(row: NamedBin): FoundBin {
    const { name, site } = row;
    const inFile = fileSites.get(binKey(name)) ?? new Set();
    const places = byName.get(binKey(name)) ?? [];
    const among = places.flatMap((at) => known[at] ?? []);
    const [first] = places;
    if (first === undefined) return { is: 'new', code: codeFor(row, inFile.size > 1) };
    if (site === '') return places.length === 1 ? { is: 'known', at: first } : { is: 'ambiguous', among };
    const here = places.find((at) => siteKey(known[at]?.site ?? '') === siteKey(site));
    if (here !== undefined) return { is: 'known', at: here };
    if (among.some((bin) => bin.site === ''))
      return places.length === 1 && inFile.size === 1 ? { is: 'known', at: first } : { is: 'site_unknown' };
    const isAnother =
      knownSites.has(siteKey(site)) ||
      among.every((bin) => inFile.has(siteKey(bin.site))) ||
      (Object.hasOwn(sites, siteKey(site)) && sites[siteKey(site)] === '');
    if (isAnother) return { is: 'new', code: codeFor(row, true) };
    askOf(site, among);
    return { is: 'site_unclear', among };
  }

  return {
    find,
    unclear: () => [...unclear].map(([key, { site, from, bins }]) => ({ key, site, from: [...from], bins })),
  };
}
