import type { World } from '../world.ts';
import type { Carriers, Day } from './carriers.ts';
import type { Backup, SiteLaptop } from './site-laptop.ts';
import { ADMIN, type SitePerson } from './site-people.ts';

const MINUTE = 60_000;

/** What befalls a site: people change, laptops are shut out, go on from a backup, are replaced. One closure over who is there. */
export type Events = { begin(until: number): void };

export function createEvents(parts: {
  readonly world: World;
  /** The office first; it is never shut out nor put back. */
  readonly laptops: SiteLaptop[];
  /** Those that were replaced as well. */
  readonly everyone: readonly SiteLaptop[];
  readonly people: readonly SitePerson[];
  readonly carriers: Carriers;
  readonly day: Day;
  /** Whether a laptop may be lost to the site. */
  readonly isSpare: (laptop: SiteLaptop) => boolean;
  /** A new laptop for the people of another. */
  readonly newLaptop: (inPlaceOf: SiteLaptop) => SiteLaptop;
}): Events {
  const { world, laptops, people, carriers } = parts;
  const { timeline, faults } = world;
  const random = world.chance('events');

  /** Somebody whose counts are approved loses a role, or comes back. */
  async function changePeople(): Promise<void> {
    const person = random.pick(people.filter(({ id }) => id !== ADMIN));
    const isGiven = random.chance(0.4);
    const roles = isGiven ? person.roles : (['counter'] as const);
    const active = isGiven || random.chance(0.7);
    await laptops[0]?.act(`changes ${person.id}`, async ({ host, page }) => {
      const { id } = person;
      const sealed = await host.record(ADMIN, [
        { kind: 'person_changed', person: id, name: id, roles: [...roles], active },
      ]);
      if (sealed.ok) await page.takeIn(sealed.value);
    });
  }

  async function shutOut(): Promise<void> {
    const some = laptops.slice(1).filter((laptop) => parts.isSpare(laptop) && !laptop.isShut && !laptop.isForked);
    if (some.length === 0) return;
    const laptop = random.pick(some);
    await laptops[0]?.act(`shuts ${laptop.name} out`, async ({ host, page }) => {
      host.session.signIn(ADMIN);
      const shut = await host.calls.revokeLaptop({ laptop: laptop.device });
      if (!shut.ok) return;
      laptop.isShut = true;
      await page.takeIn(shut.value.entries);
    });
  }

  /** How far the others hold a laptop's chain; undefined: not all of them can be asked. */
  function heldByOthers(laptop: SiteLaptop): readonly number[] | undefined {
    const held: number[] = [];
    for (const other of laptops) {
      if (other === laptop) continue;
      const open = other.free();
      if (open === undefined) return undefined;
      held.push(open.host.chains.of(laptop.device)?.seq ?? 0);
    }
    return held;
  }

  /**
   * A profile is put back as it was and the laptop goes on. Where everybody holds more of it than it does itself, its second
   * history must stand nowhere. Where nobody does, and no file says more, it is the only one. What lies between is two
   * camps that no file can reconcile: then somebody has to shut the laptop out, and this world does not put it back.
   */
  function putBack(laptop: SiteLaptop, backup: Backup): void {
    const held = heldByOthers(laptop);
    if (held === undefined || laptop.free() === undefined || laptop.isShut) return;
    // It would forget what it knew of another that was put back, and take that one's second history for the first.
    if (parts.everyone.some(({ isForked }) => isForked)) return;
    const isAhead = held.every((seq) => seq > backup.seq);
    const isOnly = held.every((seq) => seq <= backup.seq) && laptop.files.length === backup.files;
    if (!isAhead && !isOnly) return;
    if (!faults.hits('put_back')) return;
    laptop.putBack(backup, isAhead ? Math.min(...held) : undefined);
    if (isAhead && random.chance(0.6))
      timeline.after(random.between(10 * MINUTE, 60 * MINUTE), () => {
        if (!parts.day.isOver && !parts.day.isResting) replace(laptop);
      });
  }

  /** Its people get another laptop, which joins as a new one. */
  function replace(laptop: SiteLaptop): void {
    const at = laptops.indexOf(laptop);
    if (at < 1) return;
    laptop.leave();
    const next = parts.newLaptop(laptop);
    laptops[at] = next;
    next.boot();
    void carriers.join(next);
  }

  function now(every: number, run: () => void): void {
    timeline.after(random.between(1, every), () => {
      if (parts.day.isOver) return;
      now(every, run);
      if (!parts.day.isResting) run();
    });
  }

  return {
    begin(until) {
      const span = until - timeline.now();
      if (faults.rate('people_change') > 0)
        now(span / 3, () => {
          if (faults.hits('people_change')) void changePeople();
        });
      if (faults.rate('shut_out') > 0)
        now(span / 3, () => {
          if (faults.hits('shut_out')) void shutOut();
        });
      if (faults.rate('put_back') === 0) return;
      const backups = new Map<SiteLaptop, Backup>();
      now(span / 10, () => {
        const some = laptops.slice(1).filter((laptop) => parts.isSpare(laptop) && !laptop.isForked);
        if (some.length === 0) return;
        const laptop = random.pick(some);
        const backup = backups.get(laptop);
        if (backup !== undefined && random.chance(0.6)) putBack(laptop, backup);
        else if (laptop.free() !== undefined) backups.set(laptop, laptop.backUp());
      });
    },
  };
}
