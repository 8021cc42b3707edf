import { refuse, type Refusal } from './refusals.ts';
import type { World } from './world.ts';

/** Who may do what: tokens with scopes, which may expire in mid-run. */
export type Access = {
  /** The refusal of a request that needs that scope, or nothing. */
  refusal(authorization: string | undefined, scope: string): Refusal | undefined;
  expire(): void;
  restore(): void;
};

export function createAccess(world: World): Access {
  let expired = false;
  return {
    refusal(authorization, scope) {
      const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
      const grant = token !== undefined && Object.hasOwn(world.tokens, token) ? world.tokens[token] : undefined;
      if (grant === undefined) return refuse(401, 'UNAUTHORIZED', 'This request could not be authorized.');
      if (grant === 'expired' || expired) return refuse(401, 'ACCESS_TOKEN_EXPIRED', 'The access token has expired.');
      if (grant === 'ok' || grant.includes(scope)) return undefined;
      return refuse(403, 'INSUFFICIENT_SCOPES', `The access token lacks the scope ${scope}.`);
    },
    expire() {
      expired = true;
    },
    restore() {
      expired = false;
    },
  };
}
