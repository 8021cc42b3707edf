/**
 * States that were folded further. Sending can take ten thousand requests, and a copy of all of them for each entry would
 * take a square of that: so a state keeps its maps when it is folded, and only its outermost object is new. What was
 * folded further may still be read, and shows the newest content; it may not be folded a second time.
 */
const foldedFurther = new WeakSet<object>();

/**
 * Marks `before` as folded further into `after`, and gives `after`.
 * @throws when `before` was folded further already: its maps hold entries that `after` must not see.
 */
export function foldedInto<State extends object>(before: object, after: State): State {
  if (foldedFurther.has(before)) throw new Error('a state may be folded further only once');
  foldedFurther.add(before);
  return after;
}
