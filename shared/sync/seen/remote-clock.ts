import type { HttpClient } from '../../ports/http-client.ts';

/** An answer that took longer says too little about the time at which it was written. */
const LONGEST_TRIP_MS = 10_000;
/** The header has whole seconds, cut off. */
const HALF_SECOND_MS = 500;
/** Beyond this a clock is wrong: nobody knows what it showed while somebody counted. Below, it is off by what is known. */
const TOLERATED_MS = 2 * 60_000;
/** A time of day that moved by more than this against steady time was put on or back, or the laptop slept. */
const STEADY_MS = 1_000;
/** Headers have whole seconds and answers take their time: so much before their present a time is surely past there. */
const SURELY_PAST_MS = 2_000;

/**
 * The way to a remote, listening to the time that its answers bear (RFC 9110, 6.6.1). `heard` is told by how many ms this
 * laptop's clock is ahead of it, negative when behind. Nobody knows when on its way an answer was written: it is taken to
 * be halfway, or later where a time of that reckoning could still be to come there (see `pastThere`).
 */
export function listening(http: HttpClient, now: () => number, heard: (aheadMs: number) => void): HttpClient {
  return async (request) => {
    const askedAt = now();
    const answer = await http(request);
    const said = answer.ok ? Date.parse(answer.value.headers['date'] ?? '') : Number.NaN;
    const tripMs = now() - askedAt;
    if (!Number.isNaN(said) && tripMs >= 0 && tripMs <= LONGEST_TRIP_MS)
      heard(Math.round(Math.max(tripMs / 2 - HALF_SECOND_MS, tripMs - SURELY_PAST_MS) + askedAt - said));
    return answer;
  };
}

/** This laptop's two clocks, ms: the time of day, and one that only grows. */
export type Clocks = { readonly now: () => number; readonly steady: () => number };

/**
 * By how much this laptop's clock is ahead of a remote's, whole ms. Forgotten when the time of day was put on or back since;
 * where it only moved a little, it is off by so much more.
 */
export type ClockAhead = { heard(aheadMs: number): void; aheadMs(): number | undefined };

/** Creates it, knowing nothing. */
export function createClockAhead(clocks: Clocks): ClockAhead {
  let known: { aheadMs: number; between: number } | undefined;
  const between = () => clocks.now() - clocks.steady();
  return {
    heard(aheadMs) {
      known = { aheadMs, between: between() };
    },
    aheadMs() {
      if (known === undefined) return undefined;
      const movedMs = between() - known.between;
      return Math.abs(movedMs) <= STEADY_MS ? Math.round(known.aheadMs + movedMs) : undefined;
    },
  };
}

/** The latest time that a remote takes for past, ISO, by its own clock. `aheadMs` not known: ours is taken to be right. */
export function pastThere(now: number, aheadMs: number | undefined): string {
  return new Date(now - (aheadMs ?? 0) - SURELY_PAST_MS).toISOString();
}

/** A time of ours by the remote's clock, and never in its future, ISO. */
export function timeThere(ours: string, { now, aheadMs }: { now: number; aheadMs: number | undefined }): string {
  const behind = aheadMs ?? 0;
  return new Date(Math.min(Date.parse(ours) - behind, now - behind - SURELY_PAST_MS)).toISOString();
}

/**
 * Lines at times that the remote can take: a change at its present where this laptop's clock is known to be wrong, and
 * nothing in its future.
 */
export function atTheirPresent<Line extends { readonly change: 'count' | 'adjust'; readonly occurredAt: string }>(
  lines: readonly Line[],
  { now, aheadMs }: { now: number; aheadMs: number | undefined },
): Line[] {
  const isWrong = isClockWrong(aheadMs);
  const latest = pastThere(now, aheadMs);
  return lines.map((line) =>
    line.occurredAt > latest || (isWrong && line.change === 'adjust') ? { ...line, occurredAt: latest } : line,
  );
}

/** Whether a laptop's clock is so wrong that its times must not be told to a remote. Not known: it is taken to be right. */
export function isClockWrong(aheadMs: number | undefined): boolean {
  return aheadMs !== undefined && Math.abs(aheadMs) > TOLERATED_MS;
}
