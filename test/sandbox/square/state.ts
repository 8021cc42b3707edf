import type { ApiAnswer } from './api-call.ts';
import { createClock, type SandboxClock } from './clock.ts';
import { createPager, type Pager } from './paging.ts';
import { createStockLedger, type StockLedger } from './stock.ts';
import type { World } from './world.ts';

/** Everything one sandbox remembers. */
export type SquareState = {
  readonly world: World;
  readonly clock: SandboxClock;
  readonly stock: StockLedger;
  readonly pager: Pager;
  readonly keys: Map<string, { text: string; answer: ApiAnswer; at: number }>;
};

const OPENING_AGE_MS = 30 * 24 * 3_600_000;

/** A fresh state: each opening stock is a physical count of thirty days ago. */
export function createState(world: World, machine: () => number): SquareState {
  const clock = createClock(world.clock, machine);
  const stock = createStockLedger();
  const openedAt = clock.now() - OPENING_AGE_MS;
  for (const variation of world.square.variations) {
    for (const [location, quantity] of Object.entries(variation.stock ?? {})) {
      stock.append({
        type: 'PHYSICAL_COUNT',
        variation: variation.id,
        location,
        state: 'IN_STOCK',
        quantity,
        occurredAt: openedAt,
        createdAt: openedAt,
        occurredAtText: new Date(openedAt).toISOString(),
      });
    }
  }
  return { world, clock, stock, pager: createPager(clock, world.square.behaviour), keys: new Map() };
}
