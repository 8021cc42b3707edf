import { createHash, type Hash } from 'node:crypto';
import { join } from 'node:path';
import { LEDGER_VERSION, type LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import type { JournalStatus } from '../../../shared/ports/host.ts';
import type { Disk } from '../disk/disk.ts';
import type { Gap } from './gap.ts';
import { newDevice, type DeviceFile } from './device.ts';
import type { KeptFile } from '../disk/kept-file.ts';
import { sha256 } from '../disk/sha256.ts';
import { firstHead, readAlone, type Head } from './line.ts';
import {
  listSegments,
  readManifest,
  readSegment,
  segmentName,
  segmentNumber,
  type ClosedSegment,
  type SegmentReading,
} from './segments.ts';
import { readUnfinished } from './unfinished.ts';

export type Damage = NonNullable<JournalStatus['damage']>;

/** The segment that is written now. `hash` runs over its first `bytes` bytes. */
export type ActiveSegment = {
  readonly name: string;
  readonly firstSeq: number;
  /** Declared by its first line. */
  readonly gap?: Gap;
  readonly bytes: number;
  /** First byte of each line; grows in place, since copying it with every commit would cost the square of its length. */
  readonly offsets: number[];
  readonly hash: Hash;
};

/** What stands on disk. `stale`: the manifest or device file must be written again. */
export type JournalPicture = {
  readonly device: DeviceFile;
  readonly closed: readonly ClosedSegment[];
  readonly active: ActiveSegment;
  readonly head: Head;
  readonly tail: readonly LedgerEntry[];
  readonly tornBytes: number;
  readonly state: JournalStatus['state'];
  readonly damage?: Damage;
  readonly stale: boolean;
  /** The device file was not the one that belongs to these entries. */
  readonly isForeignDevice: boolean;
  /** The list of segments was missing, or not what it should be, and is made again. */
  readonly isListMended?: boolean;
  /** What somebody gave back and is not believed. */
  readonly unproven?: JournalStatus['unproven'];
  /** What somebody gave back and is believed though nothing proves it. */
  readonly onTrust?: JournalStatus['onTrust'];
};

/** An empty segment after the closed ones. */
export function emptySegment(closed: readonly ClosedSegment[]): ActiveSegment {
  const last = closed.at(-1);
  const firstSeq = (last?.lastSeq ?? 0) + 1;
  return { name: segmentName(closed.length + 1), firstSeq, bytes: 0, offsets: [], hash: createHash('sha256') };
}

/** A segment as read: its good part. */
export function activeFrom(fresh: ActiveSegment, bytes: Buffer, reading: SegmentReading): ActiveSegment {
  const hash = createHash('sha256').update(bytes.subarray(0, reading.end));
  return { ...fresh, ...startOf(fresh.firstSeq, reading), bytes: reading.end, offsets: [...reading.offsets], hash };
}

function startOf(next: number, { gap }: SegmentReading): { firstSeq: number; gap?: Gap } {
  return gap === undefined ? { firstSeq: next } : { firstSeq: gap.to + 1, gap };
}

type Chain = Pick<JournalPicture, 'closed' | 'active' | 'head' | 'tail' | 'tornBytes'> & { damage?: Damage };

/** The head after the closed segments. */
export function headAfter(device: string, closed: readonly ClosedSegment[]): Head {
  const last = closed.at(-1);
  return last === undefined ? firstHead(device) : { device, seq: last.lastSeq, hash: last.lastHash };
}

/** Whose journal it is, and a sequence that was surely acknowledged. */
type Known = { device: string; acknowledged: number };

/** Presence and size of the closed segments, then every line of the newest; null when anything at all is not as expected. */
async function readQuickly(disk: Disk, folder: string, known: Known): Promise<Chain | null> {
  const { device } = known;
  const names = await listSegments(disk, folder);
  const manifest = (await readManifest(disk, folder)) ?? (names.length <= 1 ? { device, segments: [] } : null);
  if (manifest === null || manifest.device !== device) return null;
  const closed = manifest.segments;
  for (const segment of closed) if ((await disk.size(join(folder, segment.name))) !== segment.bytes) return null;
  const head = headAfter(device, closed);
  const fresh = emptySegment(closed);
  if (names.length === closed.length) return { closed, active: fresh, head, tail: [], tornBytes: 0 };
  if (names.length !== closed.length + 1 || names.at(-1) !== fresh.name) return null;
  const bytes = (await disk.read(join(folder, fresh.name))) ?? Buffer.alloc(0);
  const reading = readSegment(bytes, head, known.acknowledged);
  if (reading.problem !== undefined) return null;
  const active = activeFrom(fresh, bytes, reading);
  return { closed, active, head: reading.head, tail: reading.entries, tornBytes: reading.torn };
}

/** Every line of every segment, up to the first that cannot be trusted. Slow, and the last word on what is damaged. */
export async function readThoroughly(disk: Disk, folder: string, { device, acknowledged }: Known): Promise<Chain> {
  const names = await listSegments(disk, folder);
  const closed: ClosedSegment[] = [];
  let head = firstHead(device);
  let tornBytes = 0;
  for (const [index, name] of names.entries()) {
    const fresh = emptySegment(closed);
    if (name !== fresh.name) {
      return {
        closed,
        active: fresh,
        head,
        tail: [],
        tornBytes,
        damage: { fromSeq: head.seq + 1, segment: fresh.name, code: 'missing_segment' },
      };
    }
    const bytes = (await disk.read(join(folder, name))) ?? Buffer.alloc(0);
    const isLast = index === names.length - 1;
    const reading = readSegment(bytes, head, isLast ? acknowledged : Infinity);
    head = reading.head;
    const isEmpty = !isLast && reading.entries.length === 0;
    const code = reading.problem ?? (isEmpty ? 'missing_segment' : undefined);
    if (code !== undefined || isLast) {
      tornBytes = reading.torn;
      const active = activeFrom(fresh, bytes, reading);
      const damage: { damage?: Damage } =
        code === undefined ? {} : { damage: { fromSeq: head.seq + 1, segment: name, code } };
      return { closed, active, head, tail: reading.entries, tornBytes, ...damage };
    }
    const { firstSeq, ...gap } = startOf(fresh.firstSeq, reading);
    closed.push({
      name,
      firstSeq,
      lastSeq: head.seq,
      lastHash: head.hash,
      bytes: bytes.length,
      sha256: sha256(bytes),
      ...gap,
    });
  }
  return { closed, active: emptySegment(closed), head, tail: [], tornBytes };
}

const FIRST_BYTES = 65_536;
const LONGEST_LINE = 4_000_000;

/** The first line of a journal, without its line feed; '' when there is none. */
async function firstLine(disk: Disk, folder: string): Promise<string> {
  const [first] = await listSegments(disk, folder);
  if (first === undefined) return '';
  const file = await disk.open(join(folder, first), 'read');
  try {
    for (let length = FIRST_BYTES; ; length *= 4) {
      const bytes = await file.read(0, length);
      const feed = bytes.indexOf('\n');
      if (feed !== -1 || bytes.length < length || length > LONGEST_LINE)
        return bytes.toString('utf8', 0, feed === -1 ? bytes.length : feed);
    }
  } finally {
    await file.close();
  }
}

/** The device that wrote the first entry: `surely` when that entry is what its own hash says. */
async function deviceOfFirstEntry(disk: Disk, folder: string): Promise<{ device: string; surely: boolean } | null> {
  const line = await firstLine(disk, folder);
  const reading = readAlone(line);
  if ('entry' in reading) return { device: reading.entry.device, surely: true };
  const match = /"device":"([^"\\]{1,64})"/.exec(line);
  return match?.[1] === undefined ? null : { device: match[1], surely: false };
}

