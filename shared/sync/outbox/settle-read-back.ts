import type { DoubtfulLine, Outcome, SendLine } from '../../domain/ledger-entry.ts';
import type { Result } from '../../domain/result.ts';
import type { ReadBack, RemoteError } from '../../ports/remote-inventory.ts';
import {
  CANNOT_READ_BACK,
  confirmed,
  inDoubt,
  NOT_THERE,
  refsOf,
  retry,
  type SettleContext,
  unknown,
} from './outcomes.ts';
import { patienceMs, restOfWait, SETTLE_WAIT_MS, UNAUTHORIZED_WAIT_MS } from './waits.ts';

/** A remote that cannot be read for so long is not waited for any more. */
const UNREADABLE_MS = 3_600_000;
/** Characters that one entry keeps of what was said of a line. */
const LINE_WORDS = 300;

/**
 * What reading back has shown. All there: confirmed. None there: send the same bytes again. Some there, or some in doubt:
 * once no request can be on its way any more, what is missing goes in a new request, and what is in doubt waits for a
 * person. `attemptedAt`: the last attempt. `askedAt`: when the reading began, which is what a "not there" stands for: its
 * `notBefore` says so.
 */
export function settleReadBack(
  result: Result<ReadBack, RemoteError>,
  context: SettleContext & { readonly attemptedAt: string; readonly askedAt: string },
): Outcome {
  if (!result.ok) {
    const { error } = result;
    switch (error.code) {
      case 'unauthorized':
        return unknown(error.code, context, UNAUTHORIZED_WAIT_MS);
      case 'rate_limited':
      case 'unavailable':
        return unknown(error.code, context, patienceMs(error.retryAfterMs, context));
      case 'rejected':
      case 'forbidden':
        return settleUnreadable(context);
      case 'not_sent':
      case 'unknown_outcome':
      case 'bad_answer':
      case 'endless_list':
      case 'cursor_expired':
        return unknown(error.code, context);
    }
  }
  const { receipts } = result.value;
  const arrived = refsOf(context.lines, new Set(receipts.map((receipt) => receipt.ref)));
  if (arrived.length === context.lines.length) return confirmed(receipts);
  const doubtful = doubtfulOf(context.lines, result.value, arrived);
  const waitMs = restOfWait(context.attemptedAt, context.askedAt);
  if (arrived.length === 0 && doubtful.length === 0) {
    return context.idempotent || waitMs <= 0
      ? retry(NOT_THERE, 0, { ...context, now: context.askedAt })
      : unknown('not_there_yet', context, waitMs);
  }
  if (waitMs > 0) return unknown('partly_there', context, waitMs);
  return { state: 'split', arrived, missing: leftOf(context.lines, arrived, doubtful), refused: [], doubtful };
}

function doubtfulOf(lines: readonly SendLine[], { doubtful }: ReadBack, arrived: readonly string[]): DoubtfulLine[] {
  return doubtful.filter(({ ref }) => !arrived.includes(ref) && lines.some((line) => line.ref === ref));
}

/** Lines that have not arrived and are not in doubt. */
function leftOf(lines: readonly SendLine[], arrived: readonly string[], doubtful: readonly DoubtfulLine[]): string[] {
  const told = new Set([...arrived, ...doubtful.map(({ ref }) => ref)]);
  return lines.map((line) => line.ref).filter((ref) => !told.has(ref));
}

/** Nothing final while a request may still be on its way; nothing at all when it cannot be any more. */
export function settleEarly(context: SettleContext & { readonly attemptedAt: string }): Outcome | undefined {
  const waitMs = Date.parse(context.attemptedAt) + SETTLE_WAIT_MS - Date.parse(context.now);
  return waitMs > 0 && waitMs <= SETTLE_WAIT_MS ? unknown('not_there_yet', context, waitMs) : undefined;
}

/**
 * Where a remote can be asked for nothing: the same bytes again if it keeps keys, else every line waits for a person, as
 * soon as nothing can be on its way any more.
 */
export function settleUnread(context: SettleContext & { readonly attemptedAt: string }): Outcome {
  if (context.idempotent) return retry(CANNOT_READ_BACK, 0, context);
  const waitMs = restOfWait(context.attemptedAt, context.now);
  if (waitMs > 0) return unknown(CANNOT_READ_BACK, context, waitMs);
  return inDoubt(context.lines);
}

/**
 * A remote that refuses to be read, though it can be. That is no licence to send again, key or none: the right may be
 * missing for an hour. Refused for longer than that, every line waits for a person, and nothing behind it does.
 */
function settleUnreadable(context: SettleContext & { readonly attemptedAt: string }): Outcome {
  const passedMs = Date.parse(context.now) - Date.parse(context.attemptedAt);
  const isLasting = context.lastCode === CANNOT_READ_BACK && Math.abs(passedMs) >= UNREADABLE_MS;
  return isLasting ? inDoubt(context.lines) : unknown(CANNOT_READ_BACK, context, UNAUTHORIZED_WAIT_MS);
}

/**
 * A refusal of several lines by a remote without keys, and what it holds of them all the same: it may have worked through
 * the request as far as the line at fault. What is there is confirmed; of what is not, the lines that it named are refused
 * with its words, and the others go again. Nothing there: the refusal stands as it is.
 */
export function settleRefused(
  refusal: Extract<Outcome, { state: 'rejected' }>,
  found: ReadBack,
  context: SettleContext,
): Outcome {
  const arrived = refsOf(context.lines, new Set(found.receipts.map((receipt) => receipt.ref)));
  if (arrived.length === context.lines.length) return confirmed(found.receipts);
  // A remote that refuses, and has no figure before or after, has taken nothing there.
  const doubtful = doubtfulOf(context.lines, found, arrived).filter(
    ({ before, now }) => before !== null || now !== null,
  );
  if (arrived.length === 0 && doubtful.length === 0) return refusal;
  const left = leftOf(context.lines, arrived, doubtful);
  const named = left.filter((ref) => refusal.refs.includes(ref));
  return {
    state: 'split',
    arrived,
    missing: left.filter((ref) => !named.includes(ref)),
    refused: named.map((ref) => ({ ref, detail: refusal.detail.slice(0, LINE_WORDS) })),
    doubtful,
  };
}
