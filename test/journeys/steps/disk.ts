import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';

/** A disk that soon is full. */
export type SmallDisk = {
  readonly folder: string;
  /** Fills it to the last byte. */
  fill(): void;
  makeRoom(): void;
  makeReadOnly(): void;
  remove(): void;
};

/** A disk in a file, whose power can be cut. */
export type CutDisk = {
  readonly folder: string;
  /** From now on nothing reaches the disk, what the system still held of it neither. Runs until `repair`. */
  cut(): void;
  /** As after the power is back: the file system mends itself and is there again. */
  repair(): Promise<void>;
  remove(): void;
};

/** Only root on Linux may have a disk of their own. */
const MAY_MOUNT = process.platform === 'linux' && process.getuid?.() === 0;
const MEGABYTES = 400;
/** What is cut is the file system on the disk, not what the disk lies on: in memory each sync costs no wait. */
const MEMORY = '/dev/shm';
const SMALL_MEGABYTES = 300;
const MEGABYTE = new Uint8Array(1_000_000).fill(7);
/** What fills a small disk, in big pieces and then in small ones. */
const FILLERS = { filler: MEGABYTE, crumbs: MEGABYTE.subarray(0, 1024) } as const;
/** FS_IOC_SHUTDOWN with FS_SHUTDOWN_FLAGS_NOLOGFLUSH (linux/fs.h). */
const SHUTDOWN = 'my $how = pack("L", 2); open(my $disk, "<", $ARGV[0]) or die; ioctl($disk, 0x8004587d, $how) or die;';

/** Where no disk of our own can be had, the host alone is tested over one that refuses: those tests must pass. */
export function testHostAlone(file: string): void {
  execFileSync('npx', ['vitest', 'run', '--config', 'build/vitest.config.ts', `test/electron/host/${file}`]);
}

/** A small disk, if this machine lets us have one. */
export function makeSmallDisk(): SmallDisk | undefined {
  if (!MAY_MOUNT) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'tallybook-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SMALL_MEGABYTES}m,mode=700`, 'tmpfs', folder]);
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  return {
    folder,
    fill() {
      for (const [name, piece] of Object.entries(FILLERS))
        try {
          for (;;) writeFileSync(join(folder, name), piece, { flag: 'a' });
        } catch {
          // Full is what it was to become.
        }
    },
    makeRoom() {
      for (const name of Object.keys(FILLERS)) rmSync(join(folder, name), { force: true });
    },
    makeReadOnly: () => void execFileSync('mount', ['-o', 'remount,ro', folder]),
    remove() {
      execFileSync('umount', ['--lazy', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whether a disk of that size may lie in a folder, with as much to spare. */
function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > 2 * MEGABYTES * 1_000_000;
  } catch {
    return false;
  }
}

/** Takes the disk away as soon as the last killed process has let go of its files: the system needs a moment for each. */
async function untilLetGo(folder: string): Promise<void> {
  const unmount = (): string => spawnSync('umount', [folder], { encoding: 'utf8' }).stderr.trim();
  await expect.poll(unmount, { intervals: [20, 100], timeout: 20_000 }).toBe('');
}

/** A disk to cut the power of, if this machine lets us have one, and has loop devices. */
export function makeCutDisk(): CutDisk | undefined {
  if (!MAY_MOUNT) return undefined;
  const home = mkdtempSync(join(hasRoom(MEMORY) ? MEMORY : tmpdir(), 'tallybook-power-'));
  const image = join(home, 'disk.img');
  const folder = mkdtempSync(join(home, 'mounted-'));
  const mount = (): void => void execFileSync('mount', ['-o', 'loop', image, folder], { stdio: 'ignore' });
  const remove = (): void => rmSync(home, { recursive: true, force: true });
  try {
    closeSync(openSync(image, 'w'));
    truncateSync(image, MEGABYTES * 1_000_000);
    execFileSync('mkfs.ext4', ['-q', image], { stdio: 'ignore' });
    mount();
  } catch {
    remove();
    return undefined;
  }
  return {
    folder,
    cut: () => void execFileSync('perl', ['-e', SHUTDOWN, folder]),
    async repair() {
      await untilLetGo(folder);
      mount();
    },
    remove() {
      execFileSync('umount', ['--lazy', folder]);
      remove();
    },
  };
}
