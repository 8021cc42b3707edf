import type { Dexie } from 'dexie';
import type { RxStorage } from 'rxdb';

type Documents = readonly { document: object; previous?: object }[];

/**
 * Makes a storage write new documents without reading first whether they are there: one request and the commit travel
 * together, where RxDB's Dexie storage goes back and forth three times. Whatever is not purely new, or is refused (a
 * document that is there already, a full disk), goes RxDB's way, which says what is wrong. Nobody is told of what is
 * written so: collections that use it must not be observed through RxDB.
 */
export function insertAtOnce<Internals, Options>(
  storage: RxStorage<Internals, Options>,
  databaseOf: (collection: string) => Dexie | undefined,
): void {
  const create = storage.createStorageInstance.bind(storage);
  storage.createStorageInstance = async (params) => {
    const instance = await create(params);
    const database = databaseOf(params.collectionName);
    if (database === undefined) return instance;
    const write = instance.bulkWrite.bind(instance);
    instance.bulkWrite = async (rows, context) => {
      const isNew = rows.every(({ previous }) => previous === undefined);
      if (isNew && (await added(database, rows))) return { error: [] };
      return write(rows, context);
    };
    return instance;
  };
}

/** Whether all documents were added, in one transaction that is on the disk; otherwise none was. */
function added(database: Dexie, rows: Documents): Promise<boolean> {
  return new Promise((resolve) => {
    try {
      const transaction = database.backendDB().transaction(['docs'], 'readwrite', { durability: 'strict' });
      transaction.addEventListener('complete', () => resolve(true));
      transaction.addEventListener('abort', () => resolve(false));
      const docs = transaction.objectStore('docs');
      // RxDB's Dexie storage keeps `_deleted` as a text.
      for (const { document } of rows) docs.add({ ...document, _deleted: '0' });
      transaction.commit();
    } catch {
      resolve(false);
    }
  });
}
