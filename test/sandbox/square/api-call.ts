import type { SandboxAnswer } from '../chassis/messages.ts';
import type { Refusal } from './refusals.ts';

/** One request as a route sees it. `body` is the parsed JSON, `text` its bytes as they came. */
export type ApiCall = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly authorization: string | undefined;
  /** Only the first so many changes are done: a fault. */
  readonly onlyChanges?: number;
};
export type ApiAnswer = SandboxAnswer;
export type Route = {
  readonly method: 'GET' | 'POST';
  readonly path: RegExp;
  /** What a token must be allowed; "none": it needs no token, or looks after it itself. */
  readonly scope: string;
  readonly answer: (call: ApiCall, ids: readonly string[]) => ApiAnswer;
};

/** A 200 with a JSON object; empty lists and missing values are left out, as Square does. */
export function answered(members: Readonly<Record<string, unknown>>): ApiAnswer {
  const kept = Object.entries(members).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  );
  return { status: 200, text: JSON.stringify(Object.fromEntries(kept)) };
}

export function refused({ status, errors }: Refusal): ApiAnswer {
  return { status, text: JSON.stringify({ errors }) };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'errors' in value && 'status' in value;
}

/** The texts of a list member; anything else gives undefined, which filters nothing. */
export function textsOf(value: unknown): ReadonlySet<string> | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return new Set(value.filter((one) => typeof one === 'string'));
}
