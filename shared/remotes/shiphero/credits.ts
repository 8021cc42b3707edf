import type { RemoteError } from '../../ports/remote-inventory.ts';
import { memberOf } from './errors.ts';
import type { ShipheroError, ShipheroQuota } from './schemas.ts';

/** The slowest refill that has been seen, a second (contracts: ShipHero 4). */
const SLOWEST_REFILL = 15;

/** How many credits the refused operation needs, as far as the answer says. */
function requiredCredits(error: ShipheroError): number | undefined {
  return numberOf(memberOf(error, 'required_credits')) ?? captured(error.message, /requires (\d+) credits/i);
}

/**
 * What a lack of credits means. An operation that needs more than the bucket ever holds is refused for good; any other
 * waits as long as the answer says: its member, else its sentence, else what is missing by the speed of refilling.
 */
export function creditsError(
  error: ShipheroError,
  quota: ShipheroQuota | undefined,
  refs: readonly string[],
): RemoteError {
  const detail = error.message.slice(0, 1000);
  const required = requiredCredits(error);
  const most = quota?.max_available ?? undefined;
  if (required !== undefined && most !== undefined && required > most) {
    return { code: 'rejected', detail: `${required} credits are needed, and there are never more than ${most}`, refs };
  }
  const seconds =
    secondsOf(memberOf(error, 'time_remaining')) ??
    captured(error.message, /in (\d+) seconds?/i) ??
    secondsUntil(error, required, quota);
  // An operation is priced before it runs (contracts: ShipHero 4).
  const wait = seconds === undefined ? {} : { retryAfterMs: seconds * 1000 };
  return { code: 'rate_limited', untouched: true, ...wait, detail };
}

function secondsUntil(
  error: ShipheroError,
  required: number | undefined,
  quota: ShipheroQuota | undefined,
): number | undefined {
  const left = numberOf(memberOf(error, 'remaining_credits')) ?? captured(error.message, /only (-?\d+) left/i);
  if (required === undefined || left === undefined) return undefined;
  return Math.max(1, Math.ceil((required - left) / Math.max(1, quota?.increment_rate ?? SLOWEST_REFILL)));
}

function secondsOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Math.ceil(value);
  return typeof value === 'string' ? captured(value, /^\s*(\d+)/) : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function captured(text: string, pattern: RegExp): number | undefined {
  const digits = pattern.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
