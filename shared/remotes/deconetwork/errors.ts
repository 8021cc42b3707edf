import type { HttpFailure } from '../../ports/http-client.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import type { ResponseStatus } from './schemas.ts';

/**
 * A page for people where an answer of the API should be: a wrong path, an expired login, a network that wants its terms
 * accepted (contracts: inventory events 4). One value, so that a caller can tell it from other answers that make no sense.
 */
export const NOT_AN_API: RemoteError = { code: 'bad_answer', detail: 'not an API answer' };

/** No whole answer came. Everything here is a read, so nothing can have taken effect. */
export function failureOf(failure: HttpFailure): RemoteError {
  switch (failure.code) {
    case 'not_sent':
    case 'not_allowed':
      return { code: 'not_sent', detail: failure.detail };
    case 'timed_out':
      return { code: 'unavailable', detail: `no answer after ${failure.afterMs} ms` };
    case 'connection_lost':
      return { code: 'unavailable', detail: failure.detail };
    case 'answer_too_large':
      return { code: 'unavailable', detail: `the answer is larger than ${failure.limitBytes} bytes` };
  }
}

/** What an answer's own code means. `empty`: the thing asked about is not there. undefined: the code is not known. */
export function meaningOf(status: ResponseStatus): 'done' | 'empty' | RemoteError | undefined {
  const detail = wordsOf(status);
  switch (status.code) {
    case 10001:
      return 'done';
    case 40004:
      return 'empty';
    case 30001:
      return { code: 'unauthorized', detail };
    case 31000:
      return {
        code: 'forbidden',
        detail: 'The API is not switched on for this site (31000). DecoNetwork switches it on, on its higher plans.',
      };
    case 50002:
    case 50003:
    case 50004:
    case 50005:
      return { code: 'rejected', detail, refs: [] };
    default:
      return undefined;
  }
}

/** The severity decides about codes that are not known: others report 10002 and 10005, which are successes. */
export function meaningBySeverity(status: ResponseStatus): 'done' | RemoteError {
  switch (status.severity.toUpperCase()) {
    case 'SUCCESS':
    case 'WARNING':
      return 'done';
    case 'ERROR':
      return { code: 'rejected', detail: wordsOf(status), refs: [] };
    default:
      return { code: 'bad_answer', detail: wordsOf(status) };
  }
}

/** What an HTTP status means where the body says nothing that is known; undefined: nothing. */
export function meaningOfHttp(status: number, headers: Readonly<Record<string, string>>): RemoteError | undefined {
  const detail = `HTTP ${status}`;
  const waitMs = retryAfterMs(headers);
  const wait = waitMs === undefined ? {} : { retryAfterMs: waitMs };
  if (status === 401) return { code: 'unauthorized', detail };
  if (status === 403) return { code: 'forbidden', detail };
  if (status === 429) return { code: 'rate_limited', ...wait, detail };
  if (status === 408 || status >= 500) return { code: 'unavailable', ...wait, detail };
  return undefined;
}

function wordsOf({ code, severity, description }: ResponseStatus): string {
  return [String(code), severity, description ?? '']
    .filter((word) => word !== '')
    .join(': ')
    .slice(0, 500);
}

/** `Retry-After` in ms: seconds, or a date that is compared with the answer's own, so this laptop's clock plays no part. */
function retryAfterMs(headers: Readonly<Record<string, string>>): number | undefined {
  const after = headers['retry-after']?.trim() ?? '';
  if (/^\d{1,9}$/.test(after)) return Number(after) * 1000;
  const waitMs = Date.parse(after) - Date.parse(headers['date'] ?? '');
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : undefined;
}
