import { formatQuantity, quantityOf, type Quantity } from '../../../shared/domain/quantity.ts';

/** A recorded change, as Square writes it. `occurredAt` and `createdAt` are ms; `order` is that of recording. */
export type RecordedChange = {
  readonly id: string;
  readonly type: 'PHYSICAL_COUNT' | 'ADJUSTMENT' | 'TRANSFER';
  readonly variation: string;
  readonly location: string;
  /** Of a transfer; `location` is where it went. */
  readonly fromLocation?: string;
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

/** States that have a count. The others are only where stock comes from or goes to. */
const COUNTED_STATES: ReadonlySet<string> = new Set([
  'IN_STOCK',
  'WASTE',
  'RESERVED_FOR_SALE',
  'IN_TRANSIT',
  'RETURNED_BY_CUSTOMER',
  'CUSTOM',
]);

export function hasCount(state: string): boolean {
  return COUNTED_STATES.has(state);
}

/**
 * The count of one state at one place, as of an instant (contracts: Square 2.7): the latest physical count by
 * `occurred_at`, and every adjustment that occurred later. Undefined: the state never was there, which is not zero.
 */
export function computeCount(
  changes: readonly RecordedChange[],
  state: string,
  asOf: number,
): ComputedCount | undefined {
  if (!hasCount(state)) return undefined;
  const touches = (change: RecordedChange) =>
    change.occurredAt <= asOf && (change.state === state || change.fromState === state || change.toState === state);
  let last: RecordedChange | undefined;
  for (const change of changes)
    if (change.type === 'PHYSICAL_COUNT' && touches(change) && (last?.occurredAt ?? 0) <= change.occurredAt)
      last = change;
  let quantity = last === undefined ? 0n : quantityOf(last.quantity);
  let calculatedAt = last?.createdAt;
  for (const change of changes) {
    if (change.type === 'PHYSICAL_COUNT' || !touches(change)) continue;
    if (last !== undefined && change.occurredAt <= last.occurredAt) continue;
    quantity += signed(change, state);
    calculatedAt = Math.max(calculatedAt ?? 0, change.createdAt);
  }
  return calculatedAt === undefined ? undefined : { quantity, calculatedAt };
}

/** What a change does to a state's quantity, counts apart. */
export function signed(change: RecordedChange, state: string): Quantity {
  const quantity = quantityOf(change.quantity);
  return (change.toState === state ? quantity : 0n) - (change.fromState === state ? quantity : 0n);
}

export function countText(count: ComputedCount): string {
  return formatQuantity(count.quantity);
}
