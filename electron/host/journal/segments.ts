import { join } from 'node:path';
import { z } from 'zod';
import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { writeWhole, type Disk } from '../disk/disk.ts';
import { afterGap, gapSchema, readGap, type Gap } from './gap.ts';
import { openKeptText, sealKept } from '../disk/kept-file.ts';
import { headOf, readLine, type Head, type LineProblem } from './line.ts';

const LINE_FEED = 0x0a;
const SEGMENT_NAME = /^(\d{6})\.jsonl$/;

export const closedSegmentSchema = z.object({
  name: z.string().regex(SEGMENT_NAME),
  firstSeq: z.number().int().min(1),
  lastSeq: z.number().int().min(1),
  lastHash: z.string().length(64),
  bytes: z.number().int().min(1),
  sha256: z.string().length(64),
  /** Declared by its first line. */
  gap: gapSchema.exactOptional(),
});
/** A segment that is written no more. */
export type ClosedSegment = z.infer<typeof closedSegmentSchema>;

const manifestSchema = z.object({ device: z.string().min(1).max(64), segments: z.array(closedSegmentSchema) });
export type Manifest = z.infer<typeof manifestSchema>;

/** "000001.jsonl" for 1. */
export function segmentName(number: number): string {
  return `${String(number).padStart(6, '0')}.jsonl`;
}

/** 1 for "000001.jsonl". */
export function segmentNumber(name: string): number {
  return Number(SEGMENT_NAME.exec(name)?.[1] ?? 0);
}

/** Names of the segments in a journal's folder, in order. */
export async function listSegments(disk: Disk, folder: string): Promise<readonly string[]> {
  return (await disk.list(folder)).filter((name) => SEGMENT_NAME.test(name));
}

function isGapless(segments: readonly ClosedSegment[]): boolean {
  return segments.every((segment, index) => {
    const next = (segments[index - 1]?.lastSeq ?? 0) + 1;
    return (
      segment.name === segmentName(index + 1) &&
      (segment.gap?.from ?? next) === next &&
      segment.firstSeq === (segment.gap === undefined ? next : segment.gap.to + 1) &&
      segment.lastSeq >= segment.firstSeq
    );
  });
}

/**
 * The list of closed segments; null when there is none that is as it was written. It has no second copy, for it can be
 * made again from the segments.
 */
export async function readManifest(disk: Disk, folder: string): Promise<Manifest | null> {
  const bytes = await disk.read(join(folder, 'manifest.json'));
  const parsed = manifestSchema.safeParse(openKeptText(bytes?.toString('utf8') ?? '')?.content);
  return parsed.success && isGapless(parsed.data.segments) ? parsed.data : null;
}

export async function writeManifest(disk: Disk, folder: string, manifest: Manifest): Promise<void> {
  const envelope = {
    file: 'manifest',
    device: manifest.device,
    generation: manifest.segments.length,
    content: manifest,
  };
  await writeWhole(disk, join(folder, 'manifest.json'), sealKept(envelope));
}

/** What one segment holds. `offsets` has the first byte of every good line, `end` the byte after the last of them. */
export type SegmentReading = {
  readonly entries: readonly LedgerEntry[];
  /** Declared by the first line. */
  readonly gap?: Gap;
  readonly offsets: readonly number[];
  readonly end: number;
  readonly head: Head;
  readonly problem?: LineProblem;
  /** Bytes after `end` that a crash left half written. */
  readonly torn: number;
};

/** The gap that the first line declares, if it is one that continues `head`, and the byte after it. */
function leadingGap(bytes: Buffer, head: Head): { gap: Gap; end: number } | null {
  const feed = bytes.indexOf(LINE_FEED);
  const read = feed === -1 ? null : readGap(bytes.toString('utf8', 0, feed));
  if (read === null || read.device !== head.device || read.from !== head.seq + 1 || read.before !== head.hash)
    return null;
  const { device: _device, ...gap } = read;
  return { gap, end: feed + 1 };
}

/**
 * Reads a segment line by line from the entry after `head` on, checking JSON, schema, version, hash and chain, and stops
 * at the first bad line. Beyond what was surely acknowledged (`acknowledged`; Infinity where nothing can be torn) a crash
 * may have torn the last write: a last line that does not end or is no JSON, and an append of several entries that is not
 * all there, are counted as `torn` and not as damage. What was acknowledged is kept up to the damage, whichever append it
 * was part of.
 */
export function readSegment(bytes: Buffer, head: Head, acknowledged: number): SegmentReading {
  const entries: LedgerEntry[] = [];
  const offsets: number[] = [];
  const leading = leadingGap(bytes, head);
  const gap = leading === null ? {} : { gap: leading.gap };
  let at = leading?.end ?? 0;
  let now = leading === null ? head : afterGap(head, leading.gap);
  /** Entries, bytes and head up to the last append that is all there. */
  let settled = { count: 0, end: at, head: now };
  let problem: LineProblem | undefined;
  while (at < bytes.length) {
    const feed = bytes.indexOf(LINE_FEED, at);
    const next = feed === -1 ? bytes.length : feed + 1;
    const reading = feed === -1 ? ({ problem: 'bad_line' } as const) : readLine(bytes.toString('utf8', at, feed), now);
    if ('problem' in reading) {
      const isTorn = now.seq >= acknowledged && reading.problem === 'bad_line' && next === bytes.length;
      if (!isTorn) problem = reading.problem;
      break;
    }
    entries.push(reading.entry);
    offsets.push(at);
    at = next;
    now = headOf(reading.entry);
    if (!reading.more) settled = { count: entries.length, end: at, head: now };
  }
  if (settled.end < bytes.length && settled.head.seq < acknowledged) problem ??= 'bad_line';
  if (problem !== undefined) return { entries, ...gap, offsets, end: at, head: now, problem, torn: 0 };
  return {
    entries: entries.slice(0, settled.count),
    ...gap,
    offsets: offsets.slice(0, settled.count),
    end: settled.end,
    head: settled.head,
    torn: bytes.length - settled.end,
  };
}
