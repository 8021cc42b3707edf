import { skuKey } from '../../shared/domain/item.ts';
import type { LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { err, ok } from '../../shared/domain/result.ts';
import { fromRow, SENDING_PLACE, toRow, type CheckpointRow, type EntryRow } from './collections.ts';
import type { LedgerDatabase } from './database.ts';
import type { LedgerStorage } from './storage/dexie.ts';
import type { InsertEntries } from './writer.ts';

/** The page's copy of the ledger: the only thing that touches RxDB once it is open. */
export type Copy = {
  insert: InsertEntries;
  last(): Promise<Pick<EntryRow, 'id' | 'seq' | 'hash'> | undefined>;
  countAfter(afterId: string): Promise<number>;
  rowsAfter(afterId: string, limit: number): Promise<readonly EntryRow[]>;
  at(id: string): Promise<EntryRow | undefined>;
  bySubject(sku: string): Promise<readonly LedgerEntry[]>;
  byPlace(place: string): Promise<readonly LedgerEntry[]>;
  sending(): Promise<readonly LedgerEntry[]>;
  readCheckpoint(): Promise<readonly string[] | undefined>;
  /** Writes a new generation, its manifest last; keeps the one before it. */
  writeCheckpoint(pages: readonly string[]): Promise<void>;
  /** Forgets every entry and checkpoint, to be filled again from the journal. */
  clear(): Promise<void>;
  close(): Promise<void>;
};

const CONFLICT = 409;
/** How the id of a generation's last row ends; its pages have digits there, so it sorts behind them. */
const MANIFEST = '-manifest';

/** The copy over an open database. */
export function openCopy(database: LedgerDatabase, storage: LedgerStorage): Copy {
  const { ledger, checkpoint } = database.collections;
  const rows = storage.rows<EntryRow>('ledger');
  const pages = storage.rows<CheckpointRow>('checkpoint');

  return {
    async insert(entries) {
      try {
        const { error } = await ledger.bulkInsert(entries.map(toRow));
        // A bulk write gives failed rows back instead of throwing. A row that is there already is what we wanted.
        const failed = error.find((problem) => problem.status !== CONFLICT);
        return failed ? err({ code: 'not_stored' as const, detail: `status ${failed.status}` }) : ok(null);
      } catch (cause) {
        return err({ code: 'not_stored' as const, detail: cause instanceof Error ? cause.name : 'unknown' });
      }
    },
    last: () => rows.last(),
    countAfter: (afterId) => rows.countAfter(afterId),
    rowsAfter: (afterId, limit) => rows.after(afterId, limit),
    at: async (id) => (await ledger.storageInstance.findDocumentsById([id], false))[0],
    bySubject: async (sku) => (await rows.where('subject', skuKey(sku))).map(fromRow),
    byPlace: async (place) => (await rows.where('place', place)).map(fromRow),
    sending: async () => (await rows.where('place', SENDING_PLACE)).map(fromRow),
    async readCheckpoint() {
      // The newest generation is whole unless a crash tore it: then its manifest is not the last row.
      const newest = await pages.last();
      if (newest?.id.endsWith(MANIFEST)) {
        const own = await pages.after(newest.id.slice(0, -MANIFEST.length), Number(newest.text));
        if (
          own.length === Number(newest.text) &&
          own.every((row) => row.generation === newest.generation && row.id !== newest.id)
        )
          return own.map((row) => row.text);
      }
      const found = (await pages.after('', 1_000_000)).toSorted((left, right) => right.generation - left.generation);
      for (const manifest of found.filter((row) => row.id.endsWith(MANIFEST))) {
        const own = found.filter((row) => row.generation === manifest.generation && row !== manifest);
        if (own.length !== Number(manifest.text)) continue;
        return own.toSorted((left, right) => (left.id < right.id ? -1 : 1)).map((row) => row.text);
      }
      return undefined;
    },
    async writeCheckpoint(texts) {
      const old = await pages.after('', 1_000_000);
      const newest = Math.max(0, ...old.map((row) => row.generation));
      const generation = newest + 1;
      const name = (part: string) => `${String(generation).padStart(8, '0')}-${part}`;
      await checkpoint.bulkInsert(
        texts.map((text, page) => ({ id: name(String(page).padStart(6, '0')), generation, text })),
      );
      await checkpoint.bulkInsert([{ id: name(MANIFEST.slice(1)), generation, text: String(texts.length) }]);
      const outdated = old.filter((row) => row.generation < newest).map((row) => row.id);
      if (outdated.length > 0) await pages.delete(outdated);
    },
    clear: async () => {
      await rows.clear();
      await pages.clear();
    },
    close: async () => {
      await database.close();
    },
  };
}
