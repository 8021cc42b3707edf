import { formatQuantity, type Quantity } from '../../../shared/domain/quantity.ts';
import type { SandboxAnswer } from '../chassis/messages.ts';

/** One request as a route sees it. `body` is the parsed JSON; undefined: there was none. */
export type ApiCall = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** "https://host:port", as the client sees it, for addresses of further pages. */
  readonly origin: string;
  /** Only the first so many changes are done: a fault. */
  readonly onlyChanges?: number;
};

export type Route = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: RegExp;
  /** Null: a token is enough. */
  readonly scope: string | null;
  readonly answer: (call: ApiCall, ids: readonly string[]) => SandboxAnswer;
};

export type Violation = { propertyName: string; developerMessage: string; constraintType: string };
export type Refusal = {
  readonly status: number;
  readonly errorType: string;
  readonly message: string;
  readonly violations?: readonly Violation[];
};

const MARK = '\u0001';

/** An amount that is written into JSON as a number, digit for digit. */
export function numeral(amount: Quantity): string {
  return MARK + formatQuantity(amount) + MARK;
}

export function answered(
  value: unknown,
  more: { status?: number; headers?: Readonly<Record<string, string>> } = {},
): SandboxAnswer {
  const text = JSON.stringify(value);
  const numbers = text.includes('\\u0001') ? text.replaceAll(/"\\u0001(-?[\d.]+)\\u0001"/g, '$1') : text;
  return {
    status: more.status ?? 200,
    text: numbers,
    ...(more.headers === undefined ? {} : { headers: more.headers }),
  };
}

export function done(status = 204, headers: Readonly<Record<string, string>> = {}): SandboxAnswer {
  return { status, text: '', headers };
}

export function refused({ status, errorType, message, violations = [] }: Refusal): SandboxAnswer {
  return { status, text: JSON.stringify({ developerMessage: message, errorType, violations }) };
}

export function notFound(what: string, uuid: string): Refusal {
  return { status: 404, errorType: 'ENTITY_NOT_FOUND', message: `${what} ${uuid} not found` };
}

export function violated(propertyName: string, constraintType: string, developerMessage: string): Refusal {
  return {
    status: 400,
    errorType: 'CONSTRAINT_VIOLATION',
    message: 'The request is not valid',
    violations: [{ propertyName, constraintType, developerMessage }],
  };
}

/** The members of an object; of anything else none. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** An amount as it was written, a string or a number; anything else gives a text that is no amount. */
export function amountText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : 'no amount';
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** One page of rows with the address of the next in `Link` (RFC 8288). The cursor is the row to begin with. */
export function paged(
  call: ApiCall,
  rows: readonly unknown[],
  page: { size: number; cursorName: string; value?: (some: readonly unknown[]) => unknown },
): SandboxAnswer {
  const from = call.query.get(page.cursorName);
  const at = from === null ? 0 : Number(/^row-(\d{1,9})$/.exec(from)?.[1] ?? Number.NaN);
  if (!Number.isInteger(at)) return refused(violated(page.cursorName, 'MUST_MATCH_PATTERN', 'Unknown cursor'));
  const some = rows.slice(at, at + page.size);
  const next = new URLSearchParams(call.query);
  next.set(page.cursorName, `row-${at + page.size}`);
  const link = `<${call.origin}${call.path}?${next.toString()}>; rel="next"`;
  const value = page.value === undefined ? some : page.value(some);
  return answered(value, at + page.size < rows.length ? { headers: { link } } : {});
}

/** `limit` of a question: within its bounds, or the most when none is given. */
export function limitOf(call: ApiCall, limit: { fallback: number; most: number }): number | Refusal {
  const given = call.query.get('limit');
  if (given === null) return Math.min(limit.fallback, limit.most);
  const wanted = Number(given);
  if (!Number.isInteger(wanted) || wanted < 1) return violated('limit', 'INVALID_RANGE', 'limit is out of range');
  return wanted;
}
