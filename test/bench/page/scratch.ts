import { fromRow, type EntryRow } from '../../../renderer/ledger/collections.ts';
import { emptyState, fold } from '../../../shared/domain/ledger-state.ts';
import { host, must, openOwnCopy } from './ours.ts';
import { answerOf, openRaw, rawFold } from './raw-stores.ts';
import { toRow } from '../../../renderer/ledger/collections.ts';

export async function parts(): Promise<Record<string, number[]>> {
  const out: Record<string, number[]> = {};
  const time = async (name: string, work: () => Promise<unknown>) => { const t = performance.now(); await work(); (out[name] ??= []).push(Math.round(performance.now() - t)); };
  const { copy } = await openOwnCopy('tallybook');
  const idb = await answerOf(indexedDB.open('rxdb-dexie-tallybook--0--ledger'));
  const raw = await openRaw('bench-raw-fold');
  for (let turn = 0; turn < 3; turn += 1) {
    let rows: EntryRow[] = [];
    await time('dexie pages only', async () => { rows = []; let after = ''; for (;;) { const page = await copy.rowsAfter(after, 5000); for (const r of page) rows.push(r); const last = page.at(-1); if (!last || page.length < 5000) break; after = last.id; } });
    await time('getAll pages of docs', async () => { let after = ''; for (;;) { const page: EntryRow[] = await answerOf(idb.transaction(['docs'], 'readonly').objectStore('docs').getAll(IDBKeyRange.lowerBound(after, true), 5000)); const last = page.at(-1); if (!last || page.length < 5000) break; after = last.id; } });
    await time('raw fold', () => rawFold(raw));
    await time('parse', async () => { for (const r of rows) fromRow(r); });
    const entries = rows.map(fromRow);
    await time('fold', async () => { const s = emptyState(); for (const e of entries) fold(s, e); });
    await time('toRow', async () => { for (const e of entries) toRow(e); });
  }
  return out;
}

export async function healParts(): Promise<Record<string, number>> {
  const out: Record<string, number> = { ipc: 0, insert: 0, toRow: 0, put: 0 };
  const { copy, database, storage } = await openOwnCopy('bench-scratch');
  void storage;
  let next: number | undefined = 1;
  while (next !== undefined && next < 50000) {
    let t = performance.now();
    const page: { entries: Parameters<typeof toRow>[0][]; nextSeq?: number | undefined } = must(await host.readJournal({ fromSeq: next, limit: 5000 }));
    out['ipc'] = (out['ipc'] ?? 0) + performance.now() - t;
    t = performance.now();
    const rows = page.entries.map(toRow);
    out['toRow'] = (out['toRow'] ?? 0) + performance.now() - t;
    t = performance.now();
    await copy.insert(page.entries);
    out['insert'] = (out['insert'] ?? 0) + performance.now() - t;
    void rows;
    next = page.nextSeq;
  }
  await database.close();
  return out;
}
import { openOwnProjection, openNewLedger } from './ours.ts';
import { firstFacts, looseEntry, scanFact } from '../seed/ledger-model.ts';
export async function ownScans(count: number): Promise<number> {
  const own = await openOwnProjection('bench-own', 'bench');
  const at = new Date(1_700_000_000_000).toISOString();
  own.projection.add(firstFacts().map((fact, i) => looseEntry('bench', i + 1, fact, at)));
  const t = performance.now();
  for (let i = 0; i < count; i += 1) { const e = [looseEntry('bench', i + 10, scanFact(i), at)]; await own.copy.insert(e); own.projection.add(e); }
  return (performance.now() - t) / count;
}
export async function bursts(count: number): Promise<number> {
  const ledger = await openNewLedger();
  const t = performance.now();
  for (let n = 0; n < count; n += 1) await Promise.all(Array.from({ length: 1000 }, (_, i) => ledger.appendFacts([scanFact(i)])));
  return (performance.now() - t) / count;
}
