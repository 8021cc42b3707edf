import { createRxDatabase, type RxDatabase } from 'rxdb';
import { checkpointSchema, ledgerSchema, type LedgerCollections } from './collections.ts';
import type { LedgerStorage } from './storage/dexie.ts';

export type LedgerDatabase = RxDatabase<LedgerCollections>;

/**
 * Opens the page's copy of the ledger. One window owns it, so no multi-instance. RxDB migrates nothing: a new schema
 * version opens a new, empty collection, and what the one before held is moved by earlier-rows.ts.
 */
export async function openDatabase(storage: LedgerStorage, name: string): Promise<LedgerDatabase> {
  const database = await createRxDatabase<LedgerCollections>({
    name,
    storage: storage.storage,
    multiInstance: false,
    eventReduce: false,
    closeDuplicates: true,
  });
  await database.addCollections({
    ledger: { schema: ledgerSchema, autoMigrate: false },
    checkpoint: { schema: checkpointSchema },
  });
  return database;
}
