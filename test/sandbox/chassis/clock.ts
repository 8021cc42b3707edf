/** The sandbox's time, in ms since 1970. It stands still at the world's `clock`, or runs with the machine. */
export type SandboxClock = { now(): number; advance(byMs: number): void };

export function createClock(standsAt: string | undefined, machine: () => number): SandboxClock {
  let ahead = 0;
  const base = standsAt === undefined ? machine : () => Date.parse(standsAt);
  return {
    now: () => base() + ahead,
    advance(byMs) {
      ahead += byMs;
    },
  };
}
