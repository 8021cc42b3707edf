import type { HttpFailure } from '../../ports/http-client.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import { retryAfterMs, type Headers } from './retry-after.ts';

/** `change`: the request alters something there, so an answer that is lost leaves its outcome open; a `read` may be repeated. */
export type Effect = 'read' | 'change';

/** No whole answer came. A change may have taken effect all the same; a read has nothing to take effect. */
export function failureOf(failure: HttpFailure, effect: Effect): RemoteError {
  switch (failure.code) {
    case 'not_sent':
    case 'not_allowed':
      return { code: 'not_sent', detail: failure.detail };
    case 'timed_out':
      return lost(effect, `no answer after ${failure.afterMs} ms`);
    case 'connection_lost':
      return lost(effect, failure.detail);
    case 'answer_too_large':
      return lost(effect, `the answer is larger than ${failure.limitBytes} bytes`);
  }
}

type Answered = {
  readonly status: number;
  readonly headers: Headers;
  readonly effect: Effect;
  /** The vendor's words, for people. */
  readonly detail: string;
  /** Lines that the vendor names as refused. */
  readonly refs: readonly string[];
};

/** What an HTTP status means for every vendor alike; undefined: success. */
export function outcomeOf({ status, headers, effect, detail, refs }: Answered): RemoteError | undefined {
  const waitMs = retryAfterMs(headers);
  const wait = waitMs === undefined ? {} : { retryAfterMs: waitMs };
  if (status === 401) return { code: 'unauthorized', detail };
  if (status === 403) return { code: 'forbidden', detail };
  if (status === 429) return { code: 'rate_limited', ...wait, detail };
  if (status === 408 || status >= 500) return { ...lost(effect, detail), ...(effect === 'read' && wait) };
  if (status >= 400) return { code: 'rejected', detail, refs };
  return status < 200 || status > 299 ? { code: 'bad_answer', detail } : undefined;
}

function lost(effect: Effect, detail: string): RemoteError {
  return effect === 'change' ? { code: 'unknown_outcome', detail } : { code: 'unavailable', detail };
}
