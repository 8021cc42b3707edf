import { Dexie, type Table } from 'dexie';
import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';

/** A scan as an app without our ledger would keep it: twelve plain fields, about 300 bytes, two indexes. */
export type PlainEntry = {
  id: string;
  seq: number;
  device: string;
  at: string;
  by: string;
  kind: string;
  stocktake: string;
  pass: number;
  bin: string;
  item: string;
  quantity: number;
  hash: string;
};

export function plainEntry(entry: LedgerEntry): PlainEntry {
  const { id, seq, device, at, by, hash, fact } = entry;
  if (fact.kind !== 'counted')
    return { id, seq, device, at, by, kind: fact.kind, stocktake: '', pass: 0, bin: '', item: '', quantity: 0, hash };
  const { kind, stocktake, pass, bin, item, quantity } = fact;
  return { id, seq, device, at, by, kind, stocktake, pass, bin, item, quantity: Number(quantity), hash };
}

/** What is awaited of IndexedDB's requests. */
export function answerOf<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('the request failed')));
  });
}

export function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve());
    transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('the transaction was aborted')));
  });
}

const STRICT = { durability: 'strict' } as const;

/**
 * Raw IndexedDB with the two stores of the comparison: entries with two indexes, balances by item and bin. A fold reads the
 * entries alone, so what it is measured on is filled without indexes, which is faster.
 */
export function openRaw(name: string, isIndexed = true): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.addEventListener('upgradeneeded', () => {
    const entries = request.result.createObjectStore('entries', { keyPath: 'id' });
    if (isIndexed) {
      entries.createIndex('item', ['item', 'id']);
      entries.createIndex('place', ['stocktake', 'bin', 'id']);
    }
    request.result.createObjectStore('balances', { keyPath: 'key' });
  });
  return answerOf(request);
}

function keyOf(entry: PlainEntry): string {
  return `${entry.item}|${entry.bin}`;
}

/** One strict transaction over two stores: the entry in, the balance read and written back. */
export async function rawScan(raw: IDBDatabase, entry: PlainEntry): Promise<void> {
  const transaction = raw.transaction(['entries', 'balances'], 'readwrite', STRICT);
  const done = committed(transaction);
  transaction.objectStore('entries').add(entry);
  const balances = transaction.objectStore('balances');
  const key = keyOf(entry);
  const reading = balances.get(key);
  reading.addEventListener('success', () => {
    const known = reading.result as { quantity: number } | undefined;
    balances.put({ key, quantity: (known?.quantity ?? 0) + entry.quantity });
  });
  await done;
}

/** Entries in one strict transaction. */
export async function rawAdd(raw: IDBDatabase, entries: readonly PlainEntry[]): Promise<void> {
  const transaction = raw.transaction(['entries'], 'readwrite', STRICT);
  const done = committed(transaction);
  const store = transaction.objectStore('entries');
  for (const entry of entries) store.add(entry);
  await done;
}

/** Every entry, 5,000 at a time, summed by item and bin. */
export async function rawFold(raw: IDBDatabase): Promise<Map<string, number>> {
  const sums = new Map<string, number>();
  let after = '';
  for (;;) {
    const store = raw.transaction(['entries'], 'readonly').objectStore('entries');
    const page: PlainEntry[] = await answerOf(store.getAll(IDBKeyRange.lowerBound(after, true), 5000));
    for (const entry of page) {
      const key = keyOf(entry);
      sums.set(key, (sums.get(key) ?? 0) + entry.quantity);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < 5000) return sums;
    after = last.id;
  }
}

export type RawDexie = {
  readonly database: Dexie;
  readonly entries: Table<PlainEntry, string>;
  readonly balances: Table<{ key: string; quantity: number }, string>;
};

/** Dexie with the same stores and the same durability. */
export function openRawDexie(name: string): RawDexie {
  const database = new Dexie(name, { chromeTransactionDurability: 'strict' });
  database.version(1).stores({ entries: 'id, [item+id], [stocktake+bin+id]', balances: 'key' });
  return { database, entries: database.table('entries'), balances: database.table('balances') };
}

export async function dexieScan({ database, entries, balances }: RawDexie, entry: PlainEntry): Promise<void> {
  await database.transaction('rw', entries, balances, async () => {
    await entries.add(entry);
    const key = keyOf(entry);
    const known = await balances.get(key);
    await balances.put({ key, quantity: (known?.quantity ?? 0) + entry.quantity });
  });
}
