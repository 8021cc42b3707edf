import { skuKey } from '../../domain/item.ts';
import type { SendLine } from '../../domain/ledger-entry.ts';
import { binKey } from '../../domain/location.ts';

/** What has to be known of a line so that it goes again once and no more. */
export type LineName = Pick<SendLine, 'ref' | 'item' | 'bins' | 'remoteItem' | 'remoteLocation'>;
export type AgainLine = LineName & { readonly request: string; readonly batch: string };

/** Lines of one connection that go again and are in no new request yet, by reference. */
export type Again = { readonly lines: Map<string, AgainLine>; readonly byItem: Map<string, Set<string>> };

/** No lines. */
export function emptyAgain(): Again {
  return { lines: new Map(), byItem: new Map() };
}

function itemKey(batch: string, item: string): string {
  return `${batch}\u001F${skuKey(item)}`;
}

/** Notes, in place, that a line goes again. */
export function addAgain(again: Again, line: AgainLine): void {
  again.lines.set(line.ref, line);
  const key = itemKey(line.batch, line.item);
  const refs = again.byItem.get(key);
  if (refs === undefined) again.byItem.set(key, new Set([line.ref]));
  else refs.add(line.ref);
}

/** A plan of a batch, as far as it takes the place of lines that go again: the bins it has of an item. */
export type Replacing = { readonly batch: string; binsOf(item: string): readonly string[] };

/** Whether a plan takes the place of a line that goes again: once it is frozen that line does not go any more, see `frozenNow`. */
export function isReplaced(line: AgainLine, by: Replacing | undefined): boolean {
  if (by === undefined || line.batch !== by.batch) return false;
  const bins = new Set(by.binsOf(line.item).map(binKey));
  return line.bins.every((bin) => bins.has(binKey(bin)));
}

/** Takes, in place, a line off that goes again no more. */
export function dropAgain(again: Again, ref: string): void {
  const line = again.lines.get(ref);
  if (line === undefined) return;
  again.lines.delete(ref);
  again.byItem.get(itemKey(line.batch, line.item))?.delete(ref);
}

/**
 * A line was frozen: it goes again no more by itself, and neither does another of the batch that shares item and bin with
 * it. A person's new plan may have put the posted lines together in another way, under another reference; those that it
 * really left out are still open for the next plan. Better one line too few than one sent twice.
 */
export function frozenNow(again: Again, batch: string, line: LineName): void {
  if (again.lines.size === 0) return;
  dropAgain(again, line.ref);
  const bins = new Set(line.bins.map(binKey));
  // Taking the one just met off a set while going through it is fine.
  for (const ref of again.byItem.get(itemKey(batch, line.item)) ?? []) {
    if (again.lines.get(ref)?.bins.some((bin) => bins.has(binKey(bin))) === true) dropAgain(again, ref);
  }
}
