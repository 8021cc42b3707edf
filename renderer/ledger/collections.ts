import type { RxCollection, RxJsonSchema } from 'rxdb';
import { skuKey } from '../../shared/domain/item.ts';
import { entrySubject, type LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { sheetKey } from '../../shared/domain/stocktake.ts';

/**
 * One entry in the page's copy. `line` is the journal's own JSON line, so both copies hold the same text and a rebuild is
 * a copy. `subject` (item) and `place` (stocktake + pass + bin) are what evidence and undo look entries up by.
 */
export type EntryRow = { id: string; seq: number; hash: string; subject: string; place: string; line: string };

/** One page of a checkpoint. Pages of a generation count only when its manifest, written last, is there. */
export type CheckpointRow = { id: string; generation: number; text: string };

export type LedgerCollections = { ledger: RxCollection<EntryRow>; checkpoint: RxCollection<CheckpointRow> };

// Without ['id'] declared as an index RxDB pages the ledger through a wrong one and goes quadratic.
export const ledgerSchema: RxJsonSchema<EntryRow> = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 80 },
    seq: { type: 'number' },
    hash: { type: 'string' },
    subject: { type: 'string', maxLength: 64 },
    place: { type: 'string', maxLength: 140 },
    line: { type: 'string' },
  },
  required: ['id', 'seq', 'hash', 'subject', 'place', 'line'],
  indexes: ['id', ['subject', 'id'], ['place', 'id']],
};

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
  if ('connection' in fact || fact.kind === 'lines_posted') return SENDING_PLACE;
  return 'stocktake' in fact && 'bin' in fact ? placeKey(fact) : '';
}

export function placeKey(place: { stocktake: string; pass: number; bin: string }): string {
  return `${place.stocktake}|${sheetKey(place.pass, place.bin)}`;
}

export function toRow(entry: LedgerEntry): EntryRow {
  return {
    id: entry.id,
    seq: entry.seq,
    hash: entry.hash,
    subject: skuKey(entrySubject(entry.fact)),
    place: entryPlace(entry.fact),
    line: JSON.stringify(entry),
  };
}

/** The entry of a row. Rows are written by `toRow` alone, from entries that the host sealed. */
export function fromRow(row: Pick<EntryRow, 'line'>): LedgerEntry {
  return JSON.parse(row.line) as LedgerEntry;
}
