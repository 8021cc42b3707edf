import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Disk } from '../disk/disk.ts';
import { writeWhole } from '../disk/disk.ts';
import { lineAlone, readAlone } from './line.ts';
import { emptySegment, headAfter, isFromSegment, lastKnown, type JournalPicture } from './open.ts';
import { listSegments, readSegment, writeManifest } from './segments.ts';
import { readUnfinished, writeUnfinished, type Unfinished } from './unfinished.ts';

type Repair = { disk: Disk; profile: string; picture: JournalPicture; at: string };

/** Where a repair begins: the segment of the damage, its bytes, and how many of them are good. */
type Cut = Pick<JournalPicture, 'closed'> & { name: string; damaged: Buffer | null; end: number };

const LINE_FEED = 0x0a;

/**
 * Where the damage begins. An entry that the next number does not name as the one before it is not what was sealed
 * there, though its own hash fits: then the cut is one entry earlier.
 */
async function findCut({ disk, profile, picture }: Repair): Promise<Cut> {
  const { closed, active, head } = picture;
  const folder = join(profile, 'journal');
  const damaged = await disk.read(join(folder, active.name));
  const here = { closed, name: active.name, damaged, end: active.bytes };
  if (picture.damage?.code !== 'broken_chain' || damaged === null) return here;
  const feed = damaged.indexOf(LINE_FEED, active.bytes);
  const next = readAlone(damaged.toString('utf8', active.bytes, feed === -1 ? damaged.length : feed));
  const isFork = !('problem' in next) && next.entry.device === head.device && next.entry.seq === head.seq + 1;
  if (!isFork) return here;
  const newest = active.offsets.at(-1);
  if (newest !== undefined) return { ...here, end: newest };
  const last = closed.at(-1);
  if (last === undefined || active.gap !== undefined) return here;
  const before = await disk.read(join(folder, last.name));
  const end = before === null ? 0 : before.lastIndexOf(LINE_FEED, before.length - 2) + 1;
  return { closed: closed.slice(0, -1), name: last.name, damaged: before, end };
}

/** A folder below `set-aside/` that holds nothing yet. */
async function freeFolder(disk: Disk, folder: string, at: string): Promise<string> {
  const name = at.replaceAll(':', '-');
  for (let number = 1; ; number += 1) {
    const free = number === 1 ? name : `${name}-${number}`;
    if ((await disk.list(join(folder, 'set-aside', free))).length === 0) return free;
  }
}

/**
 * Makes room for a restore: every segment from the damage on goes to `journal/set-aside/<time>/` as it is, and the good
 * part of the damaged one is written again in its place, also the good part of an append that was damaged. The order is
 * such that a power cut in between leaves either the damage or its copy, and never less. Returns the picture of what is
 * left, and where entries may still be taken from.
 */
export async function setAside(repair: Repair): Promise<{ picture: JournalPicture; unfinished: Unfinished }> {
  const { disk, profile, picture } = repair;
  const folder = join(profile, 'journal');
  const { closed, name, damaged, end } = await findCut(repair);
  const before = headAfter(picture.head.device, closed);
  const asideName = await freeFolder(disk, folder, repair.at);
  const aside = join(folder, 'set-aside', asideName);
  await disk.makeFolder(aside);
  const earlier = await readUnfinished(disk, folder);
  const unfinished = {
    known: Math.max(
      await lastKnown(disk, folder, picture.device.device, picture.device.acknowledged),
      earlier?.known ?? 0,
    ),
    asides: [...(earlier?.asides ?? []), { folder: asideName, after: before.seq }],
  };
  await writeUnfinished(disk, folder, unfinished);
  const moved = (await listSegments(disk, folder)).filter((one) => isFromSegment(one, name));
  await writeManifest(disk, folder, { device: before.device, segments: [...closed] });
  for (const one of moved.toReversed()) {
    if (one !== name) await disk.rename(join(folder, one), join(aside, one));
  }
  if (damaged !== null) await writeWhole(disk, join(aside, name), damaged);
  await disk.syncFolder(aside);

  const good = damaged?.subarray(0, end) ?? Buffer.alloc(0);
  const reading = readSegment(good, before, Infinity);
  const last = reading.entries.at(-1);
  const lastStart = reading.offsets.at(-1) ?? 0;
  // The last entry may have been one of an append whose others are lost: its line must not say that more follows.
  const kept = last === undefined ? Buffer.alloc(0) : Buffer.concat([good.subarray(0, lastStart), lineAlone(last)]);
  if (damaged !== null) await writeWhole(disk, join(folder, name), kept);
  await disk.syncFolder(folder);

  const fresh = emptySegment(closed);
  const gap = last === undefined || reading.gap === undefined ? {} : { gap: reading.gap };
  const active = {
    ...fresh,
    ...gap,
    firstSeq: reading.entries[0]?.seq ?? fresh.firstSeq,
    bytes: kept.length,
    offsets: last === undefined ? [] : [...reading.offsets],
    hash: createHash('sha256').update(kept),
  };
  const head = last === undefined ? before : reading.head;
  return { picture: { ...picture, closed, active, head, tail: [], tornBytes: 0 }, unfinished };
}
