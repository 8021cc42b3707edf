import { createHash } from 'node:crypto';
import type { SandboxClock } from '../chassis/clock.ts';
import type { Access } from './access.ts';
import { refuse, type Refusal } from './refusals.ts';
import type { World, WorldApplication } from './world.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Times of contracts: Square 4. */
const CODE_LIFE_MS = 5 * MINUTE_MS;
const ACCESS_LIFE_MS = 30 * DAY_MS;
const SHORT_LIFE_MS = DAY_MS;
const REFRESH_LIFE_MS = 90 * DAY_MS;

export type AuthorizeRequest = {
  readonly application: WorldApplication;
  readonly scopes: readonly string[];
  readonly challenge: string | undefined;
  readonly redirect: string | undefined;
};
type Code = AuthorizeRequest & { readonly madeAt: number };
/** `pkce`: to be used once, within ninety days. */
type RefreshGrant = {
  readonly application: string;
  readonly scopes: readonly string[];
  readonly pkce: boolean;
  readonly madeAt: number;
};
type Members = Readonly<Record<string, unknown>>;

/** Square's desk for codes and tokens. */
export type SignInDesk = {
  application(id: string): WorldApplication | undefined;
  /** The code that the merchant's consent brings. */
  makeCode(request: AuthorizeRequest): string;
  obtain(body: Members): Members | Refusal;
  revoke(body: Members, authorization: string | undefined): Members | Refusal;
  /** How many access tokens were given out. */
  given(): number;
};

export function createSignInDesk(world: World, clock: SandboxClock, access: Access): SignInDesk {
  const codes = new Map<string, Code>();
  const refreshers = new Map<string, RefreshGrant>();
  let made = 0;
  let given = 0;
  const name = (kind: string): string => {
    made += 1;
    return `${kind}-${String(made).padStart(6, '0')}`;
  };
  const application = (id: unknown) => world.square.applications.find((one) => one.id === id);

  function give(grant: Omit<RefreshGrant, 'madeAt'>, isShort: boolean, keptRefresh?: string): Members {
    const now = clock.now();
    given += 1;
    const token = name('EAAA-sandbox-access');
    const expiresAt = now + (isShort ? SHORT_LIFE_MS : ACCESS_LIFE_MS);
    access.issue({ token, application: grant.application, scopes: grant.scopes, expiresAt });
    const refresh = keptRefresh ?? name('EQAA-sandbox-refresh');
    refreshers.set(refresh, { ...grant, madeAt: now });
    return {
      access_token: token,
      token_type: 'bearer',
      expires_at: new Date(expiresAt).toISOString(),
      merchant_id: MERCHANT_ID,
      refresh_token: refresh,
      short_lived: isShort,
      ...(grant.pkce ? { refresh_token_expires_at: new Date(now + REFRESH_LIFE_MS).toISOString() } : {}),
    };
  }

  function byCode(body: Members, client: WorldApplication): Members | Refusal {
    const text = String(body['code']);
    const code = codes.get(text);
    codes.delete(text);
    if (code === undefined || code.application.id !== client.id) return unauthorized('Authorization code not found');
    if (clock.now() - code.madeAt > CODE_LIFE_MS) return unauthorized('Authorization code is expired');
    if (code.redirect !== undefined && code.redirect !== body['redirect_uri'])
      return unauthorized('Redirect URL does not match');
    const isProved =
      code.challenge === undefined
        ? client.secret !== undefined && body['client_secret'] === client.secret
        : createHash('sha256').update(String(body['code_verifier'])).digest('base64url') === code.challenge;
    if (!isProved) return unauthorized('Not the client that asked for this code');
    const pkce = code.challenge !== undefined;
    return give({ application: client.id, scopes: code.scopes, pkce }, body['short_lived'] === true);
  }

  function byRefresh(body: Members, client: WorldApplication): Members | Refusal {
    const text = String(body['refresh_token']);
    const grant = refreshers.get(text);
    if (grant === undefined || grant.application !== client.id) return unauthorized('Invalid refresh token');
    if (!grant.pkce && body['client_secret'] !== client.secret) return unauthorized('Invalid client secret');
    if (grant.pkce) refreshers.delete(text);
    if (grant.pkce && clock.now() - grant.madeAt > REFRESH_LIFE_MS) return unauthorized('Refresh token is expired');
    const asked = body['scopes'];
    const scopes = Array.isArray(asked) ? grant.scopes.filter((scope) => asked.includes(scope)) : grant.scopes;
    return give({ ...grant, scopes }, body['short_lived'] === true, grant.pkce ? undefined : text);
  }

  return {
    application,
    makeCode(request) {
      const code = name('sq0cgp-sandbox-code');
      codes.set(code, { ...request, madeAt: clock.now() });
      return code;
    },
    obtain(body) {
      const client = application(body['client_id']);
      if (client === undefined) return unauthorized('No such application');
      if (body['grant_type'] === 'authorization_code') return byCode(body, client);
      if (body['grant_type'] === 'refresh_token') return byRefresh(body, client);
      return refuse(400, 'BAD_REQUEST', 'This grant type is not supported', 'grant_type');
    },
    revoke(body, authorization) {
      const client = application(body['client_id']);
      if (client?.secret === undefined || authorization !== `Client ${client.secret}`)
        return unauthorized('Not the secret of this application');
      const token = body['access_token'];
      const done = typeof token === 'string' ? access.revoke({ token }) : access.revoke({ application: client.id });
      if (!done) return refuse(404, 'NOT_FOUND', 'No such token');
      if (body['revoke_only_access_token'] !== true) {
        access.revoke({ application: client.id });
        for (const [refresh, grant] of refreshers) if (grant.application === client.id) refreshers.delete(refresh);
      }
      return { success: true };
    },
    given: () => given,
  };
}

export const MERCHANT_ID = 'SANDBOX-MERCHANT';

function unauthorized(detail: string): Refusal {
  return refuse(401, 'UNAUTHORIZED', detail);
}
