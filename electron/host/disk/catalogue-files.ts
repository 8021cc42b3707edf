import { createHash, type Hash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { HostError, Mended } from '../../../shared/ports/host.ts';
import { diskRefusal, type Disk, type DiskFile } from './disk.ts';
import { createTurns } from './turns.ts';

const CHUNK_BYTES = 4_000_000;
const LARGEST_FILE_BYTES = 1_000_000_000;
const OPEN_DRAFTS = 4;
const LINE_FEED = 0x0a;
const SEALED_NAME = /^([0-9a-f]{64})\.jsonl$/;

type Draft = { file: DiskFile; path: string; hash: Hash; bytes: number; rows: number; isFailed: boolean };
type Outcome<Value> = Promise<Result<Value, HostError>>;

/** Whole snapshots of items and bins, a file each, named by their content. See the host's contract for each call. */
export type CatalogueFiles = {
  begin(): Outcome<{ file: string }>;
  append(file: string, lines: string, rows: number): Outcome<Record<string, never>>;
  seal(file: string): Outcome<{ sha256: string; rows: number }>;
  discard(file: string): Outcome<Record<string, never>>;
  read(sha256: string, offset: number): Outcome<{ lines: string; next?: number }>;
  has(sha256: string): boolean;
  /** Whether there is any. */
  any(): boolean;
  /** Removes drafts that were never sealed and snapshots that nobody may ask for any more. */
  tidy(keep: ReadonlySet<string>): Promise<void>;
  close(): Promise<void>;
};

/** SHA-256 of a file's bytes; null when it is not there or cannot be read. */
async function digestOf(disk: Disk, path: string): Promise<string | null> {
  if ((await disk.size(path)) === null) return null;
  const file = await disk.open(path, 'read');
  try {
    const hash = createHash('sha256');
    for (let at = 0; ;) {
      const bytes = await file.read(at, CHUNK_BYTES);
      if (bytes.length === 0) return hash.digest('hex');
      hash.update(bytes);
      at += bytes.length;
    }
  } catch {
    return null;
  } finally {
    await file.close();
  }
}

/** Copies a file as a whole: after a power cut the copy is there or it is not. */
async function copyWhole(disk: Disk, from: string, to: string): Promise<void> {
  const source = await disk.open(from, 'read');
  try {
    const draft = await disk.open(`${to}.tmp`);
    try {
      await draft.truncate(0);
      for (let at = 0; ;) {
        const bytes = await source.read(at, CHUNK_BYTES);
        if (bytes.length === 0) break;
        await draft.write(bytes, at);
        at += bytes.length;
      }
      await draft.datasync();
    } finally {
      await draft.close();
    }
  } finally {
    await source.close();
  }
  await disk.rename(`${to}.tmp`, to);
  await disk.syncFolder(dirname(to));
}

/**
 * Opens `catalogue/` in the profile, and `catalogue-copy/` with a second copy of each file. Whichever copy is not what its
 * name says is written again from the other when the file is first read after a start. One closure: each call is a few lines over the same drafts and names.
 */
export async function openCatalogueFiles(
  disk: Disk,
  profile: string,
  randomId: () => string,
  onMended: (mended: Mended) => void = () => undefined,
): Promise<CatalogueFiles> {
  const folder = join(profile, 'catalogue');
  const copies = join(profile, 'catalogue-copy');
  /** Earlier versions kept no copies: those are made without a word. */
  const isCopiedFirst = (await disk.size(copies)) === null;
  await disk.makeFolder(folder);
  await disk.makeFolder(copies);
  const inTurn = createTurns();
  const drafts = new Map<string, Draft>();
  /** By name: the copy that was looked at and is good. */
  const verified = new Map<string, string>();
  const names = [...(await disk.list(folder)), ...(await disk.list(copies))];
  const sealed = new Set(names.flatMap((name) => SEALED_NAME.exec(name)?.[1] ?? []));

  function refused(problem: unknown): { ok: false; error: HostError } {
    return err(diskRefusal(problem));
  }

  function pathsOf(sha256: string): readonly [string, string] {
    return [join(folder, `${sha256}.jsonl`), join(copies, `${sha256}.jsonl`)];
  }

  /** A copy whose bytes are what its name says, once both are if the disk lets us; null when neither is. */
  async function goodCopy(sha256: string): Promise<string | null> {
    const known = verified.get(sha256);
    if (known !== undefined) return known;
    const paths = pathsOf(sha256);
    const digests = [await digestOf(disk, paths[0]), await digestOf(disk, paths[1])];
    const good = paths.find((_, index) => digests[index] === sha256);
    if (good === undefined) {
      if (sealed.has(sha256)) onMended({ file: 'catalogue', what: 'lost' });
      return null;
    }
    for (const [index, path] of paths.entries()) {
      if (digests[index] === sha256) continue;
      if (!(isCopiedFirst && index === 1)) onMended({ file: 'catalogue', what: 'healed' });
      await copyWhole(disk, good, path).catch(() => undefined);
    }
    verified.set(sha256, good);
    return good;
  }

  async function drop(id: string, draft: Draft): Promise<void> {
    drafts.delete(id);
    await draft.file.close().catch(() => undefined);
    await disk.remove(draft.path).catch(() => undefined);
  }

  async function begin(): Outcome<{ file: string }> {
    if (drafts.size >= OPEN_DRAFTS) return err({ code: 'busy' });
    const id = randomId();
    const path = join(folder, `draft-${id}.tmp`);
    try {
      drafts.set(id, {
        file: await disk.open(path),
        path,
        hash: createHash('sha256'),
        bytes: 0,
        rows: 0,
        isFailed: false,
      });
    } catch (problem) {
      return refused(problem);
    }
    return ok({ file: id });
  }

  async function append(id: string, lines: string, rows: number): Outcome<Record<string, never>> {
    const draft = drafts.get(id);
    if (draft === undefined) return err({ code: 'not_found', what: 'catalogue file' });
    const bytes = Buffer.from(lines);
    let feeds = 0;
    for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) feeds += 1;
    if (feeds !== rows || (bytes.length > 0 && bytes.at(-1) !== LINE_FEED))
      return err({ code: 'bad_request', reason: 'rows are not whole lines' });
    if (draft.isFailed) return err({ code: 'bad_request', reason: 'an earlier piece could not be written' });
    if (draft.bytes + bytes.length > LARGEST_FILE_BYTES)
      return err({ code: 'bad_request', reason: 'the file is too large' });
    try {
      await draft.file.write(bytes, draft.bytes);
    } catch (problem) {
      draft.isFailed = true;
      return refused(problem);
    }
    draft.hash.update(bytes);
    draft.bytes += bytes.length;
    draft.rows += rows;
    return ok({});
  }

  async function seal(id: string): Outcome<{ sha256: string; rows: number }> {
    const draft = drafts.get(id);
    if (draft === undefined || draft.isFailed) return err({ code: 'not_found', what: 'catalogue file' });
    const sha256 = draft.hash.digest('hex');
    try {
      await draft.file.datasync();
      await draft.file.close();
      await disk.rename(draft.path, join(folder, `${sha256}.jsonl`));
      await disk.syncFolder(folder);
    } catch (problem) {
      await drop(id, draft);
      return refused(problem);
    }
    drafts.delete(id);
    sealed.add(sha256);
    verified.delete(sha256);
    // A copy that cannot be made now is made when the file is first read after a start.
    await copyWhole(disk, ...pathsOf(sha256)).catch(() => undefined);
    return ok({ sha256, rows: draft.rows });
  }

  async function readLines(file: DiskFile, offset: number): Promise<{ lines: string; next?: number }> {
    const size = await file.size();
    for (let length = CHUNK_BYTES; ; length *= 2) {
      const bytes = await file.read(offset, length);
      const end = offset + bytes.length >= size ? bytes.length : bytes.lastIndexOf(LINE_FEED) + 1;
      if (end === 0 && bytes.length > 0) continue;
      const next = offset + end;
      return { lines: bytes.toString('utf8', 0, end), ...(next < size ? { next } : {}) };
    }
  }

  async function read(sha256: string, offset: number): Outcome<{ lines: string; next?: number }> {
    if (!sealed.has(sha256)) return err({ code: 'not_found', what: 'catalogue file' });
    const path = await inTurn(() => goodCopy(sha256));
    if (path === null) return err({ code: 'damaged_file', sha256 });
    const file = await disk.open(path, 'read');
    try {
      if (offset > (await file.size())) return err({ code: 'bad_request', reason: 'offset is behind the end' });
      return ok(await readLines(file, offset));
    } finally {
      await file.close();
    }
  }

  return {
    begin: () => inTurn(begin),
    append: (id, lines, rows) => inTurn(() => append(id, lines, rows)),
    seal: (id) => inTurn(() => seal(id)),
    discard: (id) =>
      inTurn(async () => {
        const draft = drafts.get(id);
        if (draft !== undefined) await drop(id, draft);
        return ok({});
      }),
    read,
    has: (sha256) => sealed.has(sha256),
    any: () => sealed.size > 0,
    async tidy(keep) {
      for (const place of [folder, copies]) {
        for (const name of await disk.list(place)) {
          const sha256 = SEALED_NAME.exec(name)?.[1];
          if (sha256 !== undefined && keep.has(sha256)) continue;
          await disk.remove(join(place, name)).catch(() => undefined);
          if (sha256 !== undefined) sealed.delete(sha256);
        }
      }
    },
    async close() {
      for (const [id, draft] of drafts) await drop(id, draft);
    },
  };
}
