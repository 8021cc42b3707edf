import { IDBFactory } from 'fake-indexeddb';
import { expect, test } from 'vitest';
import { moveEarlierRows } from '../../../renderer/ledger/earlier-rows.ts';
import { readable, toRows } from '../../../renderer/ledger/rows.ts';
import { entryId, type LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { err } from '../../../shared/domain/result.ts';
import { counted, created, createHistory } from '../../shared/domain/history.ts';
import { code, openPageCopy, unwrap } from './page.ts';

const EARLIER = 'rxdb-dexie-tallybook--1--ledger';

function scans(number: number): readonly LedgerEntry[] {
  const history = createHistory();
  history.say(0, created());
  for (let at = 1; at < number; at += 1) history.say(at / 60, counted('1', { bin: at % 3 === 0 ? 'A-1' : 'A-2' }));
  return history.entries;
}

/** A database as the version before wrote it: long rows, and the newest entries one by one. */
async function earlierDatabase(factory: IDBFactory, entries: readonly LedgerEntry[], alone: number): Promise<void> {
  const request = factory.open(EARLIER, 10);
  request.addEventListener('upgradeneeded', () => {
    const docs = request.result.createObjectStore('docs', { keyPath: 'id' });
    docs.createIndex('subjects', 'subjects', { multiEntry: true });
    docs.createIndex('places', 'places', { multiEntry: true });
    request.result.createObjectStore('changes', { keyPath: 'sequence', autoIncrement: true });
    request.result.createObjectStore('attachments', { keyPath: 'id' });
  });
  const database = await new Promise<IDBDatabase>((resolve) => {
    request.addEventListener('success', () => resolve(request.result));
  });
  const rows = [...toRows(entries.slice(0, -alone)), ...entries.slice(-alone).flatMap((entry) => toRows([entry]))].map(
    ({ bins: _, ...row }) => ({ ...row, _deleted: '0', _rev: '1-x', _meta: { lwt: 1 }, _attachments: {} }),
  );
  await new Promise<void>((resolve) => {
    const transaction = database.transaction(['docs'], 'readwrite');
    for (const row of rows) transaction.objectStore('docs').put(row);
    transaction.addEventListener('complete', () => resolve());
  });
  database.close();
}

async function names(factory: IDBFactory): Promise<readonly (string | undefined)[]> {
  return (await factory.databases()).map(({ name }) => name);
}

test('L806 what an earlier version kept is here after an update, and its bins are found', async () => {
  const factory = new IDBFactory();
  const entries = scans(620);
  await earlierDatabase(factory, entries, 50);
  const { copy, storage } = await openPageCopy(factory);
  unwrap(await moveEarlierRows(copy, storage, 'tallybook'));
  expect(readable(await copy.entriesAfter(entryId('d1', 0), 1000))).toEqual(entries);
  expect((await copy.byBins(new Set(['a-1', 'A-1']))).length).toBe(
    entries.filter(({ fact }) => fact.kind === 'counted' && fact.bin === 'A-1').length,
  );
  expect(await names(factory)).not.toContain(EARLIER);
  // A second start finds nothing to do.
  unwrap(await moveEarlierRows(copy, storage, 'tallybook'));
  expect(await copy.countAfter(entryId('d1', 0))).toBe(620);
  await copy.close();
});

test('L807 an update that was cut short, or had no room, loses nothing and is done again', async () => {
  const factory = new IDBFactory();
  const entries = scans(300);
  await earlierDatabase(factory, entries, 100);
  const { copy, storage } = await openPageCopy(factory);
  let inserts = 0;
  const full = {
    insert: async (some: readonly LedgerEntry[]) =>
      (inserts += 1) > 2 ? err({ code: 'not_stored' as const, detail: 'quota' }) : copy.insert(some),
  };
  expect(code(await moveEarlierRows(full, storage, 'tallybook'))).toBe('not_stored');
  expect(await names(factory)).toContain(EARLIER);
  // What was counted meanwhile, by whatever version, is there too.
  unwrap(await copy.insert(entries.slice(280)));
  unwrap(await moveEarlierRows(copy, storage, 'tallybook'));
  expect(readable(await copy.entriesAfter(entryId('d1', 0), 1000))).toEqual(entries);
  expect(await names(factory)).not.toContain(EARLIER);
  await copy.close();
});

test('L807 a database that is not there is not made by looking for it', async () => {
  const factory = new IDBFactory();
  const { copy, storage } = await openPageCopy(factory);
  unwrap(await moveEarlierRows(copy, storage, 'tallybook'));
  expect(await names(factory)).not.toContain(EARLIER);
  await copy.close();
});
