import type { RemoteError } from '../../ports/remote-inventory.ts';
import { outcomeOf } from '../http/outcome.ts';
import type { Headers } from '../http/retry-after.ts';
import type { ResponseStatus } from './schemas.ts';

/**
 * A page for people where an answer of the API should be: a wrong path, an expired login, a network that wants its terms
 * accepted (contracts: inventory events 4). One value, so that a caller can tell it from other answers that make no sense.
 */
export const NOT_AN_API: RemoteError = { code: 'bad_answer', detail: 'not an API answer' };

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
export function meaningOfHttp(status: number, headers: Headers): RemoteError | undefined {
  const outcome = outcomeOf({ status, headers, effect: 'read', detail: `HTTP ${status}`, refs: [] });
  return outcome?.code === 'rejected' || outcome?.code === 'bad_answer' ? undefined : outcome;
}

function wordsOf({ code, severity, description }: ResponseStatus): string {
  return [String(code), severity, description ?? '']
    .filter((word) => word !== '')
    .join(': ')
    .slice(0, 500);
}
