import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { HostError } from '../../../shared/ports/host.ts';
import { catalogueLine, chainLine, startLine, type HandOverStart } from '../../../shared/team/hand-over.ts';
import { headText } from '../../../shared/team/head.ts';
import type { CatalogueFiles } from '../disk/catalogue-files.ts';
import { firstHead, headOf, veiledLine, type Head } from '../journal/line.ts';
import type { Journal } from '../journal/journal.ts';
import type { Chains, HeldChain } from './chains.ts';
import { packLines } from './hand-over-file.ts';
import type { LaptopKey } from './laptop-key.ts';
import { gapHash, ownLines, sealedGaps, Unreadable } from './own-lines.ts';

type Parts = {
  journal: Pick<Journal, 'read' | 'status'>;
  chains: Chains;
  files: Pick<CatalogueFiles, 'read' | 'has'>;
  key: Pick<LaptopKey, 'sign'>;
  isSupervising: (device: string) => boolean;
  /** Catalogue files that somebody may ask for, by what they hold. */
  catalogues: { readonly items: readonly string[]; readonly bins: readonly string[] };
};

/** A stretch of a journal: its lines, and the hashes of all lines up to its end that declare numbers lost. */
export type OwnChain = {
  readonly lines: readonly Buffer[];
  readonly gaps: readonly string[];
  readonly head: Head;
  /** Time of its newest entry. */
  readonly newestAt: string;
};

/**
 * Entries of the own journal from `from` on, as they are carried; at most about `limit`, up to the newest unless given. The
 * signature vouches for every declaration of lost numbers before.
 */
export async function ownChain(
  { journal }: Pick<Parts, 'journal'>,
  from = 1,
  limit = Number.POSITIVE_INFINITY,
): Promise<OwnChain> {
  const { device, seq: to } = journal.status();
  const gaps = await sealedGaps(journal);
  const lines: Buffer[] = [];
  let head: Head = firstHead(device);
  let newestAt = '';
  for await (const { line, entry } of ownLines(journal, { from, to, gaps })) {
    lines.push(line);
    if (entry === undefined) continue;
    head = headOf(entry);
    newestAt = entry.at;
    if (lines.length >= limit) break;
  }
  const declared = gaps.filter(({ gap }) => gap.to < head.seq).map(gapHash);
  return { lines, gaps: declared, head, newestAt };
}

/** Every line of a chain that is held; null: a file of it was damaged meanwhile, and what is held now is shorter. */
async function foreignLines(chains: Chains, held: HeldChain): Promise<string[] | null> {
  const lines: string[] = [];
  for await (const some of chains.lines(held.device)) lines.push(...some);
  return lines.length === held.lines ? lines : null;
}

/** The lists that are held, each below the line that names it. */
export async function* catalogueLines({
  files,
  catalogues,
}: Pick<Parts, 'files' | 'catalogues'>): AsyncGenerator<string> {
  for (const what of ['items', 'bins'] as const) {
    for (const sha256 of catalogues[what]) {
      if (!files.has(sha256)) continue;
      const pieces: string[] = [];
      for (let offset: number | undefined = 0; offset !== undefined;) {
        const page = await files.read(sha256, offset);
        // A list that is damaged here may be whole on another laptop.
        if (!page.ok) break;
        pieces.push(page.value.lines);
        offset = page.value.next;
        if (offset === undefined) {
          const bytes = pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0);
          yield catalogueLine({ sha256, what, bytes });
          yield* pieces;
        }
      }
    }
  }
}

/** A line as it is told to a laptop that counts. */
function veiledBytes(line: Buffer): string {
  return `${veiledLine(line.toString('utf8', 0, line.length - 1))}\n`;
}

/**
 * One file with everything that is held here, of all laptops: the own journal up to its newest entry, signed now, and other
 * laptops' chains with the signatures that they came with. `entries`: how many are in it. For laptops that count it has the
 * chains of those that supervise, and of them what everybody may know.
 */
export async function writeHandOver(
  parts: Parts,
  start: HandOverStart,
  isForCounting = false,
): Promise<Result<{ bytes: Buffer; entries: number }, HostError>> {
  const { chains, key } = parts;
  let entries = 0;

  async function* lines(own: OwnChain, signature: string): AsyncGenerator<string | Uint8Array> {
    yield startLine(start);
    const { device, seq: to, hash } = own.head;
    yield chainLine({ device, from: 1, to, hash, signature, gaps: [...own.gaps], entries: own.lines.length });
    if (isForCounting) for (const line of own.lines) yield veiledBytes(line);
    else yield* own.lines;
    entries += own.lines.length - own.gaps.length;
    for (const { device: other } of chains.heads()) {
      if (isForCounting && !parts.isSupervising(other)) continue;
      const held = chains.of(other);
      const theirs = held === undefined ? null : await foreignLines(chains, held);
      if (held === undefined || theirs === null) continue;
      const { seq, hash: newest, signature: signed, gaps } = held;
      const named = { device: other, from: 1, to: seq, hash: newest, signature: signed, gaps: [...gaps] };
      yield chainLine({ ...named, entries: theirs.length });
      for (const line of theirs) yield `${isForCounting ? veiledLine(line) : line}\n`;
      entries += held.entries;
    }
    yield* catalogueLines(parts);
  }

  try {
    const own = await ownChain(parts);
    const signature = await key.sign(headText({ site: start.site.id, ...own.head }, own.gaps));
    if (signature === null) return err({ code: 'not_found', what: 'laptop key' });
    const bytes = await packLines(lines(own, signature));
    return ok({ bytes, entries });
  } catch (problem) {
    if (problem instanceof Unreadable) return err(problem.error);
    throw problem;
  }
}
