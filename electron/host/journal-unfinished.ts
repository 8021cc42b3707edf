import { join } from 'node:path';
import { z } from 'zod';
import { readJson, writeWhole, type Disk } from './disk.ts';

const unfinishedSchema = z.object({
  /** A sequence that was surely acknowledged before the damage. */
  known: z.number().int().min(0),
  /** Folders below `set-aside/` whose entries may still be taken from, and the sequence after which their files begin. */
  asides: z.array(z.object({ folder: z.string().min(1), after: z.number().int().min(0) })),
});
/**
 * A repair under way. Kept on disk until the last entry is written, so that a power cut in between does not leave a
 * journal that looks whole without what was only set aside.
 */
export type Unfinished = z.infer<typeof unfinishedSchema>;

const NAME = 'restoring.json';

/** The repair that was under way when the journal was last closed; null when there was none. */
export async function readUnfinished(disk: Disk, folder: string): Promise<Unfinished | null> {
  return unfinishedSchema.safeParse(await readJson(disk, join(folder, NAME))).data ?? null;
}

export async function writeUnfinished(disk: Disk, folder: string, unfinished: Unfinished): Promise<void> {
  await writeWhole(disk, join(folder, NAME), JSON.stringify(unfinished));
}

/** The repair is finished. */
export async function removeUnfinished(disk: Disk, folder: string): Promise<void> {
  await disk.remove(join(folder, NAME));
  await disk.syncFolder(folder);
}
