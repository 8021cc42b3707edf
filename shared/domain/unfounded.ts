import type { Books } from './balance.ts';
import { lineKey, type LineKey } from './line-key.ts';
import type { Quantity } from './quantity.ts';

/**
 * A line that somebody posted, and nothing that counts says what lay there: whoever counted it, or handed it in, is not
 * believed, as a laptop that was shut out meanwhile. It changes no book. `entry` says that it was posted; `order`: where it
 * stands in its bin.
 */
export type Unfounded = {
  readonly entry: string;
  readonly key: LineKey;
  readonly item: string;
  readonly bin: string;
  readonly lot: string | undefined;
  readonly counted: Quantity;
  readonly by: string;
  readonly at: string;
  readonly order: number;
};

/** By entry and line. */
export type UnfoundedPostings = Map<string, Unfounded>;

/** Keeps a line that was posted and stands on nothing. */
export function keepUnfounded(postings: UnfoundedPostings, one: Omit<Unfounded, 'key'>): void {
  const key = lineKey(one);
  postings.set(`${one.entry} ${key}`, { ...one, key });
}

/** What was posted, stands on nothing, and was not posted again from a later count; the oldest first. */
export function unfoundedNow({
  books,
  unfounded,
}: {
  readonly books: Books;
  readonly unfounded: UnfoundedPostings;
}): Unfounded[] {
  return [...unfounded.values()]
    .filter(({ key, order }) => !books.lines.get(key)?.counts.some((count) => count.order > order))
    .toSorted((left, right) => (left.at < right.at ? -1 : 1));
}
