import type { ComputedCount, RecordedChange } from './count.ts';
import { createStockPlace, type StockPlace } from './stock-place.ts';

/** The append-only list of everything that ever happened. Counts are computed from it, never written down. */
export type StockLedger = {
  append(change: Omit<RecordedChange, 'id' | 'order'>): RecordedChange;
  byId(id: string): RecordedChange | undefined;
  /** In the order of recording. */
  all(): readonly RecordedChange[];
  ofVariation(variation: string): readonly RecordedChange[];
  of(variation: string, location: string): readonly RecordedChange[];
  /** `computeCount` of a place. */
  count(variation: string, location: string, state: string, asOf: number): ComputedCount | undefined;
  /** The places where anything ever happened to a variation. */
  locationsOf(variation: string): readonly string[];
};

export function createStockLedger(): StockLedger {
  const all: RecordedChange[] = [];
  const byId = new Map<string, RecordedChange>();
  const byVariation = new Map<string, { changes: RecordedChange[]; places: Map<string, StockPlace> }>();
  const variationOf = (id: string) => {
    const known = byVariation.get(id) ?? { changes: [], places: new Map<string, StockPlace>() };
    byVariation.set(id, known);
    return known;
  };
  const place = (change: RecordedChange, location: string): void => {
    const { places } = variationOf(change.variation);
    const there = places.get(location) ?? createStockPlace();
    places.set(location, there);
    there.append(change);
  };
  return {
    append(change) {
      const order = all.length + 1;
      const recorded = { ...change, id: `CHANGE${String(order).padStart(10, '0')}`, order };
      all.push(recorded);
      byId.set(recorded.id, recorded);
      variationOf(recorded.variation).changes.push(recorded);
      if (recorded.fromLocation === undefined) place(recorded, recorded.location);
      else {
        place({ ...recorded, fromState: 'IN_STOCK' }, recorded.fromLocation);
        place({ ...recorded, toState: 'IN_STOCK' }, recorded.location);
      }
      return recorded;
    },
    byId: (id) => byId.get(id),
    all: () => all,
    ofVariation: (variation) => byVariation.get(variation)?.changes ?? [],
    of: (variation, location) => byVariation.get(variation)?.places.get(location)?.changes ?? [],
    count: (variation, location, state, asOf) => byVariation.get(variation)?.places.get(location)?.count(state, asOf),
    locationsOf: (variation) => [...(byVariation.get(variation)?.places.keys() ?? [])],
  };
}
