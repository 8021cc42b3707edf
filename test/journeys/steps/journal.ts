import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ledgerEntrySchema,
  type EntryOf,
  type FactKind,
  type LedgerEntry,
} from '../../../shared/domain/ledger-entry.ts';

/** Every whole entry of a profile's journal, in the order of writing. Read from the disk, past the app. */
export function readJournal(profile: string): readonly LedgerEntry[] {
  const folder = join(profile, 'ledger', 'journal');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .toSorted()
    .flatMap((name) => wholeLines(readFileSync(join(folder, name), 'utf8')))
    .map((line) => ledgerEntrySchema.parse(JSON.parse(line)));
}

/** The last piece is either empty or a line that is being written. */
function wholeLines(text: string): readonly string[] {
  return text.split('\n').slice(0, -1);
}

/** The entries of one kind. */
export function ofKind<Kind extends FactKind>(entries: readonly LedgerEntry[], kind: Kind): readonly EntryOf<Kind>[] {
  return entries.filter((entry): entry is LedgerEntry & EntryOf<Kind> => entry.fact.kind === kind);
}
