import type { HttpClient } from '../ports/http-client.ts';

/** An answer that took longer says too little about the time at which it was written. */
const LONGEST_TRIP_MS = 10_000;
/** The header has whole seconds. */
const HALF_SECOND_MS = 500;
/** Less than this is nothing: headers are rounded, answers take their time, and clocks drift. */
const TOLERATED_MS = 2 * 60_000;

/**
 * The way to a remote, listening to the time that its answers bear (RFC 9110, 6.6.1). `heard` is told by how many ms this
 * laptop's clock is ahead of it, negative when behind.
 */
export function listening(http: HttpClient, now: () => number, heard: (aheadMs: number) => void): HttpClient {
  return async (request) => {
    const askedAt = now();
    const answer = await http(request);
    const said = answer.ok ? Date.parse(answer.value.headers['date'] ?? '') : Number.NaN;
    const tripMs = now() - askedAt;
    if (!Number.isNaN(said) && tripMs >= 0 && tripMs <= LONGEST_TRIP_MS)
      heard(Math.round(askedAt + tripMs / 2 - said - HALF_SECOND_MS));
    return answer;
  };
}

/** This laptop's two clocks, ms: the time of day, and one that only grows. */
export type Clocks = { readonly now: () => number; readonly steady: () => number };

/** By how much this laptop's clock is ahead of a remote's. Forgotten when the time of day was put on or back since. */
export type ClockAhead = { heard(aheadMs: number): void; aheadMs(): number | undefined };

/** Creates it, knowing nothing. */
export function createClockAhead(clocks: Clocks): ClockAhead {
  let known: { aheadMs: number; between: number } | undefined;
  const between = () => clocks.now() - clocks.steady();
  return {
    heard(aheadMs) {
      known = { aheadMs, between: between() };
    },
    aheadMs: () => (known && Math.abs(between() - known.between) <= TOLERATED_MS ? known.aheadMs : undefined),
  };
}

/**
 * Changes at times that the remote can take: its present where this laptop's clock is known to be wrong, and its present at
 * the latest. A count keeps its time: it says how much there was then.
 */
export function atTheirPresent<Line extends { readonly change: 'count' | 'adjust'; readonly occurredAt: string }>(
  lines: readonly Line[],
  { now, aheadMs }: { now: number; aheadMs: number | undefined },
): Line[] {
  const isWrong = isClockWrong(aheadMs);
  const present = new Date(isWrong ? now - (aheadMs ?? 0) : now).toISOString();
  return lines.map((line) =>
    line.change === 'adjust' && (isWrong || line.occurredAt > present) ? { ...line, occurredAt: present } : line,
  );
}

/** Whether a laptop's clock is so wrong that its times must not be told to a remote. Not known: it is taken to be right. */
export function isClockWrong(aheadMs: number | undefined): boolean {
  return aheadMs !== undefined && Math.abs(aheadMs) > TOLERATED_MS;
}
