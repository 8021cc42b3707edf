import type { WorldInput } from '../../sandbox/square/world.ts';
import { labelOf, openingOf, type Warehouse } from './warehouse.ts';

export const SQUARE_LOCATION = 'LMAIN';
export const SQUARE_TOKEN = 'sandbox-token';

/** The id under which the sandbox keeps an item of ours. */
export function variationOf(item: string): string {
  return `VAR${item}`;
}

/** A Square that sells everything the warehouse has, and agrees with its opening stock to the last piece. */
export function squareWorld(warehouse: Warehouse): WorldInput {
  const opening = new Map<string, number>();
  for (const { item, quantity } of warehouse.stock) opening.set(item, (opening.get(item) ?? 0) + quantity);
  return {
    tokens: { [SQUARE_TOKEN]: 'ok' },
    square: {
      merchant: 'Sample Grocery',
      locations: [
        { id: SQUARE_LOCATION, name: 'Main Street' },
        { id: 'LOLD', name: 'Old Shop', status: 'INACTIVE' },
      ],
      variations: [...warehouse.names].map(([item, name]) => ({
        id: variationOf(item),
        item: `${name} ${item}`,
        name,
        sku: item,
        upc: labelOf(item),
        stock: opening.has(item) ? { [SQUARE_LOCATION]: String(opening.get(item)) } : {},
      })),
    },
  };
}

/** Pieces that the sandbox must hold of each item before anything is sent. */
export function squareBefore(warehouse: Warehouse, items: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(items.map((item) => [item, String(openingOf(warehouse, item))]));
}
