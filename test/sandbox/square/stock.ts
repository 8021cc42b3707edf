import { formatQuantity, quantityOf, type Quantity } from '../../../shared/domain/quantity.ts';

/** A recorded change, as Square writes it. `occurredAt` and `createdAt` are ms; `order` is that of recording. */
export type RecordedChange = {
  readonly id: string;
  readonly type: 'PHYSICAL_COUNT' | 'ADJUSTMENT' | 'TRANSFER';
  readonly variation: string;
  readonly location: string;
  readonly fromState?: string;
  readonly toState?: string;
  /** Of a physical count. */
  readonly state?: string;
  readonly quantity: string;
  readonly occurredAt: number;
  readonly createdAt: number;
  readonly order: number;
  /** As the client wrote it, for reading back. */
  readonly occurredAtText: string;
  readonly referenceId?: string;
};

export type ComputedCount = { readonly quantity: Quantity; readonly calculatedAt: number };

/** The append-only list of everything that ever happened. Counts are computed from it at every question. */
export type StockLedger = {
  append(change: Omit<RecordedChange, 'id' | 'order'>): RecordedChange;
  byId(id: string): RecordedChange | undefined;
  /** In the order of recording. */
  all(): readonly RecordedChange[];
  of(variation: string, location: string): readonly RecordedChange[];
  /** The places where anything ever happened to a variation. */
  locationsOf(variation: string): readonly string[];
};

export function createStockLedger(): StockLedger {
  const all: RecordedChange[] = [];
  const byId = new Map<string, RecordedChange>();
  const byVariation = new Map<string, Map<string, RecordedChange[]>>();
  return {
    append(change) {
      const order = all.length + 1;
      const recorded = { ...change, id: `CHANGE${String(order).padStart(10, '0')}`, order };
      all.push(recorded);
      byId.set(recorded.id, recorded);
      const places = byVariation.get(change.variation) ?? new Map<string, RecordedChange[]>();
      byVariation.set(change.variation, places);
      places.set(change.location, [...(places.get(change.location) ?? []), recorded]);
      return recorded;
    },
    byId: (id) => byId.get(id),
    all: () => all,
    of: (variation, location) => byVariation.get(variation)?.get(location) ?? [],
    locationsOf: (variation) => [...(byVariation.get(variation)?.keys() ?? [])],
  };
}

/** States that have a count. The others are only where stock comes from or goes to. */
const COUNTED_STATES: ReadonlySet<string> = new Set([
  'IN_STOCK',
  'WASTE',
  'IN_TRANSIT',
  'RETURNED_BY_CUSTOMER',
  'CUSTOM',
]);

/**
 * The count of one state at one place, as of an instant (contracts: Square 2.7): the latest physical count by
 * `occurred_at`, and every adjustment that occurred later. Undefined: the state never was there, which is not zero.
 */
export function computeCount(
  changes: readonly RecordedChange[],
  state: string,
  asOf: number,
): ComputedCount | undefined {
  if (!COUNTED_STATES.has(state)) return undefined;
  const touching = changes.filter(
    (change) => change.occurredAt <= asOf && [change.state, change.fromState, change.toState].includes(state),
  );
  if (touching.length === 0) return undefined;
  const counts = touching.filter((change) => change.type === 'PHYSICAL_COUNT');
  const last = counts.toSorted((left, right) => left.occurredAt - right.occurredAt || left.order - right.order).at(-1);
  const later = touching.filter(
    (change) => change.type !== 'PHYSICAL_COUNT' && (last === undefined || change.occurredAt > last.occurredAt),
  );
  const start = last === undefined ? 0n : quantityOf(last.quantity);
  const quantity = later.reduce((sum, change) => sum + signed(change, state), start);
  const effective = last === undefined ? later : [last, ...later];
  return { quantity, calculatedAt: Math.max(...effective.map((change) => change.createdAt)) };
}

function signed(change: RecordedChange, state: string): Quantity {
  const quantity = quantityOf(change.quantity);
  return (change.toState === state ? quantity : 0n) - (change.fromState === state ? quantity : 0n);
}

export function countText(count: ComputedCount): string {
  return formatQuantity(count.quantity);
}
