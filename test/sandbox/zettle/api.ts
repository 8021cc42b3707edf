import type { SandboxAnswer, SandboxRequest } from '../chassis/messages.ts';
import { refused, type ApiCall, type Route } from './answers.ts';
import { readRoutes } from './inventory-read.ts';
import { writeRoutes } from './inventory-write.ts';
import { lowStockRoutes } from './low-stock-routes.ts';
import { forbidden, type Access } from './oauth.ts';
import { productRoutes } from './product-routes.ts';
import type { ZettleState } from './state.ts';
import { newRoutes } from './v3-routes.ts';

/** Zettle's three hosts at one address, as a function. `onlyChanges`: so many movements are done, and no more. */
export function createApi(
  state: ZettleState,
  access: Access,
): (request: SandboxRequest, onlyChanges?: number) => SandboxAnswer {
  const { generation, userScope } = state.behaviour;
  const old = [...readRoutes(state), ...writeRoutes(state), ...lowStockRoutes(state)];
  const routes: readonly Route[] = [
    { method: 'GET', path: /^\/users\/self$/, scope: userScope ?? null, answer: () => access.user() },
    { method: 'DELETE', path: /^\/application-connections\/self$/, scope: null, answer: () => access.disconnect() },
    ...(generation === 'v3' ? [] : old),
    ...(generation === 'v2' ? [] : newRoutes(state)),
    ...productRoutes(state),
  ];
  return (request, onlyChanges) => {
    const { method, url } = request;
    const path = url.pathname;
    if (method === 'POST' && path === '/token') return access.token(request);
    const route = routes.find((one) => one.method === method && one.path.test(path));
    if (route === undefined)
      return refused({ status: 404, errorType: 'NOT_FOUND', message: `${method} ${path} is not there` });
    const denied = access.refusal(request, route.scope);
    if (denied !== undefined) return denied;
    const isInventory = /\/inventory|\/locations$|^\/v3\/|custom-low-stock/.test(path);
    if (isInventory && isTooFast(state)) return tooMany(state);
    const ids = (route.path.exec(path) ?? []).slice(1).map(decodeURIComponent);
    const organization = path.startsWith('/organizations/') ? ids[0] : 'self';
    if (organization !== 'self' && organization !== state.organization)
      return refused(forbidden('Another organization'));
    const body = parseJson(request.text);
    if (body === undefined && request.text !== '')
      return refused({ status: 400, errorType: 'BAD_REQUEST', message: 'The body is not JSON' });
    const only = onlyChanges === undefined ? {} : { onlyChanges };
    const { host } = request.headers;
    const origin = host === undefined ? url.origin : `http://${host}`;
    const call: ApiCall = { method, path, query: url.searchParams, headers: request.headers, body, origin, ...only };
    return route.answer(call, ids);
  };
}

const MOVES_STOCK = /^(?:PUT \/organizations\/[^/]+\/inventory|POST \/v3\/movements)$/;
const BULK = /^POST \/organizations\/[^/]+\/v2\/inventory\/bulk$/;

/** Whether a request moves stock: a movement, or a bulk change that holds some. */
export function movesStock({ method, url, text }: SandboxRequest): boolean {
  const what = `${method} ${url.pathname}`;
  return MOVES_STOCK.test(what) || (BULK.test(what) && text.includes('"change"'));
}

/** How many movements a request holds. */
export function movementsIn(text: string): number {
  return text.match(/"change"\s*:/g)?.length ?? 0;
}

/** Counts every request; over the limit of the world it is too fast on the average. */
function isTooFast({ askedAt, behaviour, clock }: ZettleState): boolean {
  const now = clock.now();
  askedAt.push(now);
  if (behaviour.rateLimit === undefined) return false;
  const { perSecond, windowMs } = behaviour.rateLimit;
  const from = now - windowMs;
  let count = 0;
  for (let at = askedAt.length - 1; at >= 0 && (askedAt[at] ?? 0) > from; at -= 1) count += 1;
  return count > (perSecond * windowMs) / 1000;
}

function tooMany({ behaviour }: ZettleState): SandboxAnswer {
  const seconds = behaviour.rateLimit?.retryAfterSeconds;
  const answer = refused({ status: 429, errorType: 'TOO_MANY_REQUESTS', message: 'Too many requests' });
  return seconds === undefined ? answer : { ...answer, headers: { 'retry-after': String(seconds) } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
