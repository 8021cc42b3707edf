import { err, ok } from '../../../shared/domain/result.ts';
import type { HttpClient } from '../../../shared/ports/http-client.ts';
import type { Sandbox } from './sandbox.ts';

/** Asks a sandbox without a socket, so that millions of requests are affordable. Time does not pass. */
export function sandboxHttpClient({ reply }: Pick<Sandbox, 'reply'>): HttpClient {
  return async ({ method, url, headers, body }) => {
    const answer = await reply({ method, url: new URL(url), text: body ?? '', headers: lowerCase(headers) });
    if (answer === 'drop') return err({ code: 'connection_lost', detail: 'cut' });
    if (answer === 'hang') return err({ code: 'timed_out', afterMs: 30_000 });
    return ok({ status: answer.status, headers: answer.headers ?? {}, body: answer.text });
  };
}

function lowerCase(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (Object.keys(headers).every((name) => name === name.toLowerCase())) return headers;
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
