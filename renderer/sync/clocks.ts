/** By how much this laptop's clock is ahead of the remotes', as their answers have told lately. */
export type Clocks = {
  heard(connection: string, aheadMs: number | undefined): void;
  /** Undefined: not known, or not any more. */
  ahead(connection: string): number | undefined;
};

/** So long the remote's time counts as known. */
const CLOCK_KNOWN_MS = 10 * 60_000;

/** Creates them, knowing nothing. `now`: this laptop's clock; one that is put on or back makes old what was heard. */
export function createClocks(now: () => string): Clocks {
  const clocks = new Map<string, { aheadMs: number; at: number }>();
  return {
    heard(connection, aheadMs) {
      if (aheadMs === undefined) clocks.delete(connection);
      else clocks.set(connection, { aheadMs, at: Date.parse(now()) });
    },
    ahead(connection) {
      const heard = clocks.get(connection);
      const ageMs = Date.parse(now()) - (heard?.at ?? 0);
      return ageMs >= 0 && ageMs <= CLOCK_KNOWN_MS ? heard?.aheadMs : undefined;
    },
  };
}
