import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole, type Disk } from '../disk/disk.ts';
import { openKeptText, sealKept } from '../disk/kept-file.ts';
import { sha256 } from '../disk/sha256.ts';
import { gapSchema, readGap, type Gap } from '../journal/gap.ts';
import { createLineCutter } from './hand-over-file.ts';

const hashText = z.string().regex(/^[0-9a-f]{64}$/);
const headSchema = z.object({
  /** Where the site begins. */
  site: z.object({ id: hashText, founder: z.string(), seq: z.number().int().min(1) }),
  device: z.string().min(1).max(64),
  from: z.number().int().min(1),
  to: z.number().int().min(1),
  hash: hashText,
  signature: z.string(),
  /** Where the newest entry stands in ledger order, and when it was made. */
  orderedAt: z.string(),
  newestAt: z.string(),
  entries: z.number().int().min(1),
  /** Hashes of the declarations of lost numbers that the signature vouches for, and how many of them are in these lines. */
  gaps: z.array(hashText),
  declared: z.number().int().min(0),
});
const firstLineSchema = z.object({ head: headSchema });

/** What the first line of a file says of it: the stretch of a chain, and the head that its laptop signed at the end. */
export type ChainHead = z.infer<typeof headSchema>;

const NAME = /^(\d{12})-(\d{12})-([0-9a-f]{12})\.jsonl$/;
const LINE_FEED = '\n';
const LIST = 'manifest.json';
/** Files are checked so much at a time: scans go on meanwhile. */
const PIECE_BYTES = 1_000_000;

const listSchema = z.object({
  files: z.array(
    z.object({
      name: z.string().regex(NAME),
      bytes: z.number().int().min(1),
      sha256: hashText,
      head: headSchema,
      /** What its lines declare as lost. */
      lost: z.array(gapSchema),
    }),
  ),
});

/** A file of a chain, as it was when it was written or read whole. */
export type ChainFile = z.infer<typeof listSchema>['files'][number] & { readonly folder: string };

function padded(seq: number): string {
  return String(seq).padStart(12, '0');
}

/** Numbers that lines declare as lost: every line was checked when it was taken. */
function lostIn(lines: readonly string[]): Gap[] {
  return lines.flatMap((line) => readGap(line) ?? []);
}

function pathOf({ folder, name }: Pick<ChainFile, 'folder' | 'name'>): string {
  return join(folder, name);
}

/** Reads a file whole; null: its bytes are not what its name says. */
async function readWhole(disk: Disk, folder: string, name: string): Promise<ChainFile | null> {
  const bytes = await disk.read(join(folder, name)).catch(() => null);
  if (bytes === null) return null;
  const digest = sha256(bytes);
  if (digest.slice(0, 12) !== NAME.exec(name)?.[3]) return null;
  const end = bytes.indexOf(LINE_FEED);
  try {
    const parsed = firstLineSchema.safeParse(JSON.parse(bytes.toString('utf8', 0, end)));
    if (!parsed.success) return null;
    const { head } = parsed.data;
    // Hardly any file declares something: only of those more than the first line is read.
    const lost = head.declared === 0 ? [] : lostIn(bytes.toString('utf8', end + 1).split(LINE_FEED));
    return { folder, name, bytes: bytes.length, sha256: digest, head, lost };
  } catch {
    return null;
  }
}

async function readList(disk: Disk, folder: string): Promise<readonly Omit<ChainFile, 'folder'>[]> {
  const bytes = await disk.read(join(folder, LIST)).catch(() => null);
  const parsed = listSchema.safeParse(openKeptText(bytes?.toString('utf8') ?? '')?.content);
  return parsed.success ? parsed.data.files : [];
}

/** Files of a chain's folder; `isDamaged`: another is not what its name says. `listed`: names that the folder's list holds. */
export type FoundFiles = {
  readonly found: readonly ChainFile[];
  readonly isDamaged: boolean;
  readonly listed: readonly string[];
};

/**
 * Finds the files of a chain. One that the folder's list knows by name and size is not read: what it says stands in the list,
 * under a digest of its own. Any other is read whole.
 */
