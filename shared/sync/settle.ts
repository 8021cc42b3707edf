import type { DoubtfulLine, Outcome, SendLine } from '../domain/ledger-entry.ts';
import type { Result } from '../domain/result.ts';
import type { ReadBack, Receipt, RemoteError } from '../ports/remote-inventory.ts';
import { CANNOT_READ_BACK, NOT_THERE, REFUSED_EARLY } from './desk-state.ts';

/** First wait, doubled with each failure up to the cap (the official Square client waits the same; contracts: Square 5). */
const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_CAP_MS = 60_000;
/** After so many failures without a network the cap is higher: a laptop may be offline for a month, and seals each attempt. */
const OFFLINE_AFTER = 50;
const OFFLINE_CAP_MS = 15 * 60_000;
/** A remote that asks for more patience than this is asked again anyway. */
const RETRY_AFTER_CAP_MS = 24 * 3_600_000;
/** Nobody signs in again within seconds. */
const UNAUTHORIZED_WAIT_MS = 5 * 60_000;
/** A remote that cannot be read for so long is not waited for any more. */
const UNREADABLE_MS = 3_600_000;
/** Longer than any request lives on the way: after this, what is not at the remote will not arrive any more. */
export const SETTLE_WAIT_MS = 120_000;

/** No wait that is set here is longer. */
export const LONGEST_WAIT_MS: number = RETRY_AFTER_CAP_MS + 2 * BACKOFF_FIRST_MS;

/** What the outcome of an attempt depends on. `random` in [0, 1) spreads the waits; `attempt` counts what failed so far. */
export type SettleContext = {
  readonly lines: readonly SendLine[];
  readonly attempt: number;
  readonly now: string;
  readonly random: number;
  readonly idempotent: boolean;
  /** An earlier attempt may have taken effect: then no refusal of this one says that nothing arrived. */
  readonly unresolved?: boolean;
  /** An attempt of which nobody heard how it ended: until it cannot be on its way any more, a refusal is not final. */
  readonly lostAt?: string | undefined;
  /** How the last step ended. */
  readonly lastCode?: string | undefined;
};

/** The code of a refusal that came before anything was done: nothing has to be read back. */
const UNTOUCHED = 'rate_limited_untouched';

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
    case 'rate_limited': {
      const code = error.untouched === true ? UNTOUCHED : error.code;
      return retry(code, patienceMs(error.retryAfterMs, context), context);
    }
    case 'unavailable': {
      const patience = patienceMs(error.retryAfterMs, context);
      // A remote without keys is read before it is asked again, whatever it says of itself.
      return context.idempotent
        ? retry(error.code, patience, context)
        : unknown(error.code, context, Math.max(patience, SETTLE_WAIT_MS));
    }
    case 'unauthorized':
      return retry(error.code, UNAUTHORIZED_WAIT_MS, context);
    case 'forbidden':
      return refused(
        error,
        context.lines.map((line) => line.ref),
        context,
      );
    case 'rejected':
      return refused(error, namedRefs(context.lines, error.refs), context);
    case 'unknown_outcome':
    case 'bad_answer':
    case 'cursor_expired':
      return unknown(error.code, context);
  }
}

/** A refusal is final only where no attempt before it may have arrived, or may still arrive. */
function refused({ code, detail }: RemoteError, refs: string[], context: SettleContext): Outcome {
  if (context.unresolved === true) return inDoubt(context.lines);
  const waitMs = context.lostAt === undefined ? 0 : restOfWait(context.lostAt, context.now);
  if (waitMs > 0) return unknown(REFUSED_EARLY, context, waitMs);
  return { state: 'rejected', code, detail: detail.slice(0, 1000), refs };
}

