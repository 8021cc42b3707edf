import type { HttpFailure } from '../../ports/http-client.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import { retryAfterMs } from './retry-after.ts';
import type { SquareError } from './schemas.ts';

/** `change`: the request alters stock, so an answer that is lost leaves its outcome open. */
export type SquareCall = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly effect: 'read' | 'change';
  /** The request carries a cursor, so that a 400 means that the cursor is dead (contracts: Square 6). */
  readonly paged?: boolean;
};

/** No whole answer came. A change may have taken effect all the same; a read has nothing to take effect. */
export function failureOf(failure: HttpFailure, call: SquareCall): RemoteError {
  switch (failure.code) {
    case 'not_sent':
    case 'not_allowed':
      return { code: 'not_sent', detail: failure.detail };
    case 'timed_out':
      return noOutcome(call, `no answer after ${failure.afterMs} ms`);
    case 'connection_lost':
      return noOutcome(call, failure.detail);
    case 'answer_too_large':
      return noOutcome(call, `the answer is larger than ${failure.limitBytes} bytes`);
  }
}

type RefusedAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly errors: readonly SquareError[];
  readonly call: SquareCall;
  readonly refs: readonly string[];
};

/**
 * What an answer with errors means (contracts: Square 5). The status decides; `code` is an open set. Errors within a 200
 * have no status of their own: their category stands for one.
 */
export function errorOf({ status, headers, errors, call, refs }: RefusedAnswer): RemoteError {
  const detail = wordsOf(status, errors);
  const waitMs = retryAfterMs(headers);
  const wait = waitMs === undefined ? {} : { retryAfterMs: waitMs };
  const meant = status < 300 ? statusOf(errors) : status;
  if (meant === 401) return { code: 'unauthorized', detail };
  if (meant === 403) return { code: 'forbidden', detail };
  if (meant === 429) return { code: 'rate_limited', ...wait, detail };
  if (meant === 408 || meant >= 500) {
    return call.effect === 'change' ? { code: 'unknown_outcome', detail } : { code: 'unavailable', ...wait, detail };
  }
  if (meant < 400) return { code: 'bad_answer', detail };
  if (meant === 400 && call.paged === true) return { code: 'cursor_expired', detail };
  return { code: 'rejected', detail, refs };
}

function noOutcome(call: SquareCall, detail: string): RemoteError {
  return call.effect === 'change' ? { code: 'unknown_outcome', detail } : { code: 'unavailable', detail };
}

function statusOf(errors: readonly SquareError[]): number {
  const first = errors[0];
  if (first === undefined) return 200;
  if (first.code === 'INSUFFICIENT_SCOPES' || first.code === 'FORBIDDEN') return 403;
  switch (first.category) {
    case 'AUTHENTICATION_ERROR':
      return 401;
    case 'RATE_LIMIT_ERROR':
      return 429;
    case 'INVALID_REQUEST_ERROR':
      return 400;
    default:
      return 500;
  }
}

function wordsOf(status: number, errors: readonly SquareError[]): string {
  const words = errors.map(({ code, detail, field }) =>
    [code, field, detail].filter((word) => word !== undefined && word !== '').join(': '),
  );
  return [`HTTP ${status}`, ...words].join('; ').slice(0, 1000);
}
