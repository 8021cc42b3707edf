import type { LedgerEntry, PostedLine, RemoteMovement } from '../../shared/domain/ledger-entry.ts';
import { openHostSide, type HostSide } from './host-side.ts';
import { createLife, type Life } from './life.ts';
import type { Mutant } from './mutants.ts';
import type { Openings, Oracle } from './oracle.ts';
import { openPage, type Page, type TakenThere } from './page.ts';
import type { Books, Change } from './page-ledger.ts';
import type { RemoteModel, RemoteThing } from './remotes/remote-model.ts';
import type { Shelf } from './staff.ts';
import { createTokens } from './tokens.ts';
import { createTroubles } from './troubles.ts';
import { createVirtualDisk } from './virtual-disk.ts';
import type { World } from './world.ts';

const SECOND = 1_000;

export type LaptopParts = {
  readonly world: World;
  readonly name: string;
  readonly model: RemoteModel;
  readonly connections: readonly string[];
  readonly things: readonly RemoteThing[];
  readonly shelves: readonly Shelf[];
  readonly oracle: Oracle;
  readonly opened: Openings;
  readonly mutant: Mutant | undefined;
};

/** One laptop: a disk that outlives everything, a clock that may be wrong, and an app that may end at any step. */
export type Laptop = {
  readonly name: string;
  /** Its own clock, ms and ISO. */
  now(): number;
  label(): string;
  isOnline(): boolean;
  wasClockWrong(): boolean;
  boot(): void;
  /** The power goes; it comes back after a while. */
  crash(why: string): void;
  onBoot(run: () => void): void;
  /** Begins what laptops suffer: no network, sleep, clocks put wrong. */
  trouble(until: number): void;
  /** Nothing of that any more. */
  calm(): void;
  /** Posts approved lines; false when they certainly or possibly are not saved. */
  post(batch: string, lines: readonly PostedLine[]): Promise<boolean>;
  hasPosted(lines: readonly PostedLine[]): boolean;
  /** Takes a posted line back; false when that was not saved. */
  reverse(batch: string, reverses: string, line: PostedLine): Promise<boolean>;
  hasReversed(batch: string): boolean;
  /** `happenedAt`: when it happened, where that is past. */
  hearOfChange(item: string, bin: string, happenedAt?: number): void;
  /** Whose books the page reads. */
  keepBooks(held: Books['held']): void;
  keepSold(sold: Sold): void;
  /** Somebody takes all that was sold unheard, once it was pulled. */
  hearSold(connection: string): void;
  /** Somebody takes their figure of a place where it differs by just that, and then what is still offered of it. */
  takeFigure(connection: string, there: TakenThere): void;
  /** Hears every entry that is saved; after a start all of them again. */
  onSealed(listener: (entry: LedgerEntry) => void): void;
  sendOpen(connection: string, withRejected: boolean): void;
  pull(connection: string): void;
  settleDoubts(connection: string, oracle: Oracle): void;
  hasPulled(): boolean;
  isQuiet(): boolean;
  describe(): string;
  judge(isExcused: (key: string) => boolean): Promise<void>;
};

/** What others sold and our ledger has not heard of yet: out of which bin it came, and what follows when it is heard. */
export type Sold = {
  binOf(movement: RemoteMovement): string | undefined;
  heard(movement: RemoteMovement): void;
};

/** What goes for one run of the app. */
type Run = { life: Life; host?: HostSide; page?: Page; pageLife?: Life };

