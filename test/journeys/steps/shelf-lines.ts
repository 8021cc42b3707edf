import type { Page } from '@playwright/test';
import { countItem } from './counting.ts';
import { labelOf, type Warehouse } from './warehouse.ts';

/** What the sample says of one line, and how it is scanned. */
export type Line = {
  readonly item: string;
  readonly code: string;
  readonly name: string;
  readonly bin: string;
  readonly book: number;
};

/** Lines of a bin whose item lies nowhere else, with more than ten of it. */
export function aloneIn(warehouse: Warehouse, bin: string): readonly Line[] {
  const places = (item: string): number => warehouse.stock.filter((row) => row.item === item).length;
  return warehouse.stock
    .filter((row) => row.bin === bin && row.quantity > 10 && places(row.item) === 1)
    .map(({ item, quantity }) => {
      const name = warehouse.names.get(item) ?? item;
      return { item, code: labelOf(item), name, bin, book: quantity };
    });
}

/** Counts a line with its quantity typed before one scan. */
export async function count(page: Page, { code, name }: Line, quantity: number): Promise<void> {
  await countItem(page, { code, name, typed: String(quantity), total: String(quantity) });
}
