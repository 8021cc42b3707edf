import { gunzipSync } from 'node:zlib';
import type { HandOver } from '../../../shared/ports/host.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import type { Open, SiteLaptop } from './site-laptop.ts';
import { ADMIN, signIn, type SitePerson } from './site-people.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Somebody whose laptop is off, or in use, comes back so often. */
const TRIES = 4;

/** Files that people carry from laptop to laptop: late, twice, in any order, never, or spoiled. */
export type Carriers = {
  /** They carry files until then. */
  begin(until: number): void;
  untilFree(laptop: SiteLaptop): Promise<Open>;
  /** A laptop asks, an admin enrols it, and it takes its first file. */
  join(laptop: SiteLaptop): Promise<void>;
  /** Everybody hears of everything. */
  meet(): Promise<void>;
};

/** How far the day has come: `isResting`: nobody does anything but meet; `isOver`: nothing more begins. */
export type Day = { isResting: boolean; isOver: boolean };

/** `laptops`: those of the site now, the office first; one that takes another's place stands where that stood. One closure: one bag of files. */
export function createCarriers(parts: {
  readonly world: World;
  readonly laptops: readonly SiteLaptop[];
  /** Those that were replaced as well. */
  readonly everyone: readonly SiteLaptop[];
  readonly people: readonly SitePerson[];
  readonly day: Day;
}): Carriers {
  const { world, laptops, people } = parts;
  const { timeline, faults } = world;
  const random = world.chance('carriers');
  /** Who is on this side of a wall; empty: there is none. */
  let apart: ReadonlySet<SiteLaptop> = new Set();

  async function untilFree(laptop: SiteLaptop): Promise<Open> {
    for (;;) {
      const open = laptop.free();
      if (open !== undefined) return open;
      await new Promise<void>((resolve) => {
        timeline.after(SECOND, resolve);
      });
    }
  }

  async function save(laptop: SiteLaptop, isForCounting: boolean): Promise<Uint8Array | undefined> {
    let file: Uint8Array | undefined;
    await laptop.act('saves a file', async (open) => {
      if (!signIn(open, laptop, people, random)) return;
      const saved = await open.host.calls.saveHandOver({ isForCounting });
      if (saved.ok) file = laptop.files.at(-1);
      else world.trace(() => `${laptop.name} saves none: ${JSON.stringify(saved.error)}`);
    });
    return file;
  }

  /** `isSpoiled`: it is not what was saved, and must be refused whole. False: nobody was there to take it. */
  async function take(laptop: SiteLaptop, file: Uint8Array, isSpoiled = false): Promise<boolean> {
    let isTried = false;
    await laptop.act(`takes a${isSpoiled ? ' spoiled' : ''} file`, async (open) => {
      isTried = true;
      const { host, page } = open;
      // A laptop that has asked to join knows nobody yet.
      signIn(open, laptop, people, random);
      const before = JSON.stringify(host.chains.heads());
      await host.calls.giveHandOver({ at: 0, bytes: Buffer.from(file).toString('base64') });
      const looked = await host.calls.lookAtHandOver({});
      if (looked.ok) judgeReport(laptop, looked.value);
      const taken = await host.calls.takeHandOver({});
      world.trace(() => `${laptop.name} took ${taken.ok ? taken.value.fresh : JSON.stringify(taken.error)}`);
      if (isSpoiled && (taken.ok || JSON.stringify(host.chains.heads()) !== before))
        world.violate('I13', `${laptop.name} took of a spoiled file: ${JSON.stringify(taken)}`);
      if (!isSpoiled && !taken.ok && taken.error.code === 'bad_hand_over')
        world.violate('I13', `${laptop.name} refused a whole file: ${JSON.stringify(taken.error)}`);
      if (!taken.ok) return;
      const told = await page.takeChains(taken.value.journal);
      const kept = await page.takeIn(taken.value.entries);
      if (!told.ok || !kept.ok) world.violate('I16', `${laptop.name}: the page does not take in what the host took`);
    });
    return isTried;
  }

  /** Nobody is accused who has done nothing. */
  function judgeReport(laptop: SiteLaptop, { problems }: HandOver): void {
    for (const { laptop: name, why } of problems)
      // A file for laptops that count, or from one, does not do where everything has to be known.
      if (
        why === 'veiled'
          ? laptop.role === 'counting'
          : !laptop.isForked && !parts.everyone.some((one) => one.isForked && one.name === name)
      )
        world.violate('I14', `${laptop.name} says that ${name} is ${why}`);
  }

  async function handOver(from: SiteLaptop, to: SiteLaptop): Promise<void> {
    await untilFree(from);
    const file = await save(from, to.role === 'counting' && random.chance(0.5));
    await untilFree(to);
    if (file !== undefined) await take(to, file);
  }

  async function join(laptop: SiteLaptop): Promise<void> {
    const [office] = laptops;
    if (office === undefined) return;
    let request = '';
    await untilFree(laptop);
    await laptop.act('asks to join', async ({ host }) => {
      const asked = await host.calls.askToJoin({ laptop: laptop.name });
      if (asked.ok) ({ request } = asked.value);
    });
    await untilFree(office);
    await office.act('enrols', async ({ host, page }) => {
      host.session.signIn(ADMIN);
      const enrolled = await host.calls.enrolLaptop({ request, name: laptop.name, role: laptop.role });
      if (enrolled.ok) await page.catchUp();
      else world.trace(() => `${laptop.name} is not enrolled: ${JSON.stringify(enrolled.error)}`);
    });
    await handOver(office, laptop);
  }

  function isParted(from: SiteLaptop, to: SiteLaptop): boolean {
    return apart.has(from) !== apart.has(to);
  }

  /** One file on its way to one laptop. */
  function carry(file: Uint8Array, from: SiteLaptop, to: SiteLaptop, span: number): void {
    const delay = faults.hits('file_late') ? random.between(MINUTE, span / 2) : random.between(SECOND, 5 * MINUTE);
    const spoiled = faults.hits('file_damaged') ? spoil(file, random) : undefined;
    const bring = (tries: number, brought: Uint8Array, isSpoiled: boolean): void => {
      timeline.after(tries === TRIES ? delay : 5 * MINUTE, () => {
        if (parts.day.isOver || isParted(from, to) || !laptops.includes(to)) return;
        void take(to, brought, isSpoiled).then((isTried) => {
          if (!isTried && tries > 1) bring(tries - 1, brought, isSpoiled);
        });
      });
    };
    if (spoiled !== undefined) bring(TRIES, spoiled, true);
    if (spoiled === undefined || random.chance(0.5)) bring(TRIES, file, false);
  }

  function keepCarrying(until: number): void {
    const span = until - timeline.now();
    const next = () =>
      timeline.after(random.between(1, Math.max(2, span / (2 + laptops.length))), () => {
        if (parts.day.isOver) return;
        next();
        const from = random.pick(laptops);
        if (parts.day.isResting) return;
        void save(from, random.chance(0.2)).then((file) => {
          if (file === undefined) return;
          for (const to of laptops) {
            if (to === from || random.chance(0.3) || faults.hits('file_never')) continue;
            carry(file, from, to, span);
            if (faults.hits('file_twice')) carry(file, from, to, span);
          }
        });
      });
    next();
  }

  /** For a while nothing is carried from some of them to the others. */
  function part(until: number): void {
    if (faults.rate('apart') === 0) return;
    const span = until - timeline.now();
    timeline.after(random.between(1, span / 2), () => {
      if (parts.day.isOver) return;
      faults.hits('apart');
      const some = random.shuffled(laptops).slice(0, random.between(1, laptops.length - 1));
      apart = new Set(some);
      world.trace(() => `${some.map(({ name }) => name).join(', ')} are on their own`);
      timeline.after(random.between(span / 8, span / 2), () => {
        apart = new Set();
      });
    });
  }

  return {
    untilFree,
    join,
    begin(until) {
      keepCarrying(until);
      part(until);
    },
    async meet() {
      const [office, ...others] = laptops;
      if (office === undefined) return;
      // Whoever was to join when the power went asks again.
      for (const other of others) {
        const { host } = await untilFree(other);
        if (host.here() === 'none' || host.here() === 'asked') await join(other);
      }
      for (const other of others) await handOver(other, office);
      for (const other of others) await handOver(office, other);
    },
  };
}

/** A file of which a part is missing or other than it was; undefined: what was changed says nothing. */
function spoil(file: Uint8Array, random: Random): Uint8Array | undefined {
  if (random.chance(0.5)) return file.subarray(0, random.between(1, file.length - 1));
  const spoiled = Uint8Array.from(file);
  const at = random.below(spoiled.length);
  spoiled[at] = (spoiled[at] ?? 0) ^ (1 << random.below(8));
  try {
    return gunzipSync(spoiled).equals(gunzipSync(file)) ? undefined : spoiled;
  } catch {
    return spoiled;
  }
}
