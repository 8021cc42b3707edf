import {
  chainLine,
  startLine,
  type HandOverChain,
  type HandOverRefusal,
  type HandOverStart,
} from '../../../shared/team/hand-over.ts';
import { HEAD_DIGITS, type Carried } from '../../../shared/ports/carrier.ts';
import { sha256 } from '../disk/sha256.ts';
import { peekLine } from './chain-lines.ts';
import { packLines, unpackLines } from './hand-over-file.ts';

/** A stretch of one chain as it is carried: a hand-over file that holds nothing else. */
export type Segment = {
  readonly start: HandOverStart;
  readonly chain: HandOverChain;
  readonly lines: readonly string[];
};

/** What everybody of the site may know of a chain lies in a lane of its own: see `isOpen`. */
export type Lane = 'open';
export type StretchName = Extract<Carried, { is: 'stretch' }>;

/** A laptop's id as it stands in a name: ids are random, those that are not stay harmless. */
export function laptopKey(device: string): string {
  return /^[a-z\d-]{1,64}$/.test(device) ? device : `id-${sha256(device).slice(0, 32)}`;
}

/** The name of a stretch that ends with this head. */
export function stretchName(
  device: string,
  { from, to, hash }: Pick<HandOverChain, 'from' | 'to' | 'hash'>,
  lane?: Lane,
): StretchName {
  const head = hash.slice(0, HEAD_DIGITS);
  return { is: 'stretch', laptop: laptopKey(device), ...(lane !== undefined && { lane }), from, to, head, copy: 1 };
}

/**
 * A stretch as a file. It says of when its newest entry is, and not who carries it: the same stretch is the same bytes,
 * whichever laptop puts it.
 */
export async function packSegment(
  site: HandOverStart['site'],
  chain: HandOverChain,
  newestAt: string,
  lines: readonly (string | Uint8Array)[],
): Promise<Buffer> {
  async function* all(): AsyncGenerator<string | Uint8Array> {
    yield startLine({ site, from: { laptop: chain.device, name: '' }, madeAt: newestAt });
    yield chainLine(chain);
    for (const line of lines) yield typeof line === 'string' ? `${line}\n` : line;
  }
  return packLines(all());
}

/** Reads a file that should hold the stretch of its name, whole; what it says is not judged yet. */
export async function unpackSegment(bytes: Uint8Array, name: StretchName): Promise<Segment | HandOverRefusal> {
  let start: HandOverStart | undefined;
  let chain: HandOverChain | undefined;
  const lines: string[] = [];
  const refused = await unpackLines(bytes, (piece, text) => {
    if (piece.is === 'start') start = piece.start;
    else if (piece.is === 'entry') lines.push(text);
    else if (piece.is === 'chain' && chain === undefined) chain = piece.chain;
    else if (piece.is !== 'end') return 'changed';
    return null;
  });
  if (refused !== null) return refused;
  if (start === undefined || chain === undefined) return 'not_one';
  const { device, from, to, hash } = chain;
  const isAsNamed =
    laptopKey(device) === name.laptop && from === name.from && to === name.to && hash.startsWith(name.head);
  return isAsNamed ? { start, chain, lines } : 'changed';
}

/** Stretches of one chain, each beginning at or before the end of the one before it, as one. Null: there are none. */
function joined(segments: readonly Segment[]): Segment | null {
  const [first] = segments;
  const last = segments.at(-1);
  if (first === undefined || last === undefined) return null;
  const lines: string[] = [];
  let at = first.chain.from - 1;
  for (const segment of segments) {
    /** Declarations of lost numbers: they stand before the entry behind the loss. */
    let declared: string[] = [];
    for (const line of segment.lines) {
      const seq = peekLine(line)?.seq;
      if (seq === undefined) declared.push(line);
      else {
        if (seq > at) lines.push(...declared, line);
        declared = [];
        at = Math.max(at, seq);
      }
    }
  }
  return { start: last.start, chain: { ...last.chain, from: first.chain.from, entries: lines.length }, lines };
}

/** Stretches of several chains, by laptop in order, as the one file that is examined. */
export async function composeFile(start: HandOverStart, chains: Iterable<readonly Segment[]>): Promise<Buffer> {
  async function* all(): AsyncGenerator<string> {
    yield startLine(start);
    for (const segments of chains) {
      const one = joined(segments);
      if (one === null || one.lines.length === 0) continue;
      yield chainLine(one.chain);
      for (const line of one.lines) yield `${line}\n`;
    }
  }
  return packLines(all());
}
