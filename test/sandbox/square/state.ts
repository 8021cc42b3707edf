import type { ApiAnswer } from './api-call.ts';
import { createClock, type SandboxClock } from '../chassis/clock.ts';
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

const DAY_MS = 24 * 3_600_000;
const OPENING_AGE_MS = 30 * DAY_MS;

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
  for (const transfer of world.square.transfers) {
    const occurredAt = transfer.occurredAt === undefined ? openedAt + DAY_MS : Date.parse(transfer.occurredAt);
    stock.append({
      type: 'TRANSFER',
      variation: transfer.variation,
      fromLocation: transfer.from,
      location: transfer.to,
      quantity: transfer.quantity,
      occurredAt,
      createdAt: occurredAt,
      occurredAtText: new Date(occurredAt).toISOString(),
    });
  }
  return { world, clock, stock, pager: createPager(clock, world.square.behaviour), keys: new Map() };
}
