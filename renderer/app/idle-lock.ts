/** A clock and its alarm. `after` gives back what cancels it. */
export type Clock = { now(): number; after(ms: number, run: () => void): () => void };

export type IdleWatch = { touch(): void; stop(): void };

/**
 * Calls `onIdle` once when nobody touched anything for `idleMs`. A touch that comes later than that (alarms sleep when
 * the laptop does) counts as idle too.
 */
export function watchIdle(idleMs: number, clock: Clock, onIdle: () => void): IdleWatch {
  let touchedAt = clock.now();
  let cancel = clock.after(idleMs, ring);

  function stop(): void {
    cancel();
    cancel = () => undefined;
    touchedAt = Number.POSITIVE_INFINITY;
  }

  function ring(): void {
    const rest = touchedAt + idleMs - clock.now();
    if (rest > 0) cancel = clock.after(rest, ring);
    else idle();
  }

  function idle(): void {
    stop();
    onIdle();
  }

  return {
    touch() {
      const now = clock.now();
      if (now - touchedAt >= idleMs) idle();
      else if (touchedAt !== Number.POSITIVE_INFINITY) touchedAt = now;
    },
    stop,
  };
}
