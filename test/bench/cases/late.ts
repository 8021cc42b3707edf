import { binsOf } from '../../../shared/domain/bins-of.ts';
import {
  entryId,
  FIRST_PREV,
  LEDGER_VERSION,
  type Fact,
  type LedgerEntry,
} from '../../../shared/domain/ledger-entry.ts';
import { emptyLedgerState, fold, foldLate, refoldBins, type LedgerState } from '../../../shared/domain/ledger-state.ts';
import type { Figures } from '../figures.ts';
import type { Scale } from '../scale.ts';

const BINS = 5000;
const ITEMS_A_BIN = 10;
const LATE = 1000;
/** The late entries are of so many bins: what one laptop counts in a morning. */
const LATE_BINS = 40;
const LIVE = 50;
const START = Date.parse('2026-03-02T06:00:00.000Z');

const binOf = (at: number) => `A-${String(at % BINS).padStart(5, '0')}`;
const itemOf = (at: number) => `SKU-${Math.floor(at / BINS) % ITEMS_A_BIN}`;

/** A chain of counts and movements, one every 20 ms: what is folded, without its hashes, which no fold looks at. */
function chain(device: string, count: number, facts: (at: number) => Fact, from = 0): LedgerEntry[] {
  return Array.from({ length: count }, (_, at) => ({
    id: entryId(device, at + 1),
    device,
    seq: at + 1,
    at: new Date(START + (from + at) * 20).toISOString(),
    by: device,
    v: LEDGER_VERSION,
    prev: FIRST_PREV,
    hash: FIRST_PREV,
    fact: facts(at),
  }));
}

function counted(at: number, bin: string): Fact {
  return { kind: 'counted', stocktake: 's', pass: 1, bin, item: itemOf(at), quantity: '1', how: 'scan' };
}

/** Folds late entries as a page does, whose copy finds the entries of a bin by its index; answers ms. */
function takeIn(
  state: LedgerState,
  byBin: ReadonlyMap<string, readonly LedgerEntry[]>,
  late: readonly LedgerEntry[],
): number {
  const began = performance.now();
  const stale = foldLate(state, late);
  const named = [...stale].flatMap((bin) => byBin.get(bin) ?? []);
  refoldBins(state, stale, [...named, ...late]);
  return performance.now() - began;
}

/** What it costs to hear of another laptop's entries that belong before what is folded: in a bulk, and one by one. */
export async function measureLateEntries(figures: Figures, scale: Scale): Promise<void> {
  const opening: Fact = { kind: 'stocktake_created', stocktake: 's', name: 'S', blind: true, bins: [binOf(0)] };
  const entries = chain('a', scale.many, (at) => {
    if (at === 0) return opening;
    if (at % 3 > 0) return counted(at, binOf(at));
    return { kind: 'stock_changed', item: itemOf(at), bin: binOf(at), quantity: '1', reason: 'receipt' };
  });
  const byBin = new Map<string, LedgerEntry[]>();
  for (const entry of entries) {
    for (const bin of binsOf(entry.fact)) {
      const known = byBin.get(bin);
      if (known === undefined) byBin.set(bin, [entry]);
      else known.push(entry);
    }
  }
  const began = performance.now();
  const state = emptyLedgerState();
  for (const entry of entries) fold(state, entry);
  const whole = performance.now() - began;
  const middle = Math.floor(scale.many / 2);
  const bulk = chain('b', LATE, (at) => counted(at, binOf(at % LATE_BINS)), middle);
  const bulkMs = takeIn(state, byBin, bulk);
  const live = chain('c', LIVE, (at) => counted(at, binOf(LATE_BINS + at)), middle);
  const times = live.map((entry) => takeIn(state, byBin, [entry])).toSorted((left, right) => left - right);
  figures.note('T1', bulkMs / whole);
  figures.note('T2', times.at(-1) ?? 0);
  figures.tell('rebuild ms of T1', whole);
  figures.tell('late ms of T1', bulkMs);
}
