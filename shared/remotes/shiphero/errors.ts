import type { RemoteError } from '../../ports/remote-inventory.ts';
import type { Effect } from '../http/outcome.ts';
import type { ShipheroError } from './schemas.ts';

/** The code of an answer that lacks credits (contracts: ShipHero 4). */
const NO_CREDITS = '30';

/** The entry that says that credits are lacking. */
export function creditsEntry(errors: readonly ShipheroError[]): ShipheroError | undefined {
  return errors.find((error) => codeOf(error) === NO_CREDITS);
}

/**
 * Whether the token is what an answer complains of. How it does so within a 200 is not known (contracts: ShipHero 5): an
 * entry without a place in the document, whose code or words speak of signing in. Nothing was run then.
 */
export function isTokenRefusal(errors: readonly ShipheroError[], data: unknown): boolean {
  if (data !== null && data !== undefined) return false;
  return errors.some((error) => {
    if (error.path?.length || error.locations?.length) return false;
    const code = codeOf(error) ?? '';
    if (/^(401|403|UNAUTHENTICATED|UNAUTHORI[SZ]ED)$/i.test(code)) return true;
    return TOKEN_WORDS.test(error.message);
  });
}

const TOKEN_WORDS =
  /\btoken\b.*\b(expired|invalid|revoked|missing|required)\b|\b(expired|invalid|missing)\b.*\btoken\b|\bunauthori[sz]ed\b|\bnot authenticated\b|\bauthentication (required|failed)\b/i;

/**
 * Whether entries are a refusal that has certainly changed nothing: what the schema refuses before anything runs (a place
 * in the text, none in the answer), or what an operation refuses with a code of its own.
 */
export function isSureRefusal(errors: readonly ShipheroError[]): boolean {
  return errors.every((error) => {
    const code = codeOf(error);
    if (code !== undefined) return !/^5\d\d$|INTERNAL/i.test(code);
    return (error.locations?.length ?? 0) > 0 && !error.path?.length;
  });
}

/** What errors within an answer mean, where it is neither credits nor the token. */
export function errorOf(
  errors: readonly ShipheroError[],
  call: { readonly effect: Effect; readonly refs?: readonly string[]; readonly paged?: boolean },
): RemoteError {
  const detail = wordsOf(errors);
  const isSure = isSureRefusal(errors);
  if (call.effect === 'change') {
    return isSure ? { code: 'rejected', detail, refs: call.refs ?? [] } : { code: 'unknown_outcome', detail };
  }
  if (!isSure) return { code: 'unavailable', detail };
  return call.paged === true ? { code: 'cursor_expired', detail } : { code: 'rejected', detail, refs: [] };
}

/** The vendor's words, for people. */
export function wordsOf(errors: readonly ShipheroError[]): string {
  const words = errors.map((error) => [codeOf(error), error.message].filter((word) => word).join(': '));
  return words.join('; ').slice(0, 1000) || 'an error without words';
}

/** A member of an entry, beside `message` or under `extensions`. */
export function memberOf(error: ShipheroError, name: string): unknown {
  return error[name] ?? error.extensions?.[name];
}

function codeOf(error: ShipheroError): string | undefined {
  const code = memberOf(error, 'code');
  return typeof code === 'number' || (typeof code === 'string' && code !== '') ? String(code) : undefined;
}
