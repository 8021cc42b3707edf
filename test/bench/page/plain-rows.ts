import type { RxJsonSchema } from 'rxdb';
import { entryPlace } from '../../../renderer/ledger/collections.ts';
import { skuKey } from '../../../shared/domain/item.ts';
import { entrySubject, type LedgerEntry } from '../../../shared/domain/ledger-entry.ts';

/** An entry as an app would give it to RxDB: a document each, with the two indexes that evidence and undo need. */
export type PlainRow = { id: string; seq: number; hash: string; subject: string; place: string; line: string };

export const plainSchema: RxJsonSchema<PlainRow> = {
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

export function plainRow(entry: LedgerEntry): PlainRow {
  return {
    id: entry.id,
    seq: entry.seq,
    hash: entry.hash,
    subject: skuKey(entrySubject(entry.fact)),
    place: entryPlace(entry.fact),
    line: JSON.stringify(entry),
  };
}
