import type { RemoteError } from '../../ports/remote-inventory.ts';
import { outcomeOf, type Effect } from '../http/outcome.ts';
import type { ZettleError } from './schemas.ts';

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
  if (paged && (status === 400 || status === 404 || status === 412)) return { code: 'cursor_expired', detail };
  return outcomeOf({ status, headers, effect, detail, refs }) ?? { code: 'bad_answer', detail };
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