export function createLaptop(parts: LaptopParts): Laptop {
  const { world, name } = parts;
  const { timeline, faults } = world;
  const random = world.chance(`laptop ${name}`);
  const disk = createVirtualDisk();
  const tokens = createTokens(world, parts.model.secrets);
  const acknowledged = new Map<number, string>();
  const listeners: (() => void)[] = [];
  const sealedListeners: ((entry: LedgerEntry) => void)[] = [];
  const changes: Change[] = [];
  let held: Books['held'] = [];
  let sold: Sold = { binOf: () => undefined, heard: () => undefined };
  let run: Run | undefined;
  let isPosting = false;

  const troubles = createTroubles({
    world,
    random,
    switchOff: () => end('asleep'),
    switchOn: () => boot(),
  });
  const now = () => timeline.now() + troubles.skew();
  const label = () => new Date(now()).toISOString();

  function end(why: string): void {
    if (run === undefined) return;
    world.trace(() => `${name} goes off: ${why}`);
    run.life.end();
    run.pageLife?.end();
    run = undefined;
    isPosting = false;
    disk.cutPower(random);
    tokens.cutPower();
  }

  function crash(why: string): void {
    world.counters.crashes += 1;
    end(why);
    timeline.after(random.between(SECOND, random.chance(0.1) ? 3_600 * SECOND : 60 * SECOND), boot);
  }

  function onSealed(entry: LedgerEntry): void {
    for (const listener of sealedListeners) listener(entry);
  }

  function boot(): void {
    if (run !== undefined || troubles.isAsleep()) return;
    const life = createLife(world, (gate) => {
      if (faults.hits('crash')) crash(gate);
    });
    const begun: Run = { life };
    run = begun;
    world.trace(() => `${name} starts`);
    void openHostSide({
      ...parts,
      life,
      disk,
      tokens,
      random,
      now,
      isOnline: troubles.isOnline,
      acknowledged,
      onSealed,
    }).then((host) => {
      if (!life.isAlive()) return;
      begun.host = host;
      for (const listener of listeners) listener();
      openNewPage(begun, host);
    });
  }

  function openNewPage(begun: Run, host: HostSide): void {
    const pageLife = createLife(world, () => {
      if (!faults.hits('page_reload') || !begun.life.isAlive()) return;
      world.counters.reloads += 1;
      world.trace(() => `${name} loads its page anew`);
      pageLife.end();
      begun.life.after(random.between(1, 5 * SECOND), () => openNewPage(begun, host));
    });
    begun.pageLife = pageLife;
    delete begun.page;
    void openPage({ ...parts, host, life: pageLife, label, books: () => ({ changes, held }), sold: () => sold }).then(
      (page) => {
        begun.page = page;
      },
    );
  }

  return {
    name,
    now,
    label,
    isOnline: troubles.isOnline,
    wasClockWrong: troubles.wasWrong,
    boot,
    crash,
    onBoot: (listener) => listeners.push(listener),
    trouble: troubles.begin,
    calm() {
      troubles.calm();
      boot();
    },
    async post(batch, lines) {
      const host = run?.host;
      if (host === undefined || isPosting) return false;
      isPosting = true;
      const posted = await host.post(batch, lines);
      isPosting = false;
      if (posted.length > 0) void run?.page?.takeIn(posted);
      return posted.length > 0;
    },
    async reverse(batch, reverses, line) {
      const host = run?.host;
      if (host === undefined || isPosting) return false;
      isPosting = true;
      const reversed = await host.reverse(batch, reverses, line);
      isPosting = false;
      if (reversed.length > 0) void run?.page?.takeIn(reversed);
      return reversed.length > 0;
    },
    hasReversed: (batch) => run?.host?.hasReversed(batch) === true,
    hasPosted: (lines) => lines.every((line) => run?.host?.hasPosted(line.anchor) === true),
    hearOfChange(item, bin, happenedAt) {
      const past = happenedAt === undefined ? {} : { happenedAt: new Date(happenedAt).toISOString() };
      changes.push({ item, bin, at: label(), ...past });
    },
    keepBooks(kept) {
      held = kept;
    },
    keepSold(kept) {
      sold = kept;
    },
    takeFigure: (connection, there) => void run?.page?.takeFigure(connection, there),
    onSealed: (listener) => sealedListeners.push(listener),
    hearSold: (connection) => void run?.page?.hearSold(connection),
    sendOpen: (connection, withRejected) => void run?.page?.sendOpen(connection, withRejected),
    pull: (connection) => void run?.page?.pull(connection),
    settleDoubts: (connection, asked) =>
      void run?.page?.settleDoubts(connection, (refs) => asked.findOut(connection, refs)),
    hasPulled: () => run?.page?.hasPulled() === true,
    isQuiet: () => run?.page?.isQuiet() === true,
    describe: () => `${name} ${run === undefined ? 'is off' : (run.page?.describe() ?? 'has no page')}`,
    async judge(isExcused) {
      const host = run?.host;
      const page = run?.page;
      if (host === undefined || page === undefined) return world.violate('I10', `${name} is not running at the end`);
      // B9: a clock that was ahead leaves figures behind that beat newer ones.
      page.judge((key) => troubles.wasWrong() || isExcused(key));
      await host.judge(disk);
    },
  };
}
