import type { RxCollection, RxJsonSchema } from 'rxdb';
import type { LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { sheetKey } from '../../shared/domain/stocktake.ts';

/**
 * A run of entries in the page's copy, each the one after the other: what was saved together is one row, so a burst pays
 * for a few. `id` names the first entry and how many follow it, `hash` is that of the last, `text` holds them (see
 * rows.ts). `subjects` (items) and `places` (stocktake + pass + bin) are what evidence and undo look entries up by, `bins`
 * (see `binsOf`) what a bin is worked out again by. Rows of several laptops lie side by side, each laptop's together.
 */
export type EntryRow = {
  id: string;
  hash: string;
  subjects: string[];
  places: string[];
  bins: string[];
  text: string;
};

/** One page of a checkpoint. Pages of a generation count only when its manifest, written last, is there. */
export type CheckpointRow = { id: string; generation: number; text: string };

export type LedgerCollections = { ledger: RxCollection<EntryRow>; checkpoint: RxCollection<CheckpointRow> };

export const ledgerSchema: RxJsonSchema<EntryRow> = {
  version: 2,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 90 },
    hash: { type: 'string' },
    subjects: { type: 'array', items: { type: 'string' } },
    places: { type: 'array', items: { type: 'string' } },
    bins: { type: 'array', items: { type: 'string' } },
    text: { type: 'string' },
  },
  required: ['id', 'hash', 'subjects', 'places', 'bins', 'text'],
};

/**
 * The indexes of the ledger's rows, in Dexie's words; `*` gives a row one place in the index for each of its values, which
 * RxDB cannot say. RxDB's own (by deletion, by time of writing) are left out: entries are neither deleted nor asked for by
 * RxDB's queries, and each index costs every scan.
 */
export const LEDGER_INDEXES = 'id, *subjects, *places, *bins';

export const checkpointSchema: RxJsonSchema<CheckpointRow> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: { id: { type: 'string', maxLength: 40 }, generation: { type: 'number' }, text: { type: 'string' } },
  required: ['id', 'generation', 'text'],
};

/** The place under which all facts about sending are found again. */
export const SENDING_PLACE = '#sending';

/** The place of a fact of counting or sending, '' for any other. */
export function entryPlace(fact: LedgerEntry['fact']): string {
  if ('connection' in fact || fact.kind === 'lines_posted' || fact.kind === 'lines_reversed') return SENDING_PLACE;
  return 'stocktake' in fact && 'bin' in fact ? placeKey(fact) : '';
}

export function placeKey(place: { stocktake: string; pass: number; bin: string }): string {
  return `${place.stocktake}|${sheetKey(place.pass, place.bin)}`;
}
