import type { EntryRow } from './collections.ts';
import { afterRowsOf, chainBounds, ENTRIES_A_ROW, fromRow, spanOf, toRows } from './rows.ts';
import type { RawRows } from './storage/dexie.ts';

/** Rows that make one long row together; none when they are one already. */
type Batch = readonly string[];

/**
 * Joins rows of a device after `afterId` that hold an entry or a few into long ones, which are far quicker to read at a start. Each
 * long row takes the place of the others in one transaction, so every entry is there once at any moment; a `pause` between
 * lets scans through. The newest entries stay as they are until there are enough of them. Rows that cannot be read, or do
 * not follow from each other, are left to the check of the chain. Gives the id after which nothing is joined yet.
 */
export async function joinRows(rows: RawRows<EntryRow>, afterId: string, pause: () => Promise<void>): Promise<string> {
  let done = afterId;
  for (const batch of batchesOf(await rows.ids(afterRowsOf(afterId), chainBounds(spanOf(afterId).device).upTo))) {
    if (batch.length > 1) {
      await join(rows, batch);
      await pause();
    }
    done = batch.at(-1) ?? done;
  }
  return done;
}

function batchesOf(ids: readonly string[]): Batch[] {
  const batches: string[][] = [];
  let batch: string[] = [];
  let entries = 0;
  for (const id of ids) {
    const { from, to } = spanOf(id);
    const count = to - from + 1;
    // A row that does not fit begins a batch of its own; the ones before it are long enough to be left behind.
    if (batch.length > 0 && entries + count > ENTRIES_A_ROW) {
      batches.push(batch);
      batch = [];
      entries = 0;
    }
    batch.push(id);
    entries += count;
  }
  // What is left over is joined with what comes.
  if (entries === ENTRIES_A_ROW) batches.push(batch);
  return batches;
}

async function join(rows: RawRows<EntryRow>, ids: Batch): Promise<void> {
  const [first = ''] = ids;
  const held = (await rows.between(first, ids.at(-1) ?? first)).filter(({ id }) => ids.includes(id));
  const kept = held.flatMap(fromRow);
  const entries = kept.flatMap(({ entry, hash }) => (entry?.hash === hash ? [entry] : []));
  const joined = toRows(entries);
  if (entries.length !== kept.length || joined.length >= held.length) return;
  // RxDB's own fields come from a row that it wrote.
  await rows.replace(
    held.map(({ id }) => id),
    joined.map((row) => ({ ...held[0], ...row })),
  );
}
