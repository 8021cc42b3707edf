import { join } from 'node:path';
import { z } from 'zod';
import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { HostError, Mended } from '../../../shared/ports/host.ts';
import type { ForeignChains } from '../authority/union.ts';
import { writeWhole, type Disk } from '../disk/disk.ts';
import { sha256 } from '../disk/sha256.ts';
import { readGap, type Gap } from '../journal/gap.ts';
import { firstHead, trustedEntry, type Head } from '../journal/line.ts';
import { peekLine } from './chain-lines.ts';

const hashText = z.string().regex(/^[0-9a-f]{64}$/);
const headSchema = z.object({
  head: z.object({
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
  }),
});

/** A stretch of another laptop's chain: its lines, and the head that the laptop signed at their end. */
export type Stretch = z.infer<typeof headSchema>['head'] & { readonly lines: readonly string[] };

/** A chain as it is held: its newest entry and the signature over it. */
export type HeldChain = Head & {
  readonly signature: string;
  readonly orderedAt: string;
  readonly newestAt: string;
  readonly entries: number;
  /** Lines: entries and declarations of lost numbers. */
  readonly lines: number;
  readonly gaps: readonly string[];
  /** What its lines declare as lost, oldest first. */
  readonly lost: readonly Gap[];
};

type File = Omit<Stretch, 'lines'> & {
  readonly path: string;
  readonly sha256: string;
  /** What its lines declare as lost. */
  readonly lost: readonly Gap[];
};
type Line = { readonly seq: number; readonly text: string };

export type Chains = ForeignChains & {
  held(): readonly HeldChain[];
  of(device: string): HeldChain | undefined;
  /** How often a damaged file has ended its chain since it was opened. */
  lost(): number;
  /** Every line of a chain as it came, oldest first, a file at a time. */
  lines(device: string): AsyncGenerator<readonly string[]>;
  /**
   * Keeps stretches, each a file, safe on disk; each must follow what is held of its chain. Throws when the disk does not
   * take one: those before it are held then.
   */
  take(stretches: readonly Stretch[]): Promise<void>;
};

const NAME = /^(\d{12})-(\d{12})-([0-9a-f]{12})\.jsonl$/;
const LINE_FEED = '\n';
/** One answer holds about this much of lines at most, however many entries were asked for. */
const ANSWER_CHARS = 8_000_000;

function padded(seq: number): string {
  return String(seq).padStart(12, '0');
}

/** A device's id as the name of a folder; ids are random, those that are not stay harmless. */
function folderName(device: string): string {
  return /^[\w-]{1,64}$/.test(device) ? device : `id-${sha256(device).slice(0, 32)}`;
}

/** Numbers that lines declare as lost: every line was checked when it was taken. */
function lostIn(lines: readonly string[]): readonly Gap[] {
  return lines.flatMap((line) => readGap(line) ?? []);
}

/** Reads the first line of a file whose bytes are what its name says; null: they are not. */
function readHead(bytes: Buffer | null, name: string, path: string): File | null {
  const wanted = NAME.exec(name)?.[3];
  if (bytes === null || wanted === undefined) return null;
  const digest = sha256(bytes);
  if (!digest.startsWith(wanted)) return null;
  const end = bytes.indexOf(LINE_FEED);
  try {
    const parsed = headSchema.safeParse(JSON.parse(bytes.toString('utf8', 0, end)));
    if (!parsed.success) return null;
    const { head } = parsed.data;
    // Hardly any file declares something: only of those more than the first line is read.
    const lost = head.declared === 0 ? [] : lostIn(bytes.toString('utf8', end + 1).split(LINE_FEED));
    return { ...head, path, sha256: digest, lost };
  } catch {
    return null;
  }
}

/**
 * Opens `chains/` in the profile: what was taken in from other laptops, as it came, a file for each stretch. A file whose
 * bytes are not what its name says is not believed, nor what follows it: it comes again with the next hand-over.
 * One closure: the calls read and replace one list of files.
 */