type Fresh = { device: string; createdAt: string };

/** What is remembered of the journal outside of it: whose it is, and a sequence that was surely acknowledged. */
type Remembered = { readonly device: string | undefined; readonly seq: number };

/** Since this version small files have a checksum: one without, beside entries of it, is not what was written. */
const CHECKED_SINCE = 3;

/**
 * Whose journal it is, and how far it had come. Entries name their device themselves: a device file that names another was
 * not written for them, unless what is remembered of the journal names that other one, too: then the entries are another
 * laptop's, and damage. `isSure`: the file is as it was written.
 */
async function whoseJournal(
  disk: Disk,
  folder: string,
  kept: DeviceFile | null,
  fresh: Fresh,
  remembered: Remembered,
): Promise<{ device: DeviceFile; isSure: boolean; isForeign: boolean }> {
  const named = await deviceOfFirstEntry(disk, folder);
  const isOther = kept !== null && named !== null && named.surely && named.device !== kept.device;
  const isForeign = isOther && remembered.device !== kept.device;
  if (kept !== null && !isForeign) return { device: kept, isSure: true, isForeign };
  return { device: newDevice(named?.device ?? fresh.device, fresh.createdAt), isSure: false, isForeign };
}

/**
 * Finds out what journal stands in a profile, without changing anything. A whole one opens fast: closed segments are
 * looked at by size, only the newest is read. Anything odd makes every line be read.
 */
