import type { SandboxClock } from '../chassis/clock.ts';
import type { ShipheroBehaviour, ShipheroWorld, WorldLocation, WorldProduct } from './world.ts';

export type Place = WorldLocation & { readonly legacyId: number; readonly createdAt: number };
export type Product = WorldProduct & { readonly id: string; readonly legacyId: number };

/** One effect on stock. `location` null: the warehouse keeps one figure. */
export type Change = {
  readonly id: string;
  readonly legacyId: number;
  readonly warehouse: string;
  readonly sku: string;
  readonly customer: string | undefined;
  readonly location: string | null;
  readonly previous: number;
  readonly change: number;
  readonly reason: string;
  readonly at: number;
};

/** What one warehouse holds of one product. A row may be zero; no row is not zero. */
export type Shelf = {
  readonly product: Product;
  readonly warehouse: string;
  readonly legacyId: number;
  readonly rows: Map<string, number>;
  readonly lots: ReadonlyMap<string, Readonly<Record<string, number>>>;
  readonly changes: Change[];
  onHand: number;
  bin: string | null;
  isActive: boolean;
  updatedAt: number;
};

export type Stock = {
  readonly places: Map<string, Place>;
  readonly products: readonly Product[];
  readonly shelves: readonly Shelf[];
  readonly changes: readonly Change[];
  /** The shelf of a product; undefined where it is not assigned to the warehouse. */
  shelf(warehouse: string, sku: string, customer?: string | null): Shelf | undefined;
  product(sku: string, customer?: string | null): Product | undefined;
  placeNamed(warehouse: string, name: string): Place | undefined;
  addPlace(place: WorldLocation): Place;
  assign(product: Product, warehouse: string): Shelf;
  /** Sets the figure of one location (null: of the warehouse) and writes the history. */
  set(shelf: Shelf, location: string | null, quantity: number, reason: string): void;
  /** The number and the opaque id of a new thing. */
  number(): number;
};

const OPENING_AGE_MS = 30 * 24 * 3_600_000;

/** The opaque form of a number, as the vendor makes it. */
export function opaqueId(entity: string, legacyId: number): string {
  return Buffer.from(`${entity}:${legacyId}`).toString('base64');
}

export function createStock(world: ShipheroWorld, clock: SandboxClock): Stock {
  const { behaviour } = world;
  const openedAt = clock.now() - OPENING_AGE_MS;
  let last = 1_494_000;
  const number = (): number => (last += 1);
  const places = new Map<string, Place>();
  const named = new Map<string, Place>();
  const byKey = new Map<string, Shelf>();
  const shelves: Shelf[] = [];
  const changes: Change[] = [];

  const keepPlace = (place: Place): Place => {
    places.set(place.id, place);
    named.set(`${place.warehouse}\n${place.name}`, place);
    return place;
  };
  const assign = (product: Product, warehouse: string): Shelf => {
    const stock = Object.entries(product.stock).filter(([location]) => places.get(location)?.warehouse === warehouse);
    const rows = new Map(stock.map(([location, pieces]) => [location, sumOf(pieces)]));
    const lots = new Map(stock.flatMap(([at, pieces]) => (typeof pieces === 'number' ? [] : [[at, pieces] as const])));
    const found = [...rows.values()].reduce((sum, pieces) => sum + pieces, 0);
    const onHand = product.on_hand[warehouse] ?? found;
    const state = { onHand, bin: null, isActive: product.active, updatedAt: openedAt };
    const shelf: Shelf = { product, warehouse, legacyId: number(), rows, lots, changes: [], ...state };
    shelves.push(shelf);
    byKey.set(shelfKey(warehouse, product.sku, product.customer), shelf);
    return shelf;
  };

  for (const place of world.locations) keepPlace({ ...place, legacyId: number(), createdAt: openedAt });
  const products = world.products.map((product): Product => {
    const legacyId = number();
    return { ...product, legacyId, id: opaqueId('Product', legacyId) };
  });
  for (const product of products)
    for (const { id } of world.warehouses)
      if (product.warehouses === undefined || product.warehouses.includes(id)) assign(product, id);

  return {
    places,
    products,
    shelves,
    changes,
    number,
    assign,
    shelf: (warehouse, sku, customer) => byKey.get(shelfKey(warehouse, sku, customer)),
    product: (sku, customer) =>
      products.find((one) => one.sku === sku && (customer == null || one.customer === customer)),
    placeNamed: (warehouse, name) => named.get(`${warehouse}\n${name}`),
    addPlace: (place) => keepPlace({ ...place, legacyId: number(), createdAt: clock.now() }),
    set(shelf, location, quantity, reason) {
      const before = location === null ? shelf.onHand : (shelf.rows.get(location) ?? 0);
      const change = quantity - before;
      const previous = behaviour.previousOnHand === 'warehouse' ? shelf.onHand : before;
      if (location !== null) shelf.rows.set(location, quantity);
      shelf.onHand += change;
      shelf.updatedAt = clock.now();
      if (change === 0 && !behaviour.logsUnchanged) return;
      const row = rowOf({ shelf, location, previous, change, reason: cut(reason, behaviour) }, number(), clock.now());
      shelf.changes.push(row);
      changes.push(row);
    },
  };
}

function rowOf(
  what: { shelf: Shelf; location: string | null; previous: number; change: number; reason: string },
  legacyId: number,
  at: number,
): Change {
  const { shelf, ...rest } = what;
  const { sku, customer } = shelf.product;
  return {
    id: opaqueId('InventoryChange', legacyId),
    legacyId,
    warehouse: shelf.warehouse,
    sku,
    customer,
    at,
    ...rest,
  };
}

function shelfKey(warehouse: string, sku: string, customer: string | null | undefined): string {
  return `${warehouse}\n${customer ?? ''}\n${sku}`;
}

function sumOf(pieces: number | Readonly<Record<string, number>>): number {
  return typeof pieces === 'number' ? pieces : Object.values(pieces).reduce((sum, one) => sum + one, 0);
}

function cut(reason: string, behaviour: ShipheroBehaviour): string {
  return reason.slice(0, behaviour.reasonLength);
}
