import type { Result } from '../domain/result.ts';

/** One request to a remote. `url` must be on the connection's own host. Secrets go in headers or the body, never in `url`. */
export type HttpRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
};

/** A whole answer. `headers` keys are lower case. */
export type HttpResponse = { status: number; headers: Readonly<Record<string, string>>; body: string };

/**
 * No whole answer came. `not_sent`: the request certainly never reached the remote (refused before sending, name not found,
 * connection refused). Everything else may have taken effect: `timed_out`, `connection_lost`, `answer_too_large`.
 */
export type HttpFailure =
  | { code: 'not_sent'; detail: string }
  | { code: 'timed_out'; afterMs: number }
  | { code: 'connection_lost'; detail: string }
  | { code: 'answer_too_large'; limitBytes: number }
  | { code: 'not_allowed'; detail: string };

/** One attempt at one request: no retry, no cookie, no redirect. The caller owns what happens next. */
export type HttpClient = (request: HttpRequest) => Promise<Result<HttpResponse, HttpFailure>>;
