import { foldForSearch } from '../search-text.ts';
import type { ImportField, ImportKind } from './fields.ts';
import { BIN_WORDS } from './words/bin-words.ts';
import { ITEM_WORDS } from './words/item-words.ts';
import { NEVER_WORDS } from './words/never-words.ts';
import { STOCK_WORDS } from './words/stock-words.ts';

/**
 * Words by which columns are headed (English, German, French, Italian, Spanish; the commonest of Dutch, Polish, Czech, Russian,
 * Japanese and Chinese), folded as for a search.
 * Earlier ones are surer: `kind` decides between meanings, so "name" is an item's name here and a bin's label there.
 */
const HEADER_WORDS: Readonly<Record<ImportKind, Readonly<Partial<Record<ImportField, readonly string[]>>>>> = {
  items: ITEM_WORDS,
  bins: BIN_WORDS,
  stock: STOCK_WORDS,
};

/** Words that say too little inside a longer header: "stock quantity" is no pack size, "sort order" no name. */
const ALONE_ONLY = new Set(
  (
    'quantity code codice codigo item article product produkt produit artikel group format order sort count amount stock pack title ' +
    'reference ref unit units bin label store location area section shelf platz fach lot batch gang name nom nome menge quantita ' +
    'description available variant active status statut stato estado enabled archive deleted disabled'
  ).split(' '),
);
/** A score above this: the header is one of the field's names as it stands. */
export const WHOLE_NAME = 2.5;

/** A header as it is compared: folded, letters and digits only. */
export function headerKey(text: string): string {
  return foldForSearch(text.slice(0, 400))
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** The cells of a header row as they are compared, one for each column. */
export function headerKeys(cells: readonly string[], columnCount: number): readonly string[] {
  return Array.from({ length: columnCount }, (_, column) => headerKey(cells[column] ?? ''));
}

/** How surely a header is one of these names: 3 all of it, 2 all the words of a name occur in it, 0 not at all. */
export function wordsScore(key: string, words: readonly string[]): number {
  if (key === '') return 0;
  const place = words.indexOf(key);
  if (place >= 0) return 3 - place / 1000;
  const parts = ` ${key} `;
  const best = words.findIndex((word) => word.length > 2 && !ALONE_ONLY.has(word) && parts.includes(` ${word} `));
  return best < 0 ? 0 : 2 - best / 1000;
}

/** Whether a header has a word by which the column is not this field. */
export function isNever(field: ImportField, key: string): boolean {
  const words = NEVER_WORDS[field];
  return words !== undefined && key.split(' ').some((word) => words.includes(word));
}

/** How surely a header names a field; a fee or a selling price is no cost, whatever else the header says. */
export function headerScore(kind: ImportKind, field: ImportField, key: string): number {
  if (isNever(field, key)) return 0;
  return wordsScore(key, HEADER_WORDS[kind][field] ?? []);
}

/** Whether a text is, as it stands, what some column of such a list is called. */
export function isKnownHeader(kind: ImportKind, text: string, fields: readonly ImportField[]): boolean {
  const key = headerKey(text);
  return fields.some((field) => headerScore(kind, field, key) > WHOLE_NAME);
}
