import type { LedgerEntry } from './ledger-entry.ts';

/** Where an entry stands among those of all laptops: by time, then device, then its sequence. */
export type Place = { readonly at: string; readonly device: string; readonly seq: number };

/** Before everything. */
export const FIRST_PLACE: Place = { at: '', device: '', seq: 0 };

/**
 * A stretch of a chain that stands later than its entries' own times: their clock was set back, or what was heard from
 * other laptops bore later times. All of it stands at one time, in its own sequence.
 */
export type Lifted = { readonly from: number; to: number; readonly at: string };

/** The latest time that an entry may stand at: what is later is no time of this app's. */
const LATEST = '9999-12-31T23:59:59.999Z';

/** One ms after a time. */
function after(at: string): string {
  const ms = Date.parse(at) + 1;
  return ms < Date.parse(LATEST) ? new Date(ms).toISOString() : LATEST;
}

/** The time at which a chain's next entry stands; `before`: that of the entry before it, '' for none. */
export function standsAt(before: string, { at, fact }: Pick<LedgerEntry, 'at' | 'fact'>): string {
  const heard = fact.kind === 'heard' ? after(fact.at) : '';
  const latest = heard > at ? heard : at;
  return before > latest ? before : latest;
}

/** The stretches with one more entry that stands at `place`. */
export function lift(lifted: readonly Lifted[], at: string, place: Place): readonly Lifted[] {
  if (at === place.at) return lifted;
  const last = lifted.at(-1);
  if (last?.to !== place.seq - 1 || last.at !== place.at)
    return [...lifted, { from: place.seq, to: place.seq, at: place.at }];
  last.to = place.seq;
  return lifted;
}

/** Where an entry stands, by the stretches of its chain. */
export function placeIn(
  lifted: readonly Lifted[],
  { at, device, seq }: Pick<LedgerEntry, 'at' | 'device' | 'seq'>,
): Place {
  let low = 0;
  let high = lifted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lifted[middle]?.to ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  const found = lifted[low];
  return { at: found !== undefined && found.from <= seq ? found.at : at, device, seq };
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Negative: `left` stands before `right`. */
export function comparePlaces(left: Place, right: Place): number {
  return compareText(left.at, right.at) || compareText(left.device, right.device) || left.seq - right.seq;
}

export function isBefore(left: Place, right: Place): boolean {
  return comparePlaces(left, right) < 0;
}

/**
 * The one order in which entries are folded: each device's chain in its own sequence, chains interleaved by time, where
 * a clock set back counts as the latest time that its chain has shown, and nothing stands before what its laptop had heard.
 * Entries given twice are kept once.
 */
export function orderEntries(entries: readonly LedgerEntry[]): LedgerEntry[] {
  const bySequence = new Map(entries.map((entry) => [entry.id, entry]));
  const chains = [...bySequence.values()].toSorted((left, right) => left.seq - right.seq);
  const latest = new Map<string, string>();
  const placed = chains.map((entry) => {
    const at = standsAt(latest.get(entry.device) ?? '', entry);
    latest.set(entry.device, at);
    return { entry, place: { at, device: entry.device, seq: entry.seq } };
  });
  return placed.toSorted((left, right) => comparePlaces(left.place, right.place)).map(({ entry }) => entry);
}
