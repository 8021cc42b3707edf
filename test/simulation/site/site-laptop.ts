import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import type { LaptopRole } from '../../../shared/domain/ledger-entry.ts';
import { createConnectionOpener } from '../connection-opener.ts';
import { createLife, type Life } from '../life.ts';
import type { Page } from '../page.ts';
import type { Random } from '../random.ts';
import { createTokens } from '../tokens.ts';
import { createVirtualDisk, type DiskGate, type VirtualDisk } from '../virtual-disk.ts';
import type { World } from '../world.ts';
import { openSiteHost, type SiteHost } from './site-host.ts';
import type { SiteMutant } from './site-mutants.ts';
import { openSitePage, type SitePage } from './site-page.ts';
import { openSending, type SiteRemote } from './site-sending.ts';

const SECOND = 1_000;

/** What is open in one run of the app. */
export type Open = {
  readonly host: SiteHost;
  readonly page: SitePage;
  readonly life: Life;
  /** The page's side of sending, where the laptop sends. */
  readonly sender: Page | undefined;
};

/** One laptop of a site: a disk that outlives everything, a clock that may be wrong, and an app that may end at any step. */
export type SiteLaptop = {
  readonly name: string;
  /** Whose people are there, as a rule. */
  readonly home: string;
  /** Its name in every entry. */
  readonly device: string;
  readonly role: LaptopRole;
  /** Its own clock, ms. */
  now(): number;
  /** The app, if it is open and nobody is at work there. */
  free(): Open | undefined;
  /** Somebody does something there, if they can; whatever the power ends never comes back. */
  act(what: string, work: (open: Open) => Promise<void>): Promise<void>;
  boot(): void;
  crash(why: string): void;
  /** Closes the app as people do, and opens it again. */
  restart(): Promise<void>;
  /** No trouble any more: the clock stays as it is. */
  calm(): void;
  backUp(): Backup;
  /** The whole profile is put back as it was. `heldTo`: others hold its chain up to there, which is more than it does now. */
  putBack(backup: Backup, heldTo?: number): void;
  /** It is switched off for good. */
  leave(): void;
  /** It goes on from a backup, and others know what it had said since. */
  isForked: boolean;
  /** An admin has shut it out. */
  isShut: boolean;
  /** Acknowledged to somebody, and to be held by everybody once they have met: hash by sequence. */
  readonly acknowledged: ReadonlyMap<number, string>;
  /** Hashes of what it said after it was put back to before what others knew. */
  readonly second: ReadonlySet<string>;
  /** Those of them that the laptop says for itself: that it heard. */
  readonly housekeeping: ReadonlySet<number>;
  /** Files that were saved, oldest first. */
  readonly files: readonly Uint8Array[];
  disk(): VirtualDisk;
};

/** A profile as it was, and what was acknowledged by then. */
export type Backup = { readonly disk: VirtualDisk; readonly seq: number; readonly files: number };

export type SiteLaptopParts = {
  readonly world: World;
  readonly name: string;
  readonly home: string;
  readonly device: string;
  readonly role: LaptopRole;
  readonly skewMs: number;
  readonly random: Random;
  readonly mutant: SiteMutant | undefined;
  /** Where it sends to; absent: nowhere. */
  readonly remote: SiteRemote | undefined;
  /** Hears of every entry that is safe; after a start all of them again. */
  readonly onSafe: (laptop: SiteLaptop, entry: LedgerEntry) => void;
};

/** What goes for one run of the app. */
type Run = { readonly life: Life; open?: Open; isBusy: boolean };

