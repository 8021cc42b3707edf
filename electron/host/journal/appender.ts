import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import { diskError, type Disk, type DiskError, type DiskFile } from '../disk/disk.ts';
import { afterGap, type SealedGap } from './gap.ts';
import { headOf, type Head, type SealedLine } from './line.ts';
import { emptySegment, type ActiveSegment } from './open.ts';
import { writeManifest, type ClosedSegment } from './segments.ts';

export type AppendError = DiskError;

type Waiting = {
  lines: readonly SealedLine[];
  written: () => void;
  answer: (result: Result<readonly LedgerEntry[], AppendError>) => void;
};

export type Appender = {
  /** The newest entry given a place, durable or still on its way: what the next one chains to. */
  sealedHead(): Head;
  /** The newest entry that survives a power cut. */
  durableHead(): Head;
  closed(): readonly ClosedSegment[];
  active(): ActiveSegment;
  /**
   * Answers once the lines are synced to disk. They must continue `sealedHead()`. `written` is called before, once the
   * system has them: they survive the end of this process then, but no power cut, and may still be taken back.
   */
  append(lines: readonly SealedLine[], written?: () => void): Promise<Result<readonly LedgerEntry[], AppendError>>;
  /** Declares a gap after the newest entry, as the first line of a segment, and answers once it is synced. */
  declare(sealed: SealedGap): Promise<Result<null, AppendError>>;
  /** Once nothing is on its way. */
  idle(): Promise<void>;
  close(): Promise<void>;
};

type AppenderOptions = {
  disk: Disk;
  folder: string;
  segmentBytes: number;
  closed: readonly ClosedSegment[];
  active: ActiveSegment;
  head: Head;
  /** Bytes of a torn last line lie behind the good part. */
  isTorn: boolean;
  /** The disk refused: what was sealed but not yet synced is taken back, before anything new is sealed. */
  onTakenBack: () => void;
  /** Called before a sequence is written; throws when the disk refuses. */
  reserve: (seq: number) => Promise<void>;
  /** A commit is durable; `rolled` when it closed a segment. */
  onCommitted: (rolled: boolean, entries: readonly LedgerEntry[]) => Promise<void>;
};

/**
 * Writes lines to the newest segment. Whatever is queued while a sync is under way shares the next write and sync
 * (group commit). After any refusal the file is not trusted: it is opened again, its good part is read back and
 * compared, and the rest is cut off before another line is accepted; a sync that failed once may never be tried again
 * on the same pages, since the system may have dropped them. One closure: what is queued, what is written and what is trusted of the file
 * may only ever change together.
 */
export function createAppender(options: AppenderOptions): Appender {
  const { disk, folder, segmentBytes } = options;
  let closed = options.closed;
  let active = options.active;
  let durable = options.head;
  let sealed = options.head;
  let file: DiskFile | null = null;
  let waiting: Waiting[] = [];
  let running: Promise<void> | null = null;
  let isSuspect = options.isTorn;

  async function letGo(): Promise<void> {
    const old = file;
    file = null;
    await old?.close().catch(() => undefined);
  }

  /** The newest segment's file, with exactly its good part in it. */
  async function trustedFile(): Promise<DiskFile> {
    if (file !== null && !isSuspect) return file;
    await letGo();
    const opened = await disk.open(join(folder, active.name));
    file = opened;
    if (isSuspect) {
      const size = await opened.size();
      const good = await opened.read(0, active.bytes);
      if (createHash('sha256').update(good).digest('hex') !== active.hash.copy().digest('hex'))
        throw new Error('tail_changed');
      if (size !== active.bytes) await opened.truncate(active.bytes);
      await opened.datasync();
    }
    await disk.syncFolder(folder);
    isSuspect = false;
    return opened;
  }

  /** Closes a full segment. When the disk refuses, the segment simply stays open and grows. */
  async function roll(): Promise<boolean> {
    const { name, firstSeq, bytes, hash, gap } = active;
    const last = {
      name,
      firstSeq,
      lastSeq: durable.seq,
      lastHash: durable.hash,
      bytes,
      sha256: hash.copy().digest('hex'),
      ...(gap === undefined ? {} : { gap }),
    };
    try {
      await letGo();
      await writeManifest(disk, folder, { device: durable.device, segments: [...closed, last] });
    } catch {
      return false;
    }
    closed = [...closed, last];
    active = emptySegment(closed);
    return true;
  }

  async function commit(group: readonly Waiting[]): Promise<void> {
    const lines = group.flatMap((one) => one.lines);
    const bytes = Buffer.concat(lines.map(({ line }) => line));
    const newest = lines.at(-1);
    await options.reserve(newest?.entry.seq ?? 0);
    const target = await trustedFile();
    await target.write(bytes, active.bytes);
    for (const { written } of group) written();
    await target.datasync();
    let end = active.bytes;
    for (const { line } of lines) {
      active.offsets.push(end);
      end += line.length;
    }
    active = { ...active, bytes: end, hash: active.hash.update(bytes) };
    if (newest !== undefined) durable = headOf(newest.entry);
  }

  function takeBack(group: readonly Waiting[], problem: unknown): void {
    isSuspect = true;
    const refused = [...group, ...waiting];
    waiting = [];
    sealed = durable;
    options.onTakenBack();
    const error = diskError(problem);
    for (const { answer } of refused) answer(err(error));
  }

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        await commit(group);
      } catch (problem) {
        takeBack(group, problem);
        // Cut the partial line off now if the disk lets us; the next append tries again otherwise.
        await trustedFile().catch(() => undefined);
        continue;
      }
      for (const { lines, answer } of group) answer(ok(lines.map(({ entry }) => entry)));
      const entries = group.flatMap(({ lines }) => lines.map(({ entry }) => entry));
      await options.onCommitted(active.bytes >= segmentBytes && (await roll()), entries).catch(() => undefined);
    }
    running = null;
  }

  async function idle(): Promise<void> {
    if (running === null) return;
    await running;
    await idle();
  }

  return {
    sealedHead: () => sealed,
    durableHead: () => durable,
    closed: () => closed,
    active: () => active,
    append(lines, written = () => undefined) {
      const newest = lines.at(-1);
      if (newest === undefined) return Promise.resolve(ok([]));
      sealed = headOf(newest.entry);
      return new Promise((answer) => {
        waiting.push({ lines, written, answer });
        running ??= run();
      });
    },
    async declare({ gap, line }) {
      await idle();
      try {
        await options.reserve(gap.to);
        if (active.bytes > 0 && !(await roll())) throw new Error('not_rolled');
        const target = await trustedFile();
        await target.write(line, 0);
        await target.datasync();
      } catch (problem) {
        isSuspect = true;
        return err(diskError(problem));
      }
      active = { ...active, firstSeq: gap.to + 1, gap, bytes: line.length, hash: active.hash.update(line) };
      durable = afterGap(durable, gap);
      sealed = durable;
      return ok(null);
    },
    idle,
    async close() {
      await idle();
      await letGo();
    },
  };
}
