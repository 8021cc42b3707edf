import { createHash, type Hash } from 'node:crypto';
import { join } from 'node:path';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { HostError } from '../../shared/ports/host.ts';
import { isDiskFull, type Disk, type DiskFile } from './disk.ts';
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
  /** Removes drafts that were never sealed and snapshots that nobody may ask for any more. */
  tidy(keep: ReadonlySet<string>): Promise<void>;
  close(): Promise<void>;
};

/** Opens `catalogue/` in the profile. */
export async function openCatalogueFiles(disk: Disk, profile: string, randomId: () => string): Promise<CatalogueFiles> {
  const folder = join(profile, 'catalogue');
  await disk.makeFolder(folder);
  const inTurn = createTurns();
  const drafts = new Map<string, Draft>();
  const verified = new Set<string>();
  const sealed = new Set((await disk.list(folder)).flatMap((name) => SEALED_NAME.exec(name)?.[1] ?? []));

  function refused(problem: unknown): { ok: false; error: HostError } {
    return err(isDiskFull(problem) ? { code: 'disk_full' } : { code: 'host_failed' });
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
    return ok({ sha256, rows: draft.rows });
  }

  /** Whether the file's bytes are what its name says; read once a start. */
  async function isGenuine(file: DiskFile, sha256: string): Promise<boolean> {
    if (verified.has(sha256)) return true;
    const hash = createHash('sha256');
    for (let at = 0; ;) {
      const bytes = await file.read(at, CHUNK_BYTES);
      if (bytes.length === 0) break;
      hash.update(bytes);
      at += bytes.length;
    }
    if (hash.digest('hex') !== sha256) return false;
    verified.add(sha256);
    return true;
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
    const path = join(folder, `${sha256}.jsonl`);
    const size = await disk.size(path);
    if (size === null) return err({ code: 'not_found', what: 'catalogue file' });
    if (offset > size) return err({ code: 'bad_request', reason: 'offset is behind the end' });
    const file = await disk.open(path);
    try {
      return (await isGenuine(file, sha256))
        ? ok(await readLines(file, offset))
        : err({ code: 'damaged_file', sha256 });
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
    async tidy(keep) {
      for (const name of await disk.list(folder)) {
        const sha256 = SEALED_NAME.exec(name)?.[1];
        if (sha256 !== undefined && keep.has(sha256)) continue;
        await disk.remove(join(folder, name)).catch(() => undefined);
        if (sha256 !== undefined) sealed.delete(sha256);
      }
    },
    async close() {
      for (const [id, draft] of drafts) await drop(id, draft);
    },
  };
}
