import { join } from 'node:path';
import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { HostError, Mended } from '../../../shared/ports/host.ts';
import type { ForeignChains } from '../authority/union.ts';
import type { Disk } from '../disk/disk.ts';
import { sha256 } from '../disk/sha256.ts';
import { createTurns } from '../disk/turns.ts';
import type { Gap } from '../journal/gap.ts';
import { firstHead, trustedEntry, type Head } from '../journal/line.ts';
import {
  findFiles,
  isWhole,
  linesIn,
  removeOthers,
  streamLines,
  writeFile,
  writeList,
  type ChainFile,
  type ChainHead,
} from './chain-files.ts';
import { peekLine } from './chain-lines.ts';
import { endsInMany, joinSmall } from './join-files.ts';

/** A stretch of another laptop's chain: its lines, and the head that the laptop signed at their end. */
export type Stretch = ChainHead & { readonly lines: readonly string[] };

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

type Line = { readonly seq: number; readonly text: string };

export type Chains = ForeignChains & {
  held(): readonly HeldChain[];
  of(device: string): HeldChain | undefined;
  /** How often a damaged file has ended its chain since it was opened. */
  lost(): number;
  /** Reads every file again; one that is damaged ends its chain. */
  check(): Promise<void>;
  /** Every line of a chain as it came, oldest first, a file at a time. */
  lines(device: string): AsyncGenerator<readonly string[]>;
  /** The same with their line feeds, some at a time. Throws where one is damaged: the chain ends before it then. */
  streamed(device: string): AsyncGenerator<readonly Buffer[]>;
  /**
   * Keeps stretches, each a file, safe on disk; each must follow what is held of its chain. Throws when the disk does not
   * take one: those before it are held then.
   */
  take(stretches: readonly Stretch[]): Promise<void>;
};

/** One answer holds about this much of lines at most, however many entries were asked for. */
const ANSWER_CHARS = 8_000_000;

/** A device's id as the name of a folder; ids are random, those that are not stay harmless. */
function folderName(device: string): string {
  return /^[\w-]{1,64}$/.test(device) ? device : `id-${sha256(device).slice(0, 32)}`;
}

/**
 * Opens `chains/` in the profile: what was taken in from other laptops, as it came, a file for each stretch. What each says
 * is known from a list beside it, so its bytes are looked at when its lines are read, and when all are checked. A file whose
 * bytes are not what they were is not believed, nor what follows it: it comes again with the next hand-over.
 * One closure: the calls read and replace one list of files.
 */
