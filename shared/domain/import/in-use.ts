import { foldForSearch } from '../search-text.ts';
import type { RowReader } from './row-reader.ts';

/** Words of shops and warehouses that say by themselves whether a thing is in use, whatever the column is called. */
const IN_USE = new Set(
  'active aktiv actif attivo activo enabled available live in use published verfugbar en vente in verwendung'.split(
    ' ',
  ),
)
  .add('in use')
  .add('in verwendung');
const OUT_OF_USE = new Set(
  (
    'archived inactive retired discontinued disabled deleted obsolete closed blocked locked archiviert inaktiv ausgelistet ' +
    'eingestellt gesperrt stillgelegt ausgelaufen geloscht archive inactif supprime archiviato inattivo dismesso archivado ' +
    'inactivo descatalogado'
  ).split(' '),
)
  .add('out of use')
  .add('end of life')
  .add('ausser betrieb');
const YES = new Set('yes y true 1 x ja j wahr oui si vrai vero verdadero on'.split(' '));
const NO = new Set('no n false 0 nein falsch non faux falso off -'.split(' '));

/**
 * Whether the row says that its item or bin is out of use: by a column that says it is in use (yes, no), by one that says
 * it is not, or by a word of a status ("archived"). Nothing: the row does not say.
 */
export function readRetired(row: RowReader): boolean | undefined {
  return readOne(row, 'archived') ?? readOne(row, 'active');
}

function readOne(row: RowReader, field: 'active' | 'archived'): boolean | undefined {
  const text = row.text(field);
  if (text === '') return undefined;
  const word = foldForSearch(text.slice(0, 80)).replaceAll(/[_-]+/g, ' ').trim();
  if (OUT_OF_USE.has(word)) return true;
  if (IN_USE.has(word)) return false;
  if (YES.has(word)) return field === 'archived';
  if (NO.has(word === '' ? '-' : word)) return field === 'active';
  row.problem(field, 'status_unknown', 'warn', text);
  return undefined;
}
