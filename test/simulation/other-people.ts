import { keyOf } from './keys.ts';
import type { Oracle } from './oracle.ts';
import type { RemoteModel, RemoteThing } from './remotes/remote-model.ts';
import type { Staff } from './staff.ts';
import { STARTS_AT, type World } from './world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Everybody who sells and receives at the remote and is none of ours; our ledger hears of what they do. */
export type OtherPeople = {
  /** They are at work until then. */
  begin(until: number): void;
  /** Somebody counts there. Now and then a change of just before is written down some time later. */
  noteLate(thing: RemoteThing, place: string): void;
  /** A sale that our ledger does not hear of; false when the remote did not let them. */
  sellUnheard(thing: RemoteThing, place: string, steps: number): boolean;
};

/** `staffs`: who keeps the books of a thing, the same order as the laptops that share the things out among them. */
export function createOtherPeople(scene: {
  readonly world: World;
  readonly model: RemoteModel;
  readonly staffs: readonly Staff[];
  readonly oracle: Oracle;
}): OtherPeople {
  const { world, model, staffs, oracle } = scene;
  const { timeline, faults } = world;
  const random = world.chance('others');
  const real = model.things.filter((thing) => thing.exists);
  const staffOf = (thing: RemoteThing) => staffs[model.things.indexOf(thing) % staffs.length];

  function change(thing: RemoteThing, place: string, steps: number, happenedAt?: number): void {
    const key = keyOf(thing, place);
    if (model.figure(thing, place) + steps < 0) return;
    const past = happenedAt === undefined ? '' : `, at ${new Date(happenedAt).toISOString()}`;
    world.trace(() => `others change ${key} by ${steps / 100_000}${past}`);
    if (!model.others(thing, place, steps, happenedAt)) return;
    oracle.others(key, steps);
    staffOf(thing)?.bookOthers(thing, place, steps, happenedAt);
  }

  function drawSteps(thing: RemoteThing): number {
    return 10 ** (5 - thing.precision) * random.between(1, 20) * random.pick([1, -1, -1]);
  }

  function keepSelling(until: number, rate: number): void {
    const span = (until - STARTS_AT) / (4 + 60 * rate);
    timeline.after(random.between(MINUTE, Math.max(2 * MINUTE, span)), () => {
      if (faults.isStopped()) return;
      const thing = random.pick(real);
      const place = random.pick(model.places);
      const sizes = staffOf(thing)?.sizesUnderWay(keyOf(thing, place)) ?? [];
      const isSame = sizes.length > 0 && faults.hits('same_size');
      if (model.reserve !== undefined && faults.hits('reserved')) {
        const steps = Math.abs(drawSteps(thing)) * random.pick([1, 1, -1]);
        world.trace(() => `others put by ${steps / 100_000} of ${keyOf(thing, place)}`);
        model.reserve(thing, place, steps);
        return keepSelling(until, rate);
      }
      faults.hits('others');
      change(thing, place, isSame ? random.pick(sizes) * random.pick([1, -1]) : drawSteps(thing));
      keepSelling(until, rate);
    });
  }

  return {
    sellUnheard(thing, place, steps) {
      if (model.figure(thing, place) + steps < 0 || !model.others(thing, place, steps)) return false;
      world.trace(() => `others sell ${steps / 100_000} of ${keyOf(thing, place)} unheard`);
      oracle.others(keyOf(thing, place), steps);
      return true;
    },
    begin(until) {
      const rate = faults.rate('others');
      if (rate > 0) keepSelling(until, rate);
    },
    noteLate(thing, place) {
      const { backDatesMs } = model;
      if (backDatesMs === undefined || !thing.exists || !faults.hits('back_dated')) return;
      timeline.after(random.between(SECOND, 40 * MINUTE), () => {
        const { shown, waiting } = staffOf(thing)?.countedAt(thing, place) ?? { shown: 0, waiting: [] };
        if (faults.isStopped() || waiting.length === 0) return;
        const before = random.pick(waiting);
        const earliest = Math.max(STARTS_AT + SECOND, timeline.now() - backDatesMs, shown + 1, before - 20 * MINUTE);
        if (earliest < before) change(thing, place, drawSteps(thing), random.between(earliest, before - 1));
      });
    },
  };
}