export async function openChains(
  disk: Disk,
  profile: string,
  onMended: (mended: Mended) => void = () => undefined,
): Promise<Chains> {
  const folder = join(profile, 'chains');
  const files = new Map<string, File[]>();
  let lost = 0;
  /** The file read last, because a chain is read from end to end. */
  let kept: { path: string; lines: Promise<readonly Line[] | null> } | null = null;

  async function openFolder(name: string): Promise<void> {
    const found: File[] = [];
    let isDamaged = false;
    for (const file of await disk.list(join(folder, name))) {
      if (!NAME.test(file)) continue;
      const path = join(folder, name, file);
      const head = readHead(await disk.read(path).catch(() => null), file, path);
      if (head === null) isDamaged = true;
      else found.push(head);
    }
    const chain: File[] = [];
    for (;;) {
      const to = chain.at(-1)?.to ?? 0;
      const next = found.filter((file) => file.from === to + 1).toSorted((left, right) => right.to - left.to)[0];
      if (next === undefined) break;
      chain.push(next);
    }
    if (isDamaged || found.some(({ to }) => to > (chain.at(-1)?.to ?? 0))) onMended({ file: 'chain', what: 'lost' });
    const device = chain[0]?.device;
    if (device !== undefined) files.set(device, chain);
  }

  for (const name of await disk.list(folder)) await openFolder(name);

  function heldOf(chain: readonly File[]): HeldChain | undefined {
    const last = chain.at(-1);
    if (last === undefined) return undefined;
    const { device, to: seq, hash, signature, orderedAt, newestAt, gaps } = last;
    const entries = chain.reduce((sum, file) => sum + file.entries, 0);
    const lines = chain.reduce((sum, file) => sum + file.declared, entries);
    const lost = chain.flatMap((file) => file.lost);
    return { device, seq, hash, signature, orderedAt, newestAt, entries, lines, gaps, lost };
  }

  function held(): readonly HeldChain[] {
    return [...files.values()]
      .flatMap((chain) => heldOf(chain) ?? [])
      .toSorted((left, right) => (left.device < right.device ? -1 : 1));
  }

  /** Lines of a file, checked again; null: it was damaged since it was opened. */
  function linesOf(file: File): Promise<readonly Line[] | null> {
    if (kept?.path !== file.path) kept = { path: file.path, lines: readLines(file) };
    return kept.lines;
  }

  async function readLines(file: File): Promise<readonly Line[] | null> {
    const bytes = await disk.read(file.path).catch(() => null);
    if (bytes === null || sha256(bytes) !== file.sha256) return null;
    return bytes
      .toString('utf8')
      .split(LINE_FEED)
      .slice(1, -1)
      .map((text) => ({ seq: peekLine(text)?.seq ?? 0, text }));
  }

  /** A file that is damaged ends its chain. */
  function drop(file: File): void {
    kept = null;
    const chain = files.get(file.device) ?? [];
    const at = chain.indexOf(file);
    if (at === -1) return;
    lost += 1;
    if (at === 0) files.delete(file.device);
    else files.set(file.device, chain.slice(0, at));
    onMended({ file: 'chain', what: 'lost' });
  }

  async function read(
    device: string,
    fromSeq: number,
    limit: number,
  ): Promise<Result<{ entries: readonly LedgerEntry[]; nextSeq?: number }, HostError>> {
    const chain = files.get(device);
    if (chain === undefined) return err({ code: 'not_found', what: 'laptop' });
    const entries: LedgerEntry[] = [];
    let size = 0;
    for (const file of chain) {
      if (file.to < fromSeq) continue;
      if (entries.length >= limit || size >= ANSWER_CHARS) break;
      const lines = await linesOf(file);
      if (lines === null) {
        drop(file);
        break;
      }
      for (const { seq, text } of lines) {
        if (seq < fromSeq) continue;
        if (entries.length >= limit || size >= ANSWER_CHARS) break;
        entries.push(trustedEntry(text));
        size += text.length;
      }
    }
    const last = entries.at(-1)?.seq;
    const newest = heldOf(files.get(device) ?? [])?.seq ?? 0;
    return ok({ entries, ...(last !== undefined && last < newest && { nextSeq: last + 1 }) });
  }

  async function write(stretch: Stretch): Promise<void> {
    const { lines, ...head } = stretch;
    const before = files.get(head.device) ?? [];
    const { seq } = heldOf(before) ?? firstHead(head.device);
    if (head.from !== seq + 1) throw new Error('a stretch follows what is held');
    const bytes = Buffer.from([JSON.stringify({ head }), ...lines, ''].join(LINE_FEED));
    const digest = sha256(bytes);
    const place = join(folder, folderName(head.device));
    await disk.makeFolder(place);
    const name = `${padded(head.from)}-${padded(head.to)}-${digest.slice(0, 12)}.jsonl`;
    await writeWhole(disk, join(place, name), bytes);
    const chain = [...before, { ...head, path: join(place, name), sha256: digest, lost: lostIn(lines) }];
    files.set(head.device, chain);
    // What was damaged, and what stood behind it, has come again.
    const named = new Set(chain.map(({ path }) => path));
    for (const other of await disk.list(place))
      if (!named.has(join(place, other))) await disk.remove(join(place, other)).catch(() => undefined);
  }

  return {
    root: () => [...files.values()][0]?.[0]?.site ?? null,
    heads: () => held().map(({ device, seq, hash }) => ({ device, seq, hash })),
    held,
    of: (device) => heldOf(files.get(device) ?? []),
    lost: () => lost,
    read,
    async *lines(device) {
      for (const file of files.get(device) ?? []) {
        const lines = await linesOf(file);
        if (lines === null) {
          drop(file);
          return;
        }
        yield lines.map(({ text }) => text);
      }
    },
    async take(stretches) {
      if (stretches.length === 0) return;
      await disk.makeFolder(folder);
      for (const stretch of stretches) await write(stretch);
      await disk.syncFolder(folder);
    },
  };
}
