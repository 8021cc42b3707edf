import type { Random } from './random.ts';
import type { World } from './world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What a laptop suffers for a time: no network, a closed lid, a clock that somebody puts wrong. */
export type Troubles = {
  begin(until: number): void;
  calm(): void;
  isOnline(): boolean;
  isAsleep(): boolean;
  /** How far the laptop's clock is ahead of the true time, ms. */
  skew(): number;
  /** Whether it was ever wrong. */
  wasWrong(): boolean;
};

export function createTroubles(parts: {
  world: World;
  random: Random;
  switchOff: () => void;
  switchOn: () => void;
}): Troubles {
  const { world, random } = parts;
  const { timeline, faults } = world;
  let isOnline = true;
  let isAsleep = false;
  let skew = 0;
  let until = 0;
  let wasWrong = false;

  /** Comes and goes: after a while the trouble starts, after another it is over. */
  function comeAndGo(rate: number, lengths: readonly number[], start: () => void, stop: () => void): void {
    if (rate === 0) return;
    const span = until - timeline.now();
    timeline.after(random.between(1, Math.max(2, Math.floor(span * (1.2 - rate)))), () => {
      if (faults.isStopped()) return;
      start();
      const length = Math.min(random.pick(lengths) * (0.5 + random.next()), span);
      timeline.after(length, () => {
        if (faults.isStopped()) return;
        stop();
        comeAndGo(rate, lengths, start, stop);
      });
    });
  }

  function drawSkew(): number {
    const sign = random.chance(0.5) ? 1 : -1;
    return sign * random.pick([2 * MINUTE, HOUR, 10 * HOUR, 25 * HOUR, 48 * HOUR]) * random.next();
  }

  function jump(): void {
    skew = random.chance(0.4) ? 0 : Math.round(drawSkew());
    wasWrong ||= skew !== 0;
    world.trace(() => `a clock now runs ${Math.round(skew / 1000)} s ahead`);
  }

  return {
    begin(ends) {
      until = ends;
      if (faults.hits('clock_skew')) jump();
      if (faults.hits('clock_small')) {
        skew = random.between(SECOND, 5 * MINUTE) * (random.chance(0.7) ? 1 : -1);
        wasWrong = true;
        world.trace(() => `a clock runs ${Math.round(skew / SECOND)} s ahead`);
      }
      comeAndGo(
        faults.rate('offline'),
        [MINUTE, 10 * MINUTE, 30 * MINUTE, 2 * HOUR],
        () => {
          faults.hits('offline');
          isOnline = false;
          world.trace(() => 'the network is gone');
        },
        () => {
          isOnline = true;
          world.trace(() => 'the network is back');
        },
      );
      comeAndGo(
        faults.rate('asleep'),
        [10 * MINUTE, HOUR, 25 * HOUR, 3 * DAY, 30 * DAY],
        () => {
          faults.hits('asleep');
          isAsleep = true;
          parts.switchOff();
        },
        () => {
          isAsleep = false;
          parts.switchOn();
        },
      );
      comeAndGo(faults.rate('clock_jump') * 4, [MINUTE, HOUR, DAY], jump, jump);
    },
    calm() {
      isOnline = true;
      isAsleep = false;
      skew = 0;
    },
    isOnline: () => isOnline,
    isAsleep: () => isAsleep,
    skew: () => skew,
    wasWrong: () => wasWrong,
  };
}
