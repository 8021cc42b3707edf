import { rm } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { z } from 'zod';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { HostError } from '../../../shared/ports/host.ts';
import { systemCode, writeWhole, type Disk } from '../disk/disk.ts';
import { sha256 } from '../disk/sha256.ts';
import { firstHead, type Head } from '../journal/line.ts';
import { listSegments, readSegment } from '../journal/segments.ts';

/** The list in a copy, written last: without it a folder is no copy. Paths are relative, with "/". */
const listSchema = z.object({
  v: z.literal(1),
  madeAt: z.iso.datetime(),
  laptop: z.string().max(80),
  device: z.string().min(1).max(64),
  seq: z.number().int().min(0),
  hash: z.string().length(64),
  /** Made by itself, every day. */
  daily: z.literal(true).exactOptional(),
  files: z.array(
    z.object({
      path: z.string().regex(/^(?!.*\.\.)[\w.-]+(\/[\w.-]+){0,2}$/),
      bytes: z.number().int(),
      sha256: z.string(),
    }),
  ),
});
export type CopyList = z.infer<typeof listSchema>;

/** What a copy holds, read from the entries in it. */
export type CopyFacts = {
  readonly laptop: string;
  readonly madeAt: string;
  readonly entries: number;
  /** When the newest entry was made; absent without one. */
  readonly newestAt?: string;
  readonly people: readonly string[];
  readonly stocktakes: readonly string[];
};

const LIST = 'copy.json';
/** What a profile keeps beside its journal. Secrets stay: they are sealed for this laptop, and are asked for again. */
const BESIDE = ['catalogue', 'catalogue-copy', 'authority'];
const SMALL = /^(people|device|heads)(\.copy)?\.json$/;
/** Small files that belong to the laptop that a copy is brought to, and not to the one that goes on there. */
const OWN = /^(people|keys|device|heads|vault|restoring|dispute|daily-copy|laptop|exchange)(\.copy)?\.json$/;

type Reading = {
  head: Head;
  entries: number;
  newestAt: string | undefined;
  people: Map<string, string>;
  stocktakes: string[];
};

async function readJson(disk: Disk, path: string): Promise<unknown> {
  try {
    return JSON.parse((await disk.read(path))?.toString('utf8') ?? '');
  } catch {
    return undefined;
  }
}

/** The list of a folder; null: it is no copy. */
export async function readList(disk: Disk, folder: string): Promise<CopyList | null> {
  const parsed = listSchema.safeParse(await readJson(disk, join(folder, LIST)));
  return parsed.success ? parsed.data : null;
}

/** What the folder of a copy is called. */
export function copyName({ laptop, madeAt }: Pick<CopyList, 'laptop' | 'madeAt'>): string {
  return `tallybook-${laptop.replace(/[^\w-]+/g, '-')}-${madeAt.replace(/[:.]/g, '-')}`;
}

/** The first file that is not as the list says; null: each is. */
async function firstUnlike(disk: Disk, folder: string, { files }: CopyList): Promise<string | null> {
  for (const { path, bytes, sha256: wanted } of files) {
    const found = await disk.read(join(folder, path));
    if (found?.length !== bytes || sha256(found) !== wanted) return path;
  }
  return null;
}

/** The folders that a path of a copy lies in: "chains" and "chains/a" for "chains/a/b". */
function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}

/** Whether a folder holds a copy as it was when it was read back, and, where that is asked for, nothing else. */
export async function isAsListed(disk: Disk, folder: string, list: CopyList, only?: 'nothing else'): Promise<boolean> {
  if ((await firstUnlike(disk, folder, list)) !== null) return false;
  if (only === undefined) return true;
  const paths = new Set([LIST, ...list.files.map(({ path }) => path)]);
  const folders = new Set(list.files.flatMap(({ path }) => foldersOf(path)));
  const found = await Promise.all(
    ['', ...folders].map(async (name) => (await disk.list(join(folder, name))).map((file) => posix.join(name, file))),
  );
  return found.flat().every((path) => paths.has(path) || folders.has(path));
}

/** Reads every line of the journal in a folder; a segment that is not as it was written is the place of the damage. */
async function readChain(disk: Disk, folder: string, device: string): Promise<Result<Reading, { place: string }>> {
  const reading: Reading = {
    head: firstHead(device),
    entries: 0,
    newestAt: undefined,
    people: new Map(),
    stocktakes: [],
  };
  for (const name of await listSegments(disk, join(folder, 'journal'))) {
    const bytes = await disk.read(join(folder, 'journal', name));
    const found = bytes === null ? null : readSegment(bytes, reading.head, Number.POSITIVE_INFINITY);
    if (found === null || found.problem !== undefined || found.torn > 0) return err({ place: `journal/${name}` });
    reading.head = found.head;
    reading.entries += found.entries.length;
    for (const { at, fact } of found.entries) {
      reading.newestAt = at;
      if (fact.kind === 'person_changed') reading.people.set(fact.person, fact.name);
      if (fact.kind === 'stocktake_created') reading.stocktakes.push(fact.name);
    }
  }
  return ok(reading);
}

/** The files of a profile that a copy takes as they are, each whole: they are replaced as a whole whenever they change. */
async function filesBeside(disk: Disk, profile: string): Promise<readonly string[]> {
  const top = (await disk.list(profile)).filter((name) => SMALL.test(name));
  const below = await Promise.all(
    BESIDE.map(async (folder) => (await disk.list(join(profile, folder))).map((name) => `${folder}/${name}`)),
  );
  const chains = await Promise.all(
    (await disk.list(join(profile, 'chains'))).map(async (device) =>
      (await disk.list(join(profile, 'chains', device))).map((name) => `chains/${device}/${name}`),
    ),
  );
  const all = [...top, 'journal/manifest.json', ...below.flat(), ...chains.flat()];
  return all.filter((path) => !path.endsWith('.tmp'));
}

