import type { Access } from './access.ts';
import { accountRoutes } from './account-routes.ts';
import { refused, type ApiAnswer, type ApiCall } from './api-call.ts';
import { catalogRoutes } from './catalog-routes.ts';
import { membersOf } from './check-change.ts';
import { readRoutes } from './inventory-read.ts';
import { writeRoutes } from './inventory-write.ts';
import { refuse } from './refusals.ts';
import type { SquareState } from './state.ts';

/** The version that the sandbox speaks (contracts: Square 1.1). */
export const SANDBOX_VERSION = '2025-08-20';

/** Announced as retired in 2023; no client may use them. */
const RETIRED =
  /^\/v2\/inventory\/(batch-change|batch-retrieve-changes|batch-retrieve-counts|adjustment\/.*|physical-count\/.*)$/;

export type ApiRequest = {
  readonly method: string;
  readonly url: URL;
  readonly text: string;
  readonly authorization: string | undefined;
  readonly version: string | undefined;
  readonly onlyChanges?: number;
};

/** Square's API as a function: a request in, a status and a text out. */
export function createApi(state: SquareState, access: Access): (request: ApiRequest) => ApiAnswer {
  const routes = [...writeRoutes(state), ...readRoutes(state), ...catalogRoutes(state), ...accountRoutes(state)];
  return (request) => {
    const path = request.url.pathname;
    if (RETIRED.test(path)) return refused(refuse(410, 'GONE', 'This endpoint is retired'));
    // A missing version would be the application's own setting: recorded in the log, not refused.
    if (request.version !== undefined && request.version !== SANDBOX_VERSION) {
      return refused(refuse(400, 'BAD_REQUEST', `This sandbox speaks ${SANDBOX_VERSION} only`, 'Square-Version'));
    }
    const route = routes.find((one) => one.method === request.method && one.path.test(path));
    if (route === undefined)
      return refused(
        refuse(404, 'NOT_FOUND', `API endpoint for URL path ${path} and HTTP method ${request.method} is not found.`),
      );
    const denied = access.refusal(request.authorization, route.scope);
    if (denied !== undefined) return refused(denied);
    const body = request.method === 'GET' ? {} : parseBody(request.text);
    if (body === undefined) return refused(refuse(400, 'BAD_REQUEST', 'The body is not JSON.'));
    const ids = (route.path.exec(path) ?? []).slice(1).map(decodeURIComponent);
    const only = request.onlyChanges === undefined ? {} : { onlyChanges: request.onlyChanges };
    const call: ApiCall = {
      method: request.method,
      path,
      query: request.url.searchParams,
      body,
      text: request.text,
      ...only,
    };
    return route.answer(call, ids);
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
