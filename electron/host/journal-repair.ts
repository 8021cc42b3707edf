import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Disk } from './disk.ts';
import { writeWhole } from './disk.ts';
import { firstHead } from './journal-line.ts';
import { emptySegment, isFromSegment, type JournalPicture } from './journal-open.ts';
import { listSegments, readSegment, writeManifest } from './journal-segments.ts';

type Repair = { disk: Disk; profile: string; picture: JournalPicture; at: string };

/**
 * Makes room for a restore: every segment from the damage on goes to `journal/set-aside/<time>/` as it is, and the good
 * part of the damaged one is written again in its place. The order is such that a power cut in between leaves either the
 * damage or its copy, and never less. Returns the picture of what is left.
 */
export async function setAside({ disk, profile, picture, at }: Repair): Promise<JournalPicture> {
  const folder = join(profile, 'journal');
  const aside = join(folder, 'set-aside', at.replaceAll(':', '-'));
  const { closed, active, head } = picture;
  await disk.makeFolder(aside);
  const moved = (await listSegments(disk, folder)).filter((name) => isFromSegment(name, active.name));
  const damaged = await disk.read(join(folder, active.name));
  await writeManifest(disk, folder, { device: head.device, segments: [...closed] });
  for (const name of moved.toReversed()) {
    if (name === active.name) continue;
    await disk.rename(join(folder, name), join(aside, name));
  }
  if (damaged !== null) await writeWhole(disk, join(aside, active.name), damaged);
  await disk.syncFolder(aside);
  const good = damaged?.subarray(0, active.bytes) ?? Buffer.alloc(0);
  const last = closed.at(-1);
  const before =
    last === undefined ? firstHead(head.device) : { device: head.device, seq: last.lastSeq, hash: last.lastHash };
  const reading = readSegment(good, before, true);
  const kept = good.subarray(0, reading.end);
  if (damaged !== null) await writeWhole(disk, join(folder, active.name), kept);
  await disk.syncFolder(folder);
  const fresh = emptySegment(closed);
  const hash = createHash('sha256').update(kept);
  const whole = { ...fresh, bytes: kept.length, offsets: [...reading.offsets], hash };
  return { ...picture, active: whole, head: reading.head, tail: reading.entries, tornBytes: 0 };
}
