import { z } from 'zod';
import type { Disk } from '../disk/disk.ts';
import { openKept, type KeptFile } from '../disk/kept-file.ts';

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

/** The repair is named by nobody's device: it may be under way because the device file is gone. */
const NOBODY = 'none';
/** What a file that cannot be read stands for: something was set aside, and nobody knows what. */
const UNREADABLE: Unfinished = { known: 0, asides: [] };

function openUnfinished(disk: Disk, folder: string): Promise<KeptFile<Unfinished>> {
  return openKept({ disk, folder, name: 'restoring', schema: unfinishedSchema, onMended: () => undefined });
}

/** The repair that was under way when the journal was last closed; null when there was none. */
export async function readUnfinished(disk: Disk, folder: string): Promise<Unfinished | null> {
  const kept = await openUnfinished(disk, folder);
  return kept.content() ?? (kept.found === 'lost' ? UNREADABLE : null);
}

export async function writeUnfinished(disk: Disk, folder: string, unfinished: Unfinished): Promise<void> {
  await (await openUnfinished(disk, folder)).save(unfinished, NOBODY);
}

/** The repair is finished. */
export async function removeUnfinished(disk: Disk, folder: string): Promise<void> {
  await (await openUnfinished(disk, folder)).remove();
}
