import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { HttpClient, HttpFailure, HttpRequest, HttpResponse } from '../../shared/ports/http-client.ts';
import type { FaultInput } from '../sandbox/chassis/faults.ts';
import type { SandboxReply, SandboxRequest } from '../sandbox/chassis/messages.ts';
import type { FaultKind } from './faults.ts';
import type { Life } from './life.ts';
import type { Limits } from './limits.ts';
import type { Random } from './random.ts';
import type { RemoteModel } from './remotes/remote-model.ts';
import type { World } from './world.ts';

type Answer = Result<HttpResponse, HttpFailure>;

/** The client gives up after this long; nothing stays on its way longer than two minutes. */
const TIME_OUT_MS = 30_000;
const LONGEST_WAY_MS = 110_000;

export type WireParts = {
  readonly world: World;
  readonly model: RemoteModel;
  readonly life: Life;
  readonly isOnline: () => boolean;
  readonly limits: Limits;
  readonly random: Random;
  /** Called around each change that the remote works on, so that its effect can be measured. */
  readonly measure: (request: SandboxRequest, work: () => Promise<SandboxReply>) => Promise<SandboxReply>;
  /** The token died and somebody has to sign in again. */
  readonly onTokenDead: () => void;
  readonly name: string;
};

/** The way from one laptop to one remote, with everything that can befall a request and its answer. */
export function createWire(parts: WireParts): HttpClient {
  const { world, model, life, random } = parts;
  const { timeline } = world;
  const { limits } = parts;

  /** The request reaches the remote, at this moment. */
  async function arrive(request: SandboxRequest, fault: FaultInput | undefined): Promise<SandboxReply> {
    if (fault !== undefined) model.fault(fault);
    return model.isChange(request)
      ? await parts.measure(request, () => model.reply(request))
      : await model.reply(request);
  }

  return async (wanted) => {
    await life.gate('send', 0);
    return await send(sandboxRequest(wanted));
  };

  function send(request: SandboxRequest): Promise<Answer> {
    let resolve: (value: Answer) => void = () => undefined;
    const promise = new Promise<Answer>((settle) => {
      resolve = settle;
    });
    world.counters.requests += 1;
    const fate = drawFate(world, model, request, random);
    world.trace(() => `${parts.name} → ${fate.kind} ${fate.fault?.kind ?? ''} ${shortly(request)}`);
    const answer = (ms: number, value: Answer) => {
      void life.gate('answer', ms).then(() => {
        limits.answered(request, value);
        world.trace(
          () =>
            `${parts.name} ← ${value.ok ? `${value.value.status} ${value.value.body.slice(0, 300)}` : value.error.code}`,
        );
        resolve(value);
      });
    };
    if (!parts.isOnline() || fate.kind === 'not_sent') {
      answer(random.between(1, 2000), err({ code: 'not_sent', detail: 'no network' }));
      return promise;
    }
    limits.asked(request);
    const there = random.between(20, random.chance(0.1) ? 9_000 : 400);
    const back = random.between(20, random.chance(0.1) ? 9_000 : 400);
    const gaveUp = err({ code: 'timed_out' as const, afterMs: TIME_OUT_MS });
    const cut = err({ code: 'connection_lost' as const, detail: 'cut' });
    const reach = (ms: number) => {
      timeline.after(ms, () => void arrive(request, undefined));
    };
    switch (fate.kind) {
      case 'drop':
        answer(there, cut);
        return promise;
      case 'hang':
        answer(TIME_OUT_MS, gaveUp);
        return promise;
      case 'late':
        reach(random.between(TIME_OUT_MS, LONGEST_WAY_MS));
        answer(TIME_OUT_MS, gaveUp);
        return promise;
      case 'answer_lost':
        reach(there);
        if (random.chance(0.5)) answer(TIME_OUT_MS, gaveUp);
        else answer(there + back, cut);
        return promise;
      case 'token_dies':
        model.expireToken();
        parts.onTokenDead();
        break;
      case 'duplicate':
      case 'fine':
      case 'sandbox':
        break;
    }
    timeline.after(there, () => {
      void arrive(request, fate.fault).then((reply) => {
        // What was taken comes a second time.
        if (fate.kind === 'duplicate' && typeof reply !== 'string' && reply.status < 300)
          reach(random.between(1_000, 35_000));
        if (reply === 'drop') answer(back, cut);
        else if (reply === 'hang') answer(TIME_OUT_MS, gaveUp);
        else answer(back, ok({ status: reply.status, headers: reply.headers ?? {}, body: reply.text }));
      });
    });
    return promise;
  }
}

type Fate = {
  kind: 'fine' | 'sandbox' | 'not_sent' | 'drop' | 'hang' | 'late' | 'answer_lost' | 'duplicate' | 'token_dies';
  fault?: FaultInput;
};

/** At most one thing befalls a request. */
function drawFate(world: World, model: RemoteModel, request: SandboxRequest, random: Random): Fate {
  const { faults } = world;
  const isChange = model.isChange(request);
  for (const kind of ['not_sent', 'drop', 'hang', 'answer_lost', 'token_dies'] as const)
    if (faults.hits(kind)) return { kind };
  if (faults.hits('late')) return { kind: 'late' };
  if (isChange && model.connector.abilities.idempotencyKeys && faults.hits('duplicate')) return { kind: 'duplicate' };
  if (/"cursor":/.test(request.text) && faults.hits('cursor_dies'))
    return { kind: 'sandbox', fault: { kind: 'status', status: 400 } };
  const said = drawSaid(faults.hits, isChange, random);
  return said === undefined ? { kind: 'fine' } : { kind: 'sandbox', fault: said };
}

function drawSaid(hits: (kind: FaultKind) => boolean, isChange: boolean, random: Random): FaultInput | undefined {
  const broken = () => random.pick([500, 502, 503, 504, 408]);
  if (hits('status_429')) {
    const said = random.below(3);
    if (said === 0) return { kind: 'status', status: 429 };
    const retryAfterSeconds = random.pick([1, 7, 30, 60, 3_600]);
    return { kind: 'status', status: 429, retryAfterSeconds, retryAfterDate: said === 1 };
  }
  if (hits('status_5xx')) return { kind: 'status', status: broken() };
  if (isChange && hits('apply_then_fail')) return { kind: 'applyThenFail', status: random.pick([429, broken()]) };
  if (isChange && hits('half_then_fail')) return { kind: 'applyHalfThenFail', status: random.pick([429, broken()]) };
  if (hits('refuse')) return { kind: 'status', status: random.pick([400, 404, 409]) };
  if (hits('forbid')) return { kind: 'status', status: 403 };
  if (hits('truncate')) return { kind: 'truncate' };
  if (hits('html')) return { kind: 'html', status: random.pick([200, 502]) };
  if (hits('errors_in_200')) return { kind: 'errorsIn200' };
  return undefined;
}

function sandboxRequest({ method, url, headers, body }: HttpRequest): SandboxRequest {
  return { method, url: new URL(url), text: body ?? '', headers };
}

function shortly({ method, url, text }: SandboxRequest): string {
  return `${method} ${url.pathname} ${text.slice(0, 600)}`;
}
