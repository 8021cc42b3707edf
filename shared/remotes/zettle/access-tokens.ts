import { fingerprint } from '../../domain/fingerprint.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { RemoteError, RemoteMeans } from '../../ports/remote-inventory.ts';
import { requestToken, type Grant, type Granted } from './grants.ts';
import type { ZettleHosts } from './hosts.ts';

/** A token this close to its end is not begun with. */
const MARGIN_MS = 60_000;

/** The access token of one opened account, asked for when it is needed. */
export type AccessTokens = {
  /** A token that should still be good. */
  current(): Promise<Result<string, RemoteError>>;
  /** Another one than `spent`, which was refused. One request for a token is under way at a time. */
  renew(spent: string): Promise<Result<string, RemoteError>>;
  /** Trades the code of a sign-in for tokens and keeps them. */
  redeem(code: { clientSecret: string; code: string; redirectUri: string }): Promise<Result<string, RemoteError>>;
};

type Login = {
  readonly hosts: ZettleHosts;
  readonly clientId: string;
  /** Made by the merchant; with it a new token can be had at any time. */
  readonly apiKey?: string;
  /** The vendor's secret of an app that signs merchants in by code and refresh token instead. */
  readonly clientSecret?: string;
};
type Kept = Readonly<Record<string, string>>;

/**
 * Keeps tokens in the store and in memory. A new one is saved before it is used: where that fails nothing is sent, and it
 * is remembered, since a refresh token before it may be dead by now.
 */
export function createAccessTokens(login: Login, means: Pick<RemoteMeans, 'http' | 'tokens' | 'now'>): AccessTokens {
  const grantedTo = fingerprint([login.hosts.oauth, login.clientId, login.apiKey ?? ''].join('\u001F'));
  let kept: Kept | undefined;
  let unsaved: Kept | undefined;
  let underWay: Promise<Result<string, RemoteError>> | undefined;

  async function recall(): Promise<Kept> {
    if (kept === undefined) {
      const stored = await means.tokens.read();
      // Tokens that were given to another key or at another address are nobody's here.
      kept ??= stored['grantedTo'] === undefined || stored['grantedTo'] === grantedTo ? stored : {};
    }
    return kept;
  }

  /** Saves what was given; until that has worked it is not used, and is tried again instead of asking for more. */
  async function save(next: Kept): Promise<Result<string, RemoteError>> {
    const saved = await means.tokens.save(next);
    unsaved = saved ? undefined : next;
    if (!saved) return err({ code: 'unavailable', detail: 'the new token could not be saved' });
    kept = next;
    return ok(next['accessToken'] ?? '');
  }

  function keptWith({ accessToken, livesMs, refreshToken }: Granted, before: Kept): Kept {
    const refresh: Kept = refreshToken === undefined ? {} : { refreshToken };
    return { ...before, ...refresh, accessToken, accessTokenUntil: String(means.now() + livesMs), grantedTo };
  }

  function grantOf(stored: Kept): Grant | null {
    const { clientId, apiKey = '', clientSecret = '' } = login;
    if (apiKey !== '') return { by: 'api_key', clientId, apiKey };
    const refreshToken = stored['refreshToken'] ?? '';
    return refreshToken === '' ? null : { by: 'refresh_token', clientId, clientSecret, refreshToken };
  }

  function shared(obtain: () => Promise<Result<string, RemoteError>>): Promise<Result<string, RemoteError>> {
    underWay ??= obtain().finally(() => {
      underWay = undefined;
    });
    return underWay;
  }

  async function obtain(given?: Grant): Promise<Result<string, RemoteError>> {
    if (given === undefined && unsaved !== undefined && isGood(unsaved)) return save(unsaved);
    // A refresh token that could not be saved may be the only one that is alive.
    const before = unsaved ?? (await recall());
    const grant = given ?? grantOf(before);
    if (grant === null) return err({ code: 'unauthorized', detail: 'nobody has signed in' });
    const granted = await requestToken({ hosts: login.hosts, http: means.http }, grant);
    return granted.ok ? save(keptWith(granted.value, before)) : granted;
  }

  function isGood(stored: Kept): boolean {
    const until = Number(stored['accessTokenUntil'] ?? Number.NaN);
    return (stored['accessToken'] ?? '') !== '' && !(until - MARGIN_MS <= means.now());
  }

  return {
    async current() {
      if (underWay !== undefined) return underWay;
      const stored = await recall();
      return isGood(stored) ? ok(stored['accessToken'] ?? '') : shared(() => obtain());
    },
    async renew(spent) {
      if (underWay !== undefined) return underWay;
      const stored = await recall();
      const isOther = isGood(stored) && stored['accessToken'] !== spent;
      return isOther ? ok(stored['accessToken'] ?? '') : shared(() => obtain());
    },
    redeem: (code) => shared(() => obtain({ by: 'code', clientId: login.clientId, ...code })),
  };
}
