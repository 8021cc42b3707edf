import type { SandboxReply, SandboxRequest } from './messages.ts';

/** One request that the sandbox has seen and what it answered, secrets masked. `status`: or how the answer was withheld. */
export type LoggedRequest = {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number | 'drop' | 'hang';
  readonly answer: string;
  readonly fault?: string;
};

type Seen = { readonly at: number; request: SandboxRequest; reply: SandboxReply; fault: string | undefined };

export type RequestLog = {
  add(seen: Seen): void;
  /** Oldest first. */
  read(): readonly LoggedRequest[];
};

const MOST_ROWS = 10_000;
const MOST_CHARACTERS = 64_000_000;

/** The latest requests. Texts are masked when they are read, so that keeping them costs nothing. */
export function createRequestLog(): RequestLog {
  let rows: Seen[] = [];
  let characters = 0;
  return {
    add(seen) {
      rows.push(seen);
      characters += sizeOf(seen);
      if (rows.length < 2 * MOST_ROWS && characters < MOST_CHARACTERS) return;
      // Half at a time: dropping one row for each new one would be slow.
      rows = rows.slice(Math.ceil(rows.length / 2));
      characters = rows.reduce((sum, row) => sum + sizeOf(row), 0);
    },
    read: () => rows.slice(-MOST_ROWS).map(shown),
  };
}

function sizeOf({ request, reply }: Seen): number {
  return request.text.length + (typeof reply === 'string' ? 0 : reply.text.length);
}

function shown({ at, request, reply, fault }: Seen): LoggedRequest {
  const { method, url, headers, text } = request;
  return {
    at: new Date(at).toISOString(),
    method,
    path: url.pathname + maskText(url.search, FORM_SECRETS),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, maskHeader(name, value)])),
    body: maskText(text, /token|oauth|auth/.test(url.pathname) ? [...FORM_SECRETS, 'code'] : FORM_SECRETS),
    status: typeof reply === 'string' ? reply : reply.status,
    answer: typeof reply === 'string' ? '' : maskText(reply.text, FORM_SECRETS),
    ...(fault === undefined ? {} : { fault }),
  };
}

const SECRET_HEADERS: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'x-api-key', 'cookie']);
const FORM_SECRETS: readonly string[] = [
  'password',
  'client_secret',
  'access_token',
  'refresh_token',
  'id_token',
  'code_verifier',
  'assertion',
  'token',
];

function maskHeader(name: string, value: string): string {
  return SECRET_HEADERS.has(name) ? `***${value.slice(-4)}` : value;
}

/** Masks members of a JSON text and fields of a form, whatever surrounds them. */
function maskText(text: string, names: readonly string[]): string {
  if (text === '') return text;
  const any = names.join('|');
  return text
    .replaceAll(new RegExp(String.raw`"(${any})"(\s*:\s*)"(?:[^"\\]|\\.)*"`, 'g'), '"$1"$2"***"')
    .replaceAll(new RegExp(`(^|[?&])(${any})=[^&\\s]*`, 'g'), '$1$2=***');
}
