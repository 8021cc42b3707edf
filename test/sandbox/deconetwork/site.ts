import type { SandboxAnswer, SandboxRequest } from '../chassis/messages.ts';
import { findEvents, type Found } from './find-events.ts';
import { findLevels } from './find-levels.ts';
import { NOT_ENABLED, WRONG_LOGIN, type Refusal } from './refusals.ts';
import { parametersOf } from './search-form.ts';
import type { Stock } from './stock.ts';
import type { DecoBehaviour, World } from './world.ts';

export type Site = {
  answer(request: SandboxRequest): SandboxAnswer;
  refuseLogins(refused: boolean): void;
  /** Runs `act` after each of the next `times` answers that have rows. */
  afterPages(times: number, act: () => void): void;
  /** The next `times` answers with three rows or more lack one. */
  skipRows(times: number): void;
};

const EVENTS = '/api/json/manage_inventory_events';
const LEVELS = '/api/json/manage_inventory/find';

/** The site's API: two searches, nothing that writes. Whatever else is asked for gives a page for people. */
export function createSite(world: World['deconetwork'], stock: Stock): Site {
  const { behaviour } = world;
  let isRefusing = false;
  let after: { left: number; act: () => void } | undefined;
  let skips = 0;

  function find(request: SandboxRequest): Found | Refusal | undefined {
    const path = request.url.pathname;
    const search = searchAt(path, behaviour);
    if (search === undefined || (request.method !== 'GET' && request.method !== 'POST')) return undefined;
    const parameters = parametersOf(request, behaviour);
    const isOff = world.site === 'api-disabled';
    if (isOff && behaviour.disabledFirst) return NOT_ENABLED;
    const isKnown = parameters.get('username') === world.username && parameters.get('password') === world.password;
    if (!isKnown || isRefusing) return WRONG_LOGIN;
    return isOff ? NOT_ENABLED : search(stock, parameters, behaviour);
  }

  return {
    answer(request) {
      const found = find(request);
      if (found === undefined) return page(searchIsPage(request, behaviour) ? 200 : 404);
      if ('severity' in found) return json(behaviour.refusalStatus, { response_status: found });
      const done = { code: behaviour.successCode, severity: 'SUCCESS', description: '' };
      const { list, total } = found;
      let { rows } = found;
      if (skips > 0 && rows.length > 2) {
        skips -= 1;
        rows = rows.toSpliced(Math.floor(rows.length / 2), 1);
      }
      const answer = json(200, { response_status: done, [list]: rows, total });
      if (after !== undefined && rows.length > 0) {
        after.left -= 1;
        after.act();
        if (after.left === 0) after = undefined;
      }
      return answer;
    },
    refuseLogins(refused) {
      isRefusing = refused;
    },
    afterPages(times, act) {
      after = { left: times, act };
    },
    skipRows(times) {
      skips = times;
    },
  };
}

function searchAt(path: string, behaviour: DecoBehaviour): typeof findEvents | undefined {
  if (path === LEVELS) return behaviour.sister === 'there' ? findLevels : undefined;
  if (path === `${EVENTS}/find`) return behaviour.path === 'bare' ? undefined : findEvents;
  return path === EVENTS && behaviour.path !== 'find' ? findEvents : undefined;
}

function searchIsPage({ url }: SandboxRequest, behaviour: DecoBehaviour): boolean {
  return url.pathname === LEVELS && behaviour.sister === 'page';
}

function json(status: number, value: unknown): SandboxAnswer {
  return { status, text: JSON.stringify(value), headers: { 'content-type': 'application/json; charset=utf-8' } };
}

function page(status: number): SandboxAnswer {
  return {
    status,
    text: '<!doctype html><html><head><title>Our shop</title></head><body>Please sign in.</body></html>',
    headers: { 'content-type': 'text/html; charset=utf-8' },
  };
}
