import { quantityOf, type Quantity } from '../../../shared/domain/quantity.ts';
import type { SandboxClock } from '../chassis/clock.ts';
import type { LocationType, WorldProduct, ZettleBehaviour, ZettleWorld } from './world.ts';

/** Stock that went from one place to another; the only thing that ever happens to stock at Zettle. */
export type Movement = {
  readonly at: string;
  readonly product: string;
  readonly variant: string;
  readonly from: string;
  readonly to: string;
  readonly change: Quantity;
  readonly by: 'opening' | 'api' | 'others';
  readonly externalUuid?: string;
};

export type Location = {
  readonly uuid: string;
  readonly type: LocationType;
  readonly name: string;
  readonly description: string;
  readonly default: boolean;
};

export type Product = { row: WorldProduct; tracked: boolean; version: number; updatedAt: number };

export type LowStock = { level: string | null; alert: boolean };

/** Everything one sandbox remembers. Balances follow from the movements; they are summed as those are written. */
export type ZettleState = {
  readonly organization: string;
  readonly behaviour: ZettleBehaviour;
  readonly clock: SandboxClock;
  readonly locations: Map<string, Location>;
  readonly products: Map<string, Product>;
  readonly movements: Movement[];
  readonly lowStock: Map<string, LowStock>;
  /** Ids of product events, oldest first, for the library's delta. */
  readonly events: { id: string; product: string }[];
  readonly seenEchoes: Set<string>;
  /** Times of the requests to the inventory service, in ms. */
  readonly askedAt: number[];
  newUuid(): string;
  storeOf(): Location | undefined;
  balance(location: string, variant: string): Quantity;
  changedAt(location: string, variant: string): number;
  move(movement: Omit<Movement, 'at'>): void;
};

export function createState(world: ZettleWorld, clock: SandboxClock): ZettleState {
  const { zettle } = world;
  const balances = new Map<string, Quantity>();
  const changedAt = new Map<string, number>();
  let uuids = 0;
  const locations = new Map(
    zettle.locations.map(({ uuid, type, name = type, description = '', default: isDefault = false }) => [
      uuid,
      { uuid, type, name, description, default: isDefault },
    ]),
  );
  const ofType = (type: LocationType) => {
    const some = [...locations.values()].filter((location) => location.type === type);
    return some.find((location) => location.default) ?? some[0];
  };
  const add = (location: string, variant: string, change: Quantity) => {
    // Virtual places are bottomless, and nobody counts what they hold.
    if (locations.get(location)?.type !== 'STORE') return;
    const key = `${location}|${variant}`;
    balances.set(key, (balances.get(key) ?? 0n) + change);
    changedAt.set(key, clock.now());
  };
  const state: ZettleState = {
    organization: zettle.organization,
    behaviour: zettle.behaviour,
    clock,
    locations,
    products: new Map(
      zettle.products.map((row) => [row.uuid, { row, tracked: row.tracked, version: 1, updatedAt: clock.now() }]),
    ),
    movements: [],
    lowStock: new Map(),
    events: [{ id: uuidOfNumber(0), product: '' }],
    seenEchoes: new Set(),
    askedAt: [],
    newUuid() {
      uuids += 1;
      return uuidOfNumber(uuids);
    },
    storeOf: () => ofType('STORE'),
    balance: (location, variant) => balances.get(`${location}|${variant}`) ?? 0n,
    changedAt: (location, variant) => changedAt.get(`${location}|${variant}`) ?? 0,
    move(movement) {
      state.movements.push({ ...movement, at: new Date(clock.now()).toISOString() });
      add(movement.from, movement.variant, -movement.change);
      add(movement.to, movement.variant, movement.change);
    },
  };
  for (const { uuid: product, variants } of zettle.products) {
    for (const { uuid: variant, balance, balances: byStore = {} } of variants) {
      const store = ofType('STORE')?.uuid ?? '';
      const opening = { ...(balance === undefined ? {} : { [store]: balance }), ...byStore };
      for (const [to, amount] of Object.entries(opening)) {
        const change = quantityOf(amount);
        if (change === 0n) continue;
        state.move({ product, variant, from: ofType('SUPPLIER')?.uuid ?? '', to, change, by: 'opening' });
      }
    }
  }
  return state;
}

function uuidOfNumber(number: number): string {
  return `${number.toString(16).padStart(8, '0')}-5f0f-11ec-bf63-0242ac130002`;
}
