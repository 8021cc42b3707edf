import type { FactOf, LedgerEntry, ObservedCount } from '../../domain/ledger-entry.ts';
import { foldedInto } from './in-place.ts';
import { isReadSince, type Reading, type Stamp } from './stamp.ts';
import { figureKey } from '../../ports/figure-key.ts';

/**
 * A remote's figure, and the start of the request that saw it. `first`: it came to light when tracking was started, or
 * stands since: it is no book of anybody's. `earlier`: what it held at readings before, newest first, at most
 * `MOST_EARLIER`.
 */
export type Figure = ObservedCount & Reading & { readonly first?: boolean; readonly earlier?: readonly string[] };

/** More than a figure changes between two sendings; what it held before that is forgotten. */
const MOST_EARLIER = 16;

/** `completeAt`: start of the newest pull that was read to its end. `newestAt`: the latest time of the remote's own clock. */
export type Observation = {
  readonly figures: ReadonlyMap<string, Figure>;
  readonly completeAt?: string;
  readonly newestAt?: string;
};
/** By connection. */
export type Observations = ReadonlyMap<string, Observation>;

/** Nothing seen yet. May be folded from again and again, unlike any other. */
export const NO_OBSERVATIONS: Observations = new Map();
const figuresOf = new WeakMap<Observation, Map<string, Figure>>();

/**
 * Folds `remote_observed`: keeps the newest figure of each item and location. What a pull does not name stays as it was.
 * The result shares its figures with `state`, see `foldedInto`.
 */
export function foldObservations(state: Observations, entry: LedgerEntry): Observations {
  const { fact } = entry;
  if (fact.kind !== 'remote_observed') return state;
  const next = new Map(state).set(
    fact.connection,
    seen(state.get(fact.connection), fact, { seq: entry.seq, at: entry.at }),
  );
  return state === NO_OBSERVATIONS ? next : foldedInto(state, next);
}

function seen(before: Observation | undefined, fact: FactOf<'remote_observed'>, sealed: Stamp): Observation {
  const figures = (before && figuresOf.get(before)) ?? new Map<string, Figure>();
  let newestAt = before?.newestAt;
  for (const count of fact.counts) {
    const calculatedAt = instantOf(count.calculatedAt);
    if (calculatedAt !== undefined && (newestAt === undefined || calculatedAt > newestAt)) newestAt = calculatedAt;
    const key = figureKey(count.remoteItem, count.remoteLocation);
    const kept = figures.get(key);
    const figure = { ...count, seenAt: fact.requestedAt, sealed };
    if (isNewer(figure, kept))
      figures.set(key, { ...figure, ...(isFirst(figure, kept) && { first: true }), ...earlierThan(figure, kept) });
  }
  const completeAt = fact.complete ? later(before?.completeAt, fact.requestedAt) : before?.completeAt;
  const observation = {
    figures,
    ...(completeAt === undefined ? {} : { completeAt }),
    ...(newestAt === undefined ? {} : { newestAt }),
  };
  figuresOf.set(observation, figures);
  return observation;
}

function isFirst(figure: Figure, kept: Figure | undefined): boolean {
  return figure.tracked !== false && (kept?.tracked === false || kept?.first === true);
}

function earlierThan(figure: ObservedCount, kept: Figure | undefined): Pick<Figure, 'earlier'> {
  const held = kept?.quantity ?? undefined;
  const known = kept?.earlier ?? [];
  if (held === undefined || held === figure.quantity) return known.length === 0 ? {} : { earlier: known };
  return { earlier: [held, ...known.filter((one) => one !== held)].slice(0, MOST_EARLIER) };
}

/** The remote's own clock decides where both figures bear its time; else the later request. */
function isNewer(figure: Figure, kept: Figure | undefined): boolean {
  if (kept === undefined) return true;
  const [ours, theirs] = [instantOf(figure.calculatedAt), instantOf(kept.calculatedAt)];
  if (ours !== undefined && theirs !== undefined && ours !== theirs) return ours > theirs;
  return isReadSince(figure, kept);
}

/** Far more than a change needs to become visible at the remote; reading a figure twice is harmless. */
const OVERLAP_MS = 10 * 60_000;

/**
 * `updatedAfter` of the next pull; undefined: read everything. Counted from the start of the last pull that was read to
 * its end, never from a row (contracts: Square 2.2). That start is this laptop's clock, which may run ahead of the
 * remote's: where the newest time that the remote itself has shown is earlier, that is taken.
 */
export function nextWatermark(state: Observations, connection: string): string | undefined {
  const seen = state.get(connection);
  if (seen?.completeAt === undefined || seen.newestAt === undefined) return undefined;
  const from = Math.min(Date.parse(seen.completeAt), Date.parse(seen.newestAt));
  return new Date(from - OVERLAP_MS).toISOString();
}

/** Remotes write offsets and fractions as they like; one spelling makes texts comparable. */
function instantOf(text: string | undefined): string | undefined {
  const ms = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

function later(one: string | undefined, other: string): string {
  return one !== undefined && one > other ? one : other;
}
