import { fingerprint } from '../../domain/fingerprint.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { RemoteError, RemoteMeans } from '../../ports/remote-inventory.ts';
import { failureOf, outcomeOf } from '../http/outcome.ts';
import { grantSchema } from './schemas.ts';

/** What opens an account: a token of 28 days, and the way to the next one. */
export type ShipheroAccess = {
  token(): Promise<Result<string, RemoteError>>;
  /** A token in place of one that was refused. */
  renew(refused: string): Promise<Result<string, RemoteError>>;
};

/** A token that ends within this time is renewed before it is used. */
const MARGIN_MS = 60_000;
const DEFAULT_LIFE_SECONDS = 2_419_200;

type Kept = {
  readonly token: string;
  readonly refreshToken: string;
  readonly endsAt: number;
  readonly isSaved: boolean;
};

/**
 * Tokens by name and password, or by a refresh token (contracts: ShipHero 1). A new one is saved before it is used; one
 * that cannot be saved is kept in mind and saved first thing at the next call. One renewal is on its way at a time.
 * One piece: what is asked for shares the renewal that is on its way.
 */
export function createAccess(settings: Readonly<Record<string, string>>, means: RemoteMeans): ShipheroAccess {
  const baseUrl = baseUrlOf(settings);
  const { username = '', password = '', refreshToken: givenRefresh = '' } = settings;
  const owner = accessOwner(settings);
  let kept: Kept | undefined;
  let reading: Promise<void> | undefined;
  let renewing: Promise<Result<string, RemoteError>> | undefined;

  async function recall(): Promise<void> {
    const stored = await means.tokens.read();
    if (stored['owner'] !== owner || !stored['token']) return;
    const endsAt = Number(stored['endsAt']);
    kept = { token: stored['token'], refreshToken: stored['refreshToken'] ?? '', endsAt, isSaved: true };
  }

  async function save(wanted: Kept): Promise<Result<string, RemoteError>> {
    const { token, refreshToken, endsAt } = wanted;
    kept = wanted;
    const isSaved = await means.tokens.save({ owner, token, refreshToken, endsAt: String(endsAt) });
    if (!isSaved) return err({ code: 'unavailable', detail: 'the new token could not be saved' });
    kept = { ...wanted, isSaved };
    return ok(token);
  }

  async function renewNow(): Promise<Result<string, RemoteError>> {
    const refreshTokens = [...new Set([kept?.refreshToken ?? '', givenRefresh])].filter((one) => one !== '');
    let refusal: RemoteError = { code: 'unauthorized', detail: 'there is neither a password nor a refresh token' };
    const ways = [
      ...refreshTokens.map((refresh) => ({ path: '/auth/refresh', body: { refresh_token: refresh } })),
      ...(username && password ? [{ path: '/auth/token', body: { username, password } }] : []),
    ];
    for (const way of ways) {
      const grant = await askForToken(way.path, way.body);
      if (grant.ok) {
        const { access_token: token, refresh_token: fresh, expires_in: seconds } = grant.value;
        const used = 'refresh_token' in way.body ? way.body.refresh_token : '';
        const endsAt = means.now() + (seconds ?? DEFAULT_LIFE_SECONDS) * 1000;
        return save({ token, refreshToken: fresh ?? used ?? '', endsAt, isSaved: false });
      }
      refusal = grant.error;
      if (refusal.code !== 'unauthorized') return err(refusal);
    }
    return err(refusal);
  }

  async function askForToken(path: string, body: Readonly<Record<string, string>>) {
    const answer = await means.http({
      method: 'POST',
      url: baseUrl + path,
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) return err(failureOf(answer.error, 'read'));
    const { status } = answer.value;
    if (status === 400 || status === 401 || status === 403)
      return err({ code: 'unauthorized' as const, detail: `HTTP ${status} at ${path}` });
    const problem = outcomeOf({ ...answer.value, effect: 'read', detail: `HTTP ${answer.value.status}`, refs: [] });
    if (problem) return err(problem);
    const grant = grantSchema.safeParse(parseJson(answer.value.body));
    return grant.success
      ? ok(grant.data)
      : err({ code: 'bad_answer' as const, detail: `${path}: no token in the answer` });
  }

  function renewOnce(): Promise<Result<string, RemoteError>> {
    renewing ??= renewNow().finally(() => {
      renewing = undefined;
    });
    return renewing;
  }

  async function current(): Promise<Result<string, RemoteError>> {
    reading ??= recall();
    await reading;
    if (renewing) return renewing;
    if (kept === undefined || !(kept.endsAt - MARGIN_MS > means.now())) return renewOnce();
    return kept.isSaved ? ok(kept.token) : save(kept);
  }

  return {
    token: current,
    async renew(refused) {
      // Another call may have been refused with the same token and renewed it already.
      return kept?.token === refused ? renewOnce() : current();
    },
  };
}

/** Whose tokens are kept: those of another account, or of before the refresh token was changed, are not used. */
export function accessOwner(settings: Readonly<Record<string, string>>): string {
  const { username = '', refreshToken = '' } = settings;
  return fingerprint(JSON.stringify([baseUrlOf(settings), username, refreshToken]));
}

/** The address without a slash at its end. */
export function baseUrlOf(settings: Readonly<Record<string, string>>): string {
  return (settings['baseUrl'] ?? '').replace(/\/+$/, '');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