/** The journal's files up to an entry that is safe, though others are written behind it meanwhile. */
async function journalUpTo(disk: Disk, profile: string, safe: Head): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>();
  let head = firstHead(safe.device);
  for (const name of await listSegments(disk, join(profile, 'journal'))) {
    if (head.seq >= safe.seq) break;
    const bytes = (await disk.read(join(profile, 'journal', name))) ?? Buffer.alloc(0);
    const { entries, offsets, end, head: after } = readSegment(bytes, head, 0);
    const beyond = entries.findIndex(({ seq }) => seq > safe.seq);
    files.set(`journal/${name}`, bytes.subarray(0, beyond === -1 ? end : offsets[beyond]));
    head = after;
  }
  return files;
}

type Writing = {
  readonly disk: Disk;
  readonly profile: string;
  /** The newest entry that is safe on disk. */
  readonly head: () => Head;
  readonly laptop: string;
  readonly madeAt: string;
  readonly isDaily: boolean;
};

/**
 * Copies a profile into a folder of its own below `target`, while somebody may be counting, and reads it back before it
 * gets its name: a folder with that name is whole. Answers with its name and what it holds.
 */
export async function writeCopy(
  { disk, profile, head, laptop, madeAt, isDaily }: Writing,
  target: string,
): Promise<Result<CopyFacts & { folder: string }, HostError>> {
  const folder = copyName({ laptop, madeAt });
  const draft = join(target, `${folder}.tmp`);
  try {
    const files: CopyList['files'] = [];
    async function put(path: string, bytes: Buffer): Promise<void> {
      await disk.makeFolder(dirname(join(draft, path)));
      await writeWhole(disk, join(draft, path), bytes);
      files.push({ path, bytes: bytes.length, sha256: sha256(bytes) });
    }
    // First what says how far the journal had come: it may lag behind the journal, never run ahead of it.
    for (const path of await filesBeside(disk, profile)) {
      const bytes = await disk.read(join(profile, path));
      if (bytes !== null) await put(path, bytes);
    }
    const safe = head();
    for (const [path, bytes] of await journalUpTo(disk, profile, safe)) await put(path, bytes);
    const { device, seq, hash } = safe;
    const list: CopyList = { v: 1, madeAt, laptop, device, seq, hash, ...(isDaily && { daily: true as const }), files };
    await writeWhole(disk, join(draft, LIST), JSON.stringify(list));
    const read = await readCopy(disk, draft);
    if (!read.ok) return read;
    await disk.rename(draft, join(target, folder));
    await disk.syncFolder(target);
    return ok({ ...read.value, folder });
  } catch (problem) {
    return err({ code: 'file_not_written', detail: systemCode(problem) });
  } finally {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Reads a copy from end to end: every file is as the list says, and every entry follows from the one before. */
export async function readCopy(disk: Disk, folder: string): Promise<Result<CopyFacts, HostError>> {
  const list = await readList(disk, folder);
  if (list === null) return err({ code: 'copy_damaged', place: LIST });
  const { device, seq, hash, laptop, madeAt } = list;
  const unlike = await firstUnlike(disk, folder, list);
  if (unlike !== null) return err({ code: 'copy_damaged', place: unlike });
  const chain = await readChain(disk, folder, device);
  if (!chain.ok) return err({ code: 'copy_damaged', place: chain.error.place });
  const { head, entries, newestAt, people, stocktakes } = chain.value;
  if (head.seq !== seq || head.hash !== hash) return err({ code: 'copy_damaged', place: 'journal' });
  return ok({
    laptop,
    madeAt,
    entries,
    ...(newestAt === undefined ? {} : { newestAt }),
    people: [...people.values()],
    stocktakes,
  });
}

/** Brings a copy into a profile, to be put in its place at the next start: nothing of the profile is open then. */
export async function bringCopy(disk: Disk, folder: string, profile: string): Promise<Result<CopyFacts, HostError>> {
  const draft = join(profile, 'restored.tmp');
  try {
    await rm(draft, { recursive: true, force: true });
    const list = await readList(disk, folder);
    if (list === null) return err({ code: 'copy_damaged', place: LIST });
    for (const path of [...list.files.map((file) => file.path), LIST]) {
      const bytes = await disk.read(join(folder, path));
      if (bytes === null) return err({ code: 'copy_damaged', place: path });
      await disk.makeFolder(dirname(join(draft, path)));
      await writeWhole(disk, join(draft, path), bytes);
    }
    const read = await readCopy(disk, draft);
    if (!read.ok) return read;
    await disk.rename(draft, join(profile, 'restored'));
    await disk.syncFolder(profile);
    return read;
  } catch (problem) {
    return err({ code: 'file_not_written', detail: systemCode(problem) });
  }
}

/**
 * Puts a copy that was brought into its place, before anything of the profile is opened. Every file is moved by one rename
 * and the list goes last, so that a start that was cut short is simply gone on with.
 */
export async function placeCopy(disk: Disk, profile: string): Promise<void> {
  const from = join(profile, 'restored');
  const list = await readList(disk, from);
  if (list === null) return;
  const brought = new Set(list.files.map(({ path }) => path));
  for (const name of await disk.list(profile))
    if (OWN.test(name) && !brought.has(name)) await disk.remove(join(profile, name));
  for (const { path } of list.files) {
    if ((await disk.size(join(from, path))) === null) continue;
    await disk.makeFolder(dirname(join(profile, path)));
    await disk.rename(join(from, path), join(profile, path));
    await disk.syncFolder(dirname(join(profile, path)));
  }
  await rm(from, { recursive: true, force: true });
}
