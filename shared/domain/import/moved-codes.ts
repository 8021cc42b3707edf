import { codeKey } from '../barcode.ts';
import type { Item, ItemBarcode } from '../item.ts';

/** A code that an item had before the file and another item has by the file: which items, by place in the list known before. */
export type MovedCode = { readonly code: string; readonly from: number };

/** Places of the items that have each code. */
function ownersOf(items: readonly Item[]): ReadonlyMap<string, readonly number[]> {
  const owners = new Map<string, number[]>();
  for (const [at, item] of items.entries()) {
    for (const { code } of item.barcodes) {
      const key = codeKey(code);
      const there = owners.get(key);
      if (there === undefined) owners.set(key, [at]);
      else if (!there.includes(at)) there.push(at);
    }
  }
  return owners;
}

/** One item of the file: its codes there, and its place among the items known before. */
export type FileItem<Draft> = {
  readonly draft: Draft;
  readonly barcodes: readonly ItemBarcode[];
  readonly at: number | undefined;
};

/**
 * Codes that the file gives to an item and that another item had until now, which the file does not give them any more. A
 * code that the file gives to both is shared on purpose, and one that the item had already has not moved.
 */
export function findMovedCodes<Draft>(
  existing: readonly Item[],
  file: readonly FileItem<Draft>[],
): ReadonlyMap<Draft, readonly MovedCode[]> {
  const owners = ownersOf(existing);
  const said = new Map(file.flatMap(({ at, barcodes }) => (at === undefined ? [] : [[at, barcodes] as const])));
  const has = (barcodes: readonly ItemBarcode[] | undefined, key: string): boolean =>
    barcodes?.some(({ code }) => codeKey(code) === key) === true;
  const moved = new Map<Draft, MovedCode[]>();
  for (const { draft, barcodes, at } of file) {
    const before = at === undefined ? undefined : existing[at]?.barcodes;
    for (const { code } of barcodes) {
      const key = codeKey(code);
      const from = owners.get(key)?.filter((owner) => owner !== at && !has(said.get(owner), key)) ?? [];
      if (from.length === 0 || has(before, key)) continue;
      moved.set(draft, [...(moved.get(draft) ?? []), ...from.map((owner) => ({ code, from: owner }))]);
    }
  }
  return moved;
}
