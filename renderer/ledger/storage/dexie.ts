import type { Dexie, Table } from 'dexie';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';

/** The rows of one RxDB collection, read without RxDB: whole pages at once instead of a cursor row by row. */
export type RawRows<Row> = {
  countAfter(afterId: string): Promise<number>;
  last(): Promise<Row | undefined>;
  /** Rows whose id is greater than `afterId`, in the order of ids, at most `limit`. */
  after(afterId: string, limit: number): Promise<readonly Row[]>;
  /** Rows whose indexed `field` equals `value`, in the order of ids. */
  where(field: string, value: string): Promise<readonly Row[]>;
  /** Removes rows for good; for checkpoints only, entries are never removed. */
  delete(ids: readonly string[]): Promise<void>;
  clear(): Promise<void>;
};

export type LedgerStorage = {
  readonly storage: ReturnType<typeof getRxStorageDexie>;
  rows<Row>(collection: string): RawRows<Row>;
  /** Closes what is open and deletes the databases of this ledger, for a copy that cannot be read. */
  destroy(): Promise<void>;
};

/**
 * RxDB over Dexie with strict durability: a write resolves when the disk has it, not when the operating system has it.
 * Chromium's default since version 121 is relaxed, which loses the newest entries in a power cut.
 * `idb` is given in tests; a browser has its own.
 */
export function createDexieStorage(idb?: { indexedDB: IDBFactory; IDBKeyRange: typeof IDBKeyRange }): LedgerStorage {
  const opened = new Map<string, Dexie>();
  const storage = getRxStorageDexie({
    chromeTransactionDurability: 'strict',
    ...idb,
    onCreate(database: Dexie, name: string) {
      opened.set(name, database);
    },
  });

  function table(collection: string): Table<unknown, string> {
    for (const [name, database] of opened) if (name.endsWith(`--${collection}`)) return database.table('docs');
    throw new Error(`no open collection ${collection}`);
  }

  return {
    storage,
    rows: <Row>(collection: string): RawRows<Row> => ({
      countAfter: async (afterId) => table(collection).where('id').above(afterId).count(),
      last: async () => (await table(collection).orderBy('id').last()) as Row | undefined,
      after: async (afterId, limit) =>
        (await table(collection).where('id').above(afterId).limit(limit).toArray()) as Row[],
      // RxDB puts `_deleted` in front of its indexes and keeps it as '0'.
      where: async (field, value) => {
        const rows = table(collection)
          .where(`[_deleted+${field}+id]`)
          .between(['0', value, ''], ['0', value, '\uFFFF']);
        return (await rows.toArray()) as Row[];
      },
      delete: async (ids) => {
        await table(collection).bulkDelete([...ids]);
      },
      clear: async () => {
        await table(collection).clear();
      },
    }),
    async destroy() {
      for (const database of opened.values()) await database.delete();
      opened.clear();
    },
  };
}
