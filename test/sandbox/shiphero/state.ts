import { createClock, type SandboxClock } from '../chassis/clock.ts';
import { createCredits, type Credits } from './credits.ts';
import { refuse } from './refusal.ts';
import { createSnapshots, type Snapshots } from './snapshots.ts';
import { createStock, type Stock } from './stock.ts';
import { createSyncs, type FetchFile, type Syncs } from './syncs.ts';
import { createAccess, type Access } from './tokens.ts';
import type { ShipheroWorld, shipheroWorldSchema } from './world.ts';
import type { z } from 'zod';

/** Everything one sandbox remembers. */
export type ShipheroState = {
  readonly world: ShipheroWorld;
  readonly clock: SandboxClock;
  readonly stock: Stock;
  readonly credits: Credits;
  readonly access: Access;
  readonly syncs: Syncs;
  readonly snapshots: Snapshots;
  requestId(): string;
};

export function createState(
  world: z.output<typeof shipheroWorldSchema>,
  machine: () => number,
  fetchFile: FetchFile,
): ShipheroState {
  const clock = createClock(world.clock, machine);
  const stock = createStock(world.shiphero, clock);
  let requests = 0;
  return {
    world: world.shiphero,
    clock,
    stock,
    credits: createCredits(world.shiphero.credits, clock),
    access: createAccess(world.shiphero, world.tokens, clock),
    syncs: createSyncs({ world: world.shiphero, clock, stock, fetchFile }),
    snapshots: createSnapshots({ world: world.shiphero, clock, stock }),
    requestId() {
      requests += 1;
      return `5f56${requests.toString(16).padStart(20, '0')}`;
    },
  };
}

/** An instant as ShipHero writes it. */
export function instantText(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, '+00:00');
}

export function warehouseOf(world: ShipheroWorld, id: string): ShipheroWorld['warehouses'][number] {
  return world.warehouses.find((one) => one.id === id) ?? refuse('not_found', `Warehouse ${id} not found`);
}
