import { join } from 'node:path';
import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { Disk } from '../disk/disk.ts';
import { sha256 } from '../disk/sha256.ts';
import { trustedEntry } from './line.ts';
import type { ActiveSegment } from './open.ts';
import type { ClosedSegment } from './segments.ts';

/** One answer holds about this many bytes of lines at most, however many entries were asked for. */
const ANSWER_BYTES = 8_000_000;

/** Where entries stand. `lastSeq`: of the newest entry that may be read. */
export type Layout = {
  readonly closed: readonly ClosedSegment[];
  readonly active: ActiveSegment;
  readonly lastSeq: number;
};
export type ReadError = { code: 'damaged_segment'; segment: string };

export type Reader = {
  /** Entries from `fromSeq` on, oldest first and over gaps, at most `limit`; fewer only at the end or when they are large. */
  read(layout: Layout, fromSeq: number, limit: number): Promise<Result<readonly LedgerEntry[], ReadError>>;
  /** Forgets what it keeps of closed segments. */
  forget(): void;
};

/** Lines of one closed segment; empty when its bytes are not what the manifest says. */
async function readLines(disk: Disk, folder: string, segment: ClosedSegment): Promise<readonly string[]> {
  const bytes = await disk.read(join(folder, segment.name));
  if (bytes === null || bytes.length !== segment.bytes || sha256(bytes) !== segment.sha256) return [];
  return bytes
    .toString('utf8')
    .split('\n')
    .slice(segment.gap === undefined ? 0 : 1, -1);
}

/** Reads entries back. The last closed segment read is kept, because a page reads a journal from end to end. */
export function createReader(disk: Disk, folder: string): Reader {
  let kept: { name: string; sha256: string; lines: Promise<readonly string[]> } | null = null;

  function linesOf(segment: ClosedSegment): Promise<readonly string[]> {
    if (kept?.name !== segment.name || kept.sha256 !== segment.sha256) {
      kept = { name: segment.name, sha256: segment.sha256, lines: readLines(disk, folder, segment) };
    }
    return kept.lines;
  }

  async function activeLines(layout: Layout, fromSeq: number, limit: number): Promise<readonly string[]> {
    const { active, lastSeq } = layout;
    const from = fromSeq - active.firstSeq;
    const count = Math.min(limit, lastSeq - fromSeq + 1);
    const start = active.offsets[from];
    if (start === undefined || count <= 0) return [];
    const end = active.offsets[from + count] ?? active.bytes;
    const file = await disk.open(join(folder, active.name), 'read');
    try {
      return (await file.read(start, end - start)).toString('utf8').split('\n').slice(0, count);
    } finally {
      await file.close();
    }
  }

  return {
    async read(layout, fromSeq, limit) {
      const found: LedgerEntry[] = [];
      let size = 0;
      let seq = fromSeq;
      while (found.length < limit && size < ANSWER_BYTES && seq <= layout.lastSeq) {
        const from = seq;
        const segment = layout.closed.find((one) => from <= one.lastSeq);
        seq = Math.max(from, (segment ?? layout.active).firstSeq);
        const room = limit - found.length;
        const all = segment === undefined ? await activeLines(layout, seq, room) : await linesOf(segment);
        if (segment !== undefined && all.length !== segment.lastSeq - segment.firstSeq + 1) {
          kept = null;
          return err({ code: 'damaged_segment', segment: segment.name });
        }
        const first = segment === undefined ? 0 : seq - segment.firstSeq;
        if (all.length === 0) break;
        for (const line of all.slice(first, first + room)) {
          if (size >= ANSWER_BYTES) break;
          found.push(trustedEntry(line));
          size += line.length;
          seq += 1;
        }
      }
      return ok(found);
    },
    forget() {
      kept = null;
    },
  };
}

/** Whether every segment still has the bytes that were written. */
export async function isAsWritten(disk: Disk, folder: string, { closed, active }: Layout): Promise<boolean> {
  const digest = active.hash.copy().digest('hex');
  for (const segment of closed) {
    const content = await disk.read(join(folder, segment.name));
    if (content?.length !== segment.bytes || sha256(content) !== segment.sha256) return false;
  }
  const content = (active.bytes === 0 ? null : await disk.read(join(folder, active.name))) ?? Buffer.alloc(0);
  return content.length >= active.bytes && sha256(content.subarray(0, active.bytes)) === digest;
}
