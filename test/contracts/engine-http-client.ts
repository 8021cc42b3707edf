import { err, ok } from '../../shared/domain/result.ts';
import type { HttpClient } from '../../shared/ports/http-client.ts';
import type { SquareEngine } from '../sandbox/square/engine.ts';

/** Asks a sandbox without a socket, so that thousands of runs are affordable. */
export function engineHttpClient(engine: SquareEngine): HttpClient {
  return (wanted) => {
    const { authorization, 'square-version': version } = wanted.headers;
    const reply = engine.reply({
      method: wanted.method,
      url: new URL(wanted.url),
      text: wanted.body ?? '',
      authorization,
      version,
    });
    if (reply === 'drop') return Promise.resolve(err({ code: 'connection_lost', detail: 'cut' }));
    if (reply === 'hang') return Promise.resolve(err({ code: 'timed_out', afterMs: 30_000 }));
    return Promise.resolve(ok({ status: reply.status, headers: reply.headers, body: reply.text }));
  };
}
