import { firstBroken } from './chain.ts';
import type { CheckAnswer, CheckRequest } from './check-in-worker.ts';
import type { EntryRow } from './collections.ts';
import { nextRows, type RowSource } from './next-rows.ts';

// Runs in a worker of its own: a million hashes are computed while people count, and no scan waits for one of them.

/** Of the time that a page of rows took, so much is left to others on a machine of few cores. */
const REST_SHARE = 0.5;

function answered<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(new Error('the copy cannot be read')));
  });
}

function rowsOf(database: IDBDatabase): RowSource {
  const docs = () => database.transaction('docs', 'readonly').objectStore('docs');
  return {
    after: (afterId, limit, upToId = '\uFFFF') =>
      answered(docs().getAll(IDBKeyRange.bound(afterId, upToId, true), limit) as IDBRequest<EntryRow[]>),
    async upTo(id, aboveId) {
      const cursor = await answered(docs().openCursor(IDBKeyRange.bound(aboveId, id, true), 'prev'));
      return cursor?.value as EntryRow | undefined;
    },
  };
}

async function check({ database: name, device, gaps }: CheckRequest): Promise<CheckAnswer> {
  const database = await answered(indexedDB.open(name));
  // Whoever deletes or upgrades the copy does not wait for its check.
  database.addEventListener('versionchange', () => database.close());
  const rows = rowsOf(database);
  let since = performance.now();
  const broken = await firstBroken(
    { nextRows: (afterId, count) => nextRows(rows, afterId, count) },
    {
      device,
      gaps,
      async pause() {
        const took = performance.now() - since;
        await new Promise<void>((resolve) => setTimeout(resolve, took * REST_SHARE));
        since = performance.now();
      },
    },
  );
  database.close();
  return { broken };
}

self.addEventListener('message', (event: MessageEvent<CheckRequest>) => {
  // A worker does not say that a promise failed; an error it does.
  check(event.data).then(
    (answer) => self.postMessage(answer),
    (cause: unknown) => self.reportError(cause),
  );
});
