import { entryId, type LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import type { Ledger } from '../../../renderer/ledger/ledger.ts';
import { heal } from '../../../renderer/ledger/heal.ts';
import { openProjection } from '../../../renderer/ledger/projection.ts';
import { binCode, STOCKTAKE } from '../seed/ledger-model.ts';
import { enter, host, must, openOwnCopy, openOwnLedger } from './ours.ts';
import { plainRow, type PlainRow } from './plain-rows.ts';
import { answerOf, committed, openRaw, rawFold } from './raw-stores.ts';

let kept: Ledger | undefined;

/**
 * The page's part of a cold start: the database opened, compared with the journal, the checkpoint read, the tail folded,
 * and the first 50 lines of a bin read. Milliseconds.
 */
export async function measureColdOpen(): Promise<{ ms: number; hostMs: number; entries: number; lines: number }> {
  await enter();
  const began = performance.now();
  const { journal } = must(await host.start({}));
  const hostMs = performance.now() - began;
  const ledger = await openOwnLedger(journal);
  const lines = [...(ledger.sheet({ stocktake: STOCKTAKE, pass: 1, bin: binCode(7) })?.lines.values() ?? [])].slice(
    0,
    50,
  );
  const ms = performance.now() - began;
  kept = ledger;
  return { ms, hostMs, entries: kept.state().entries, lines: lines.length };
}

/** Opening a raw IndexedDB and adding up every entry in it. Milliseconds. */
export async function measureRawFold(): Promise<{ ms: number; keys: number }> {
  const began = performance.now();
  const raw = await openRaw('bench-raw-fold', false);
  const sums = await rawFold(raw);
  const ms = performance.now() - began;
  raw.close();
  return { ms, keys: sums.size };
}

/** The state computed from every entry, as after a lost checkpoint, and the same sums from a raw IndexedDB, in turns. */
export async function measureRebuild(input: {
  turns: number;
}): Promise<{ own: number[]; raw: number[]; entries: number }> {
  const { copy } = await openOwnCopy('tallybook');
  const [device = ''] = await copy.devices();
  const figures = { own: [] as number[], raw: [] as number[], entries: 0 };
  for (let turn = 0; turn < input.turns; turn += 1) {
    const own = async (): Promise<void> => {
      const began = performance.now();
      const projection = await openProjection(
        { ...copy, readCheckpoint: () => Promise.resolve(undefined) },
        device,
        () => undefined,
      );
      figures.own.push(performance.now() - began);
      figures.entries = projection.ledger().entries;
    };
    const raw = async (): Promise<void> => void figures.raw.push((await measureRawFold()).ms);
    await (turn % 2 === 0 ? own() : raw());
    await (turn % 2 === 0 ? raw() : own());
  }
  await copy.close();
  return figures;
}

async function* journalEntries(): AsyncGenerator<readonly LedgerEntry[]> {
  await enter();
  let next: number | undefined = 1;
  while (next !== undefined) {
    const page: { entries: LedgerEntry[]; nextSeq?: number | undefined } = must(
      await host.readJournal({ fromSeq: next, limit: 5000 }),
    );
    yield page.entries;
    next = page.nextSeq;
  }
}

/** A page's copy that was lost, filled again from the journal. Milliseconds. */
export async function measureHeal(input: { name: string }): Promise<{ ms: number; entries: number }> {
  await enter();
  const { journal } = must(await host.start({}));
  const { copy } = await openOwnCopy(input.name);
  const began = performance.now();
  must(await heal(host, copy, journal, false, () => undefined));
  const ms = performance.now() - began;
  const entries = (await copy.last(journal.device))?.seq ?? 0;
  if ((await copy.at(entryId(journal.device, journal.seq)))?.hash !== journal.hash)
    throw new Error('the healed copy differs');
  await copy.close();
  return { ms, entries };
}

/** The same rows put into a raw IndexedDB with the two indexes they need, 5,000 in a strict transaction. Making the rows is not timed. */
export async function measureRawFill(input: { name: string }): Promise<{ ms: number; entries: number }> {
  const request = indexedDB.open(input.name, 1);
  request.addEventListener('upgradeneeded', () => {
    const store = request.result.createObjectStore('entries', { keyPath: 'id' });
    store.createIndex('subject', ['subject', 'id']);
    store.createIndex('place', ['place', 'id']);
  });
  const raw = await answerOf(request);
  let ms = 0;
  let entries = 0;
  for await (const page of journalEntries()) {
    const rows: PlainRow[] = page.map(plainRow);
    const began = performance.now();
    const transaction = raw.transaction(['entries'], 'readwrite', { durability: 'strict' });
    const done = committed(transaction);
    for (const row of rows) transaction.objectStore('entries').add(row);
    await done;
    ms += performance.now() - began;
    entries += rows.length;
  }
  raw.close();
  return { ms, entries };
}
