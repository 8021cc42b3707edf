/** Under what the oracle keeps a figure: one thing of the remote at one of its places. */
export function keyOf(thing: { readonly remoteItem: string }, place: string): string {
  return `${thing.remoteItem}@${place}`;
}
