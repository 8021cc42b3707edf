import { createHash } from 'node:crypto';
import {
  evidenceEndLine,
  evidenceStartLine,
  evidenceText,
  heardNotHeld,
  type EvidenceStart,
} from '../../../shared/team/evidence.ts';
import { chainLine } from '../../../shared/team/hand-over.ts';
import { headText } from '../../../shared/team/head.ts';
import type { Trust } from '../../../shared/team/trust.ts';
import type { Ledger } from '../authority/ledger.ts';
import type { CatalogueFiles } from '../disk/catalogue-files.ts';
import type { Journal } from '../journal/journal.ts';
import type { Chains } from './chains.ts';
import type { Forks } from './forks.ts';
import type { LaptopKey } from './laptop-key.ts';
import { gapHash, ownLines, sealedGaps, Unreadable } from './own-lines.ts';
import { catalogueLines } from './write-hand-over.ts';

type Parts = {
  journal: Pick<Journal, 'read' | 'status'>;
  ledger: Pick<Ledger, 'team' | 'state'>;
  chains: Chains;
  forks: Forks;
  files: Pick<CatalogueFiles, 'read' | 'has'>;
  key: Pick<LaptopKey, 'sign'>;
};

/** What is said of a file beside what is held: whom, what for, when. */
export type EvidenceOccasion = Pick<EvidenceStart, 'app' | 'stocktake' | 'by' | 'madeAt'> & {
  /** What this laptop is called where it works alone. */
  readonly laptop: string;
};

/** What was written, once it was written to its end. */
export type WrittenEvidence = { entries: number; sha256: string };

/** Lines are given on so many bytes at a time. */
const PIECE_BYTES = 65_536;

/** Laptops of the site of which two histories were met here. */
function knownForks({ laptops }: Trust, forks: Pick<Forks, 'of'>): EvidenceStart['forks'] {
  return [...laptops.keys()].flatMap((laptop) => {
    const fromSeq = forks.of(laptop);
    return fromSeq === undefined ? [] : [{ laptop, fromSeq }];
  });
}

/**
 * Everything that is held here, of all laptops, as text that anybody can check: the own journal up to its newest entry,
 * signed now where there is a site, other laptops' chains with the signatures that they came with, the lists, and at the end
 * how much that is, its digest, and this laptop's signature over it. `written` is filled in as it goes. Nothing is held but
 * a page of it. Throws `Unreadable` where what is held cannot be read to its end: what was given is no evidence then.
 */
export async function* writeEvidence(
  parts: Parts,
  { laptop, ...occasion }: EvidenceOccasion,
  written: WrittenEvidence,
): AsyncGenerator<Buffer> {
  const { journal, ledger, chains, forks, key } = parts;
  const { trust } = ledger.team();
  const site = trust.root?.id;
  const held = chains.held();
  const { device, seq: to, hash: newest, entries: own } = journal.status();
  const gaps = (await sealedGaps(journal)).filter(({ gap }) => gap.to < to);
  const digest = createHash('sha256');
  let lines = 0;
  let piece: Buffer[] = [];
  let length = 0;

  function* put(line: string | Buffer): Generator<Buffer> {
    const bytes = typeof line === 'string' ? Buffer.from(line) : line;
    digest.update(bytes);
    piece.push(bytes);
    length += bytes.length;
    if (length < PIECE_BYTES) return;
    yield Buffer.concat(piece);
    piece = [];
    length = 0;
  }

  async function sign(text: string): Promise<{ signature?: string }> {
    if (site === undefined) return {};
    const signature = await key.sign(text);
    if (signature === null) throw new Unreadable({ code: 'not_found', what: 'laptop key' });
    return { signature };
  }

  const newestOf = new Map([...held.map((chain) => [chain.device, chain.seq] as const), [device, to] as const]);
  lines += 1;
  yield* put(
    evidenceStartLine({
      ...occasion,
      site: site === undefined ? null : { id: site, name: trust.name },
      from: { laptop: device, name: trust.laptops.get(device)?.name ?? laptop },
      forks: knownForks(trust, forks),
      missing: heardNotHeld(trust.heard, newestOf),
    }),
  );

  const declared = gaps.map(gapHash);
  const signed = await sign(headText({ site: site ?? '', device, seq: to, hash: newest }, declared));
  const about = { device, from: 1, to, hash: newest, ...signed };
  let left = own + declared.length;
  lines += 1 + left;
  written.entries += own;
  yield* put(chainLine({ ...about, gaps: declared, entries: left }));
  for await (const { line } of ownLines(journal, { from: 1, to, gaps })) {
    left -= 1;
    yield* put(line);
  }
  if (left !== 0) throw new Unreadable({ code: 'journal_incomplete', fromSeq: 1 });

  for (const chain of held) {
    const { seq, hash, signature, gaps: theirs } = chain;
    lines += 1 + chain.lines;
    written.entries += chain.entries;
    const named = { device: chain.device, from: 1, to: seq, hash, signature, gaps: [...theirs] };
    yield* put(chainLine({ ...named, entries: chain.lines }));
    for await (const some of chains.streamed(chain.device)) for (const line of some) yield* put(line);
  }

  for await (const some of catalogueLines({ files: parts.files, catalogues: ledger.state().catalogues })) {
    lines += some.split('\n').length - 1;
    yield* put(some);
  }

  written.sha256 = digest.digest('hex');
  const end = { lines, entries: written.entries, sha256: written.sha256 };
  const last = evidenceEndLine({ ...end, ...(await sign(evidenceText(site ?? '', device, end))) });
  yield Buffer.concat([...piece, Buffer.from(last)]);
}
