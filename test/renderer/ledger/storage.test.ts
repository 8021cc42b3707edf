import { IDBFactory } from 'fake-indexeddb';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstBroken } from '../../../renderer/ledger/chain.ts';
import { placeKey, type EntryRow } from '../../../renderer/ledger/collections.ts';
import { readable } from '../../../renderer/ledger/rows.ts';
import { entryId } from '../../../shared/domain/ledger-entry.ts';
import { counted, created, createHistory, minute, place } from '../../shared/domain/history.ts';
import { openPageCopy, unwrap } from './page.ts';

/** Where the chain of these entries begins. */
const START = entryId('d1', 0);

function scans(number: number) {
  const history = createHistory();
  history.say(0, created());
  for (let at = 1; at < number; at += 1)
    history.say(at / 60, counted('1', { item: at % 2 === 0 ? 'tea' : 'OIL', bin: at % 3 === 0 ? 'A-1' : 'A-2' }));
  return history.entries;
}

describe('the page’s copy', () => {
  test('L60 entries come back as they were put in, by sequence, by item and by sheet', async () => {
    const { copy } = await openPageCopy(new IDBFactory());
    const entries = scans(300);
    unwrap(await copy.insert(entries));
    expect(await copy.last('d1')).toMatchObject({ seq: 300, hash: entries.at(-1)?.hash });
    expect(await copy.countAfter(entries[99]?.id ?? '')).toBe(200);
    const rows = await copy.entriesAfter(entries[249]?.id ?? '', 10);
    expect(rows.map((row) => row.seq)).toEqual([251, 252, 253, 254, 255, 256, 257, 258, 259, 260]);
    expect(await copy.bySubject(' TEA')).toEqual(
      entries.filter(({ fact }) => fact.kind === 'counted' && fact.item === 'tea'),
    );
    expect(await copy.byPlace(placeKey(place({ bin: 'a-1' })))).toEqual(
      entries.filter(({ fact }) => fact.kind === 'counted' && fact.bin === 'A-1'),
    );
    expect(await copy.at(entries[41]?.id ?? '')).toMatchObject({ seq: 42 });
    expect(await copy.at('nobody-000000000001')).toBeUndefined();
    await copy.close();
  });

  test('L61 what concerns sending is found without reading the rest', async () => {
    const { copy } = await openPageCopy(new IDBFactory());
    const history = createHistory();
    history.say(0, counted('1'));
    const saved = history.say(1, {
      kind: 'connection_saved',
      connection: 'c',
      remote: 'square',
      name: 'Shop',
      settings: {},
    });
    const observed = history.say(2, {
      kind: 'remote_observed',
      connection: 'c',
      requestedAt: minute(1),
      counts: [],
      complete: true,
    });
    unwrap(await copy.insert(history.entries));
    expect(await copy.sending()).toEqual([saved, observed]);
    await copy.close();
  });

  test('L62 an entry put in twice is there once, and that is no error', async () => {
    const { copy } = await openPageCopy(new IDBFactory());
    const entries = scans(10);
    unwrap(await copy.insert(entries.slice(0, 6)));
    unwrap(await copy.insert(entries));
    expect(await copy.countAfter(START)).toBe(10);
    await copy.close();
  });

  test('L63 forgotten and filled again, the copy is as before', async () => {
    const { copy } = await openPageCopy(new IDBFactory());
    const entries = scans(20);
    unwrap(await copy.insert(entries));
    await copy.writeCheckpoint(['a']);
    await copy.clear();
    expect([await copy.last('d1'), await copy.readCheckpoint()]).toEqual([undefined, undefined]);
    unwrap(await copy.insert(entries));
    expect(await copy.countAfter(START)).toBe(20);
    await copy.close();
  });

  test('L64 the newest whole checkpoint is read, the one before it kept, older ones removed', async () => {
    const factory = new IDBFactory();
    const { copy, storage } = await openPageCopy(factory);
    expect(await copy.readCheckpoint()).toBeUndefined();
    for (const generation of ['one', 'two', 'three'])
      await copy.writeCheckpoint([`${generation} head`, `${generation} books`]);
    expect(await copy.readCheckpoint()).toEqual(['three head', 'three books']);
    const rows = storage.rows<{ id: string }>('checkpoint');
    expect(await rows.countAfter('')).toBe(6);
    const newest = (await rows.after('', 100)).at(-2);
    await rows.delete([newest?.id ?? '']);
    expect(await copy.readCheckpoint()).toEqual(['two head', 'two books']);
    await copy.close();
  });

  test('L65 opened and closed again and again, nothing is left open', async () => {
    const factory = new IDBFactory();
    // RxDB allows thirteen open collections; this opens forty.
    for (let time = 0; time < 20; time += 1) {
      const { copy } = await openPageCopy(factory);
      unwrap(await copy.insert(scans(time + 1)));
      expect(await copy.countAfter(START)).toBe(time + 1);
      await copy.close();
    }
  });

  test('L163 entries put in together or apart are found alike, and rows are cut where entries are taken back', async () => {
    const { copy, storage } = await openPageCopy(new IDBFactory());
    const entries = scans(700);
    for (const entry of entries.slice(0, 5)) unwrap(await copy.insert([entry]));
    unwrap(await copy.insert(entries.slice(5)));
    expect(await storage.rows('ledger').countAfter('')).toBeLessThan(12);
    for (const from of [0, 3, 5, 6, 254, 255, 256, 699]) {
      const after = entries[from - 1]?.id ?? START;
      expect(readable(await copy.entriesAfter(after, 300))).toEqual(entries.slice(from, from + 300));
      expect(await copy.countAfter(after)).toBe(700 - from);
      expect((await copy.at(entries[from]?.id ?? ''))?.entry).toEqual(entries[from]);
    }
    for (const end of [600, 255, 254, 3]) {
      unwrap(await copy.takeBack(entries.slice(end)));
      expect(readable(await copy.entriesAfter(START, 1000))).toEqual(entries.slice(0, end));
      expect((await copy.bySubject('tea')).length + (await copy.bySubject('oil')).length).toBe(end - 1);
    }
    unwrap(await copy.insert(entries));
    expect(readable(await copy.entriesAfter(START, 1000))).toEqual(entries);
    await copy.close();
  });

  test('L164 a hole is filled with what is missing, whatever is there of it already', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(59), fc.integer({ min: 1, max: 40 })), { maxLength: 8 }),
        async (parts) => {
          const { copy } = await openPageCopy(new IDBFactory());
          const entries = scans(60);
          const held = new Set<string>();
          for (const [from, count] of parts) {
            const part = entries.slice(from, from + count);
            for (const { id } of part) held.add(id);
            unwrap(await copy.insert(part));
          }
          expect(readable(await copy.entriesAfter(START, 100))).toEqual(entries.filter(({ id }) => held.has(id)));
          expect(await copy.countAfter(START)).toBe(held.size);
          unwrap(await copy.insert(entries));
          expect(readable(await copy.entriesAfter(START, 100))).toEqual(entries);
          await copy.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  test('L171 rows that were saved one by one are joined, at any moment every entry is there once, and nothing else changes', async () => {
    const { copy, storage } = await openPageCopy(new IDBFactory());
    const entries = scans(1300);
    for (let at = 0; at < 900; at += 1) unwrap(await copy.insert(entries.slice(at, at + 1)));
    let pauses = 0;
    await copy.tidy(async () => {
      pauses += 1;
      expect(readable(await copy.entriesAfter(START, 2000))).toEqual(entries.slice(0, 900));
      expect(await copy.countAfter(START)).toBe(900);
    });
    expect(pauses).toBe(3);
    expect(await storage.rows('ledger').countAfter('')).toBe(3 + 150);
    unwrap(await copy.insert(entries.slice(900, 1290)));
    for (const entry of entries.slice(1290)) unwrap(await copy.insert([entry]));
    await copy.tidy(async () => undefined);
    expect(readable(await copy.entriesAfter(START, 2000))).toEqual(entries);
    expect((await copy.bySubject('tea')).length + (await copy.bySubject('oil')).length).toBe(1299);
    expect(await firstBroken(copy, { device: 'd1' })).toBeUndefined();
    unwrap(await copy.takeBack(entries.slice(123)));
    await copy.tidy(async () => undefined);
    expect(readable(await copy.entriesAfter(START, 2000))).toEqual(entries.slice(0, 123));
    await copy.close();
  });

  test('L172 a row that does not say what its hash says is not joined with others', async () => {
    const { copy, storage } = await openPageCopy(new IDBFactory());
    const entries = scans(600);
    for (const entry of entries) unwrap(await copy.insert([entry]));
    const rows = storage.rows<EntryRow>('ledger');
    const bad = (await rows.after('', 600))[99];
    if (bad) await rows.replace([bad.id], [{ ...bad, hash: '0'.repeat(64) }]);
    await copy.tidy(async () => undefined);
    expect(await firstBroken(copy, { device: 'd1' })).toBe(100);
    expect((await rows.after('', 600)).find(({ id }) => id === bad?.id)).toMatchObject({ hash: '0'.repeat(64) });
    await copy.close();
  });
});
