import type { SandboxRequest } from '../chassis/messages.ts';
import type { Access } from './access.ts';
import { accountRoutes } from './account-routes.ts';
import { refused, type ApiAnswer } from './api-call.ts';
import { catalogRoutes } from './catalog-routes.ts';
import { membersOf } from './check-change.ts';
import { readRoutes } from './inventory-read.ts';
import { writeRoutes } from './inventory-write.ts';
import { refuse } from './refusals.ts';
import type { SignInDesk } from './sign-in.ts';
import { signInRoutes } from './sign-in-routes.ts';
import type { SquareState } from './state.ts';

/** The version that the sandbox speaks (contracts: Square 1.1). */
export const SANDBOX_VERSION = '2025-08-20';

/** Announced as retired in 2023; no client may use them. */
const RETIRED =
  /^\/v2\/inventory\/(batch-change|batch-retrieve-changes|batch-retrieve-counts|adjustment\/.*|physical-count\/.*)$/;

/** One request in, a status and a text out. `onlyChanges`: only the first so many changes are done, and the key is not kept. */
export type Api = (request: SandboxRequest, limit?: { readonly onlyChanges: number }) => ApiAnswer;

/** Square's API as a function. */
export function createApi(state: SquareState, access: Access, desk: SignInDesk): Api {
  const routes = [
    ...writeRoutes(state),
    ...readRoutes(state),
    ...catalogRoutes(state),
    ...accountRoutes(state),
    ...signInRoutes(state.world, desk, access),
  ];
  return ({ method, url, text, headers }, limit) => {
    const path = url.pathname;
    if (RETIRED.test(path)) return refused(refuse(410, 'GONE', 'This endpoint is retired'));
    // A missing version would be the application's own setting: recorded in the log, not refused.
    const version = headers['square-version'];
    if (version !== undefined && version !== SANDBOX_VERSION) {
      return refused(refuse(400, 'BAD_REQUEST', `This sandbox speaks ${SANDBOX_VERSION} only`, 'Square-Version'));
    }
    const route = routes.find((one) => one.method === method && one.path.test(path));
    if (route === undefined)
      return refused(
        refuse(404, 'NOT_FOUND', `API endpoint for URL path ${path} and HTTP method ${method} is not found.`),
      );
    const authorization = headers['authorization'];
    const denied = route.scope === 'none' ? undefined : access.refusal(authorization, route.scope);
    if (denied !== undefined) return refused(denied);
    const body = method === 'GET' ? {} : parseBody(text);
    if (body === undefined) return refused(refuse(400, 'BAD_REQUEST', 'The body is not JSON.'));
    const ids = (route.path.exec(path) ?? []).slice(1).map(decodeURIComponent);
    return route.answer({ method, path, query: url.searchParams, body, text, authorization, ...limit }, ids);
  };
}

function parseBody(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text === '' ? '{}' : text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? membersOf(value) : undefined;
  } catch {
    return undefined;
  }
}