export async function openChains(
  disk: Disk,
  profile: string,
  onMended: (mended: Mended) => void = () => undefined,
): Promise<Chains> {
  const folder = join(profile, 'chains');
  const files = new Map<string, readonly ChainFile[]>();
  const inTurn = createTurns();
  let lost = 0;
  /** What is held, worked out once for each change: it is asked for with every name that an exchange meets. */
  let known: { readonly held: readonly HeldChain[]; readonly heads: readonly Head[] } | null = null;
  /** How many are reading files: none is removed under them. */
  let readers = 0;
  /** The file read last, because a chain is read from end to end. */
  let kept: { file: ChainFile; lines: Promise<readonly Line[] | null> } | null = null;

  async function openFolder(name: string): Promise<void> {
    const place = join(folder, name);
    const { found, isDamaged, listed } = await findFiles(disk, place);
    const chain: ChainFile[] = [];
    for (;;) {
      const to = chain.at(-1)?.head.to ?? 0;
      const next = found
        .filter(({ head }) => head.from === to + 1)
        .toSorted((left, right) => right.head.to - left.head.to)[0];
      if (next === undefined) break;
      chain.push(next);
    }
    if (isDamaged || found.some(({ head }) => head.to > (chain.at(-1)?.head.to ?? 0)))
      onMended({ file: 'chain', what: 'lost' });
    const device = chain[0]?.head.device;
    // A disk that takes nothing leaves them as they are, and so does damage: it is looked at first.
    const isSound = !isDamaged && found.length === chain.length;
    const made = isSound ? await joinSmall(disk, chain).catch(() => chain) : chain;
    if (device !== undefined) files.set(device, made);
    const isListed = listed.length === made.length && made.every((file) => listed.includes(file.name));
    if (!isListed) await writeList(disk, place, made);
    if (made.length < chain.length) await removeOthers(disk, place, made);
  }

  for (const name of await disk.list(folder)) await openFolder(name);

  function keep(device: string, chain: readonly ChainFile[]): void {
    if (chain.length === 0) files.delete(device);
    else files.set(device, chain);
    known = null;
  }

  function heldOf(chain: readonly ChainFile[]): HeldChain | undefined {
    const last = chain.at(-1);
    if (last === undefined) return undefined;
    const { device, to: seq, hash, signature, orderedAt, newestAt, gaps } = last.head;
    const entries = chain.reduce((sum, { head }) => sum + head.entries, 0);
    const lines = chain.reduce((sum, { head }) => sum + head.declared, entries);
    const lost = chain.flatMap((file) => file.lost);
    return { device, seq, hash, signature, orderedAt, newestAt, entries, lines, gaps, lost };
  }

  function whole(): NonNullable<typeof known> {
    if (known !== null) return known;
    const held = [...files.values()]
      .flatMap((chain) => heldOf(chain) ?? [])
      .toSorted((left, right) => (left.device < right.device ? -1 : 1));
    known = { held, heads: held.map(({ device, seq, hash }) => ({ device, seq, hash })) };
    return known;
  }

  /** Lines of a file, its bytes checked; null: it is damaged. */
  function linesOf(file: ChainFile): Promise<readonly Line[] | null> {
    if (kept?.file !== file) kept = { file, lines: readLines(file) };
    return kept.lines;
  }

  async function readLines(file: ChainFile): Promise<readonly Line[] | null> {
    const lines = await linesIn(disk, file);
    return lines?.map((text) => ({ seq: peekLine(text)?.seq ?? 0, text })) ?? null;
  }

  /** A file that is damaged ends its chain, and is on no list any more: the next start reads it, and finds it so. */
  async function drop(file: ChainFile): Promise<void> {
    kept = null;
    const { device } = file.head;
    const chain = files.get(device) ?? [];
    const at = chain.indexOf(file);
    if (at === -1) return;
    lost += 1;
    keep(device, chain.slice(0, at));
    onMended({ file: 'chain', what: 'lost' });
    await inTurn(() => writeList(disk, file.folder, files.get(device) ?? []));
  }

  async function read(
    device: string,
    fromSeq: number,
    limit: number,
  ): Promise<Result<{ entries: readonly LedgerEntry[]; nextSeq?: number }, HostError>> {
    const chain = files.get(device);
    if (chain === undefined) return err({ code: 'not_found', what: 'laptop' });
    readers += 1;
    try {
      return ok(await readFrom(device, chain, fromSeq, limit));
    } finally {
      readers -= 1;
    }
  }

  async function readFrom(
    device: string,
    chain: readonly ChainFile[],
    fromSeq: number,
    limit: number,
  ): Promise<{ entries: readonly LedgerEntry[]; nextSeq?: number }> {
    const entries: LedgerEntry[] = [];
    let size = 0;
    for (const file of chain) {
      if (file.head.to < fromSeq) continue;
      if (entries.length >= limit || size >= ANSWER_CHARS) break;
      const lines = await linesOf(file);
      if (lines === null) {
        await drop(file);
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
    const newest = files.get(device)?.at(-1)?.head.to ?? 0;
    return { entries, ...(last !== undefined && last < newest && { nextSeq: last + 1 }) };
  }

  async function write(stretch: Stretch): Promise<void> {
    const { lines, ...head } = stretch;
    const before = files.get(head.device) ?? [];
    const { seq } = heldOf(before) ?? firstHead(head.device);
    if (head.from !== seq + 1) throw new Error('a stretch follows what is held');
    const place = join(folder, folderName(head.device));
    await disk.makeFolder(place);
    const longer = [...before, await writeFile(disk, place, head, lines)];
    keep(head.device, longer);
    // A laptop that takes a few entries every second all day would have thousands of files, and a list of as many to write.
    const chain = endsInMany(longer) ? await joinSmall(disk, longer).catch(() => longer) : longer;
    // One that was found damaged meanwhile has ended the chain already.
    if (files.get(head.device) === longer) keep(head.device, chain);
    await inTurn(async () => {
      const now = files.get(head.device) ?? [];
      await writeList(disk, place, now);
      // Whoever reads goes on in the files that there were; the next stretch finds them still there.
      if (readers === 0) await removeOthers(disk, place, now);
    });
  }

  return {
    root: () => [...files.values()][0]?.[0]?.head.site ?? null,
    heads: () => whole().heads,
    held: () => whole().held,
    of: (device) => heldOf(files.get(device) ?? []),
    lost: () => lost,
    async check() {
      readers += 1;
      try {
        for (const device of files.keys())
          for (const file of files.get(device) ?? [])
            if (!(await isWhole(disk, file))) {
              await drop(file);
              break;
            }
      } finally {
        readers -= 1;
      }
    },
    read,
    async *lines(device) {
      readers += 1;
      try {
        for (const file of files.get(device) ?? []) {
          const lines = await linesOf(file);
          if (lines === null) {
            await drop(file);
            return;
          }
          yield lines.map(({ text }) => text);
        }
      } finally {
        readers -= 1;
      }
    },
    async *streamed(device) {
      readers += 1;
      try {
        for (const file of files.get(device) ?? []) {
          try {
            yield* streamLines(disk, file);
          } catch (problem) {
            await drop(file);
            throw problem;
          }
        }
      } finally {
        readers -= 1;
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
