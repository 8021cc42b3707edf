import type { SandboxClock } from '../chassis/clock.ts';
import { refuse } from './refusal.ts';
import type { Shelf, Stock } from './stock.ts';
import type { ShipheroWorld } from './world.ts';

export type SnapshotWish = {
  readonly warehouse: string | undefined;
  readonly customer: string | undefined;
  readonly email: string | null;
  readonly postUrl: string | null;
  readonly preCheck: boolean;
  readonly newFormat: boolean;
  readonly updatedFrom: number | undefined;
  readonly hasInventory: boolean;
  /** Where the sandbox is asked; the file lies there too. */
  readonly origin: string;
};
export type Snapshot = SnapshotWish & {
  readonly id: string;
  readonly createdAt: number;
  state: 'enqueued' | 'success' | 'aborted';
  text: string;
};

export type Snapshots = {
  all(): readonly Snapshot[];
  byId(id: string): Snapshot;
  start(wish: SnapshotWish): Snapshot;
  abort(id: string): Snapshot;
  /** Finishes what is due. */
  settle(): void;
  /** The file behind an address; undefined: there is none, null: it is gone. */
  file(path: string): string | null | undefined;
};

/** The file is kept that long (contracts: ShipHero 2.4). */
const FILE_LIFE_MS = 24 * 3_600_000;
const FOLDER = '/inventory_snapshots/';

export function createSnapshots(parts: { world: ShipheroWorld; clock: SandboxClock; stock: Stock }): Snapshots {
  const { world, clock, stock } = parts;
  const snapshots: Snapshot[] = [];
  const byId = (id: string): Snapshot =>
    snapshots.find((one) => one.id === id) ?? refuse('not_found', `Snapshot ${id} not found`);
  const settle = (): void => {
    for (const one of snapshots) {
      if (one.state !== 'enqueued' || clock.now() < one.createdAt + world.behaviour.snapshotMs) continue;
      one.state = 'success';
      one.text = JSON.stringify(fileOf(one, stock, world));
    }
  };
  return {
    all: () => snapshots,
    byId,
    start(wish) {
      const id = `5e70${(snapshots.length + 1).toString(16).padStart(20, '0')}`;
      const snapshot: Snapshot = { ...wish, id, createdAt: clock.now(), state: 'enqueued', text: '' };
      snapshots.push(snapshot);
      return snapshot;
    },
    abort(id) {
      const snapshot = byId(id);
      if (snapshot.state === 'success') refuse('not_allowed', 'The snapshot is finished');
      snapshot.state = 'aborted';
      return snapshot;
    },
    settle,
    file(path) {
      if (!path.startsWith(FOLDER)) return undefined;
      const found = snapshots.find((one) => path === filePath(one) && one.state === 'success');
      if (found === undefined) return undefined;
      return clock.now() > found.createdAt + FILE_LIFE_MS ? null : found.text;
    },
  };
}

export function filePath(snapshot: Snapshot): string {
  return `${FOLDER}${snapshot.id}.json`;
}

/** "A big map of products to vendors, warehouses, and lots for each": the words are known, the exact JSON is not. */
function fileOf(wish: SnapshotWish, stock: Stock, world: ShipheroWorld): unknown {
  const shelves = stock.shelves.filter(
    (shelf) =>
      (wish.warehouse === undefined || shelf.warehouse === wish.warehouse) &&
      (wish.customer === undefined || shelf.product.customer === wish.customer) &&
      (!wish.hasInventory || shelf.onHand !== 0) &&
      (wish.updatedFrom === undefined || shelf.updatedAt >= wish.updatedFrom),
  );
  const bins = (shelf: Shelf) =>
    [...shelf.rows].map(([id, quantity]) => ({ location_id: id, name: stock.places.get(id)?.name, quantity }));
  if (world.behaviour.snapshotShape === 'lists') {
    return {
      products: [...new Set(shelves.map((shelf) => shelf.product))].map(({ sku }) => ({
        sku,
        vendors: [],
        warehouses: shelves
          .filter((shelf) => shelf.product.sku === sku)
          .map((shelf) => ({ warehouse_id: shelf.warehouse, on_hand: shelf.onHand, locations: bins(shelf) })),
      })),
    };
  }
  const products: Record<string, { sku: string; vendors: unknown; warehouse_products: Record<string, unknown> }> = {};
  for (const shelf of shelves) {
    const { sku } = shelf.product;
    products[sku] ??= { sku, vendors: {}, warehouse_products: {} };
    products[sku].warehouse_products[shelf.warehouse] = {
      on_hand: shelf.onHand,
      item_bins: Object.fromEntries(bins(shelf).map((bin) => [bin.location_id, bin])),
    };
  }
  return { products };
}
