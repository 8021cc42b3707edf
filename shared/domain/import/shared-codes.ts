import { codeKey } from '../barcode.ts';
import type { Item } from '../item.ts';
import type { SharedCode } from './conversion.ts';

/**
 * Codes that more than one item has, in any spelling of the same GTIN; `name` is told each item but the first. It is also
 * told of each item that has a code which is another one's SKU.
 */
export function findSharedCodes(
  items: readonly Item[],
  name: (kind: 'duplicate_barcode' | 'code_is_sku', at: number, code: string, others: readonly string[]) => void,
): readonly SharedCode[] {
  const owners = new Map<string, number | number[]>();
  for (const [at, item] of items.entries()) {
    for (const { code } of item.barcodes) {
      const key = codeKey(code);
      const there = owners.get(key);
      if (there === undefined) owners.set(key, at);
      else if (typeof there === 'number') {
        if (there !== at) owners.set(key, [there, at]);
      } else if (!there.includes(at)) there.push(at);
    }
  }
  const skuAt = (at: number): string => items[at]?.sku ?? '';
  const shared: SharedCode[] = [];
  for (const [key, there] of owners) {
    if (typeof there === 'number') continue;
    shared.push({ code: key.slice(2), skus: there.map(skuAt) });
    for (const at of there.slice(1))
      name(
        'duplicate_barcode',
        at,
        key.slice(2),
        there
          .filter((one) => one !== at)
          .slice(0, 5)
          .map(skuAt),
      );
  }
  for (const [at, { sku }] of items.entries()) {
    const there = owners.get(codeKey(sku));
    if (there === undefined) continue;
    for (const owner of typeof there === 'number' ? [there] : there) {
      if (owner !== at) name('code_is_sku', owner, sku, [sku]);
    }
  }
  return shared;
}
