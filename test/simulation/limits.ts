import type { Result } from '../../shared/domain/result.ts';
import type { HttpFailure, HttpResponse } from '../../shared/ports/http-client.ts';
import type { SandboxRequest } from '../sandbox/chassis/messages.ts';
import type { RemoteModel } from './remotes/remote-model.ts';
import type { World } from './world.ts';

/** I9, watched from the wire: nobody is asked again before the time they named, nor for two tokens at once, nor too fast. */
export type Limits = {
  asked(request: SandboxRequest): void;
  answered(request: SandboxRequest, answer: Result<HttpResponse, HttpFailure>): void;
};

export type LimitParts = {
  readonly world: World;
  readonly model: RemoteModel;
  readonly name: string;
  /** How far the laptop's clock is ahead: once it is put, nobody can know when the time named has come. */
  readonly skew: () => number;
};

/** One for each connection in each run of a process: what it was told dies with it unless it has been recorded. */
export function createLimits({ world, model, name, skew }: LimitParts): Limits {
  const { timeline } = world;
  let closedUntil = 0;
  let skewThen = 0;
  let unsavedThen = 0;
  const { pace } = model.connector.abilities;
  const recent: number[] = [];
  let tokenCalls = 0;
  return {
    asked(request) {
      // Under another clock the time named has come or not, and what was then learned stands: nobody can know better.
      if (skew() !== skewThen) closedUntil = 0;
      recent.push(timeline.now());
      if (recent.length > pace.requests && timeline.now() - (recent.shift() ?? 0) < pace.perMs)
        world.violate('I9', `${name} asks more than ${pace.requests} times in ${pace.perMs} ms`);
      if (model.isTokenCall(request)) {
        tokenCalls += 1;
        if (tokenCalls > 1) world.violate('I9', `${name} asks for ${tokenCalls} tokens at once`);
      } else if (model.isChange(request) && timeline.now() < closedUntil && world.counters.unsaved === unsavedThen) {
        world.violate('I9', `${name} sends ${closedUntil - timeline.now()} ms before the time named`);
      }
    },
    answered(request, answer) {
      if (model.isTokenCall(request)) tokenCalls -= 1;
      // Only what was said to a change is held against later ones.
      if (!model.isChange(request) || !answer.ok || answer.value.status !== 429) return;
      const { headers } = answer.value;
      const said = headers['retry-after'] ?? '';
      const waitMs = /^\d+$/.test(said) ? Number(said) * 1000 : Date.parse(said) - Date.parse(headers['date'] ?? '');
      if (!Number.isNaN(waitMs)) {
        closedUntil = Math.max(closedUntil, timeline.now() + waitMs);
        skewThen = skew();
        // What could not be saved is forgotten, as in a crash.
        unsavedThen = world.counters.unsaved;
      }
    },
  };
}
