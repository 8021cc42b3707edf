import type { SandboxClock } from '../chassis/clock.ts';
import { refuse, type Refusal } from './refusals.ts';
import type { World } from './world.ts';

/** A token that the sandbox has given out. Times are ms. */
export type IssuedToken = {
  readonly token: string;
  readonly application: string;
  readonly scopes: readonly string[];
  readonly expiresAt: number;
};
export type TokenStatus = {
  readonly scopes: readonly string[] | 'all';
  readonly expiresAt?: number;
  readonly application?: string;
};

/** Who may do what: tokens with scopes, which may expire or be taken back in mid-run. */
export type Access = {
  /** The refusal of a request that needs that scope, or nothing. `null`: any token will do. */
  refusal(authorization: string | undefined, scope: string | null): Refusal | undefined;
  status(authorization: string | undefined): TokenStatus | Refusal;
  issue(token: IssuedToken): void;
  /** Whether there was anything to take back. */
  revoke(which: { token: string } | { application: string }): boolean;
  /** Ends every token that there is now; those given out later are fresh. */
  expire(): void;
  restore(): void;
};

export function createAccess(world: World, clock: SandboxClock): Access {
  const issued = new Map<string, IssuedToken>();
  const revoked = new Set<string>();
  let ended: ReadonlySet<string> | null = null;

  function find(authorization: string | undefined): TokenStatus | Refusal {
    const token = authorization?.startsWith('Bearer ') === true ? authorization.slice('Bearer '.length) : '';
    const given = issued.get(token);
    const grant = Object.hasOwn(world.tokens, token) ? world.tokens[token] : undefined;
    if (given === undefined && grant === undefined)
      return refuse(401, 'UNAUTHORIZED', 'This request could not be authorized.');
    if (revoked.has(token)) return refuse(401, 'ACCESS_TOKEN_REVOKED', 'The access token has been revoked.');
    const isOver = given !== undefined && clock.now() >= given.expiresAt;
    const isEnded = ended !== null && (given === undefined || ended.has(token));
    if (grant === 'expired' || isOver || isEnded)
      return refuse(401, 'ACCESS_TOKEN_EXPIRED', 'The access token has expired.');
    if (given !== undefined)
      return { scopes: given.scopes, expiresAt: given.expiresAt, application: given.application };
    return { scopes: Array.isArray(grant) ? grant : 'all' };
  }

  return {
    refusal(authorization, scope) {
      const found = find(authorization);
      if ('errors' in found) return found;
      if (scope === null || found.scopes === 'all' || found.scopes.includes(scope)) return undefined;
      return refuse(403, 'INSUFFICIENT_SCOPES', `The access token lacks the scope ${scope}.`);
    },
    status: find,
    issue(token) {
      issued.set(token.token, token);
    },
    revoke(which) {
      const named =
        'token' in which
          ? [which.token].filter((token) => issued.has(token) || Object.hasOwn(world.tokens, token))
          : [...issued.values()].filter((one) => one.application === which.application).map((one) => one.token);
      for (const token of named) revoked.add(token);
      return named.length > 0;
    },
    expire() {
      ended = new Set(issued.keys());
    },
    restore() {
      ended = null;
    },
  };
}
