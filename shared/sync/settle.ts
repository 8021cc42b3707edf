import type { Outcome, SendLine } from '../domain/ledger-entry.ts';
import type { Result } from '../domain/result.ts';
import type { Receipt, RemoteError } from '../ports/remote-inventory.ts';
import { PARTLY_APPLIED } from './open-lines.ts';

/** First wait, doubled with each attempt up to the cap (the official Square client waits the same; contracts: Square 5). */
const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_CAP_MS = 60_000;
/** A remote that asks for more patience than this is asked again anyway. */
const RETRY_AFTER_CAP_MS = 24 * 3_600_000;
/** Nobody signs in again within seconds. */
const UNAUTHORIZED_WAIT_MS = 5 * 60_000;
/** Longer than any request lives on the way: after this, what is not at the remote will not arrive any more. */
export const SETTLE_WAIT_MS = 120_000;

/** No wait that is set here is longer. */
export const LONGEST_WAIT_MS: number = RETRY_AFTER_CAP_MS + 2 * BACKOFF_FIRST_MS;

/** What the outcome of an attempt depends on. `random` in [0, 1) spreads the waits. */
export type SettleContext = {
  readonly lines: readonly SendLine[];
  readonly attempt: number;
  readonly now: string;
  readonly random: number;
  readonly idempotent: boolean;
};

/** What one attempt to send has come to. Never guesses: no answer, or one that cannot be read, is `unknown`. */
export function settlePush(result: Result<readonly Receipt[], RemoteError>, context: SettleContext): Outcome {
  if (result.ok) {
    const missing = missingRefs(context.lines, result.value);
    return missing.length === 0 ? confirmed(result.value) : unknown('receipt_missing', context);
  }
  const { error } = result;
  switch (error.code) {
    case 'not_sent':
      return retry(error.code, backoffMs(context), context);
    case 'rate_limited':
    case 'unavailable':
      return retry(error.code, patienceMs(error.retryAfterMs, context), context);
    case 'unauthorized':
      return retry(error.code, UNAUTHORIZED_WAIT_MS, context);
    case 'forbidden':
      return {
        state: 'rejected',
        code: error.code,
        detail: error.detail.slice(0, 1000),
        refs: context.lines.map((line) => line.ref),
      };
    case 'rejected':
      return {
        state: 'rejected',
        code: error.code,
        detail: error.detail.slice(0, 1000),
        refs: namedRefs(context.lines, error.refs),
      };
    case 'unknown_outcome':
    case 'bad_answer':
    case 'cursor_expired':
      return unknown(error.code, context);
  }
}

/**
 * What reading back has shown. All there: confirmed. None there: send the same bytes again. Some there: wait until no
 * request can be on its way any more, then let the missing ones go with a new request. `attemptedAt`: the last attempt.
 * A remote that may not be read is sent the same bytes again if it keeps keys; else the request stays unknown.
 */
export function settleReadBack(
  result: Result<readonly Receipt[], RemoteError>,
  context: SettleContext & { readonly attemptedAt: string },
): Outcome {
  if (!result.ok) {
    const { error } = result;
    switch (error.code) {
      case 'unauthorized':
        return unknown(error.code, context, UNAUTHORIZED_WAIT_MS);
      case 'rate_limited':
      case 'unavailable':
        return unknown(error.code, context, patienceMs(error.retryAfterMs, context));
      case 'forbidden':
      case 'rejected':
        return context.idempotent
          ? retry('cannot_read_back', 0, context)
          : unknown('cannot_read_back', context, UNAUTHORIZED_WAIT_MS);
      case 'not_sent':
      case 'unknown_outcome':
      case 'bad_answer':
      case 'cursor_expired':
        return unknown(error.code, context);
    }
  }
  const missing = missingRefs(context.lines, result.value);
  if (missing.length === 0) return confirmed(result.value);
  const settledAt = Date.parse(context.attemptedAt) + SETTLE_WAIT_MS;
  const waitMs = settledAt - Date.parse(context.now);
  if (missing.length === context.lines.length) {
    return context.idempotent || waitMs <= 0
      ? retry('not_there', 0, context)
      : unknown('not_there_yet', context, waitMs);
  }
  if (waitMs > 0) return unknown('partly_there', context, Math.min(waitMs, SETTLE_WAIT_MS));
  return {
    state: 'rejected',
    code: PARTLY_APPLIED,
    detail: `${missing.length} of ${context.lines.length} lines are not at the remote`,
    refs: missing,
  };
}

/**
 * Whether a queued request whose last attempt ended with this code is read back before it is sent again. A remote has
 * been seen to answer "too many requests" after it had taken half of a batch.
 */
export function needsReadBack(code: string | undefined): boolean {
  return code === 'rate_limited';
}

function missingRefs(lines: readonly SendLine[], receipts: readonly Receipt[]): string[] {
  const there = new Set(receipts.map((receipt) => receipt.ref));
  return lines.map((line) => line.ref).filter((ref) => !there.has(ref));
}

/** Refs that are the request's own; when none is named, the refusal is about every line. */
function namedRefs(lines: readonly SendLine[], refs: readonly string[]): string[] {
  const own = lines.map((line) => line.ref);
  const named = own.filter((ref) => refs.includes(ref));
  return named.length > 0 ? named : own;
}

function confirmed(receipts: readonly Receipt[]): Outcome {
  return { state: 'confirmed', receipts: [...receipts] };
}

function retry(code: string, waitMs: number, context: SettleContext): Outcome {
  return { state: 'retry', code, notBefore: after(context.now, waitMs) };
}

function unknown(code: string, context: SettleContext, waitMs?: number): Outcome {
  const settleMs = context.idempotent ? 0 : SETTLE_WAIT_MS;
  return { state: 'unknown', code, notBefore: after(context.now, waitMs ?? Math.max(backoffMs(context), settleMs)) };
}

/** Exponential with full jitter: anywhere between nothing and the doubled wait, so laptops do not come back together. */
function backoffMs(context: SettleContext): number {
  const ceiling = Math.min(BACKOFF_CAP_MS, BACKOFF_FIRST_MS * 2 ** Math.min(context.attempt - 1, 16));
  return Math.ceil(ceiling * context.random);
}

/** The remote's own word on when to come back wins; the spread only ever makes it later. */
function patienceMs(retryAfterMs: number | undefined, context: SettleContext): number {
  if (retryAfterMs === undefined) return backoffMs(context);
  return Math.min(retryAfterMs, RETRY_AFTER_CAP_MS) + Math.ceil(BACKOFF_FIRST_MS * context.random);
}

function after(now: string, byMs: number): string {
  return new Date(Date.parse(now) + byMs).toISOString();
}
