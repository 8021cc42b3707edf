import { skuKey } from '../../shared/domain/item.ts';
import { binsOf } from '../../shared/domain/bins-of.ts';
import { entryId, entrySubject, type LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { entryPlace, type EntryRow } from './collections.ts';

/** An entry as the page's copy holds it; without `entry` when its row cannot be read. */
export type KeptEntry = {
  readonly id: string;
  readonly seq: number;
  readonly hash: string;
  readonly entry: LedgerEntry | undefined;
};

/** Which entries a row holds, as its id says: sequences `from` to `to` of one device. */
export type Span = { readonly device: string; readonly from: number; readonly to: number };

/** An entry in a row's text. Device and sequence follow from the row's id, `prev` from the entry before. */
type PackedEntry = [
  at: string,
  by: string,
  v: number,
  hash: string,
  fact: LedgerEntry['fact'],
  ...veil: [veil?: string, salt?: string],
];

/** Enough to be cheap to write, few enough that one entry is found in a row without reading much else. */
export const ENTRIES_A_ROW = 250;
const CHARACTERS_A_ROW = 200_000;

/** The span of a row's id; an id that is none stands for nothing. */
export function spanOf(id: string): Span {
  const [first = '', more = '0'] = id.split('+');
  const cut = first.lastIndexOf('-');
  const from = Number(first.slice(cut + 1));
  return { device: first.slice(0, cut), from, to: from + Number(more) };
}

/**
 * The rows of one device lie between these two ids, and no row of another does: devices are random ids of one length, so
 * none is the beginning of another.
 */
export function chainBounds(device: string): { readonly above: string; readonly upTo: string } {
  // ':' is what comes after the digits.
  return { above: `${device}-`, upTo: `${device}-:` };
}

/** Just after every row that begins with the entry `id` or one before it, and before every other. */
export function afterRowsOf(id: string): string {
  return id === '' ? '' : `${id}~`;
}

/** Entries as rows: runs without a break, of a bounded size. Entries must come in the order of their sequence. */
export function toRows(entries: readonly LedgerEntry[]): EntryRow[] {
  const rows: EntryRow[] = [];
  let run: LedgerEntry[] = [];
  let texts: string[] = [];
  let size = 0;
  const finish = (): void => {
    if (run.length > 0) rows.push(rowOf(run, texts));
    run = [];
    texts = [];
    size = 0;
  };
  for (const entry of entries) {
    const before = run.at(-1);
    const follows = before?.hash === entry.prev && before.device === entry.device && before.seq + 1 === entry.seq;
    if (!follows || run.length === ENTRIES_A_ROW || size > CHARACTERS_A_ROW) finish();
    const { at, by, v, hash, fact, veil, salt } = entry;
    const hidden = [veil, salt].filter((one) => one !== undefined) as [string?, string?];
    const text = JSON.stringify([at, by, v, hash, fact, ...hidden] satisfies PackedEntry);
    run.push(entry);
    texts.push(text);
    size += text.length;
  }
  finish();
  return rows;
}

function rowOf(run: readonly LedgerEntry[], texts: readonly string[]): EntryRow {
  const [first] = run;
  const more = run.length - 1;
  return {
    id: `${first?.id ?? ''}${more > 0 ? `+${more}` : ''}`,
    hash: run.at(-1)?.hash ?? '',
    subjects: distinct(run.map((entry) => skuKey(entrySubject(entry.fact)))),
    places: distinct(run.map((entry) => entryPlace(entry.fact))),
    bins: distinct(run.flatMap((entry) => binsOf(entry.fact))),
    text: `["${first?.prev ?? ''}",${texts.join(',')}]`,
  };
}

function distinct(keys: readonly string[]): string[] {
  const known = new Set(keys);
  known.delete('');
  return [...known];
}

/**
 * The entries of a row, in order. A row whose text cannot be read, or does not hold what its id says, gives one that
 * cannot be read. Nothing is checked beyond that: whether an entry is what its hash says, chain.ts knows.
 */
export function fromRow(row: Pick<EntryRow, 'id' | 'hash' | 'text'>): KeptEntry[] {
  const { device, from, to } = spanOf(row.id);
  const unread = (): KeptEntry[] => [{ id: entryId(device, from), seq: from, hash: row.hash, entry: undefined }];
  try {
    // Rows are written by `toRows` alone, from entries that the host sealed.
    const [first, ...packed] = JSON.parse(row.text) as [string, ...PackedEntry[]];
    if (packed.length !== to - from + 1) return unread();
    let prev = first;
    return packed.map(([at, by, v, hash, fact, veil, salt], index) => {
      const seq = from + index;
      const veils = { ...(veil !== undefined && { veil }), ...(salt !== undefined && { salt }) };
      const entry = { id: entryId(device, seq), device, seq, at, by, v, prev, hash, fact, ...veils };
      prev = hash;
      return { id: entry.id, seq, hash: seq === to ? row.hash : hash, entry };
    });
  } catch {
    return unread();
  }
}

/** The readable entries among those kept. */
export function readable(kept: readonly KeptEntry[]): LedgerEntry[] {
  return kept.flatMap(({ entry }) => (entry === undefined ? [] : [entry]));
}
