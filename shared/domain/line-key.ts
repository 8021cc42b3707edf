import { skuKey } from './item.ts';
import { binKey } from './location.ts';

/** What a balance and a count line are kept under: item + bin + lot, each in its comparing form. */
export type LineKey = string;

const SEPARATOR = '\u001F';

/** The key of one item in one bin, of one lot or of none. */
export function lineKey(line: { item: string; bin: string; lot?: string | undefined }): LineKey {
  return `${skuKey(line.item)}${SEPARATOR}${binKey(line.bin)}${SEPARATOR}${line.lot ?? ''}`;
}

/** The bin of a key, in its comparing form. */
export function binOf(key: LineKey): string {
  return key.split(SEPARATOR)[1] ?? '';
}
