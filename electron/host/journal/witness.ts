import { join } from 'node:path';
import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { writeWhole, type Disk } from '../disk/disk.ts';

/** A folder of witnesses holds so many files at most, of so many bytes each. */
const FILES = 20;
const FILE_BYTES = 20_000_000;

/**
 * Keeps entries that contradict the journal, or that nothing vouches for, as they were given: one a line, in
 * `witness/<time>-<why>.jsonl` of the profile, as far as there is room. Nothing reads them but people. Answers the file's
 * name; null when the folder is full.
 */
export async function keepWitness(
  disk: Disk,
  profile: string,
  at: string,
  why: 'not-proven' | 'differs',
  entries: readonly LedgerEntry[],
): Promise<string | null> {
  const folder = join(profile, 'witness');
  await disk.makeFolder(folder);
  const names = await disk.list(folder);
  if (names.length >= FILES) return null;
  const base = `${at.replaceAll(':', '-')}-${why}`;
  let name = `${base}.jsonl`;
  for (let number = 2; names.includes(name); number += 1) name = `${base}-${number}.jsonl`;
  const lines: string[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const line = `${JSON.stringify(entry)}\n`;
    bytes += Buffer.byteLength(line);
    if (bytes > FILE_BYTES) break;
    lines.push(line);
  }
  await writeWhole(disk, join(folder, name), lines.join(''));
  return name;
}