export async function pictureJournal(
  disk: Disk,
  profile: string,
  kept: Pick<KeptFile<DeviceFile>, 'content' | 'found'>,
  fresh: Fresh,
  remembered: Remembered,
): Promise<JournalPicture> {
  const folder = join(profile, 'journal');
  const { device, isSure, isForeign } = await whoseJournal(disk, folder, kept.content(), fresh, remembered);
  const isUnfinished = (await readUnfinished(disk, folder)) !== null;
  const quick = isUnfinished ? null : await readQuickly(disk, folder, device);
  const chain = quick ?? (await readThoroughly(disk, folder, device));
  const known = await lastKnown(disk, folder, device.device, Math.max(device.acknowledged, remembered.seq));
  const seq = chain.head.seq;
  const isBare = kept.found === 'bare';
  const isDoubtful = isForeign || (isBare && chain.tail.some(({ v }) => v >= CHECKED_SINCE));
  const base = { device, ...chain, stale: quick === null || !isSure || isBare, isForeignDevice: isDoubtful };
  const listed = quick === null && !isBare ? await readManifest(disk, folder) : null;
  const isListMended =
    quick === null && !isBare && JSON.stringify(listed?.segments ?? []) !== JSON.stringify(chain.closed);
  if (device.v > LEDGER_VERSION) {
    return { ...base, state: 'damaged', damage: { fromSeq: 1, segment: 'device.json', code: 'newer_version' } };
  }
  if (chain.damage !== undefined) return { ...base, state: 'damaged' };
  if (known > 0 && seq === 0) return { ...base, state: 'missing' };
  if (known > seq)
    return {
      ...base,
      state: 'damaged',
      damage: { fromSeq: seq + 1, segment: chain.active.name, code: 'missing_segment' },
    };
  if (isUnfinished)
    return {
      ...base,
      state: 'damaged',
      damage: { fromSeq: seq + 1, segment: chain.active.name, code: 'missing_segment' },
    };
  return { ...base, isListMended, state: seq === 0 ? 'new' : 'whole' };
}

/** The closed segments that the journal's list names; none where the list is another device's. */
export async function closedOf(disk: Disk, folder: string, device: string): Promise<readonly ClosedSegment[]> {
  const manifest = await readManifest(disk, folder);
  return manifest?.device === device ? manifest.segments : [];
}

/** The highest sequence that is known to have been acknowledged, whatever the segments say. */
export async function lastKnown(disk: Disk, folder: string, device: string, acknowledged: number): Promise<number> {
  return Math.max(acknowledged, (await closedOf(disk, folder, device)).at(-1)?.lastSeq ?? 0);
}

/** The number after which a segment's file is set aside: those at or after the damage. */
export function isFromSegment(name: string, first: string): boolean {
  return segmentNumber(name) > 0 && segmentNumber(name) >= segmentNumber(first);
}
