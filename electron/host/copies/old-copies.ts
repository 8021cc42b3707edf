import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Disk } from '../disk/disk.ts';
import { copyName, isAsListed, readList, type CopyList } from './whole-copy.ts';

/** So many of the newest daily copies are kept, and of what is older one a month. */
const NEWEST = 7;

type Daily = { readonly name: string; readonly list: CopyList };
type Keeping = {
  readonly disk: Disk;
  /** Where the daily copies lie, perhaps among other things. */
  readonly target: string;
  readonly device: string;
  /** Hash of this laptop's own entry; undefined: there is none of this sequence. */
  readonly hashAt: (seq: number) => Promise<string | undefined>;
};

/**
 * Removes daily copies that are no longer needed, and answers how many are left. Call it once a new copy was read back.
 * Kept are the newest seven that are whole, and the newest whole one of each month before them. Nothing else is touched but
 * a whole daily copy of this very laptop under its own name: no copy made by hand, of another laptop or of another history,
 * none that is damaged or holds anything more, and no other folder.
 */
export async function removeOldCopies({ disk, target, device, hashAt }: Keeping): Promise<number> {
  const daily = await dailyCopies(disk, target, device);
  const isGood = async ({ name, list }: Daily): Promise<boolean> =>
    (await hashAt(list.seq)) === list.hash && (await isAsListed(disk, join(target, name), list, 'nothing else'));
  let good = 0;
  let at = 0;
  for (const one of daily) {
    if (good === NEWEST) break;
    if (await isGood(one)) good += 1;
    at += 1;
  }
  const older = daily.slice(at);
  let removed = 0;
  for (const month of new Set(older.map(monthOf))) {
    const ofMonth = older.filter((one) => monthOf(one) === month);
    // A month's only copy stays, and need not be read.
    if (ofMonth.length === 1) continue;
    const whole: Daily[] = [];
    for (const one of ofMonth) if (await isGood(one)) whole.push(one);
    for (const { name } of whole.slice(1)) {
      await removeCopy(disk, target, name);
      removed += 1;
    }
  }
  return daily.length - removed;
}

function monthOf({ list }: Daily): string {
  return list.madeAt.slice(0, 7);
}

/** The folders that say to be daily copies of this laptop, the newest first: by how far the ledger had come, for clocks are set. */
async function dailyCopies(disk: Disk, target: string, device: string): Promise<readonly Daily[]> {
  const found: Daily[] = [];
  for (const name of await disk.list(target)) {
    const list = name.startsWith('tallybook-') ? await readList(disk, join(target, name)) : null;
    if (list?.daily === true && list.device === device && copyName(list) === name) found.push({ name, list });
  }
  return found.toSorted(
    ({ list: one }, { list: other }) => other.seq - one.seq || (other.madeAt > one.madeAt ? 1 : -1),
  );
}

/** Takes the name away first: what is removed in part is no copy. */
async function removeCopy(disk: Disk, target: string, name: string): Promise<void> {
  const leaving = join(target, `${name}.tmp`);
  await disk.rename(join(target, name), leaving);
  await rm(leaving, { recursive: true, force: true });
}
