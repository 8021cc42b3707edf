import type { Dexie, Table } from 'dexie';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { insertAtOnce } from './insert-at-once.ts';

/** The rows of one RxDB collection, read without RxDB: whole pages at once instead of a cursor row by row. */
export type RawRows<Row> = {
  countAfter(afterId: string): Promise<number>;
  last(): Promise<Row | undefined>;
  /** The last row whose id is `id` or less, and greater than `aboveId`. */
  upTo(id: string, aboveId: string): Promise<Row | undefined>;
  /** Rows whose id is greater than `afterId`, and at most `upToId`, in the order of ids, at most `limit`. */
  after(afterId: string, limit: number, upToId?: string): Promise<readonly Row[]>;
  /** Rows with an id from `fromId` to `toId`. */
  between(fromId: string, toId: string): Promise<readonly Row[]>;
  /** Ids greater than `afterId` and at most `upToId`, in their order. */
  ids(afterId: string, upToId: string): Promise<readonly string[]>;
  /** The first id greater than `afterId`. */
  firstId(afterId: string): Promise<string | undefined>;
  /** Rows that have `value` in the indexed list `field`, in the order of ids. */
  where(field: string, value: string): Promise<readonly Row[]>;
  /** Rows that have one of `values` in the indexed list `field`, each once, in the order of ids. */
  whereAny(field: string, values: readonly string[]): Promise<readonly Row[]>;
  /** Removes rows for good. */
  delete(ids: readonly string[]): Promise<void>;
  /** Removes rows and puts others in their stead, both or neither. `rows` must have RxDB's own fields. */
  replace(ids: readonly string[], rows: readonly Row[]): Promise<void>;
  clear(): Promise<void>;
};

export type LedgerStorage = {
  readonly storage: ReturnType<typeof getRxStorageDexie>;
  rows<Row>(collection: string): RawRows<Row>;
  /** The IndexedDB that holds a collection; undefined: it is not open. */
  databaseName(collection: string): string | undefined;
  /** The rows of a database that an earlier version wrote; undefined: there is none. Nothing is made by looking. */
  earlier<Row>(database: string): Promise<EarlierRows<Row> | undefined>;
  /** Closes what is open and deletes the databases of this ledger, for a copy that cannot be read. */
  destroy(): Promise<void>;
};

/** Rows that are only read any more, until all of them are deleted. */
export type EarlierRows<Row> = {
  /** Rows whose id is greater than `afterId`, in the order of ids, at most `limit`. */
  after(afterId: string, limit: number): Promise<readonly Row[]>;
  close(): void;
  /** Deletes the database for good. */
  delete(): Promise<void>;
};

type Idb = { indexedDB: IDBFactory; IDBKeyRange: typeof IDBKeyRange };

/**
 * RxDB over Dexie with strict durability: a write resolves when the disk has it, not when the operating system has it.
 * Chromium's default since version 121 is relaxed, which loses the newest entries in a power cut. `indexes` replaces what
 * RxDB would index of a collection's rows, in Dexie's words; rows of those collections are inserted at once (see there).
 * `idb` is given in tests; a browser has its own.
 */
export function createDexieStorage(indexes: Readonly<Record<string, string>> = {}, idb?: Idb): LedgerStorage {
  const opened = new Map<string, Dexie>();
  const storage = getRxStorageDexie({
    chromeTransactionDurability: 'strict',
    ...idb,
    onCreate(database: Dexie, name: string) {
      opened.set(name, database);
      const own = indexes[name.slice(name.lastIndexOf('--') + 2)];
      if (own !== undefined) indexAs(database, own);
    },
  });

  function databaseOf(collection: string): Dexie | undefined {
    for (const [name, database] of opened) if (name.endsWith(`--${collection}`)) return database;
    return undefined;
  }

  function table(collection: string): Table<unknown, string> {
    const database = databaseOf(collection);
    if (database === undefined) throw new Error(`no open collection ${collection}`);
    return database.table('docs');
  }

  insertAtOnce(storage, (collection) => (collection in indexes ? databaseOf(collection) : undefined));

  return {
    storage,
    rows: <Row>(collection: string): RawRows<Row> => ({
      countAfter: async (afterId) => table(collection).where('id').above(afterId).count(),
      last: async () => (await table(collection).orderBy('id').last()) as Row | undefined,
      upTo: async (id, aboveId) =>
        (await table(collection).where('id').between(aboveId, id, false, true).last()) as Row | undefined,
      after: async (afterId, limit, upToId = LAST) =>
        (await table(collection).where('id').between(afterId, upToId, false, true).limit(limit).toArray()) as Row[],
      between: async (fromId, toId) =>
        (await table(collection).where('id').between(fromId, toId, true, true).toArray()) as Row[],
      ids: async (afterId, upToId) => table(collection).where('id').between(afterId, upToId, false, true).primaryKeys(),
      firstId: async (afterId) => (await table(collection).where('id').above(afterId).limit(1).primaryKeys())[0],
      where: async (field, value) => (await table(collection).where(field).equals(value).toArray()) as Row[],
      whereAny: async (field, values) => {
        const docs = table(collection);
        // In one transaction: rows that are joined between the two looks would be missed.
        return docs.db.transaction('r', docs, async () => {
          const ids = new Set<string>();
          for (const value of values) for (const id of await docs.where(field).equals(value).primaryKeys()) ids.add(id);
          return (await docs.bulkGet([...ids].toSorted())).filter((row) => row !== undefined) as Row[];
        });
      },
      delete: async (ids) => {
        await table(collection).bulkDelete([...ids]);
      },
      replace: async (ids, rows) => {
        const docs = table(collection);
        await docs.db.transaction('rw', docs, async () => {
          await docs.bulkDelete([...ids]);
          await docs.bulkPut([...rows]);
        });
      },
      clear: async () => {
        await table(collection).clear();
      },
    }),
    databaseName: (collection) => databaseOf(collection)?.name,
    earlier: (database) => openEarlier(database, idb ?? { indexedDB, IDBKeyRange }),
    async destroy() {
      for (const database of opened.values()) await database.delete();
      opened.clear();
    },
  };
}

/** Greater than every id. */
const LAST = '\uFFFF';

function answered<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('refused')));
  });
}

async function openEarlier<Row>(name: string, idb: Idb): Promise<EarlierRows<Row> | undefined> {
  const known = await idb.indexedDB.databases();
  if (known.every((one) => one.name !== name)) return undefined;
  const database = await answered(idb.indexedDB.open(name));
  if (!database.objectStoreNames.contains('docs')) {
    database.close();
    return undefined;
  }
  return {
    async after(afterId, limit) {
      const docs = database.transaction(['docs'], 'readonly').objectStore('docs');
      return answered(docs.getAll(idb.IDBKeyRange.lowerBound(afterId, true), limit) as IDBRequest<Row[]>);
    },
    close: () => database.close(),
    async delete() {
      database.close();
      await answered(idb.indexedDB.deleteDatabase(name));
    },
  };
}

/** RxDB declares the stores of a database after it has handed it out here, and before it opens it. */
function indexAs(database: Dexie, indexes: string): void {
  const declare = database.version.bind(database);
  database.version = (number) => {
    const version = declare(number);
    const stores = version.stores.bind(version);
    version.stores = (schema) => stores({ ...schema, docs: indexes });
    return version;
  };
}