/** Ms until what was sent at `sentAt` cannot be on its way any more. A clock that was put back makes no longer wait. */
function restOfWait(sentAt: string, now: string): number {
  return Math.min(Date.parse(sentAt) + SETTLE_WAIT_MS - Date.parse(now), SETTLE_WAIT_MS);
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
  const doubtful = doubtfulOf(context.lines, found, arrived).filter(({ before, now }) => before !== null || now !== null);
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

/** A look at the remote before an attempt has failed: nothing was sent, and the attempt is made later. */
export function settleLook(error: RemoteError, context: SettleContext): Outcome {
  switch (error.code) {
    case 'forbidden':
    case 'rejected':
      // What may not be read can never be sent: refused as if it had been, so that it holds nothing behind it.
      return settlePush({ ok: false, error }, context);
    case 'unauthorized':
      return retry(error.code, UNAUTHORIZED_WAIT_MS, context);
    case 'rate_limited':
    case 'unavailable':
      return retry(LOOK_FAILED, patienceMs(error.retryAfterMs, context), context);
    case 'not_sent':
      return retry(error.code, backoffMs(context), context);
    case 'unknown_outcome':
    case 'bad_answer':
    case 'cursor_expired':
      return retry(LOOK_FAILED, backoffMs(context), context);
  }
}

/** Characters that one entry keeps of what was said of a line. */
const LINE_WORDS = 300;

/** The code of a retry where nothing was sent, because the figures before it could not be read. */
const LOOK_FAILED = 'cannot_read';

/**
 * What reading back has shown. All there: confirmed. None there: send the same bytes again. Some there, or some in doubt:
 * once no request can be on its way any more, what is missing goes in a new request, and what is in doubt waits for a
 * person. `attemptedAt`: the last attempt.
 */
export function settleReadBack(
  result: Result<ReadBack, RemoteError>,
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
      case 'rejected':
      case 'forbidden':
        return settleUnreadable(context);
      case 'not_sent':
      case 'unknown_outcome':
      case 'bad_answer':
      case 'cursor_expired':
        return unknown(error.code, context);
    }
  }
  const { receipts } = result.value;
  const arrived = refsOf(context.lines, new Set(receipts.map((receipt) => receipt.ref)));
  if (arrived.length === context.lines.length) return confirmed(receipts);
  const doubtful = doubtfulOf(context.lines, result.value, arrived);
  const waitMs = restOfWait(context.attemptedAt, context.now);
  if (arrived.length === 0 && doubtful.length === 0) {
    return context.idempotent || waitMs <= 0 ? retry(NOT_THERE, 0, context) : unknown('not_there_yet', context, waitMs);
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

/** Nobody can say of any line whether it arrived. */
export function inDoubt(lines: readonly SendLine[]): Outcome {
  const doubtful = lines.map(({ ref }) => ({ ref, before: null, now: null }));
  return { state: 'split', arrived: [], missing: [], refused: [], doubtful };
}

/**
 * Whether a queued request whose last attempt ended with this code is read back before it is sent again. A remote has
 * been seen to answer "too many requests" after it had taken half of a batch.
 */
export function needsReadBack(code: string | undefined): boolean {
  return code === 'rate_limited';
}

/** The refs of lines that are in a set, in the order of the lines. */
export function refsOf(lines: readonly SendLine[], there: ReadonlySet<string>): string[] {
  return lines.map((line) => line.ref).filter((ref) => there.has(ref));
}

function missingRefs(lines: readonly SendLine[], receipts: readonly Receipt[]): string[] {
  const there = new Set(receipts.map((receipt) => receipt.ref));
  return lines.map((line) => line.ref).filter((ref) => !there.has(ref));
}

/**
 * The request's own refs among those named. A line that was alone in its request is the one meant, named or not; of
 * several that nobody named none is, and all go again in smaller requests until the one at fault is alone.
 */
function namedRefs(lines: readonly SendLine[], refs: readonly string[]): string[] {
  const own = lines.map((line) => line.ref);
  return own.length === 1 ? own : own.filter((ref) => refs.includes(ref));
}

/** Every line arrived. */
export function confirmed(receipts: readonly Receipt[]): Outcome {
  return { state: 'confirmed', receipts: [...receipts] };
}

function retry(code: string, waitMs: number, context: SettleContext): Outcome {
  return { state: 'retry', code, notBefore: after(context.now, waitMs) };
}

/** Nobody knows; ask again later. */
export function unknown(code: string, context: SettleContext, waitMs?: number): Outcome {
  const settleMs = context.idempotent ? 0 : SETTLE_WAIT_MS;
  return { state: 'unknown', code, notBefore: after(context.now, waitMs ?? Math.max(backoffMs(context), settleMs)) };
}

/** Exponential with full jitter: anywhere between nothing and the doubled wait, so laptops do not come back together. */
function backoffMs(context: SettleContext): number {
  const cap = context.attempt > OFFLINE_AFTER ? OFFLINE_CAP_MS : BACKOFF_CAP_MS;
  const ceiling = Math.min(cap, BACKOFF_FIRST_MS * 2 ** Math.min(context.attempt - 1, 16));
  return Math.ceil(ceiling * context.random);
}

/** The remote's own word on when to come back wins; the spread only ever makes it later. */
export function patienceMs(retryAfterMs: number | undefined, context: SettleContext): number {
  if (retryAfterMs === undefined) return backoffMs(context);
  return Math.min(retryAfterMs, RETRY_AFTER_CAP_MS) + Math.ceil(BACKOFF_FIRST_MS * context.random);
}

function after(now: string, byMs: number): string {
  return new Date(Date.parse(now) + byMs).toISOString();
}