export async function findFiles(disk: Disk, folder: string): Promise<FoundFiles> {
  const names = (await disk.list(folder)).filter((name) => NAME.test(name));
  const listed = names.length === 0 ? [] : await readList(disk, folder);
  const known = new Map(listed.map((file) => [file.name, file]));
  const found: ChainFile[] = [];
  for (const name of names) {
    const file = known.get(name);
    const isKnown = file !== undefined && (await disk.size(join(folder, name)).catch(() => null)) === file.bytes;
    const one = isKnown ? { ...file, folder } : await readWhole(disk, folder, name);
    if (one !== null) found.push(one);
  }
  return { found, isDamaged: found.length < names.length, listed: [...known.keys()] };
}

/** Lines of a file; null: its bytes are not what they were. */
export async function linesIn(disk: Disk, file: ChainFile): Promise<readonly string[] | null> {
  const bytes = await disk.read(pathOf(file)).catch(() => null);
  if (bytes === null || sha256(bytes) !== file.sha256) return null;
  return bytes.toString('utf8').split(LINE_FEED).slice(1, -1);
}

/**
 * Lines of a file, each with its line feed, a piece at a time, for it may be a hundred megabytes. Throws at its end where its
 * bytes are not what they were: what was given is not to be believed then.
 */
export async function* streamLines(disk: Disk, file: ChainFile): AsyncGenerator<readonly Buffer[]> {
  const hash = createHash('sha256');
  const opened = await disk.open(pathOf(file), 'read');
  try {
    let lines: Buffer[] = [];
    const cutter = createLineCutter((line) => lines.push(line));
    let isHead = true;
    for (let at = 0; at < file.bytes; at += PIECE_BYTES) {
      const piece = await opened.read(at, PIECE_BYTES);
      hash.update(piece);
      cutter.push(piece);
      yield isHead ? lines.slice(1) : lines;
      isHead &&= lines.length === 0;
      lines = [];
    }
  } finally {
    await opened.close();
  }
  if (hash.digest('hex') !== file.sha256) throw new DamagedChain(file.head.device);
}

/** Thrown where a chain turns out to be damaged while it is read. */
export class DamagedChain extends Error {}

/** Whether a file still has the bytes that it had; read a piece at a time, for it may be a hundred megabytes. */
export async function isWhole(disk: Disk, file: ChainFile): Promise<boolean> {
  const hash = createHash('sha256');
  try {
    const opened = await disk.open(pathOf(file), 'read');
    try {
      for (let at = 0; at <= file.bytes; at += PIECE_BYTES) hash.update(await opened.read(at, PIECE_BYTES));
    } finally {
      await opened.close();
    }
  } catch {
    return false;
  }
  return hash.digest('hex') === file.sha256;
}

/** Writes lines below their head, safe on disk. Throws when the disk does not take them. */
export async function writeFile(
  disk: Disk,
  folder: string,
  head: ChainHead,
  lines: readonly string[],
): Promise<ChainFile> {
  const bytes = Buffer.from([JSON.stringify({ head }), ...lines, ''].join(LINE_FEED));
  const digest = sha256(bytes);
  const name = `${padded(head.from)}-${padded(head.to)}-${digest.slice(0, 12)}.jsonl`;
  await writeWhole(disk, join(folder, name), bytes);
  return { folder, name, bytes: bytes.length, sha256: digest, head, lost: lostIn(lines) };
}

/**
 * Writes the list of a chain's files, so that the next start need not read them. It has no second copy, and a disk that does
 * not take it loses nothing: without it the files are read, and listed anew.
 */
export async function writeList(disk: Disk, folder: string, chain: readonly ChainFile[]): Promise<void> {
  const files = chain.map(({ folder: _folder, ...file }) => file);
  const device = files[0]?.head.device ?? '';
  const text = sealKept({ file: 'chain', device, generation: files.length, content: { files } });
  await writeWhole(disk, join(folder, LIST), text).catch(() => undefined);
}

/** Removes every other file of a chain's folder: what was damaged, and what stood behind it, has come again. */
export async function removeOthers(disk: Disk, folder: string, chain: readonly ChainFile[]): Promise<void> {
  const named = new Set([LIST, ...chain.map(({ name }) => name)]);
  for (const other of await disk.list(folder))
    if (!named.has(other)) await disk.remove(join(folder, other)).catch(() => undefined);
}
