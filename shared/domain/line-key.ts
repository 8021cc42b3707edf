import { skuKey } from './item.ts';
import { binKey } from './location.ts';
import { textKey } from './text-key.ts';

/** What a balance and a count line are kept under: item + bin + lot, each in its comparing form. */
export type LineKey = string;

const SEPARATOR = '\u001F';

/** The key of one item in one bin, of one lot or of none. */
export function lineKey(line: { item: string; bin: string; lot?: string | undefined }): LineKey {
  return `${skuKey(line.item)}${SEPARATOR}${binKey(line.bin)}${SEPARATOR}${lotKey(line.lot)}`;
}

/** The bin of a key, in its comparing form. */
export function binOf(key: LineKey): string {
  const from = key.indexOf(SEPARATOR) + 1;
  return key.slice(from, key.indexOf(SEPARATOR, from));
}

/** The item and the lot of a key, in their comparing forms. */
export function namesOf(key: LineKey): { readonly item: string; readonly lot: string | undefined } {
  const [item = '', , lot = ''] = key.split(SEPARATOR);
  return { item, lot: lot === '' ? undefined : lot };
}

/** The form under which two lots of an item are the same lot; no lot is one of its own. */
export function lotKey(lot: string | undefined): string {
  return lot === undefined ? '' : textKey(lot);
}

/** The form under which two serials of an item are the same piece. */
export function serialKey(serial: string): string {
  return textKey(serial);
}
