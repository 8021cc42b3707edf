import type { LaptopRole } from '../../../shared/domain/ledger-entry.ts';
import { ENGINE } from '../../../shared/domain/person.ts';
import type { FaultKind } from '../faults.ts';
import type { RemoteId } from '../remotes/remotes.ts';
import type { SeedReport } from '../run-seed.ts';
import { textOf } from '../steps.ts';
import { createWorld, STARTS_AT } from '../world.ts';
import { createCarriers, type Day } from './carriers.ts';
import { sendEverything } from './evening.ts';
import { createEvents } from './events.ts';
import { judgeSite } from './judge-site.ts';
import { createSiteLaptop, type SiteLaptop } from './site-laptop.ts';
import type { Sends, SiteMutant } from './site-mutants.ts';
import { approvePosted, CONNECTION, createSiteRemote, mappingOf, tellOracle } from './site-sending.ts';
import { beforeTheSite } from './site-keys.ts';
import { ADMIN, doSomething, finishDay, firstFacts, peopleOf, signIn, type SiteScene } from './site-people.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const MOST_STEPS = 200_000;
/** Once nothing goes wrong any more, everybody has met everybody within this time. */
const MET_WITHIN_MS = 6 * HOUR;
const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;

/** Who sends, drawn as often as it stands here: nobody, the office all day, or at the end of it whatever any laptop posted. */
const SENDING: readonly Sends[] = ['nowhere', 'office', 'office', 'evenings'];

export type SiteOptions = {
  readonly remote?: RemoteId | undefined;
  readonly off?: ReadonlySet<FaultKind> | undefined;
  readonly trace?: ((line: string) => void) | undefined;
  readonly aim?: readonly FaultKind[] | undefined;
  readonly mutant?: SiteMutant | undefined;
  /** As a planted bug wants it; absent: as it is drawn. */
  readonly sends?: Sends | undefined;
};

/**
 * Lives through one seeded world of two to five laptops that share a site, and says what did not hold. The same seed and
 * options give the same report. One piece: what is drawn, in this order, is the world, and the day it lives through.
 */
