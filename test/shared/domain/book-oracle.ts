import type { LedgerEntry, PostedLine } from '../../../shared/domain/ledger-entry.ts';

/**
 * The book of one item in one bin, said again in the slowest way: read the list from the start for every question, keep
 * nothing. `entries` in ledger order, everything before `upTo` (an entry's id), if given, is what the count stands on.
 */
const steps = (text: string) => Math.round(Number(text) * 100_000);
const same = (left: string, right: string) => left.trim().toUpperCase() === right.trim().toUpperCase();
type Key = { item: string; bin: string };

/** What one entry brought into the bin, and when it says it happened. */
function movementsOf(
  entries: readonly LedgerEntry[],
  { item, bin }: Key,
): { at: number; delta: number; happenedAt: string | undefined }[] {
  return entries.flatMap(({ fact }, at) => {
    if (fact.kind === 'stock_changed' && same(fact.item, item) && same(fact.bin, bin))
      return [{ at, delta: steps(fact.quantity), happenedAt: fact.happenedAt }];
    if (fact.kind !== 'stock_moved' || !same(fact.item, item)) return [];
    const sides = [
      { where: fact.from, delta: -steps(fact.quantity) },
      { where: fact.to, delta: steps(fact.quantity) },
    ];
    return sides
      .filter(({ where }) => same(where, bin))
      .map(({ delta }) => ({ at, delta, happenedAt: fact.happenedAt }));
  });
}

/**
 * Postings that took effect and were not taken back: the first for each line of each sheet; one of a match amends the one at
 * its anchor. A reversal is only ever written of what stands in the book.
 */
function postingsOf(entries: readonly LedgerEntry[], key: Key): PostedLine[] {
  const taken = new Set<string>();
  const sheets = new Map<string, string>();
  let postings: (PostedLine & { sheet: string })[] = [];
  const matches = new Set(
    entries.flatMap(({ fact }) =>
      fact.kind === 'unknown_matched' || fact.kind === 'match_withdrawn' ? [fact.batch] : [],
    ),
  );
  const amend = (line: PostedLine): void => {
    postings = postings.map((one) =>
      one.anchor === line.anchor ? { ...one, counted: String(Number(one.counted) + Number(line.variance)) } : one,
    );
  };
  for (const { fact } of entries) {
    if (fact.kind === 'batch_submitted') sheets.set(fact.batch, `${fact.stocktake} ${fact.pass}`);
    if (fact.kind !== 'lines_posted' && fact.kind !== 'lines_reversed') continue;
    const batch = fact.kind === 'lines_posted' ? fact.batch : fact.reverses;
    const sheet = sheets.get(batch) ?? batch;
    for (const line of fact.lines) {
      if (!same(line.item, key.item) || !same(line.bin, key.bin)) continue;
      if (fact.kind === 'lines_reversed') {
        if (matches.has(batch)) amend(line);
        else postings = postings.filter((one) => one.sheet !== sheet);
        continue;
      }
      if (taken.has(sheet)) continue;
      taken.add(sheet);
      if (matches.has(batch)) amend(line);
      else postings.push({ ...line, sheet });
    }
  }
  return postings;
}

/** The book now (`anchor` absent) or just before the count that stands at `anchor`. In steps of 10⁻⁵. */
export function slowBook(entries: readonly LedgerEntry[], key: Key, anchor?: string): number {
  const place = (id: string) => entries.findIndex((entry) => entry.id === id);
  const end = anchor === undefined ? entries.length : place(anchor);
  const postings = postingsOf(entries, key).filter((line) => place(line.anchor) < end);
  const last = postings.toSorted((left, right) => place(left.anchor) - place(right.anchor)).at(-1);
  const precedes = (movement: { at: number; happenedAt: string | undefined }, id: string) =>
    movement.at < place(id) ||
    (movement.happenedAt !== undefined && movement.happenedAt <= (entries[place(id)]?.at ?? ''));
  return movementsOf(entries, key)
    .filter((movement) => anchor === undefined || precedes(movement, anchor))
    .filter((movement) => last === undefined || !precedes(movement, last.anchor))
    .reduce((sum, movement) => sum + movement.delta, last === undefined ? 0 : steps(last.counted));
}
