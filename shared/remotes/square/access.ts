import { err, ok, type Result } from '../../domain/result.ts';
import type { RemoteError, RemoteMeans } from '../../ports/remote-inventory.ts';
import type { SquareAccess } from './call.ts';
import { obtainToken } from './obtain-token.ts';

/** Who asks for tokens, and where. */
export type SquareApplication = { readonly baseUrl: string; readonly applicationId: string };

/** A token that a person made at Square's own pages. */
export function fixedAccess(accessToken: string): SquareAccess {
  return { token: () => Promise.resolve(ok(accessToken)), renew: () => Promise.resolve(null) };
}

type Tokens = Readonly<Record<string, string>>;

/** Before a token's end: a request that takes long should not meet it. */
const EARLY_MS = 60_000;
const NOT_SIGNED_IN: RemoteError = { code: 'unauthorized', detail: 'nobody has signed in at Square' };

/**
 * Tokens of a sign-in. A refresh token can be used once, so the one that comes with a new access token is saved before
 * anything else is done with it, and there is never more than one refresh on its way (contracts: Square 4).
 */
export function signedInAccess(
  application: SquareApplication,
  { http, tokens: store, now }: Pick<RemoteMeans, 'http' | 'tokens' | 'now'>,
): SquareAccess {
  /** Held because they could not be saved: Square has forgotten the ones before them. */
  let unsaved: Tokens | null = null;
  let refreshing: Promise<Result<string, RemoteError>> | null = null;

  async function save(tokens: Tokens): Promise<Result<string, RemoteError>> {
    unsaved = tokens;
    if (!(await store.save(tokens))) return err({ code: 'unavailable', detail: 'the new token could not be saved' });
    unsaved = null;
    return ok(tokens['accessToken'] ?? '');
  }

  async function refresh(refused: string | null): Promise<Result<string, RemoteError>> {
    if (unsaved !== null) {
      const saved = await save(unsaved);
      if (!saved.ok || saved.value !== refused) return saved;
    }
    const held = await store.read();
    // Somebody else has renewed it meanwhile.
    if (isAlive(held, now()) && held['accessToken'] !== refused) return ok(held['accessToken'] ?? '');
    const refreshToken = held['refreshToken'];
    if (refreshToken === undefined) return err(NOT_SIGNED_IN);
    const answer = await obtainToken(
      { ...application, http },
      { grant_type: 'refresh_token', refresh_token: refreshToken },
    );
    return answer.ok ? save({ ...held, ...answer.value }) : answer;
  }

  function refreshOnce(refused: string | null): Promise<Result<string, RemoteError>> {
    refreshing ??= refresh(refused).finally(() => {
      refreshing = null;
    });
    return refreshing;
  }

  return {
    async token() {
      if (unsaved !== null || refreshing !== null) return refreshOnce(null);
      const held = await store.read();
      return isAlive(held, now()) ? ok(held['accessToken'] ?? '') : refreshOnce(null);
    },
    renew: (refused) => refreshOnce(refused),
  };
}

function isAlive(held: Tokens, now: number): boolean {
  if (held['accessToken'] === undefined) return false;
  const until = Date.parse(held['accessExpiresAt'] ?? '');
  return Number.isNaN(until) || now < until - EARLY_MS;
}