export async function runSite(seed: number, options: SiteOptions = {}): Promise<SeedReport> {
  const { mutant } = options;
  const world = createWorld(seed, { ...options, aim: mutant?.aim ?? options.aim });
  const { timeline, faults } = world;
  const random = world.chance('site');
  const names = LETTERS.slice(0, random.pick([2, 2, 2, 2, 3, 3, 4, 5]));
  // Whose name comes first decides where two say something at once: it is nobody's privilege.
  const devices = random.shuffled(LETTERS.map((name) => `laptop-${name}`));
  const isSkewed = faults.rate('clock_skew') > 0;
  const drawn = random.pick(SENDING);
  const sends: Sends = mutant?.sends ?? options.sends ?? drawn;
  const remote = sends === 'nowhere' ? undefined : createSiteRemote(world, options.remote);
  const isSending = (laptop: SiteLaptop) =>
    laptop.role === 'supervising' && (sends === 'evenings' || (sends === 'office' && laptop === office));
  const shelves = remote?.shelves ?? [];
  const scene: SiteScene = {
    people: peopleOf(names),
    bins: remote === undefined ? ['A-1', 'A-2', 'B-1'].slice(0, random.between(2, 3)) : shelves.map(({ bin }) => bin),
    items: remote === undefined ? ['S-1', 'S-2'] : remote.things.map(({ sku }) => sku),
    // Who sends is whoever posts: what another laptop posted is not sent from here.
    mayPost: (laptop) => (sends === 'nowhere' ? laptop.role === 'supervising' : isSending(laptop)),
    opening(bin) {
      const place = shelves.find((shelf) => shelf.bin === bin)?.place;
      const besides = shelves.filter((shelf) => shelf.place === place).length;
      return remote === undefined ? '12' : textOf(remote.model.opening / besides);
    },
    movesStock: remote === undefined,
  };
  let made = 0;
  function newLaptop(home: string, role: LaptopRole): SiteLaptop {
    const device = devices[made] ?? '';
    const name = LETTERS[made] ?? '';
    made += 1;
    return createSiteLaptop({
      world,
      name,
      home,
      device,
      role,
      skewMs: Math.round((2 * random.next() - 1) * (isSkewed ? 3 * HOUR : 2 * MINUTE)),
      random: world.chance(`laptop ${name}`),
      mutant,
      remote: made === 1 || (sends === 'evenings' && role === 'supervising') ? remote : undefined,
      onSafe(laptop, entry) {
        if (remote === undefined) return;
        // Of two who post one line the first in the order of the ledger has posted it: who that is shows in the evening.
        if (sends === 'office' && laptop.device === devices[0]) approvePosted(remote, entry);
        tellOracle(remote, entry);
      },
    });
  }
  const laptops = names.map((name, at) => newLaptop(name, at === 0 || random.chance(0.5) ? 'supervising' : 'counting'));
  /** Everyone there ever was. */
  const everyone = [...laptops];
  const [office] = laptops;
  if (office === undefined) throw new Error('a site has a laptop');
  const day: Day = { isResting: false, isOver: false };
  const { people } = scene;
  const carriers = createCarriers({ world, laptops, everyone, people, day });
  const events = createEvents({
    world,
    laptops,
    everyone,
    people,
    carriers,
    day,
    isSpare: () => made < LETTERS.length && sends !== 'evenings',
    newLaptop(before) {
      const next = newLaptop(before.home, before.role);
      everyone.push(next);
      return next;
    },
  });

  const isOver = () => world.violations().length > 0 || timeline.steps() > MOST_STEPS;
  const end = (): SeedReport => ({
    seed,
    remote: remote?.id ?? 'square',
    violations: world.violations(),
    counters: world.counters,
    steps: timeline.steps(),
    virtualMs: timeline.now() - STARTS_AT,
    faults: faults.tally(),
  });

  /** Lets time pass until a piece of work is done; false when it never is. */
  async function live(work: () => Promise<unknown>, withinMs: number): Promise<boolean> {
    let isDone = false;
    void work().then(
      () => {
        isDone = true;
      },
      (problem: unknown) => world.violate('I16', problem instanceof Error ? (problem.stack ?? '') : String(problem)),
    );
    await timeline.run(timeline.now() + withinMs, () => isDone || isOver());
    return isDone;
  }

  /** The first laptop founds the site. */
  async function found(): Promise<void> {
    if (office === undefined) return;
    office.boot();
    await carriers.untilFree(office);
    const facts = firstFacts(scene, world.chance('shop'));
    await office.act('founds the site', async (open) => {
      const { host, page } = open;
      await host.record(ADMIN, facts.people);
      await host.record(ENGINE, beforeTheSite([ADMIN]));
      host.session.signIn(ADMIN);
      await host.calls.foundSite({ site: 'Leeds', laptop: 'Office' });
      await page.catchUp();
      await page.takeIn(await host.giveKeys());
      signIn(
        open,
        office,
        scene.people.filter(({ roles }) => roles.includes('lead')),
        random,
      );
      const opened = await page.append(facts.shop);
      if (!opened.ok) throw new Error(JSON.stringify(opened.error));
      if (remote === undefined) return;
      const connected = await host.record(ADMIN, mappingOf(remote));
      if (connected.ok) await page.takeIn(connected.value);
    });
  }

  const begun = await live(async () => {
    await found();
    for (const laptop of laptops.slice(1)) {
      laptop.boot();
      await carriers.join(laptop);
    }
  }, HOUR);
  if (!begun) world.violate('I10', 'the site was not founded within an hour');

  faults.begin();
  const until = timeline.now() + random.pick([HOUR, 5 * HOUR, 20 * HOUR]);
  const span = until - timeline.now();
  for (const home of names) {
    const own = world.chance(`people ${home}`);
    const next = () =>
      timeline.after(own.between(1, span / 8), () => {
        if (day.isOver) return;
        next();
        const laptop = laptops.find((one) => one.home === home);
        if (day.isResting || laptop === undefined) return;
        if (own.chance(0.04)) void laptop.restart();
        else void doSomething(laptop, scene, own);
      });
    next();
  }
  carriers.begin(until);
  events.begin(until);
  if (sends === 'office') {
    const own = world.chance('sending');
    const next = () =>
      timeline.after(own.between(MINUTE, span / 5), () => {
        if (day.isOver) return;
        next();
        if (!day.isResting) void office?.free()?.sender?.sendOpen(CONNECTION, false);
      });
    next();
  }

  /** Nobody does anything but carry files, until everybody has met everybody: then all must say the same. */
  async function rest(): Promise<void> {
    day.isResting = true;
    faults.stop();
    for (const laptop of laptops) laptop.calm();
    await timeline.run(timeline.now() + 10 * MINUTE, isOver);
    if (isOver()) return;
    const hasMet = await live(async () => {
      if (random.chance(0.8))
        for (const laptop of laptops.filter(scene.mayPost)) await finishDay(laptop, scene, random);
      await carriers.meet();
    }, MET_WITHIN_MS);
    if (!hasMet && !isOver()) world.violate('I10', 'not everybody has met everybody within hours');
    if (!isOver() && remote !== undefined)
      await sendEverything({ world, remote, laptops, isSending, isEvening: sends === 'evenings', isOver });
    const hasHeard = isOver() || (await live(() => carriers.meet(), MET_WITHIN_MS));
    if (!hasHeard && !isOver()) world.violate('I10', 'not everybody has heard what was sent within hours');
    // A laptop may still be keeping what it remembers: figures wait for that.
    const isJudged = isOver() || (await live(() => judgeSite(world, laptops, everyone), HOUR));
    if (!isJudged && !isOver()) world.violate('I10', 'what everybody holds could not be looked at within an hour');
    day.isResting = false;
  }

  if (random.chance(0.25)) {
    await timeline.run(timeline.now() + random.between(span / 4, span / 2), isOver);
    if (!isOver()) await rest();
    faults.begin();
  }
  await timeline.run(until, isOver);
  if (isOver()) return end();
  world.trace(() => 'nothing goes wrong any more');
  day.isOver = true;
  await rest();
  return end();
}
