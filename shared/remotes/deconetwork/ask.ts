import type { z } from 'zod';
import { err, ok, type Result } from '../../domain/result.ts';
import type { HttpResponse } from '../../ports/http-client.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import { encodeForm, type FormField } from './conditions.ts';
import { failureOf } from '../http/outcome.ts';
import { meaningBySeverity, meaningOf, meaningOfHttp, NOT_AN_API } from './errors.ts';
import { answerSchema } from './schemas.ts';
import type { DecoSite } from './site.ts';

/** The site's operations that are used. All of them read; the one that writes (manage_inventory/update) is left alone. */
export type DecoPath = '/api/json/manage_inventory_events/find' | '/api/json/manage_inventory/find';

/**
 * One attempt at one search. Always a form that is posted, so that the password never stands in an address. `null`: the
 * site knows nothing of what was asked for. The answer's own code decides, then the HTTP status, then the severity
 * (contracts: inventory events 4).
 */
export async function ask<Schema extends z.ZodType>(
  site: DecoSite,
  path: DecoPath,
  fields: readonly FormField[],
  schema: Schema,
): Promise<Result<z.output<Schema> | null, RemoteError>> {
  if (site.origin === '') return err({ code: 'not_sent', detail: 'the address must begin with https://' });
  const answer = await site.http({
    method: 'POST',
    url: site.origin + path,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: encodeForm([['username', site.username], ['password', site.password], ...fields]),
  });
  if (!answer.ok) return err(failureOf(answer.error, 'read'));
  const body = parseJson(answer.value.body);
  const meaning = meaningOfAnswer(answer.value, body);
  if (meaning === 'empty') return ok(null);
  if (meaning !== 'done') return err(withoutSecret(meaning, site.password));
  const parsed = schema.safeParse(body);
  if (parsed.success) return ok(parsed.data);
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  return err({ code: 'bad_answer', detail: `${path}: unexpected answer at ${where}` });
}

function meaningOfAnswer(answer: HttpResponse, body: unknown): 'done' | 'empty' | RemoteError {
  const { status, headers } = answer;
  const said = answerSchema.safeParse(body);
  const known = said.success ? meaningOf(said.data.response_status) : undefined;
  const isFine = status >= 200 && status <= 299;
  if (known !== undefined && (known !== 'done' || isFine)) return known;
  const byHttp = meaningOfHttp(status, headers);
  if (byHttp !== undefined) return byHttp;
  if (said.success && isFine) return meaningBySeverity(said.data.response_status);
  if (isFine && !isPage(answer)) return { code: 'bad_answer', detail: 'the answer is cut, or no JSON of the API' };
  return NOT_AN_API;
}

function isPage({ headers, body }: HttpResponse): boolean {
  return body.trimStart().startsWith('<') || (headers['content-type'] ?? '').toLowerCase().includes('html');
}

/** A site might repeat what it was sent. */
function withoutSecret(error: RemoteError, password: string): RemoteError {
  if (password === '' || !error.detail.includes(password)) return error;
  return { ...error, detail: error.detail.replaceAll(password, '***') };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
