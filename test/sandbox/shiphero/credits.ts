import type { SandboxClock } from '../chassis/clock.ts';

/** A bucket of credits that fills again with time. */
export type Credits = {
  remaining(): number;
  /** Takes that many, or nothing and says how many were left. */
  take(amount: number): boolean;
  set(remaining: number): void;
  readonly max: number;
  readonly perSecond: number;
};

export function createCredits(limits: { max: number; perSecond: number }, clock: SandboxClock): Credits {
  let kept = limits.max;
  let at = clock.now();
  const fill = (): number => {
    const now = clock.now();
    kept = Math.min(limits.max, kept + (Math.max(0, now - at) / 1000) * limits.perSecond);
    at = now;
    return kept;
  };
  return {
    ...limits,
    remaining: () => Math.floor(fill()),
    take(amount) {
      if (amount > fill()) return false;
      kept -= amount;
      return true;
    },
    set(remaining) {
      kept = remaining;
      at = clock.now();
    },
  };
}
