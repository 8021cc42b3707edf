import type { Disk } from '../disk/disk.ts';
import { linesIn, writeFile, type ChainFile } from './chain-files.ts';

/** Files of fewer entries are joined, where so many stand in a row, up to so many entries; without a start later. */
const SMALL = 500;
const MANY = 16;
const MANY_OF_A_SESSION = 64;
const MOST_JOINED = 5_000;

async function linesOfAll(disk: Disk, files: readonly ChainFile[]): Promise<string[] | null> {
  const all: string[] = [];
  for (const file of files) {
    const lines = await linesIn(disk, file);
    if (lines === null) return null;
    all.push(...lines);
  }
  return all;
}

/** One file of several in a row; those that they are, where one of them is damaged or they are few. */
async function joined(disk: Disk, run: readonly ChainFile[]): Promise<readonly ChainFile[]> {
  const [first] = run;
  const last = run.at(-1);
  const lines = run.length < MANY || !first || !last ? null : await linesOfAll(disk, run);
  if (lines === null || first === undefined || last === undefined) return run;
  const entries = run.reduce((sum, { head }) => sum + head.entries, 0);
  const declared = run.reduce((sum, { head }) => sum + head.declared, 0);
  return [await writeFile(disk, last.folder, { ...last.head, from: first.head.from, entries, declared }, lines)];
}

/** Whether a chain ends with so many small files in a row that joining them does not wait for the next start. */
export function endsInMany(chain: readonly ChainFile[]): boolean {
  return chain.length - 1 - chain.findLastIndex(({ head }) => head.entries >= SMALL) >= MANY_OF_A_SESSION;
}

/**
 * Writes one file in the place of many small ones in a row: what comes every few seconds would be thousands. The small ones
 * still stand beside it. Throws when the disk does not take it.
 */
export async function joinSmall(disk: Disk, chain: readonly ChainFile[]): Promise<readonly ChainFile[]> {
  const made: ChainFile[] = [];
  let run: ChainFile[] = [];
  for (const file of chain) {
    const isSmall = file.head.entries < SMALL;
    if (isSmall) run.push(file);
    if (!isSmall || run.reduce((sum, { head }) => sum + head.entries, 0) >= MOST_JOINED) {
      made.push(...(await joined(disk, run)));
      run = [];
    }
    if (!isSmall) made.push(file);
  }
  return [...made, ...(await joined(disk, run))];
}
