import { createAccess } from './access.ts';
import { createApi, type ApiRequest } from './api.ts';
import type { ApiAnswer } from './api-call.ts';
import { membersOf } from './check-change.ts';
import { createControl, type LoggedRequest, type SandboxControl } from './control.ts';
import { createFaults, type Fault } from './faults.ts';
import { codeOf, refuse } from './refusals.ts';
import { createState } from './state.ts';
import { worldSchema, type WorldInput } from './world.ts';

/** `drop`: the connection is cut. `hang`: no answer ever comes. */
export type SquareReply = (ApiAnswer & { readonly headers: Readonly<Record<string, string>> }) | 'drop' | 'hang';

/** A whole Square without its socket: one request in, one reply out, and the switches. */
export type SquareEngine = { readonly control: SandboxControl; reply(request: ApiRequest): SquareReply };

const LOG_LENGTH = 10_000;

/** `machine`: ms since 1970, where the world sets no time of its own. */
export function createSquareEngine(world: WorldInput, machine: () => number): SquareEngine {
  const state = createState(worldSchema.parse(world), machine);
  const access = createAccess(state.world);
  const faults = createFaults();
  const log: LoggedRequest[] = [];
  const control = createControl({ state, access, faults, log });
  const api = createApi(state, access);
  return {
    control,
    reply(request) {
      const { url, method, text, version } = request;
      const fault = faults.next(url.pathname);
      const answer: Answer | 'drop' | 'hang' =
        fault === undefined ? api(request) : answerFaulty(api, request, fault, state.clock.now());
      log.push({
        at: control.now(),
        method,
        path: url.pathname + url.search,
        version: version ?? null,
        body: text,
        outcome: typeof answer === 'string' ? answer : answer.status,
        ...(fault === undefined ? {} : { fault: fault.kind }),
      });
      if (log.length > LOG_LENGTH) log.shift();
      if (typeof answer === 'string') return answer;
      const headers = { 'content-type': 'application/json', date: new Date(state.clock.now()).toUTCString() };
      return { ...answer, headers: { ...headers, ...answer.headers } };
    },
  };
}

type Answer = ApiAnswer & { readonly headers?: Readonly<Record<string, string>> };

/** What becomes of a request that meets a fault. */
function answerFaulty(
  api: (call: ApiRequest) => ApiAnswer,
  call: ApiRequest,
  fault: Fault,
  now: number,
): Answer | 'drop' | 'hang' {
  switch (fault.kind) {
    case 'status':
      return { ...failed(fault.status), headers: waitHeaders(fault, now) };
    case 'applyThenFail':
      api(call);
      return failed(fault.status);
    case 'applyHalfThenFail':
      api({ ...call, onlyChanges: Math.floor(changesIn(call.text) / 2) });
      return failed(fault.status);
    case 'drop':
      return 'drop';
    case 'applyThenDrop':
      api(call);
      return 'drop';
    case 'hang':
      if (fault.apply) api(call);
      return 'hang';
    case 'truncate': {
      const answer = api(call);
      return { ...answer, text: answer.text.slice(0, Math.floor(answer.text.length / 2)) };
    }
    case 'errorsIn200':
      return { status: 200, text: JSON.stringify(bodyOfErrors(500, 'INTERNAL_SERVER_ERROR')) };
  }
}

function waitHeaders(fault: Extract<Fault, { kind: 'status' }>, now: number): Readonly<Record<string, string>> {
  const seconds = fault.retryAfterSeconds;
  if (seconds === undefined) return {};
  return {
    'retry-after': fault.retryAfterDate === true ? new Date(now + seconds * 1000).toUTCString() : String(seconds),
  };
}

function failed(status: number): Answer {
  return { status, text: JSON.stringify(bodyOfErrors(status, codeOf(status))) };
}

function bodyOfErrors(status: number, code: string): unknown {
  return { errors: refuse(status, code, 'A fault of the sandbox').errors };
}

function changesIn(text: string): number {
  const changes = membersOf(JSON.parse(text))['changes'];
  return Array.isArray(changes) ? changes.length : 0;
}
