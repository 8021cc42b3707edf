import type { OpenConnection } from '../../shared/sync/desk/desk-ports.ts';
import { paced } from '../../shared/sync/seen/pace.ts';
import { createClockAhead, listening } from '../../shared/sync/seen/remote-clock.ts';
import { keyOf } from './keys.ts';
import type { Life } from './life.ts';
import { createLimits, type Limits } from './limits.ts';
import type { Mutant } from './mutants.ts';
import type { Oracle } from './oracle.ts';
import type { Random } from './random.ts';
import type { RemoteModel } from './remotes/remote-model.ts';
import type { Tokens } from './tokens.ts';
import { createWire } from './wire.ts';
import type { World } from './world.ts';

export type OpenerParts = {
  readonly world: World;
  readonly model: RemoteModel;
  readonly oracle: Oracle;
  readonly life: Life;
  readonly tokens: Tokens;
  readonly random: Random;
  readonly now: () => number;
  readonly isOnline: () => boolean;
  readonly mutant?: Mutant | undefined;
};

/** Opens a laptop's connections to the remote of its world: the production connector over a wire that the oracle watches. One closure: what is open stays open. */
export function createConnectionOpener(parts: OpenerParts): (connection: string) => OpenConnection {
  const { world, life, random, oracle, mutant } = parts;
  const clock = { now: parts.now, steady: world.timeline.now };

  const limits = new Map<string, Limits>();
  function limitsOf(connection: string): Limits {
    const known = limits.get(connection);
    if (known !== undefined) return known;
    const skew = () => parts.now() - world.timeline.now();
    const made = createLimits({ world, model: parts.model, name: connection, skew });
    limits.set(connection, made);
    return made;
  }

  const opened = new Map<string, OpenConnection>();
  function open(connection: string): OpenConnection {
    const known = opened.get(connection);
    if (known !== undefined && mutant?.reopens !== true) return known;
    const { connector } = parts.model;
    const clockAhead = createClockAhead(clock);
    const wire = createWire({
      world,
      model: parts.model,
      life,
      name: connection,
      isOnline: parts.isOnline,
      limits: limitsOf(connection),
      random,
      // Somebody signs in again after a while.
      onTokenDead: () =>
        void world.timeline.after(
          random.between(60_000, random.chance(0.1) ? 6 * 3_600_000 : 1_800_000),
          parts.model.restoreToken,
        ),
      async measure(request, work) {
        const places = parts.model.things
          .filter((thing) => thing.exists)
          .flatMap((thing) => parts.model.places.map((place) => ({ thing, place })));
        const before = places.map(({ thing, place }) => parts.model.figure(thing, place));
        parts.model.takeRecorded?.();
        const newest = parts.model.newestTime?.(request) ?? 0;
        if (newest > world.timeline.now() && clockAhead.aheadMs() !== undefined && world.faults.rate('clock_small') > 0)
          world.violate(
            'I5',
            `${connection} was told of ${new Date(newest).toISOString()}, which is still to come there`,
          );
        const reply = await work();
        places.forEach(({ thing, place }, at) => {
          const change = parts.model.figure(thing, place) - (before[at] ?? 0);
          if (change !== 0) {
            oracle.history(keyOf(thing, place), change);
            world.trace(() => `${connection} took effect: ${keyOf(thing, place)} ${change / 100_000}`);
            oracle.effect(connection, keyOf(thing, place), change, request.text);
          }
        });
        for (const ref of parts.model.takeRecorded?.() ?? []) oracle.recorded(connection, ref);
        return reply;
      },
    });
    const told = listening(wire, parts.now, clockAhead.heard);
    const fair = mutant?.http?.(told) ?? told;
    const http =
      mutant?.isUnpaced === true
        ? fair
        : paced(fair, connector.abilities.pace, {
            now: world.timeline.now,
            wait: (ms) => life.gate('pace', ms),
          });
    const means = {
      http,
      tokens: parts.tokens.store(life),
      now: parts.now,
      secretText: (length: number) => 'x'.repeat(length),
    };
    const remote = connector.open({ ...parts.model.settings, ...parts.model.secrets }, means);
    const result = {
      name: connection,
      connector: mutant?.connector?.(connector) ?? connector,
      remote: mutant?.inventory?.(remote) ?? remote,
      clockAheadMs: clockAhead.aheadMs,
    };
    opened.set(connection, result);
    return result;
  }
  return open;
}
