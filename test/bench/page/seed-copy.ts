import { toRows } from '../../../renderer/ledger/rows.ts';
import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { answerOf, committed, openRaw, plainEntry } from './raw-stores.ts';
import { openOwnCopy, openOwnProjection } from './ours.ts';

const PAGE = 5000;
/** Entries that were not joined yet. */
const TAIL = 1000;

export type SeedCopyInput = {
  /** Entries after this one are put in; what is before is there already. */
  readonly after: number;
  readonly upTo: number;
  /** The checkpoint is taken here, so that a start has a tail of entries to fold; absent: none. */
  readonly checkpointAt?: number;
  /** Whether a raw IndexedDB of the same entries is made beside it, or instead. */
  readonly raw: boolean | 'alone';
};

/** Entries of the seeded journal, page by page, read from its files. */
async function* journalPages(after: number, upTo: number): AsyncGenerator<LedgerEntry[]> {
  let page: LedgerEntry[] = [];
  let seq = 0;
  for (let segment = 1; seq < upTo; segment += 1) {
    const answer = await fetch(`/files/ledger/journal/${String(segment).padStart(6, '0')}.jsonl`).catch(
      () => undefined,
    );
    if (answer?.ok !== true) break;
    for (const line of (await answer.text()).split('\n')) {
      if (line === '') continue;
      const { more: _more, ...entry } = JSON.parse(line) as LedgerEntry & { more?: true };
      seq = entry.seq;
      if (seq > upTo) break;
      if (seq <= after) continue;
      page.push(entry);
      if (page.length === PAGE) {
        yield page;
        page = [];
      }
    }
  }
  if (page.length > 0) yield page;
}

/** The rows that the product leaves: joined, but for the newest entries, which are there as they were scanned, one by one. */
function storedRows(entries: readonly LedgerEntry[], joinedTo: number): object[] {
  const joined = toRows(entries.filter(({ seq }) => seq <= joinedTo));
  const alone = entries.filter(({ seq }) => seq > joinedTo).flatMap((entry) => toRows([entry]));
  return [...joined, ...alone].map((row) => ({
    ...row,
    _deleted: '0',
    _rev: '1-benchseed',
    _meta: { lwt: 1_700_000_000_000 },
    _attachments: {},
  }));
}

async function putAll(database: IDBDatabase, store: string, rows: readonly object[]): Promise<void> {
  const transaction = database.transaction([store], 'readwrite', { durability: 'relaxed' });
  const done = committed(transaction);
  for (const row of rows) transaction.objectStore(store).put(row);
  await done;
}

async function fill(after: number, upTo: number, raw: boolean, joinedTo: number): Promise<number> {
  const own = await answerOf(indexedDB.open('rxdb-dexie-tallybook--2--ledger'));
  const plain = raw ? await openRaw('bench-raw-fold', false) : undefined;
  let count = 0;
  for await (const page of journalPages(after, upTo)) {
    await putAll(own, 'docs', storedRows(page, joinedTo));
    if (plain !== undefined) await putAll(plain, 'entries', page.map(plainEntry));
    count += page.length;
  }
  own.close();
  plain?.close();
  return count;
}

/** A raw IndexedDB of the entries up to `upTo` in this profile, and no copy of ours: all databases of a profile share their files. */
async function seedRaw(upTo: number): Promise<{ rows: number }> {
  const plain = await openRaw('bench-raw-fold', false);
  let rows = 0;
  for await (const page of journalPages(0, upTo)) {
    await putAll(plain, 'entries', page.map(plainEntry));
    rows += page.length;
  }
  plain.close();
  return { rows };
}

/**
 * Fills the page's copy from the journal's files as the product's own writes would have left it, but fast: raw and relaxed.
 * The checkpoint is written by the product.
 */
export async function seedCopy({ after, upTo, checkpointAt, raw }: SeedCopyInput): Promise<{ rows: number }> {
  if (raw === 'alone') return seedRaw(upTo);
  // The product makes its databases itself.
  await (await openOwnCopy('tallybook')).copy.close();
  const joinedTo = checkpointAt ?? Math.max(0, upTo - TAIL);
  let rows = await fill(after, checkpointAt ?? upTo, raw, joinedTo);
  if (checkpointAt === undefined) return { rows };
  const device = await deviceOf();
  const { copy, projection } = await openOwnProjection('tallybook', device);
  await projection.saveCheckpoint();
  await copy.close();
  rows += await fill(Math.max(after, checkpointAt), upTo, raw, joinedTo);
  return { rows };
}

async function deviceOf(): Promise<string> {
  const first = await journalPages(0, 1).next();
  return first.done === true ? '' : (first.value[0]?.device ?? '');
}
