import { computeCount, hasCount, signed, type ComputedCount, type RecordedChange } from './count.ts';

/** What happened to one variation at one place, and what that comes to. */
export type StockPlace = {
  readonly changes: readonly RecordedChange[];
  append(change: RecordedChange): void;
  /** `computeCount` of the changes. */
  count(state: string, asOf: number): ComputedCount | undefined;
};

/** What was computed last, carried on by each later change; good for questions about the newest moment only. */
type Carried = { readonly count: ComputedCount | undefined; readonly countedAt: number };

export function createStockPlace(): StockPlace {
  const changes: RecordedChange[] = [];
  const carried = new Map<string, Carried>();
  let newest = 0;
  return {
    changes,
    append(change) {
      changes.push(change);
      newest = Math.max(newest, change.occurredAt);
      if (change.type === 'PHYSICAL_COUNT') carried.clear();
      else for (const state of [change.fromState, change.toState]) carryOn(carried, state, change);
    },
    count(state, asOf) {
      if (asOf < newest || !hasCount(state)) return computeCount(changes, state, asOf);
      const known = carried.get(state);
      if (known !== undefined) return known.count;
      const count = computeCount(changes, state, asOf);
      const countedAt = Math.max(
        -Infinity,
        ...changes.flatMap((one) => (one.type === 'PHYSICAL_COUNT' && one.state === state ? [one.occurredAt] : [])),
      );
      carried.set(state, { count, countedAt });
      return count;
    },
  };
}

function carryOn(carried: Map<string, Carried>, state: string | undefined, change: RecordedChange): void {
  const known = state === undefined ? undefined : carried.get(state);
  if (state === undefined || known === undefined || change.occurredAt <= known.countedAt) return;
  if (change.fromState === change.toState) {
    carried.delete(state);
    return;
  }
  const count = {
    quantity: (known.count?.quantity ?? 0n) + signed(change, state),
    calculatedAt: Math.max(known.count?.calculatedAt ?? 0, change.createdAt),
  };
  carried.set(state, { count, countedAt: known.countedAt });
}
