import { codeKey } from '../barcode.ts';
import type { Catalogue } from '../catalogue.ts';
import type { Item } from '../item.ts';
import { findWrittenDamage } from './code-checks.ts';
import type { ImportChoices } from './choices.ts';
import type { RowReader } from './row-reader.ts';

/** Zeros that a spreadsheet may have taken off the front of a code. */
const MOST_ZEROS = 12;

/**
 * An item under a code that no item has as it stands: one that a spreadsheet damaged, where what it was is known. It is
 * taken only when a person chose so, and named either way.
 */
export function undamagedItem(row: RowReader, text: string, catalogue: Catalogue, choices: ImportChoices): Item | null {
  const damage = findWrittenDamage(text);
  const restored = damage !== null && 'suggestion' in damage ? damage.suggestion : undefined;
  const padded = /^\d{1,19}$/.test(text)
    ? Array.from({ length: MOST_ZEROS }, (_, zeros) => '0'.repeat(zeros + 1) + text).filter(
        (code) => catalogue.item(code) !== undefined,
      )
    : [];
  const candidates = new Set(padded.length > 0 ? padded : restored === undefined ? [] : [restored]);
  const [suggestion] = candidates;
  const item =
    suggestion === undefined || candidates.size > 1
      ? undefined
      : (catalogue.item(suggestion) ?? onlyItem(catalogue, suggestion));
  if (item === undefined || suggestion === undefined) {
    const code = damage?.code === 'scientific_notation' ? 'code_scientific_notation' : 'item_unknown';
    row.problem('item', code, 'stop', text);
    return null;
  }
  const code = padded.length > 0 || damage === null || !('suggestion' in damage) ? 'lost_zeros' : damage.code;
  const isChosen = choices.restore.includes(code);
  row.problem('item', `code_${code}`, isChosen ? 'warn' : 'stop', text, { suggestion });
  return isChosen ? item : null;
}

function onlyItem(catalogue: Catalogue, code: string): Item | undefined {
  const found = catalogue.find([codeKey(code)]);
  return found.length === 1 ? found[0]?.item : undefined;
}
