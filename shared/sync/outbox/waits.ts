/** What a wait depends on. `random` in [0, 1) spreads it; `attempt` counts what failed so far. */
export type WaitContext = { readonly attempt: number; readonly random: number };

/** First wait, doubled with each failure up to the cap (the official Square client waits the same; contracts: Square 5). */
const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_CAP_MS = 60_000;
/** After so many failures without a network the cap is higher: a laptop may be offline for a month, and seals each attempt. */
const OFFLINE_AFTER = 50;
const OFFLINE_CAP_MS = 15 * 60_000;
/** A remote that asks for more patience than this is asked again anyway. */
const RETRY_AFTER_CAP_MS = 24 * 3_600_000;
/** Nobody signs in again within seconds. */
export const UNAUTHORIZED_WAIT_MS: number = 5 * 60_000;
/** Longer than any request lives on the way: after this, what is not at the remote will not arrive any more. */
export const SETTLE_WAIT_MS: number = 120_000;

/** No wait that is set here is longer. */
export const LONGEST_WAIT_MS: number = RETRY_AFTER_CAP_MS + 2 * BACKOFF_FIRST_MS;

/** Exponential with full jitter: anywhere between nothing and the doubled wait, so laptops do not come back together. */
export function backoffMs(context: WaitContext): number {
  const cap = context.attempt > OFFLINE_AFTER ? OFFLINE_CAP_MS : BACKOFF_CAP_MS;
  const ceiling = Math.min(cap, BACKOFF_FIRST_MS * 2 ** Math.min(context.attempt - 1, 16));
  return Math.ceil(ceiling * context.random);
}

/** The remote's own word on when to come back wins; the spread only ever makes it later. */
export function patienceMs(retryAfterMs: number | undefined, context: WaitContext): number {
  if (retryAfterMs === undefined) return backoffMs(context);
  return Math.min(retryAfterMs, RETRY_AFTER_CAP_MS) + Math.ceil(BACKOFF_FIRST_MS * context.random);
}

/** Ms until what was sent at `sentAt` cannot be on its way any more. A clock that was put back makes no longer wait. */
export function restOfWait(sentAt: string, now: string): number {
  return Math.min(Date.parse(sentAt) + SETTLE_WAIT_MS - Date.parse(now), SETTLE_WAIT_MS);
}
