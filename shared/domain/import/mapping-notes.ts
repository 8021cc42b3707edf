import type { ImportField, ImportKind } from './fields.ts';
import { headerKey, headerScore, wordsScore } from './header-words.ts';
import { PRICE_WORDS } from './words/never-words.ts';

/** What a person should know of the columns as they are, although nothing is missing. `column` is the head it is about. */
export type MappingNote = { readonly code: 'no_names' | 'price_as_cost'; readonly column: string };

/** What these columns leave out or take for something that they may not be; `heads` are the texts that head them. */
export function mappingNotes(
  kind: ImportKind,
  heads: readonly string[],
  columns: readonly (ImportField | null)[],
): readonly MappingNote[] {
  if (kind !== 'items') return [];
  const notes: MappingNote[] = [];
  if (!columns.includes('name') && !columns.includes('variant')) notes.push({ code: 'no_names', column: '' });
  const cost = heads[columns.indexOf('cost')] ?? '';
  const key = headerKey(cost);
  if (wordsScore(key, PRICE_WORDS) > 0 && headerScore(kind, 'cost', key) === 0)
    notes.push({ code: 'price_as_cost', column: cost.trim() });
  return notes;
}
