import type { Item } from './item.ts';
import { readUnit } from './unit.ts';

/** What an item is called wherever it is named. `variant` tells it from its siblings: size, brand, and if need be its SKU. */
export type ItemName = { readonly name: string; readonly variant: string };

/** An item's name, with its size and brand where the name does not say them already. An item without a name is its SKU. */
export function itemName({
  sku,
  name,
  size = '',
  brand = '',
}: Pick<Item, 'sku' | 'name' | 'size' | 'brand'>): ItemName {
  if (name === '') return { name: sku, variant: [size, brand].filter((part) => part !== '').join(' · ') };
  const said = spoken(name);
  const parts = [size, brand].filter((part) => part !== '' && !said.includes(spoken(part)));
  return { name, variant: parts.join(' · ') };
}

/** Padded, so that "1 l" is not found in "11 l". */
function spoken(text: string): string {
  return ` ${text.toLowerCase()} `;
}

/** Both parts in one text: "Whole milk · 2 l · Farm". */
export function nameText({ name, variant }: ItemName): string {
  return variant === '' ? name : `${name} · ${variant}`;
}

/** Names that look the same are the same under this key. */
export function nameKey(name: ItemName): string {
  return spoken(nameText(name));
}

/** The unit that a figure of this item needs beside it; nothing for pieces. */
export function unitBeside({ unit }: Pick<Item, 'unit'>): string | undefined {
  const text = unit.trim();
  const known = readUnit(text);
  if (text === '' || known?.code === 'C62') return undefined;
  return known?.symbol ?? text;
}
