import type { Result } from '../../shared/domain/result.ts';
import type { LedgerError } from '../ledger/ledger.ts';

/** Calls back after a time; answers how to call it off. */
export type After = (ms: number, run: () => void) => () => void;
type Ask = <Value>(call: () => Promise<Result<Value, LedgerError>>) => Promise<Result<Value, LedgerError>>;

/** Somebody sits in front of a reading: longer waits are theirs to begin again. */
const LONGEST_MS = 60_000;
const ALTOGETHER_MS = 10 * 60_000;
/** A remote that says "now" and means "soon". */
const SHORTEST_MS = 250;

/**
 * Asks for the pages of one reading. Where a remote asks for patience and says for how long, the very same page is asked for
 * again after it, so that nothing of the reading is lost; at most a minute each time, and ten minutes over all its pages,
 * and not once nobody waits for it any more.
 */
export function createPatience(after: After, signal?: AbortSignal): Ask {
  let leftMs = ALTOGETHER_MS;
  return async (call) => {
    for (;;) {
      const answer = await call();
      if (answer.ok || answer.error.code !== 'remote_failed' || answer.error.problem !== 'rate_limited') return answer;
      const { retryAfterMs } = answer.error;
      if (retryAfterMs === undefined || retryAfterMs > Math.min(LONGEST_MS, leftMs)) return answer;
      const waitMs = Math.max(SHORTEST_MS, retryAfterMs);
      leftMs -= waitMs;
      await new Promise<void>((resolve) => after(waitMs, resolve));
      if (signal?.aborted === true) return answer;
    }
  };
}
