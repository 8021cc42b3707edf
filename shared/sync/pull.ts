import type { LedgerEntry, ObservedCount } from '../domain/ledger-entry.ts';

/** What a figure is kept under: one item of the remote at one of its locations. */
export function figureKey(remoteItem: string, remoteLocation: string): string {
  return `${remoteItem}\u001F${remoteLocation}`;
}

/** A remote's figure, and the start of the request that saw it. */
export type Figure = ObservedCount & { readonly seenAt: string };

/** `completeAt`: start of the newest pull that was read to its end. `newestAt`: the latest time of the remote's own clock. */
export type Observation = {
  readonly figures: ReadonlyMap<string, Figure>;
  readonly completeAt?: string;
  readonly newestAt?: string;
};
/** By connection. */
export type Observations = ReadonlyMap<string, Observation>;

export const NO_OBSERVATIONS: Observations = new Map();

/** Folds `remote_observed`: keeps the newest figure of each item and location. What a pull does not name stays as it was. */
export function foldObservations(state: Observations, entry: LedgerEntry): Observations {
  const { fact } = entry;
  if (fact.kind !== 'remote_observed') return state;
  const before = state.get(fact.connection) ?? { figures: new Map<string, Figure>() };
  const figures = fact.counts.length === 0 ? before.figures : new Map(before.figures);
  let newestAt = before.newestAt;
  if (figures instanceof Map) {
    for (const count of fact.counts) {
      const calculatedAt = instantOf(count.calculatedAt);
      if (calculatedAt !== undefined && (newestAt === undefined || calculatedAt > newestAt)) newestAt = calculatedAt;
      const key = figureKey(count.remoteItem, count.remoteLocation);
      const figure = { ...count, seenAt: fact.requestedAt };
      if (isNewer(figure, figures.get(key))) figures.set(key, figure);
    }
  }
  const completeAt = fact.complete ? later(before.completeAt, fact.requestedAt) : before.completeAt;
  return new Map(state).set(fact.connection, {
    figures,
    ...(completeAt === undefined ? {} : { completeAt }),
    ...(newestAt === undefined ? {} : { newestAt }),
  });
}

/** The remote's own clock decides where both figures bear its time; else the later request. */
function isNewer(figure: Figure, kept: Figure | undefined): boolean {
  if (kept === undefined) return true;
  const [ours, theirs] = [instantOf(figure.calculatedAt), instantOf(kept.calculatedAt)];
  if (ours !== undefined && theirs !== undefined && ours !== theirs) return ours > theirs;
  return figure.seenAt >= kept.seenAt;
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
