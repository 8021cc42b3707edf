import { binKey, type Bin } from './location.ts';
import { err, ok, type Result } from './result.ts';
import { looseKey } from './text-key.ts';

/**
 * A bin's code is its identity and never changes. Where two buildings have a bin of one name, the second that comes gets a
 * code that names its building too: "A-01 · Annex". Its label stays "A-01".
 */
const AT_SITE = ' · ';

/** The code without the building it may name: what the label on the shelf says. */
export function bareBinCode(code: string): string {
  const at = code.lastIndexOf(AT_SITE);
  return at > 0 ? code.slice(0, at) : code;
}

/** The code of a bin that shares its name with one in another building. */
export function codeAtSite(code: string, site: string): string {
  return `${bareBinCode(code)}${AT_SITE}${site}`;
}

/** Bins of one building compare equal by this, however the building is written. */
export function siteKey(site: string): string {
  return binKey(site);
}

/** What is known where a bin is named: the bins that are meant there, and the building the person is in. */
export type NearBy = { readonly bins?: readonly string[]; readonly site?: string | undefined };

/**
 * The one bin that is meant among several of one name: the only one of the bins that are counted here, else the only one in
 * the building where the person is. Undefined: somebody has to say.
 */
export function meantBin<Named extends Pick<Bin, 'code' | 'site'>>(
  named: readonly Named[],
  near: NearBy,
): Named | undefined {
  if (named.length <= 1) return named[0];
  const listed = new Set((near.bins ?? []).map(binKey));
  const here = named.filter((bin) => listed.has(binKey(bin.code)));
  if (here.length === 1) return here[0];
  const among = here.length > 1 ? here : named;
  const { site } = near;
  const inSite = site === undefined || site === '' ? [] : among.filter((bin) => siteKey(bin.site) === siteKey(site));
  return inSite.length === 1 ? inSite[0] : undefined;
}

/** How a bin is called where its code alone could be one of several: "A-01 · Main". */
export function binNameOf(bin: Bin, named: readonly Bin[]): string {
  const isToldBySite = named.filter((one) => siteKey(one.site) === siteKey(bin.site)).length === 1;
  return named.length > 1 && bin.site !== '' && isToldBySite ? codeAtSite(bin.code, bin.site) : bin.code;
}

const MOST_WRONG = 2;

/** Letters to change, leave out, put in or swap to get from one text to the other; more than `most` is not told apart. */
function distance(left: string, right: string, most: number): number {
  if (Math.abs(left.length - right.length) > most) return most + 1;
  let [before, row]: [number[], number[]] = [[], Array.from({ length: right.length + 1 }, (_, at) => at)];
  for (let at = 1; at <= left.length; at += 1) {
    const next = [at];
    for (let other = 1; other <= right.length; other += 1) {
      const isSame = left[at - 1] === right[other - 1];
      const isSwap = at > 1 && other > 1 && left[at - 1] === right[other - 2] && left[at - 2] === right[other - 1];
      next[other] = Math.min(
        (row[other] ?? 0) + 1,
        (next[other - 1] ?? 0) + 1,
        (row[other - 1] ?? 0) + (isSame ? 0 : 1),
        isSwap ? (before[other - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, row] = [row, next];
  }
  return row[right.length] ?? 0;
}

/** Bins whose name is nearly this text, the nearest first; those out of use are not offered. */
export function nearBins(text: string, bins: readonly Bin[], limit: number): readonly Bin[] {
  const wanted = looseKey(text.slice(0, 64));
  const most = wanted.length < 4 ? 1 : MOST_WRONG;
  if (wanted === '') return [];
  return bins
    .filter((bin) => bin.retired !== true)
    .map((bin) => ({ bin, wrong: distance(wanted, looseKey(bareBinCode(bin.code)), most) }))
    .filter(({ wrong }) => wrong <= most)
    .toSorted((left, right) => left.wrong - right.wrong)
    .slice(0, limit)
    .map(({ bin }) => bin);
}

/** A bin that a person makes by hand. `site_missing`, `name_missing`, `is_card`, `is_there`, `too_long`: what is wrong with it. */
export type NewBinProblem =
  | { readonly code: 'name_missing' }
  | { readonly code: 'site_missing' }
  | { readonly code: 'is_card' }
  | { readonly code: 'is_there'; readonly bin: string }
  | { readonly code: 'too_long' };

const LONGEST_CODE = 64;

/** The bin of this name in this building, last in walking order; a name that other buildings have gets a code of its own. */
export function newBin(
  wanted: { readonly name: string; readonly site: string; readonly zone: string },
  known: readonly Bin[],
): Result<Bin, NewBinProblem> {
  const [name, site, zone] = [wanted.name, wanted.site, wanted.zone].map((text) => text.replaceAll(/\s+/g, ' ').trim());
  if (name === undefined || name === '') return err({ code: 'name_missing' });
  if (site === undefined || site === '') return err({ code: 'site_missing' });
  if (/^TALLYBOOK:/i.test(name)) return err({ code: 'is_card' });
  const named = known.filter((bin) => [bin.code, bareBinCode(bin.code)].some((code) => binKey(code) === binKey(name)));
  const there = named.find(
    (bin) => siteKey(bin.site) === siteKey(site) || binKey(bin.code) === binKey(codeAtSite(name, site)),
  );
  if (there !== undefined) return err({ code: 'is_there', bin: there.code });
  const code = named.length === 0 ? name : codeAtSite(name, site);
  if (code.length > LONGEST_CODE || site.length > 80 || (zone ?? '').length > 80) return err({ code: 'too_long' });
  const walk = known.reduce((most, bin) => Math.max(most, bin.walk), 0) + 1;
  return ok({ code, label: name, site, zone: zone ?? '', walk });
}
