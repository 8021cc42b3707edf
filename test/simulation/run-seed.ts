import type { FaultKind } from './faults.ts';
import { keyOf } from './keys.ts';
import { createLaptop, type Laptop } from './laptop.ts';
import type { Mutant } from './mutants.ts';
import { createOtherPeople } from './other-people.ts';
import { createOracle, type Openings, type Oracle } from './oracle.ts';
import type { RemoteModel } from './remotes/remote-model.ts';
import { DRAWN, REMOTES, type RemoteId } from './remotes/remotes.ts';
import { createStaff, type Shelf, type Staff } from './staff.ts';
import { createWorld, STARTS_AT, type Counters, type Violation, type World } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** I10: once nothing goes wrong any more, everything is done within this time. */
const DONE_WITHIN_MS = 4 * DAY;
const MOST_STEPS = 60_000;
/** A laptop that asks and asks has been seen enough of; where a planted bug is hunted, later. */
const MOST_REQUESTS = { some: 12, whole: 40 };
const MOST_LOOKS = 12;

export type SeedOptions = {
  readonly remote?: RemoteId | undefined;
  /** Faults that never happen. */
  readonly off?: ReadonlySet<FaultKind> | undefined;
  readonly trace?: ((line: string) => void) | undefined;
  /** Faults that happen often. */
  readonly aim?: readonly FaultKind[] | undefined;
  /** Looks at the remote to the very end, which is otherwise done now and then. */
  readonly isWhole?: boolean | undefined;
  /** A planted bug. */
  readonly mutant?: Mutant | undefined;
};

/** What became of one seed. */
export type SeedReport = {
  readonly seed: number;
  readonly remote: RemoteId;
  readonly violations: readonly Violation[];
  readonly counters: Counters;
  readonly steps: number;
  readonly virtualMs: number;
  readonly faults: ReadonlyMap<FaultKind, number>;
};

type Link = { readonly connection: string; readonly laptop: Laptop; readonly model: RemoteModel };

/** Lives through one seeded world and says what did not hold. The same seed and options give the same report. */
export async function runSeed(seed: number, options: SeedOptions = {}): Promise<SeedReport> {
  const world = createWorld(seed, { ...options, aim: options.mutant?.aim ?? options.aim });
  const random = world.chance('scene');
  const drawn = random.pick(DRAWN);
  const remote = options.mutant?.remote ?? options.remote ?? drawn;
  const model = REMOTES[remote]({
    random: world.chance('remote'),
    now: world.timeline.now,
    isOdd: world.faults.rate('odd_remote') > 0,
    hasLateRequests: world.faults.rate('late') > 0 || world.faults.rate('duplicate') > 0,
    hasGhost: world.faults.rate('ghost_item') > 0,
    hasBare: world.faults.rate('unopened') > 0,
  });
  const opened = openingsOf(world, model);
  const laptopCount = random.pick([1, 1, 1, 1, 1, 1, 1, 2, 2, 3]);
  const shelves = shelvesOf(model, random.chance(0.5));
  const links: Link[] = [];
  const oracle = createOracle(
    world,
    (_, { item, bin }) => {
      const thing = model.things.find((one) => one.sku === item);
      const shelf = shelves.find((one) => one.bin === bin);
      return thing && shelf
        ? { key: keyOf(thing, shelf.place), canArrive: thing.exists && !model.connector.abilities.readOnly }
        : undefined;
    },
    opened,
    (connection) => links.some((link) => link.connection === connection && link.laptop.wasClockWrong()),
  );
  const staffs: Staff[] = [];
  const others = createOtherPeople({ world, model, staffs, oracle });
  for (let at = 0; at < laptopCount; at += 1) {
    // Laptops do not know of each other's counts, so each has things of its own.
    const things = model.things.filter((_, index) => index % laptopCount === at);
    if (things.length === 0) continue;
    const name = 'abc'[at] ?? 'z';
    const connections = [`${name}1`];
    const laptop = createLaptop({
      world,
      name,
      model,
      connections,
      shelves,
      things,
      oracle,
      opened,
      mutant: options.mutant,
    });
    const staff = createStaff({
      world,
      laptop,
      model,
      oracle,
      connections,
      things,
      shelves,
      opened,
      random: world.chance(`staff ${name}`),
      onCounted: (thing, place) => others.noteLate(thing, place),
      sellUnheard: others.sellUnheard,
    });
    laptop.onBoot(() => staff.afterBoot());
    staffs.push(staff);
    links.push({ connection: `${name}1`, laptop, model });
  }
  const end = (): SeedReport => ({
    seed,
    remote,
    violations: world.violations(),
    counters: world.counters,
    steps: world.timeline.steps(),
    virtualMs: world.timeline.now() - STARTS_AT,
    faults: world.faults.tally(),
  });

  // A world that never comes to rest is a world in which something goes round in circles.
  const isOver = () => world.violations().length > 0 || world.timeline.steps() > MOST_STEPS;
  for (const { laptop } of links) laptop.boot();
  await world.timeline.run(STARTS_AT + MINUTE);
  world.faults.begin();
  const until = world.timeline.now() + random.pick([2 * HOUR, 9 * HOUR, 26 * HOUR, 3 * DAY, 12 * DAY, 30 * DAY]);
  for (const staff of staffs) staff.begin(until);
  for (const { laptop } of links) laptop.trouble(until);
  others.begin(until);
  const mostRequests = options.isWhole === true ? MOST_REQUESTS.whole : MOST_REQUESTS.some;
  await world.timeline.run(until, () => isOver() || world.counters.requests > mostRequests);

  world.trace(() => 'nothing goes wrong any more');
  world.faults.stop();
  model.restoreToken();
  for (const { laptop } of links) laptop.calm();
  await world.timeline.run(world.timeline.now() + 10 * MINUTE);
  for (const staff of staffs) staff.finish();
  const deadline = world.timeline.now() + DONE_WITHIN_MS;
  await world.timeline.run(deadline, () => staffs.every((staff) => staff.isDone()) || isOver());
  if (world.violations().length > 0) return end();
  if (!staffs.every((staff) => staff.isDone())) {
    world.violate(
      'I10',
      `not done ${DONE_WITHIN_MS / HOUR} h after the last fault: ${links.map(({ laptop }) => laptop.describe()).join('; ')}`,
    );
  }
  oracle.judge();
  judgeFigures(world, { model, links, staffs, oracle });
  // Every fourth world is looked at to its end: the rest is the same in all.
  if (options.isWhole !== true && random.chance(0.75)) return end();
  // The last look at the remote; one that is asked to wait looks again.
  for (
    let looks = 0;
    looks < MOST_LOOKS && (looks === 0 || !links.every(({ laptop }) => laptop.hasPulled()));
    looks += 1
  ) {
    for (const { laptop, connection } of links) laptop.pull(connection);
    await world.timeline.run(world.timeline.now() + 10 * MINUTE);
  }
  const isExcused = (key: string) =>
    oracle.drift(key) !== 0 || oracle.gap(key) !== 0 || staffs.some((staff) => staff.isForgiven(key));
  for (const { laptop } of links) await laptop.judge(isExcused);
  return end();
}

