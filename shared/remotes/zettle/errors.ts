import type { HttpFailure } from '../../ports/http-client.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import { retryAfterMs } from './retry-after.ts';
import type { ZettleError } from './schemas.ts';

/** `change`: the request moves stock, so an answer that is lost leaves its outcome open; a `read` may simply be repeated. */
export type Effect = 'read' | 'change';

/** No whole answer came. A change may have taken effect all the same. */
export function failureOf(failure: HttpFailure, effect: Effect): RemoteError {
  switch (failure.code) {
    case 'not_sent':
    case 'not_allowed':
      return { code: 'not_sent', detail: failure.detail };
    case 'timed_out':
      return noOutcome(effect, `no answer after ${failure.afterMs} ms`);
    case 'connection_lost':
      return noOutcome(effect, failure.detail);
    case 'answer_too_large':
      return noOutcome(effect, `the answer is larger than ${failure.limitBytes} bytes`);
  }
}

type RefusedAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly error: ZettleError | null;
  readonly effect: Effect;
  /** The request carried a cursor, so that a refusal means that the cursor is dead. */
  readonly paged: boolean;
  readonly refs: readonly string[];
};

/** What a status other than 2xx means (contracts: Zettle 7). `errorType` is shown and never decided by. */
export function errorOf({ status, headers, error, effect, paged, refs }: RefusedAnswer): RemoteError {
  const detail = wordsOf(status, error);
  const waitMs = retryAfterMs(headers);
  const wait = waitMs === undefined ? {} : { retryAfterMs: waitMs };
  if (status === 401) return { code: 'unauthorized', detail };
  if (status === 403) return { code: 'forbidden', detail };
  if (status === 429) return { code: 'rate_limited', ...wait, detail };
  if (status === 408 || status >= 500) {
    return effect === 'change' ? { code: 'unknown_outcome', detail } : { code: 'unavailable', ...wait, detail };
  }
  if (status < 400) return { code: 'bad_answer', detail };
  if (paged && (status === 400 || status === 404 || status === 412)) return { code: 'cursor_expired', detail };
  return { code: 'rejected', detail, refs };
}

/** Zettle's words for a refusal, at most 1000 characters. */
export function wordsOf(status: number, error: ZettleError | null): string {
  const words =
    error === null
      ? []
      : [
          error.errorType,
          error.developerMessage,
          error.error,
          error.error_description,
          ...error.violations.map(({ propertyName, developerMessage }) => `${propertyName} ${developerMessage}`.trim()),
        ].filter((word) => word !== '');
  return [`HTTP ${status}`, ...words].join('; ').slice(0, 1000);
}

function noOutcome(effect: Effect, detail: string): RemoteError {
  return effect === 'change' ? { code: 'unknown_outcome', detail } : { code: 'unavailable', detail };
}
