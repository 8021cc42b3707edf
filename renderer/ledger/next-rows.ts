import type { EntryRow } from './collections.ts';
import { afterRowsOf, chainBounds, fromRow, spanOf, type KeptEntry } from './rows.ts';
import type { RawRows } from './storage/dexie.ts';

/** What reading row after row needs of where the rows are. */
export type RowSource = Pick<RawRows<EntryRow>, 'after' | 'upTo'>;

/**
 * The entries of the same device after `afterId` that the next `count` rows hold, at most; none at the end of its chain.
 * From row to row each is read once. Rows may be joined meanwhile: then the rest of the row that took the place of others is given.
 */
export async function nextRows(source: RowSource, afterId: string, count: number): Promise<readonly KeptEntry[]> {
  const { device, to } = spanOf(afterId);
  const chain = chainBounds(device);
  const held = await source.after(afterRowsOf(afterId), count, chain.upTo);
  const first = held[0] && spanOf(held[0].id);
  if (first?.from !== to + 1) {
    const before = await source.upTo(afterRowsOf(afterId), chain.above);
    const rest = before && spanOf(before.id).to > to ? fromRow(before).filter(({ seq }) => seq > to) : [];
    if (rest.length > 0) return rest;
  }
  return held.flatMap(fromRow);
}
