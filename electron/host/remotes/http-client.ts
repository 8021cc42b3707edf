import { request as plainRequest, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as secureRequest } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { HttpClient, HttpFailure, HttpRequest, HttpResponse } from '../../../shared/ports/http-client.ts';

export type HttpClientOptions = {
  /** The only origin that may be asked, "https://host[:port]"; plain http only on this machine itself. */
  origin: string;
  /** For the whole attempt, from the name look-up to the last byte; 30 s unless given. */
  timeoutMs?: number;
  /** Of the unpacked answer; 10 MB unless given. */
  limitBytes?: number;
  /** Certificates trusted beside the built-in ones: for tests against a local server. */
  ca?: string;
};

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether an origin may be asked at all: encrypted, or on this very machine. */
export function isSafeOrigin(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname, origin: whole } = new URL(origin);
  return whole === origin && (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname)));
}

function refusedUrl(options: HttpClientOptions, url: string): string | null {
  if (!URL.canParse(url)) return 'the address cannot be read';
  const parsed = new URL(url);
  if (!isSafeOrigin(options.origin)) return 'the connection has no safe origin';
  if (parsed.origin !== options.origin) return `only ${options.origin} may be asked`;
  return parsed.username === '' && parsed.password === '' ? null : 'the address carries a password';
}

function unpacked(answer: IncomingMessage): Readable | null {
  const encoding = (answer.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  // A broken stream is heard of on its last part; the callback is there because `pipeline` asks for one.
  const through = (unpack: NodeJS.ReadWriteStream & Readable) => pipeline(answer, unpack, () => undefined) as Readable;
  if (encoding === 'identity' || encoding === '') return answer;
  if (encoding === 'gzip' || encoding === 'x-gzip') return through(createGunzip());
  if (encoding === 'deflate') return through(createInflate());
  return encoding === 'br' ? through(createBrotliDecompress()) : null;
}

function flatHeaders(answer: IncomingMessage): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

function reasonOf(problem: unknown): string {
  return problem instanceof Error && 'code' in problem && typeof problem.code === 'string' ? problem.code : 'unknown';
}

/**
 * One attempt at one request over a connection of its own: no retry, no redirect (a 3xx is an answer), no cookie, no
 * proxy. What fails before the connection stands, certificate errors among it, is `not_sent`; after that it may have
 * taken effect. Only error codes go into `detail`: never an address, a header or a body.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { timeoutMs = 30_000, limitBytes = 10_000_000 } = options;
  return (asked) => {
    const refused = refusedUrl(options, asked.url);
    if (refused !== null) return Promise.resolve(err({ code: 'not_allowed', detail: refused }));
    return new Promise((resolve) =>
      attempt(asked, { timeoutMs, limitBytes, ...(options.ca === undefined ? {} : { ca: options.ca }) }, resolve),
    );
  };
}

type Limits = { timeoutMs: number; limitBytes: number; ca?: string };

/** One attempt. A single promise on purpose: whichever of a dozen events of the socket comes first settles it, and ends the rest. */
function attempt(
  asked: HttpRequest,
  limits: Limits,
  answerWith: (result: Result<HttpResponse, HttpFailure>) => void,
): void {
  const url = new URL(asked.url);
  const isSecure = url.protocol === 'https:';
  const body = asked.body === undefined ? null : Buffer.from(asked.body);
  let isConnected = false;
  let isDone = false;
  let sending: ClientRequest | null = null;

  function finish(result: Result<HttpResponse, HttpFailure>): void {
    if (isDone) return;
    isDone = true;
    clearTimeout(timer);
    sending?.destroy();
    answerWith(result);
  }

  function fail(reason: string): void {
    finish(err({ code: isConnected ? 'connection_lost' : 'not_sent', detail: reason }));
  }

  const timer = setTimeout(() => {
    finish(
      err(
        isConnected
          ? { code: 'timed_out', afterMs: limits.timeoutMs }
          : { code: 'not_sent', detail: 'no_connection_in_time' },
      ),
    );
  }, limits.timeoutMs);

  function take(answer: IncomingMessage): void {
    const source = unpacked(answer);
    if (source === null) return fail('unknown_content_encoding');
    const parts: Buffer[] = [];
    let size = 0;
    source.on('data', (part: Buffer) => {
      size += part.length;
      if (size > limits.limitBytes) finish(err({ code: 'answer_too_large', limitBytes: limits.limitBytes }));
      else parts.push(part);
    });
    source.on('error', (problem) => fail(reasonOf(problem)));
    source.on('close', () => fail('answer_cut_short'));
    source.on('end', () => {
      if (!answer.complete) return fail('answer_cut_short');
      finish(
        ok({
          status: answer.statusCode ?? 0,
          headers: flatHeaders(answer),
          body: Buffer.concat(parts).toString('utf8'),
        }),
      );
    });
  }

  const request: RequestOptions & { rejectUnauthorized: true; ca?: string } = {
    method: asked.method,
    // A connection that stood idle may break just as we use it, and then nobody knows whether the request went out.
    agent: false,
    rejectUnauthorized: true,
    headers: {
      'accept-encoding': 'gzip, deflate, br',
      ...asked.headers,
      connection: 'close',
      ...(body === null ? {} : { 'content-length': String(body.length) }),
    },
    ...(limits.ca === undefined ? {} : { ca: limits.ca }),
  };
  try {
    sending = isSecure ? secureRequest(url, request) : plainRequest(url, request);
  } catch (problem) {
    // A header that cannot be written.
    finish(err({ code: 'not_allowed', detail: reasonOf(problem) }));
    return;
  }
  sending.on('socket', (socket) => {
    socket.once(isSecure ? 'secureConnect' : 'connect', () => {
      isConnected = true;
    });
  });
  sending.on('response', take);
  sending.on('upgrade', () => fail('unexpected_upgrade'));
  sending.on('error', (problem) => fail(reasonOf(problem)));
  sending.end(body ?? undefined);
}
