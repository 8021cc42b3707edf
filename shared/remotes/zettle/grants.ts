import { err, ok, type Result } from '../../domain/result.ts';
import type { HttpClient } from '../../ports/http-client.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import { failureOf } from '../http/outcome.ts';
import { errorOf, wordsOf } from './errors.ts';
import type { ZettleHosts } from './hosts.ts';
import { parseError, parseJson } from './parse.ts';
import { tokenSchema } from './schemas.ts';

/** What a grant gives. Access tokens live 7200 s; only some grants bring a refresh token (contracts: Zettle 8). */
export type Granted = { readonly accessToken: string; readonly livesMs: number; readonly refreshToken?: string };

/** How a token may be asked for. The API key is made by the merchant; the other two need the vendor's own secret. */
export type Grant =
  | { readonly by: 'api_key'; readonly clientId: string; readonly apiKey: string }
  | {
      readonly by: 'refresh_token';
      readonly clientId: string;
      readonly clientSecret: string;
      readonly refreshToken: string;
    }
  | {
      readonly by: 'code';
      readonly clientId: string;
      readonly clientSecret: string;
      readonly code: string;
      readonly redirectUri: string;
    };

/** Asks for a token. A refused grant is `unauthorized`, whatever its status. Nothing is kept here. */
export async function requestToken(
  way: { readonly hosts: ZettleHosts; readonly http: HttpClient },
  grant: Grant,
): Promise<Result<Granted, RemoteError>> {
  const answer = await way.http({
    method: 'POST',
    url: `${way.hosts.oauth}/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: formOf(fieldsOf(grant)),
  });
  if (!answer.ok) return err(failureOf(answer.error, 'read'));
  const { status, headers, body } = answer.value;
  if (status === 400 || status === 401 || status === 403)
    return err({ code: 'unauthorized', detail: wordsOf(status, parseError(body)) });
  if (status < 200 || status > 299)
    return err(errorOf({ status, headers, error: parseError(body), effect: 'read', paged: false, refs: [] }));
  const parsed = tokenSchema.safeParse(parseJson(body));
  if (!parsed.success) return err({ code: 'bad_answer', detail: '/token: unexpected answer' });
  const { access_token: accessToken, expires_in: seconds, refresh_token: refreshToken } = parsed.data;
  return ok({ accessToken, livesMs: seconds * 1000, ...(refreshToken ? { refreshToken } : {}) });
}

function fieldsOf(grant: Grant): Readonly<Record<string, string>> {
  switch (grant.by) {
    case 'api_key':
      return {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        client_id: grant.clientId,
        assertion: grant.apiKey,
      };
    case 'refresh_token':
      return {
        grant_type: 'refresh_token',
        client_id: grant.clientId,
        client_secret: grant.clientSecret,
        refresh_token: grant.refreshToken,
      };
    case 'code':
      return {
        grant_type: 'authorization_code',
        client_id: grant.clientId,
        client_secret: grant.clientSecret,
        code: grant.code,
        redirect_uri: grant.redirectUri,
      };
  }
}

function formOf(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
}
