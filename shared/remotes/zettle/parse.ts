import { quoteAmounts } from './decimals.ts';
import { zettleErrorSchema, type ZettleError } from './schemas.ts';

/** Parses a JSON text with its amounts as exact text; undefined when it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(quoteAmounts(text));
  } catch {
    return undefined;
  }
}

/** The error that a body holds; null when it holds none. */
export function parseError(text: string): ZettleError | null {
  return errorIn(parseJson(text));
}

/** The error that a parsed body is; null when it is something else. */
export function errorIn(body: unknown): ZettleError | null {
  const parsed = zettleErrorSchema.safeParse(body);
  if (!parsed.success) return null;
  const { errorType, error, violations } = parsed.data;
  return errorType === '' && error === '' && violations.length === 0 && parsed.data.developerMessage === ''
    ? null
    : parsed.data;
}
