import type { SandboxClock } from '../chassis/clock.ts';
import type { SandboxAnswer, SandboxRequest } from '../chassis/messages.ts';
import { answered, done, refused, type Refusal } from './answers.ts';
import type { Scopes, ZettleWorld } from './world.ts';

const ASSERTION = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/** Who may do what: tokens that live for two hours, and the grants that give new ones (contracts: Zettle 8). */
export type Access = {
  token(request: SandboxRequest): SandboxAnswer;
  /** The refusal of a request that needs that scope, or nothing; null needs a token only. */
  refusal(request: SandboxRequest, scope: string | null): SandboxAnswer | undefined;
  user(): SandboxAnswer;
  disconnect(): SandboxAnswer;
  /** All tokens given so far have come to their end; new ones are given still. */
  expire(): void;
  restore(): void;
  /** No grant gives anything any more. */
  revoke(revoked: boolean): void;
  /** How many tokens have been given. */
  given(): number;
};

type Given = { readonly scopes: Scopes; readonly until: number };

export function createAccess(world: ZettleWorld, clock: SandboxClock): Access {
  const { apiKeys, clients, behaviour, organization } = world.zettle;
  const tokens = new Map<string, Given>(
    Object.entries(world.tokens).map(([token, scopes]) => [token, { scopes, until: Number.POSITIVE_INFINITY }]),
  );
  const refreshTokens = new Map<string, Scopes>();
  const codes = new Map(Object.entries(world.zettle.codes));
  let expired = new Set<string>();
  let isRevoked = false;
  let given = 0;

  function give(scopes: Scopes, refreshToken?: string): SandboxAnswer {
    given += 1;
    const token = `zettle-access-${given}`;
    tokens.set(token, { scopes, until: clock.now() + behaviour.tokenLifeMs });
    const refresh = refreshToken === undefined ? {} : { refresh_token: refreshToken };
    return answered({ access_token: token, expires_in: Math.round(behaviour.tokenLifeMs / 1000), ...refresh });
  }
  function giveRefreshable(scopes: Scopes): SandboxAnswer {
    const refreshToken = `zettle-refresh-${given + 1}`;
    refreshTokens.set(refreshToken, scopes);
    return give(scopes, refreshToken);
  }
  const refuseGrant = (error: string, description: string, status = 400): SandboxAnswer => {
    return { status, text: JSON.stringify({ error, error_description: description }) };
  };

  return {
    token(request) {
      if (!(request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded'))
        return refuseGrant('invalid_request', 'The request must be a form');
      const form = new URLSearchParams(request.text);
      const clientId = form.get('client_id') ?? '';
      const isKnown = clients === undefined || Object.hasOwn(clients, clientId);
      if (clientId === '' || !isKnown) return refuseGrant('invalid_client', 'Unknown client', 401);
      if (isRevoked) return refuseGrant('invalid_grant', 'The grant was revoked');
      const grant = form.get('grant_type');
      if (grant === ASSERTION) {
        const scopes = apiKeys[form.get('assertion') ?? ''];
        if (scopes === undefined || scopes === 'expired') return refuseGrant('invalid_grant', 'Invalid assertion');
        return give(scopes);
      }
      if (clients !== undefined && clients[clientId] !== form.get('client_secret'))
        return refuseGrant('invalid_client', 'Wrong client secret', 401);
      if (grant === 'refresh_token') {
        const token = form.get('refresh_token') ?? '';
        const scopes = refreshTokens.get(token);
        if (scopes === undefined) return refuseGrant('invalid_grant', 'Unknown refresh token');
        if (!behaviour.rotatesRefreshTokens) return give(scopes);
        refreshTokens.delete(token);
        return giveRefreshable(scopes);
      }
      if (grant === 'authorization_code') {
        const code = form.get('code') ?? '';
        const scopes = codes.get(code);
        if (scopes === undefined || scopes === 'expired' || (form.get('redirect_uri') ?? '') === '')
          return refuseGrant('invalid_grant', 'Unknown code');
        codes.delete(code);
        return giveRefreshable(scopes);
      }
      return refuseGrant('unsupported_grant_type', 'Unknown grant type');
    },
    refusal(request, scope) {
      const token = /^Bearer (.+)$/.exec(request.headers['authorization'] ?? '')?.[1] ?? '';
      const found = tokens.get(token);
      if (found === undefined) return unauthorized('UNAUTHORIZED');
      if (found.scopes === 'expired' || found.until <= clock.now() || expired.has(token))
        return unauthorized('ACCESS_TOKEN_EXPIRED');
      if (scope === null || found.scopes === 'ok' || found.scopes.includes(scope)) return undefined;
      return refused(forbidden(`The scope ${scope} is missing`));
    },
    user: () => answered({ uuid: '7c6a91b8-5f0e-11ec-bf63-0242ac130002', organizationUuid: organization }),
    disconnect() {
      tokens.clear();
      refreshTokens.clear();
      return done();
    },
    expire() {
      expired = new Set(tokens.keys());
    },
    restore() {
      expired = new Set();
    },
    revoke(revoked) {
      isRevoked = revoked;
    },
    given: () => given,
  };
}

export function forbidden(message: string): Refusal {
  return { status: 403, errorType: 'FORBIDDEN', message };
}

function unauthorized(word: string): SandboxAnswer {
  return {
    status: 401,
    text: JSON.stringify({ error: 'invalid_token', error_description: word }),
    headers: { 'www-authenticate': `Bearer error="invalid_token", error_description="${word}"` },
  };
}
