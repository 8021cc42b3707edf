import type { SandboxClock } from '../chassis/clock.ts';
import type { Tokens } from '../chassis/tokens.ts';
import type { SandboxAnswer } from '../chassis/messages.ts';
import type { ShipheroBehaviour, ShipheroWorld } from './world.ts';

/** Who may come in: tokens of the world, and those given out at `/auth/*`. */
export type Access = {
  isGood(authorization: string | undefined): boolean;
  /** Answers `/auth/token` and `/auth/refresh`. */
  answer(path: string, text: string): SandboxAnswer;
  /** No token given so far opens anything. */
  expire(): void;
  restore(): void;
  /** Neither the password nor a refresh token is taken any more. */
  revoke(): void;
  /** How many tokens were given out at `/auth/*`. */
  given(): number;
};

/** 28 days (contracts: ShipHero 1). */
const LIFE_SECONDS = 2_419_200;

export function createAccess(world: ShipheroWorld, tokens: Tokens, clock: SandboxClock): Access {
  const { user, behaviour } = world;
  const untils = new Map<string, number>();
  for (const [name, state] of Object.entries(tokens)) if (state !== 'expired') untils.set(name, Infinity);
  let expired = new Set<string>();
  let refreshToken = user.refreshToken;
  let given = 0;
  let isRevoked = false;

  const give = (more: Readonly<Record<string, string>>): SandboxAnswer => {
    given += 1;
    const token = `access-${given}`;
    untils.set(token, clock.now() + LIFE_SECONDS * 1000);
    return said(200, {
      access_token: token,
      ...more,
      expires_in: LIFE_SECONDS,
      scope: 'openid profile offline_access',
      token_type: 'Bearer',
    });
  };
  const rotate = (behaves: ShipheroBehaviour): Readonly<Record<string, string>> => {
    if (!behaves.refreshRotates) return {};
    refreshToken = `refresh-${given + 1}`;
    return { refresh_token: refreshToken };
  };
  return {
    isGood(authorization) {
      const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1] ?? '';
      return (untils.get(token) ?? 0) > clock.now() && !expired.has(token);
    },
    answer(path, text) {
      const asked = membersOf(text);
      if (isRevoked) return said(401, { error: 'access_denied' });
      if (path === '/auth/token') {
        const isRight = asked['username'] === user.username && asked['password'] === user.password;
        return isRight ? give({ refresh_token: refreshToken }) : said(401, { error: 'wrong e-mail or password' });
      }
      if (path === '/auth/refresh') {
        return asked['refresh_token'] === refreshToken
          ? give(rotate(behaviour))
          : said(401, { error: 'invalid_grant' });
      }
      return said(404, { error: 'not found' });
    },
    expire() {
      expired = new Set(untils.keys());
    },
    restore() {
      expired = new Set();
    },
    revoke() {
      isRevoked = true;
    },
    given: () => given,
  };
}

function said(status: number, value: unknown): SandboxAnswer {
  return { status, text: JSON.stringify(value) };
}

function membersOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
