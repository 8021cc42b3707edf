import { skuKey } from '../../shared/domain/item.ts';
import { entryId, entrySubject, type LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { err, ok } from '../../shared/domain/result.ts';
import { entryPlace, SENDING_PLACE, type CheckpointRow, type EntryRow } from './collections.ts';
import type { LedgerDatabase } from './database.ts';
import { joinRows } from './join-rows.ts';
import { nextRows } from './next-rows.ts';
import { afterRowsOf, ENTRIES_A_ROW, fromRow, readable, spanOf, toRows, type KeptEntry } from './rows.ts';
import type { LedgerStorage } from './storage/dexie.ts';
import type { InsertEntries, TakeBack } from './writer.ts';

/** The page's copy of the ledger: the only thing that touches RxDB once it is open. */
export type Copy = {
  insert: InsertEntries;
  last(): Promise<KeptEntry | undefined>;
  countAfter(afterId: string): Promise<number>;
  /** Entries after `afterId`, at most `limit`; fewer only at the end. */
  entriesAfter(afterId: string, limit: number): Promise<readonly KeptEntry[]>;
  /** Entries after `afterId` that the next `count` rows hold; none at the end. From row to row each is read once. */
  nextRows(afterId: string, count: number): Promise<readonly KeptEntry[]>;
  at(id: string): Promise<KeptEntry | undefined>;
  bySubject(sku: string): Promise<readonly LedgerEntry[]>;
  byPlace(place: string): Promise<readonly LedgerEntry[]>;
  sending(): Promise<readonly LedgerEntry[]>;
  /** Removes every entry after `afterId`: the journal has none of them. */
  dropAfter(afterId: string): Promise<void>;
  takeBack: TakeBack;
  /** Joins what was saved entry by entry, a little at a time; a later start reads it far quicker. */
  tidy(pause: () => Promise<void>): Promise<void>;
  readCheckpoint(): Promise<readonly string[] | undefined>;
  /** Writes a new generation, its manifest last; keeps the one before it. */
  writeCheckpoint(pages: readonly string[]): Promise<void>;
  /** Forgets every entry and checkpoint, to be filled again from the journal. */
  clear(): Promise<void>;
  close(): Promise<void>;
};

const CONFLICT = 409;
const FIRST_LOOK = 2;
/** A run of the app that ended before it could tidy leaves so many entries at most that are not joined yet, or nearly. */
const TIDY_FROM_END = 20_000;
/** How the id of a generation's last row ends; its pages have digits there, so it sorts behind them. */
const MANIFEST = '-manifest';

function notStored(cause: unknown) {
  return err({ code: 'not_stored' as const, detail: cause instanceof Error ? cause.name : 'unknown' });
}

/** The copy over an open database. One piece: a table of what can be asked of the copy. */
export function openCopy(database: LedgerDatabase, storage: LedgerStorage): Copy {
  const { ledger, checkpoint } = database.collections;
  const rows = storage.rows<EntryRow>('ledger');
  const pages = storage.rows<CheckpointRow>('checkpoint');

  /** Sequence of the newest entry held, once that is known. */
  let newest: { device: string; seq: number } | undefined;

  /** Rows up to here are as long as they will be; asked of the end of the copy when it was not tidied yet. */
  let joinedTo: string | undefined;

  async function last(): Promise<KeptEntry | undefined> {
    const row = await rows.last();
    return row && fromRow(row).at(-1);
  }

  /** Those of `entries` that are not held. Nearly always all are newer than whatever is, which is known without asking. */
  async function missingOf(entries: readonly LedgerEntry[]): Promise<readonly LedgerEntry[]> {
    const [first] = entries;
    if (!first) return entries;
    if (newest === undefined) {
      const { device, to } = spanOf((await rows.last())?.id ?? '');
      newest = { device, seq: to };
    }
    if (newest.seq === 0 || (newest.device === first.device && newest.seq < first.seq)) return entries;
    const before = await rows.upTo(afterRowsOf(first.id));
    const ids = await rows.ids(before?.id ?? '', afterRowsOf(entries.at(-1)?.id ?? ''));
    const held = new Set<string>();
    for (const id of before ? [before.id, ...ids] : ids) {
      const { device, from, to } = spanOf(id);
      for (let seq = from; seq <= to; seq += 1) held.add(`${device}-${seq}`);
    }
    return entries.filter(({ device, seq }) => !held.has(`${device}-${seq}`));
  }

  async function found(field: 'subjects' | 'places', value: string): Promise<readonly LedgerEntry[]> {
    const keyOf = field === 'places' ? entryPlace : (fact: LedgerEntry['fact']) => skuKey(entrySubject(fact));
    const held = await rows.where(field, value);
    return held.flatMap((row) => readable(fromRow(row))).filter((entry) => keyOf(entry.fact) === value);
  }

  async function dropAfter(afterId: string): Promise<void> {
    newest = undefined;
    joinedTo = undefined;
    const before = afterId === '' ? undefined : await rows.upTo(afterRowsOf(afterId));
    const { to } = spanOf(afterId);
    const cut = before !== undefined && spanOf(before.id).to > to ? before : undefined;
    const kept = cut ? toRows(readable(fromRow(cut)).filter(({ seq }) => seq <= to)) : [];
    const ids = await rows.ids(afterRowsOf(afterId), '\uFFFF');
    await rows.replace(cut ? [cut.id, ...ids] : ids, cut ? kept.map((row) => ({ ...cut, ...row })) : []);
  }

  return {
    async insert(entries) {
      try {
        const missing = await missingOf(entries);
        const { error } = await ledger.bulkInsert(toRows(missing));
        // A bulk write gives failed rows back instead of throwing. A row that is there already is what we wanted.
        const failed = error.find((problem) => problem.status !== CONFLICT);
        if (failed) return err({ code: 'not_stored' as const, detail: `status ${failed.status}` });
        const end = missing.at(-1);
        if (end && end.seq > (newest?.seq ?? 0)) newest = { device: end.device, seq: end.seq };
        return ok(null);
      } catch (cause) {
        return notStored(cause);
      }
    },
    last,
    async countAfter(afterId) {
      const { device, to: after } = spanOf(afterId);
      const before = afterId === '' ? undefined : await rows.upTo(afterRowsOf(afterId));
      const rest = before && spanOf(before.id).device === device ? Math.max(0, spanOf(before.id).to - after) : 0;
      const ids = await rows.ids(afterRowsOf(afterId), '\uFFFF');
      return ids.map(spanOf).reduce((count, { from, to }) => count + to - from + 1, rest);
    },
    async entriesAfter(afterId, limit) {
      const entries: KeptEntry[] = [];
      let after = afterRowsOf(afterId);
      const before = afterId === '' ? undefined : await rows.upTo(after);
      const { to } = spanOf(afterId);
      if (before && spanOf(before.id).to > to) entries.push(...fromRow(before).filter(({ seq }) => seq > to));
      // A row may hold one entry or hundreds: the first look is for hundreds, and no row is taken apart for nothing.
      for (let page = Math.max(FIRST_LOOK, Math.ceil(limit / ENTRIES_A_ROW)); entries.length < limit; page *= 2) {
        const held = await rows.after(after, page);
        for (const row of held) if (entries.length < limit) entries.push(...fromRow(row));
        const end = held.at(-1);
        if (!end || held.length < page) break;
        after = end.id;
      }
      return entries.length > limit ? entries.slice(0, limit) : entries;
    },
    nextRows: (afterId, count) => nextRows(rows, afterId, count),
    async at(id) {
      const row = await rows.upTo(afterRowsOf(id));
      return row && spanOf(row.id).to >= spanOf(id).from ? fromRow(row).find((kept) => kept.id === id) : undefined;
    },
    bySubject: (sku) => found('subjects', skuKey(sku)),
    byPlace: (place) => found('places', place),
    sending: () => found('places', SENDING_PLACE),
    async takeBack([first]) {
      try {
        if (first) await dropAfter(entryId(first.device, first.seq - 1));
        return ok(null);
      } catch (cause) {
        return notStored(cause);
      }
    },
    dropAfter,
    async tidy(pause) {
      if (joinedTo === undefined) {
        const end = spanOf((await rows.last())?.id ?? '');
        joinedTo = end.to > TIDY_FROM_END ? entryId(end.device, end.to - TIDY_FROM_END) : '';
      }
      joinedTo = await joinRows(rows, joinedTo, pause);
    },
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
      newest = undefined;
      joinedTo = undefined;
      await rows.clear();
      await pages.clear();
    },
    close: async () => {
      await database.close();
    },
  };
}