/** A laptop that is off, with an empty disk. One closure: its disk, its app and what is known of both. */
export function createSiteLaptop(parts: SiteLaptopParts): SiteLaptop {
  const { world, name, device, random, mutant } = parts;
  const { timeline, faults } = world;
  /** What stands on its own disk, and what others may be asked for. */
  const own = new Map<number, string>();
  const acknowledged = new Map<number, string>();
  const second = new Set<string>();
  const housekeeping = new Set<number>();
  const files: Uint8Array[] = [];
  let disk = createVirtualDisk({ hasFolders: true });
  const { remote } = parts;
  const tokens = createTokens(world, remote?.model.secrets ?? {});
  let run: Run | undefined;
  let ids = 0;
  let hasLeft = false;

  const now = () => timeline.now() + parts.skewMs;

  function end(why: string): void {
    if (run === undefined) return;
    world.trace(() => `${name} goes off: ${why}`);
    run.life.end();
    run = undefined;
    disk.cutPower(random);
    tokens.cutPower();
  }

  function crash(why: string): void {
    world.counters.crashes += 1;
    end(why);
    timeline.after(random.between(SECOND, random.chance(0.1) ? 3_600 * SECOND : 60 * SECOND), boot);
  }

  function acknowledge(entries: readonly LedgerEntry[]): void {
    for (const entry of entries) {
      own.set(entry.seq, entry.hash);
      if (laptop.isForked) second.add(entry.hash);
      else acknowledged.set(entry.seq, entry.hash);
      parts.onSafe(laptop, entry);
      if (entry.fact.kind === 'heard') housekeeping.add(entry.seq);
      world.counters.records += 1;
      world.trace(() => `${name} saved ${entry.seq} ${entry.by} ${JSON.stringify(entry.fact).slice(0, 260)}`);
    }
  }

  function gateOf(life: Life, isOpen: () => boolean): DiskGate {
    return async (operation, path) => {
      await life.gate(`${operation} ${path}`, random.between(0, 9));
      if (operation !== 'write' || !isOpen() || !faults.hits('disk_full')) return 'pass';
      return random.chance(0.5) ? 'torn' : 'full';
    };
  }

  async function open(life: Life): Promise<Open> {
    let isOpen = false;
    const gated = disk.disk(gateOf(life, () => isOpen));
    const host = await openSiteHost({
      world,
      disk: mutant?.disk?.(gated) ?? gated,
      device,
      now,
      random,
      mutant,
      saveFile: (content) => files.push(content),
      onMended: (mended) => world.trace(() => `${name} mended ${JSON.stringify(mended)}`),
      onAcknowledged: acknowledge,
      opener: remote && createConnectionOpener({ ...remote, world, life, tokens, random, now, isOnline: () => true }),
    });
    const { state } = host.journal.status();
    if (state !== 'new' && state !== 'whole') world.violate('I8', `${name}: the journal is ${state} after a start`);
    const entries = (await host.held()).get(device) ?? [];
    for (const [seq, hash] of own)
      if (entries[seq - 1]?.hash !== hash) world.violate('I2', `${name}: entry ${seq} was acknowledged and is gone`);
    for (const entry of entries) parts.onSafe(laptop, entry);
    const page = await openSitePage({ host, device, newId: () => `${name}-${(ids += 1)}`, mutant });
    isOpen = true;
    const { desk } = host;
    const sender =
      remote === undefined || desk === undefined
        ? undefined
        : await openSending(world, remote, laptop, { host, page, life, desk });
    return { host, page, life, sender };
  }

  function boot(): void {
    if (run !== undefined || hasLeft) return;
    const life = createLife(world, (gate) => {
      if (faults.hits('crash')) crash(gate);
    });
    const begun: Run = { life, isBusy: false };
    run = begun;
    world.trace(() => `${name} starts`);
    void open(life).then(
      (opened) => {
        if (!life.isAlive()) return;
        begun.open = opened;
      },
      (problem: unknown) => world.violate('I16', `${name} does not start: ${String(problem)}`),
    );
  }

  async function act(what: string, work: (opened: Open) => Promise<void>): Promise<void> {
    const begun = run;
    if (begun?.open === undefined || begun.isBusy) return;
    begun.isBusy = true;
    world.trace(() => `${name}: ${what}`);
    try {
      const keys = await begun.open.host.giveKeys();
      if (keys.length > 0) await begun.open.page.takeIn(keys);
      await work(begun.open);
    } catch (problem) {
      world.violate('I16', `${name} throws: ${what}: ${problem instanceof Error ? problem.stack : String(problem)}`);
    }
    begun.isBusy = false;
  }

  const laptop: SiteLaptop = {
    name,
    home: parts.home,
    device,
    role: parts.role,
    now,
    free: () => (run?.isBusy === false ? run.open : undefined),
    act,
    boot,
    crash,
    async restart() {
      await act('closes', async ({ host, life }) => {
        await host.close();
        life.end();
        run = undefined;
        timeline.after(SECOND, boot);
      });
    },
    calm: boot,
    backUp: () => ({
      disk: disk.copied(),
      seq: run?.open?.host.journal.sealedSeq() ?? 0,
      files: files.length,
    }),
    putBack(backup, heldTo) {
      world.trace(() => `${name} is put back to ${backup.seq}${heldTo === undefined ? '' : `, known up to ${heldTo}`}`);
      run?.life.end();
      run = undefined;
      disk = backup.disk.copied();
      laptop.isForked = heldTo !== undefined;
      for (const seq of own.keys()) if (seq > backup.seq) own.delete(seq);
      for (const seq of acknowledged.keys()) if (seq > (heldTo ?? backup.seq)) acknowledged.delete(seq);
      timeline.after(SECOND, boot);
    },
    leave() {
      world.trace(() => `${name} leaves`);
      run?.life.end();
      run = undefined;
      hasLeft = true;
    },
    isForked: false,
    isShut: false,
    second,
    acknowledged,
    housekeeping,
    files,
    disk: () => disk,
  };
  return laptop;
}
