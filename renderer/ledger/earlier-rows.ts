import { ok, type Result } from '../../shared/domain/result.ts';
import type { EntryRow } from './collections.ts';
import type { Copy } from './copy.ts';
import type { LedgerError } from './ledger.ts';
import { fromRow, readable } from './rows.ts';
import type { LedgerStorage } from './storage/dexie.ts';

/** The database that held the same rows before each named its bins. */
const EARLIER = (name: string): string => `rxdb-dexie-${name}--1--ledger`;
/** Rows moved at a time: some megabytes. */
const ROWS = 20;

/**
 * Moves what an earlier version kept into this copy, with what is kept of each entry today. The journal may have lost some
 * of it, so it is not merely read again from there: the earlier database is deleted only when everything in it is here. Cut
 * short, it is done again from the beginning, and what is here already stays as it is. A row that cannot be read is left out;
 * the journal has its entries. `inTime` bounds one step, not the whole. @throws when the earlier database cannot be read.
 */
export async function moveEarlierRows(
  copy: Pick<Copy, 'insert'>,
  storage: Pick<LedgerStorage, 'earlier'>,
  name: string,
  inTime: <Value>(step: Promise<Value>) => Promise<Value> = (step) => step,
): Promise<Result<null, LedgerError>> {
  const earlier = await inTime(storage.earlier<Omit<EntryRow, 'bins'>>(EARLIER(name)));
  if (earlier === undefined) return ok(null);
  let isMoved = false;
  try {
    for (let after = ''; ;) {
      const rows = await inTime(earlier.after(after, ROWS));
      const stored = await inTime(copy.insert(rows.flatMap((row) => readable(fromRow(row)))));
      if (!stored.ok) return stored;
      const end = rows.at(-1);
      if (end === undefined) break;
      after = end.id;
    }
    isMoved = true;
  } finally {
    if (!isMoved) earlier.close();
  }
  await inTime(earlier.delete());
  return ok(null);
}
