import { binsOf } from '../../shared/domain/bins-of.ts';
import { skuKey } from '../../shared/domain/item.ts';
import { entryId, entrySubject, type LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { err, ok } from '../../shared/domain/result.ts';
import { entryPlace, SENDING_PLACE, type CheckpointRow, type EntryRow } from './collections.ts';
import type { LedgerDatabase } from './database.ts';
import { inLedgerOrder } from './in-ledger-order.ts';
import { joinRows } from './join-rows.ts';
import { nextRows } from './next-rows.ts';
import { afterRowsOf, chainBounds, ENTRIES_A_ROW, fromRow, readable, spanOf, toRows, type KeptEntry } from './rows.ts';
import type { LedgerStorage } from './storage/dexie.ts';
import type { InsertEntries, TakeBack } from './writer.ts';

/**
 * The page's copy of the ledger: the only thing that touches RxDB once it is open. It holds a chain of entries for every
 * laptop that was heard of. What walks along one never comes into another's: `afterId` names the chain with the entry,
 * and `entryId(device, 0)` is where a chain begins. What is looked up comes from all chains, in the order of the ledger.
 */
export type Copy = {
  insert: InsertEntries;
  /** The laptops that entries are held of. */
  devices(): Promise<readonly string[]>;
  /** The newest entry of a laptop. */
  last(device: string): Promise<KeptEntry | undefined>;
  countAfter(afterId: string): Promise<number>;
  /** Entries of the same chain after `afterId`, at most `limit`; fewer only at the end. */
  entriesAfter(afterId: string, limit: number): Promise<readonly KeptEntry[]>;
  /** Entries of the same chain after `afterId` that the next `count` rows hold; none at the end. From row to row each is read once. */
  nextRows(afterId: string, count: number): Promise<readonly KeptEntry[]>;
  at(id: string): Promise<KeptEntry | undefined>;
  bySubject(sku: string): Promise<readonly LedgerEntry[]>;
  byPlace(place: string): Promise<readonly LedgerEntry[]>;
  /** Everything that names one of these bins (see `binsOf`), each entry once. */
  byBins(binKeys: ReadonlySet<string>): Promise<readonly LedgerEntry[]>;
  sending(): Promise<readonly LedgerEntry[]>;
  /** Removes every entry of the same chain after `afterId`: the journal has none of them. */
  dropAfter(afterId: string): Promise<void>;
  /** Removes the newest entries of one laptop, from the first of those given on. */
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

/** Entries by laptop; nearly always they are one laptop's. */
function byDevice(entries: readonly LedgerEntry[]): readonly (readonly LedgerEntry[])[] {
  const device = entries[0]?.device;
  if (entries.every((entry) => entry.device === device)) return [entries];
  const chains = new Map<string, LedgerEntry[]>();
  for (const entry of entries) {
    const chain = chains.get(entry.device);
    if (chain) chain.push(entry);
    else chains.set(entry.device, [entry]);
  }
  return [...chains.values()];
}

/** The copy over an open database. One piece: a table of what can be asked of the copy. */
export function openCopy(database: LedgerDatabase, storage: LedgerStorage): Copy {
  const { ledger, checkpoint } = database.collections;
  const rows = storage.rows<EntryRow>('ledger');
  const pages = storage.rows<CheckpointRow>('checkpoint');

  /** Sequence of the newest entry held of a laptop, once that is known; 0: none is. */
  const newest = new Map<string, number>();

  /** A laptop's rows up to here are as long as they will be; asked of the end of its chain when it was not tidied yet. */
  const joinedTo = new Map<string, string>();

  async function lastRow(device: string): Promise<EntryRow | undefined> {
    const { above, upTo } = chainBounds(device);
    return rows.upTo(upTo, above);
  }

  /** The last row of a chain that begins with the entry `id` or one before it. */
  async function rowUpTo(id: string): Promise<EntryRow | undefined> {
    return rows.upTo(afterRowsOf(id), chainBounds(spanOf(id).device).above);
  }

  /** Ids of the rows of a chain that begin after the entry `id`. */
  async function idsAfter(id: string): Promise<readonly string[]> {
    return rows.ids(afterRowsOf(id), chainBounds(spanOf(id).device).upTo);
  }

  async function devices(): Promise<readonly string[]> {
    const found: string[] = [];
    for (let id = await rows.firstId(''); id !== undefined;) {
      const { device } = spanOf(id);
      found.push(device);
      const { upTo } = chainBounds(device);
      id = await rows.firstId(upTo > id ? upTo : id);
    }
    return found;
  }

  /**
   * Those of one laptop's `entries` that are not held. Nearly always all are newer than whatever is, which is known
   * without asking.
   */
  async function missingOf(entries: readonly LedgerEntry[]): Promise<readonly LedgerEntry[]> {
    const [first] = entries;
    if (!first) return entries;
    let held = newest.get(first.device);
    if (held === undefined) {
      held = spanOf((await lastRow(first.device))?.id ?? '').to;
      newest.set(first.device, held);
    }
    if (held < first.seq) return entries;
    const before = await rowUpTo(first.id);
    const ids = await rows.ids(before?.id ?? chainBounds(first.device).above, afterRowsOf(entries.at(-1)?.id ?? ''));
    const sequences = new Set<number>();
    for (const id of before ? [before.id, ...ids] : ids) {
      const { from, to } = spanOf(id);
      for (let seq = from; seq <= to; seq += 1) sequences.add(seq);
    }
    return entries.filter(({ seq }) => !sequences.has(seq));
  }

  async function found(field: 'subjects' | 'places', value: string): Promise<readonly LedgerEntry[]> {
    const keyOf = field === 'places' ? entryPlace : (fact: LedgerEntry['fact']) => skuKey(entrySubject(fact));
    const held = await rows.where(field, value);
    return inLedgerOrder(held.flatMap((row) => readable(fromRow(row))).filter((entry) => keyOf(entry.fact) === value));
  }

  async function dropAfter(afterId: string): Promise<void> {
    const { device, to } = spanOf(afterId);
    newest.delete(device);
    joinedTo.delete(device);
    const before = await rowUpTo(afterId);
    const cut = before !== undefined && spanOf(before.id).to > to ? before : undefined;
    const kept = cut ? toRows(readable(fromRow(cut)).filter(({ seq }) => seq <= to)) : [];
    const ids = await idsAfter(afterId);
    await rows.replace(cut ? [cut.id, ...ids] : ids, cut ? kept.map((row) => ({ ...cut, ...row })) : []);
  }

  return {
    async insert(entries) {
      try {
        const chains = byDevice(entries);
        const missing = (await Promise.all(chains.map(missingOf))).flat();
        const { error } = await ledger.bulkInsert(toRows(missing));
        // A bulk write gives failed rows back instead of throwing. A row that is there already is what we wanted.
        const failed = error.find((problem) => problem.status !== CONFLICT);
        if (failed) return err({ code: 'not_stored' as const, detail: `status ${failed.status}` });
        for (const chain of chains) {
          const end = chain.at(-1);
          if (end && end.seq > (newest.get(end.device) ?? 0)) newest.set(end.device, end.seq);
        }
        return ok(null);
      } catch (cause) {
        return notStored(cause);
      }
    },
    devices,
    async last(device) {
      const row = await lastRow(device);
      return row && fromRow(row).at(-1);
    },
    async countAfter(afterId) {
      const before = await rowUpTo(afterId);
      const rest = before ? Math.max(0, spanOf(before.id).to - spanOf(afterId).to) : 0;
      const ids = await idsAfter(afterId);
      return ids.map(spanOf).reduce((count, { from, to }) => count + to - from + 1, rest);
    },
    async entriesAfter(afterId, limit) {
      const entries: KeptEntry[] = [];
      let after = afterRowsOf(afterId);
      const { device, to } = spanOf(afterId);
      const { upTo } = chainBounds(device);
      const before = await rowUpTo(afterId);
      if (before && spanOf(before.id).to > to) entries.push(...fromRow(before).filter(({ seq }) => seq > to));
      // A row may hold one entry or hundreds: the first look is for hundreds, and no row is taken apart for nothing.
      for (let page = Math.max(FIRST_LOOK, Math.ceil(limit / ENTRIES_A_ROW)); entries.length < limit; page *= 2) {
        const held = await rows.after(after, page, upTo);
        for (const row of held) if (entries.length < limit) entries.push(...fromRow(row));
        const end = held.at(-1);
        if (!end || held.length < page) break;
        after = end.id;
      }
      return entries.length > limit ? entries.slice(0, limit) : entries;
    },
    nextRows: (afterId, count) => nextRows(rows, afterId, count),
    async at(id) {
      const row = await rowUpTo(id);
      return row && spanOf(row.id).to >= spanOf(id).from ? fromRow(row).find((kept) => kept.id === id) : undefined;
    },
    bySubject: (sku) => found('subjects', skuKey(sku)),
    byPlace: (place) => found('places', place),
    async byBins(binKeys) {
      const held = await rows.whereAny('bins', [...binKeys]);
      const entries = held.flatMap((row) => readable(fromRow(row)));
      return inLedgerOrder(entries.filter(({ fact }) => binsOf(fact).some((key) => binKeys.has(key))));
    },
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
      for (const device of await devices()) {
        const end = spanOf((await lastRow(device))?.id ?? '');
        const from = joinedTo.get(device) ?? entryId(device, Math.max(0, end.to - TIDY_FROM_END));
        joinedTo.set(device, await joinRows(rows, from, pause));
      }
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
      newest.clear();
      joinedTo.clear();
      await rows.clear();
      await pages.clear();
    },
    close: async () => {
      await database.close();
    },
  };
}