/** What the books and the remote hold at first: the same, but where nobody has ever made them one. */
function openingsOf(world: World, model: RemoteModel): Openings {
  const random = world.chance('unopened');
  const isUnopened = world.faults.rate('unopened') > 0;
  const held = new Map<string, { ours: number; theirs: number }>();
  for (const thing of model.things)
    for (const place of model.places) {
      const theirs = model.isBare?.(thing, place) === true ? 0 : model.opening;
      const ours =
        theirs > 0 && isUnopened && thing.exists && random.chance(0.4) ? (2 * model.opening) / 5 : model.opening;
      held.set(keyOf(thing, place), { ours, theirs });
    }
  return (key) => held.get(key) ?? { ours: model.opening, theirs: model.opening };
}

/** Two bins at each place of the remote, or one; a remote that knows bins has one of ours for each of its own. */
export function shelvesOf(model: RemoteModel, hasTwo: boolean): readonly Shelf[] {
  return model.places.flatMap((place) => {
    const site = `Site ${place}`;
    if (model.connector.abilities.binLevel) return [{ bin: `BIN-${place}`, site: 'Site', place }];
    return (hasTwo ? ['A', 'B'] : ['A']).map((name) => ({ bin: `${place}-${name}`, site, place }));
  });
}

/** I3: what the remote holds is what our books say, down to the last digit. */
function judgeFigures(
  world: World,
  scene: { model: RemoteModel; links: readonly Link[]; staffs: readonly Staff[]; oracle: Oracle },
): void {
  const { model, links, staffs, oracle } = scene;
  if (model.connector.abilities.readOnly) return;
  for (const [index, thing] of model.things.entries()) {
    if (!thing.exists) continue;
    for (const place of model.places) {
      const staff = staffs[index % links.length];
      const ours = staff?.book(thing, place) ?? 0;
      const theirs = model.figure(thing, place) - oracle.drift(keyOf(thing, place)) + oracle.gap(keyOf(thing, place));
      if (ours !== theirs && staff?.isForgiven(keyOf(thing, place)) !== true)
        world.violate('I3', `${keyOf(thing, place)}: ours ${ours / 100_000}, theirs ${theirs / 100_000}`);
    }
  }
}
