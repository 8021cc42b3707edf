import { err, ok, type Result } from '../../domain/result.ts';
import type { RemoteError, VendorSignIn } from '../../ports/remote-inventory.ts';
import { post, read, understood, type SquareAccount } from './call.ts';
import { obtainToken } from './obtain-token.ts';
import { revokedSchema, tokenStatusSchema } from './schemas.ts';
import { sha256Base64Url } from './sha256.ts';

/** The permissions that this folder's operations need (contracts: Square 1). */
export const SCOPES: readonly string[] = ['MERCHANT_PROFILE_READ', 'ITEMS_READ', 'INVENTORY_READ', 'INVENTORY_WRITE'];

/** Connections that are opened so, and not by a token that a person made. */
export const BY_SIGN_IN = { field: 'mode', is: 'sign-in' };

/** RFC 7636, 4.1: 43 to 128 characters. */
const VERIFIER_LENGTH = 96;
const STATE_LENGTH = 32;

/**
 * Signing in with a code and a proof of having asked for it (PKCE, S256), so that no secret of the application is shipped
 * (contracts: Square 4). The code lives five minutes, once.
 */
export const signIn: VendorSignIn = {
  only: BY_SIGN_IN,

  async begin(settings, { tokens, secretText }) {
    const verifier = secretText(VERIFIER_LENGTH);
    const state = secretText(STATE_LENGTH);
    await tokens.save({ ...(await tokens.read()), verifier, state });
    const redirect = settings['redirectUrl'] ?? '';
    const query = [
      ['client_id', settings['applicationId'] ?? ''],
      ['scope', SCOPES.join(' ')],
      ['session', 'false'],
      ['state', state],
      ['code_challenge', sha256Base64Url(verifier)],
      ...(redirect === '' ? [] : [['redirect_uri', redirect]]),
    ].map(([name = '', value = '']) => `${name}=${encodeURIComponent(value)}`);
    return { url: `${baseUrlOf(settings)}/oauth2/authorize?${query.join('&')}` };
  },

  async finish(settings, { http, tokens }, answer) {
    const { verifier, state, ...kept } = await tokens.read();
    if (verifier === undefined || state === undefined) return refused('no sign-in has begun');
    const given = answerOf(answer);
    if (given.error !== undefined) return refused(`Square says ${given.error}`);
    if (given.state !== undefined && given.state !== state) return refused('this answer belongs to another sign-in');
    if (given.code === undefined || given.code === '') return refused('there is no code in it');
    const redirect = settings['redirectUrl'] ?? '';
    const obtained = await obtainToken(
      { baseUrl: baseUrlOf(settings), applicationId: settings['applicationId'] ?? '', http },
      {
        grant_type: 'authorization_code',
        code: given.code,
        code_verifier: verifier,
        ...(redirect === '' ? {} : { redirect_uri: redirect }),
      },
    );
    if (!obtained.ok) return obtained;
    const saved = await tokens.save({ ...kept, ...obtained.value });
    return saved ? ok(null) : err({ code: 'unavailable', detail: 'the tokens could not be saved' });
  },
};

/** What a browser was sent to, or the code alone as a person may copy it. */
function answerOf(answer: string): { code?: string; state?: string; error?: string } {
  const text = answer.trim();
  if (!/[?&](?:code|error)=/.test(text)) return /[\s:/]/.test(text) ? {} : { code: text };
  const pairs = text
    .slice(text.indexOf('?') + 1)
    .replace(/#.*$/, '')
    .split('&')
    .map((pair) => [pair.slice(0, pair.indexOf('=')), plain(pair.slice(pair.indexOf('=') + 1))] as const);
  return Object.fromEntries(pairs.filter(([name]) => name === 'code' || name === 'state' || name === 'error'));
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function refused(detail: string): Result<never, RemoteError> {
  return err({ code: 'unauthorized', detail });
}

/** The connection's address without an ending slash. */
export function baseUrlOf(settings: Readonly<Record<string, string>>): string {
  return (settings['baseUrl'] ?? '').replace(/\/+$/, '');
}

/** What a token may do and until when. `expiresAt` absent: it never ends. */
export type TokenStatus = {
  readonly scopes: readonly string[];
  readonly expiresAt?: string;
  readonly applicationId?: string;
  readonly merchant?: string;
};

export async function readTokenStatus(account: SquareAccount): Promise<Result<TokenStatus, RemoteError>> {
  const answer = await read(account, { method: 'POST', path: '/oauth2/token/status', body: '{}' }, tokenStatusSchema);
  if (!answer.ok) return answer;
  const { scopes, expires_at: expiresAt, client_id: applicationId, merchant_id: merchant } = answer.value;
  return ok({
    scopes: scopes ?? [],
    ...(expiresAt ? { expiresAt } : {}),
    ...(applicationId ? { applicationId } : {}),
    ...(merchant ? { merchant } : {}),
  });
}

/**
 * Takes an account's token back at Square; `onlyThis` leaves other tokens of the same sign-in alone. Square wants the
 * application's secret for this, which a person types and nobody keeps.
 */
export async function revokeToken(
  account: SquareAccount,
  application: { id: string; secret: string },
  onlyThis: boolean,
): Promise<Result<null, RemoteError>> {
  const token = await account.access.token();
  if (!token.ok) return token;
  const body = JSON.stringify({
    client_id: application.id,
    access_token: token.value,
    revoke_only_access_token: onlyThis,
  });
  const call = { method: 'POST', path: '/oauth2/revoke', body, effect: 'read' } as const;
  const answer = understood(await post(account, call, `Client ${application.secret}`), call, revokedSchema);
  if (!answer.ok) return answer;
  return answer.value.success === true ? ok(null) : err({ code: 'bad_answer', detail: 'the token was not revoked' });
}
