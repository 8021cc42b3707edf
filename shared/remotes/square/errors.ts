import type { RemoteError } from '../../ports/remote-inventory.ts';
import { outcomeOf, type Effect } from '../http/outcome.ts';
import type { SquareError } from './schemas.ts';

export type SquareCall = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly effect: Effect;
  /** The request carries a cursor, so that a 400 means that the cursor is dead (contracts: Square 6). */
  readonly paged?: boolean;
};

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
  const meant = status < 300 ? statusOf(errors) : status;
  if (meant === 400 && call.paged === true) return { code: 'cursor_expired', detail };
  return outcomeOf({ status: meant, headers, effect: call.effect, detail, refs }) ?? { code: 'bad_answer', detail };
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
