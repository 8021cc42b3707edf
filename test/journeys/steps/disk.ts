import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';

/** A disk in a file, whose power can be cut. */
export type CutDisk = {
  readonly folder: string;
  /** From now on nothing reaches the disk, what the system still held of it neither. Runs until `repair`. */
  cut(): void;
  /** As after the power is back: the file system mends itself and is there again. */
  repair(): Promise<void>;
  remove(): void;
};

const MEGABYTES = 400;
/** FS_IOC_SHUTDOWN with FS_SHUTDOWN_FLAGS_NOLOGFLUSH (linux/fs.h). */
const SHUTDOWN = 'my $how = pack("L", 2); open(my $disk, "<", $ARGV[0]) or die; ioctl($disk, 0x8004587d, $how) or die;';

/** Takes the disk away as soon as the last killed process has let go of its files: the system needs a moment for each. */
async function untilLetGo(folder: string): Promise<void> {
  const unmount = (): string => spawnSync('umount', [folder], { encoding: 'utf8' }).stderr.trim();
  await expect.poll(unmount, { intervals: [20, 100], timeout: 20_000 }).toBe('');
}

/** Such a disk, if this machine lets us have one: only root on Linux does, where loop devices are. */
export function makeCutDisk(): CutDisk | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const home = mkdtempSync(join(tmpdir(), 'tallybook-power-'));
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
