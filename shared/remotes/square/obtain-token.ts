import { ok, type Result } from '../../domain/result.ts';
import type { HttpClient } from '../../ports/http-client.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import { post, understood } from './call.ts';
import { obtainedTokenSchema } from './schemas.ts';

/** Where tokens come from, and for which application. */
export type TokenDesk = { readonly baseUrl: string; readonly applicationId: string; readonly http: HttpClient };

export type Grant =
  | { grant_type: 'authorization_code'; code: string; code_verifier: string; redirect_uri?: string }
  | { grant_type: 'refresh_token'; refresh_token: string };

/** Tokens as the token store keeps them. */
export type ObtainedTokens = Readonly<Record<string, string>>;

/**
 * Gets tokens for a code or a refresh token, without a secret of the application (contracts: Square 4). What Square
 * refuses is `unauthorized`: a person has to sign in again.
 */
export async function obtainToken(desk: TokenDesk, grant: Grant): Promise<Result<ObtainedTokens, RemoteError>> {
  const body = JSON.stringify({ client_id: desk.applicationId, ...grant });
  const call = { method: 'POST', path: '/oauth2/token', body, effect: 'read' } as const;
  const answer = understood(await post(desk, call, undefined), call, obtainedTokenSchema);
  if (!answer.ok) {
    const { error } = answer;
    return error.code === 'rejected' ? { ok: false, error: { code: 'unauthorized', detail: error.detail } } : answer;
  }
  const { access_token: accessToken, expires_at, refresh_token, refresh_token_expires_at, merchant_id } = answer.value;
  return ok({
    accessToken,
    ...(expires_at ? { accessExpiresAt: expires_at } : {}),
    ...(refresh_token ? { refreshToken: refresh_token } : {}),
    ...(refresh_token_expires_at ? { refreshExpiresAt: refresh_token_expires_at } : {}),
    ...(merchant_id ? { merchant: merchant_id } : {}),
  });
}
