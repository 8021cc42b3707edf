import type { ObservedCount } from '../../domain/ledger-entry.ts';
import { figureKey } from '../../ports/figure-key.ts';

/** Figures that may be worked from: as many as a person decides about in one go, and far more. */
const MOST_FIGURES = 50_000;

/**
 * The newest figures that this process has read and sealed, place by place. A figure counts only until something of ours
 * is sent there: what was read before, or while it was on its way, says nothing any more. Kept in memory alone: after a
 * restart a figure is read again before anything is worked out from it.
 */
export type SeenFigures = {
  /** Begins a reading; give it back with what it has found. */
  beginReading(): number;
  keep(connection: string, reading: number, counts: readonly ObservedCount[]): void;
  /** Something of ours was sent to these places, or has come to its end there. */
  forget(connection: string, places: readonly { remoteItem: string; remoteLocation: string }[]): void;
  /** Undefined: not seen, or not since. Null: the remote has no row. */
  figure(connection: string, remoteItem: string, remoteLocation: string): string | null | undefined;
};

/** Creates it, empty. */
export function createSeenFigures(): SeenFigures {
  const seen = new Map<string, string | null>();
  const changedAt = new Map<string, number>();
  let turn = 0;
  const keyOf = (connection: string, place: { remoteItem: string; remoteLocation: string }) =>
    `${connection}\u001E${figureKey(place.remoteItem, place.remoteLocation)}`;
  return {
    beginReading: () => turn,
    keep(connection, reading, counts) {
      for (const count of counts) {
        const key = keyOf(connection, count);
        if ((changedAt.get(key) ?? 0) > reading) continue;
        seen.delete(key);
        seen.set(key, count.quantity);
      }
      for (const key of seen.keys()) {
        if (seen.size <= MOST_FIGURES) break;
        seen.delete(key);
      }
    },
    forget(connection, places) {
      turn += 1;
      for (const place of places) {
        const key = keyOf(connection, place);
        seen.delete(key);
        changedAt.set(key, turn);
      }
    },
    figure: (connection, remoteItem, remoteLocation) => seen.get(keyOf(connection, { remoteItem, remoteLocation })),
  };
}
