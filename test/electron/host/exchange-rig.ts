import { readdir } from 'node:fs/promises';
import { join as pathTo } from 'node:path';
import { createFolderCarrier, siteFolder } from '../../../electron/carriers/folder.ts';
import { realDisk, type Disk } from '../../../electron/host/disk/disk.ts';
import type { Exchange } from '../../../shared/ports/host.ts';
import { does, type HostSetting } from './bench.ts';
import { headsIn } from './heads.ts';
import type { Laptop } from './team-rig.ts';

/** Time as an exchange asks for it: nothing happens until it is told to. */
export type Timer = {
  readonly after: (ms: number, run: () => Promise<void>) => () => void;
  /** Runs what waits, once. */
  ring(): Promise<void>;
};

export function manualTimer(): Timer {
  let waiting: (() => Promise<void>)[] = [];
  return {
    after(_ms, run) {
      waiting.push(run);
      return () => {
        waiting = waiting.filter((one) => one !== run);
      };
    },
    async ring() {
      const due = waiting;
      waiting = [];
      for (const run of due) await run();
    },
  };
}

/** What lets a host exchange through a folder; `disk`: the one that the folder lies on. */
export type OnFolder = { readonly timer: Timer; readonly setting: Partial<HostSetting> };

export function onFolder(folder: string, disk: Disk = realDisk): OnFolder {
  const timer = manualTimer();
  return {
    timer,
    setting: {
      after: timer.after,
      // Time passes quickly here, and nobody goes away.
      lockAfterMs: 1e9,
      openCarrier: (place) => createFolderCarrier({ disk, ...place }),
      chooseFolder: async () => folder,
    },
  };
}

export type Sharing = Laptop & { readonly timer: Timer };

export function sharing<Some extends Laptop>(laptop: Some, { timer }: OnFolder): Some & Sharing {
  return Object.assign(laptop, { timer });
}

/** Chooses the folder, and looks into it once. */
export async function share(laptop: Sharing): Promise<void> {
  await does(laptop.running, 'shareFolder', {});
  await look(laptop);
}

/** Time goes by on a laptop, and it looks into the folder. */
export async function look(laptop: Sharing, ms = 61_000): Promise<void> {
  laptop.clock.pass(ms);
  await laptop.timer.ring();
}

/** All look in turn, until nothing moves any more; answers how often. What is put in one look is read in the next. */
export async function untilLevel(laptops: readonly Sharing[], most = 12): Promise<number> {
  let still = 0;
  for (let times = 1; times <= most; times += 1) {
    const before = await Promise.all(laptops.map(headsOf));
    for (const laptop of laptops) await look(laptop);
    const after = await Promise.all(laptops.map(headsOf));
    still = JSON.stringify(before) === JSON.stringify(after) ? still + 1 : 0;
    if (still === 2) return times;
  }
  throw new Error('they never come to rest');
}

/** The newest entry of every chain that a laptop holds, its own among them. */
export async function headsOf(laptop: Laptop): Promise<Record<string, string>> {
  return headsIn((await does(laptop.running, 'whoIsHere', {})).journal);
}

export async function exchangeOf(laptop: Laptop): Promise<Exchange> {
  const { exchange } = await does(laptop.running, 'exchange', {});
  if (exchange === null) throw new Error('no folder was chosen');
  return exchange;
}

/** The folder of a laptop's site, and the names in it. */
export async function placeOf(laptop: Laptop, folder: string): Promise<string> {
  const { site } = await does(laptop.running, 'team', {});
  return pathTo(folder, siteFolder(site?.id ?? ''));
}

export async function namesIn(place: string, end = '.seg'): Promise<string[]> {
  return (await readdir(place)).filter((name) => name.endsWith(end)).toSorted();
}
