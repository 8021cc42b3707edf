import type { HttpClient } from '../../ports/http-client.ts';
import type { RemoteAbilities } from '../../ports/remote-inventory.ts';

/** Time that only grows, ms, and a way to let it pass. */
export type PaceClock = { readonly now: () => number; readonly wait: (ms: number) => Promise<void> };

/**
 * The way to a remote, held to its pace: whatever is asked, reads and sign-ins too, at most `requests` are under way or
 * answered within any `perMs`. A place in the window is free again that long after its answer came, not after its request
 * went: however long either was on the way, the remote never meets more. Who asks first goes first, so nobody starves.
 */
export function paced(http: HttpClient, pace: RemoteAbilities['pace'], clock: PaceClock): HttpClient {
  const ended: number[] = [];
  let oldest = 0;
  let underWay = 0;
  let turn: Promise<void> = Promise.resolve();
  let wake: (() => void) | undefined;

  /** Forgets answers that have left the window. */
  function taken(): number {
    while (oldest < ended.length && (ended[oldest] ?? 0) + pace.perMs <= clock.now()) oldest += 1;
    if (oldest > 1000 && oldest * 2 > ended.length) {
      ended.splice(0, oldest);
      oldest = 0;
    }
    return underWay + ended.length - oldest;
  }

  async function place(): Promise<void> {
    while (taken() >= pace.requests) {
      const next = ended[oldest];
      if (next === undefined) await new Promise<void>((resolve) => (wake = resolve));
      else await clock.wait(Math.min(pace.perMs, Math.max(1, next + pace.perMs - clock.now())));
    }
    underWay += 1;
  }

  return async (request) => {
    const mine = turn.then(place);
    turn = mine;
    await mine;
    try {
      return await http(request);
    } finally {
      underWay -= 1;
      ended.push(clock.now());
      wake?.();
      wake = undefined;
    }
  };
}
