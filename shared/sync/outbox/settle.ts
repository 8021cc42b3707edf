import type { Outcome, SendLine } from '../../domain/ledger-entry.ts';
import type { Result } from '../../domain/result.ts';
import type { Receipt, RemoteError } from '../../ports/remote-inventory.ts';
import { confirmed, inDoubt, REFUSED_EARLY, retry, type SettleContext, unknown } from './outcomes.ts';
import { backoffMs, patienceMs, restOfWait, SETTLE_WAIT_MS, UNAUTHORIZED_WAIT_MS } from './waits.ts';

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
    case 'endless_list':
    case 'cursor_expired':
      return unknown(error.code, context);
  }
}

/**
 * A refusal is final only where no attempt before it may have arrived, or may still arrive: after an attempt that nobody
 * heard of, only once a reading has shown that it came to nothing, when it could not be on its way any more.
 */
function refused({ code, detail }: RemoteError, refs: string[], context: SettleContext): Outcome {
  if (context.unresolved === true) return inDoubt(context.lines);
  const { lostAt } = context;
  if (lostAt !== undefined) return unknown(REFUSED_EARLY, context, Math.max(0, restOfWait(lostAt, context.now)));
  return { state: 'rejected', code, detail: detail.slice(0, 1000), refs };
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
    case 'endless_list':
    case 'cursor_expired':
      return retry(LOOK_FAILED, backoffMs(context), context);
  }
}

/** The code of a retry where nothing was sent, because the figures before it could not be read. */
const LOOK_FAILED = 'cannot_read';

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

/**
 * The request's own refs among those named. A line that was alone in its request is the one meant, named or not; of
 * several that nobody named none is, and all go again in smaller requests until the one at fault is alone.
 */
function namedRefs(lines: readonly SendLine[], refs: readonly string[]): string[] {
  const own = lines.map((line) => line.ref);
  return own.length === 1 ? own : own.filter((ref) => refs.includes(ref));
}
