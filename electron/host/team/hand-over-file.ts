import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createGunzip, createGzip } from 'node:zlib';
import {
  createHandOverReader,
  endLine,
  type HandOverPiece,
  type HandOverRefusal,
} from '../../../shared/team/hand-over.ts';

const LINE_FEED = 0x0a;
/** The first bytes of a gzip file as it is written here: no time, no system, so that no byte of them may differ. */
const GZIP_START = Buffer.from('1f8b08000000000000ff', 'hex');
const LONGEST_LINE_BYTES = 64_000_000;
const LARGEST_TEXT_BYTES = 4_000_000_000;
/** Lines are packed so much at a time: each piece is a trip to another thread. */
const PIECE_BYTES = 65_536;

/** Packs lines, each with its line feed, and the line that ends them. */
export async function packLines(lines: AsyncIterable<string | Uint8Array>): Promise<Buffer> {
  const gzip = createGzip();
  const packed: Buffer[] = [];
  gzip.on('data', (bytes: Buffer) => packed.push(bytes));
  const ended = once(gzip, 'end');
  const hash = createHash('sha256');
  let piece: Buffer[] = [];
  let length = 0;
  for await (const line of lines) {
    hash.update(line);
    const bytes = typeof line === 'string' ? Buffer.from(line) : Buffer.from(line.buffer, line.byteOffset, line.length);
    piece.push(bytes);
    length += bytes.length;
    if (length < PIECE_BYTES) continue;
    if (!gzip.write(Buffer.concat(piece))) await once(gzip, 'drain');
    piece = [];
    length = 0;
  }
  gzip.end(Buffer.concat([...piece, Buffer.from(endLine(hash.digest('hex')))]));
  await ended;
  const bytes = Buffer.concat(packed);
  GZIP_START.copy(bytes);
  return bytes;
}

/** Told every line in order, with what it is. */
export type TakeLine = (piece: HandOverPiece, text: string, bytes: Buffer) => HandOverRefusal | null;

/** A refusal that a callback gave, carried out of the loop over a stream. */
export class Refused extends Error {
  readonly why: HandOverRefusal;
  constructor(why: HandOverRefusal) {
    super(why);
    this.why = why;
  }
}

/** Cuts a stream of bytes into lines, each with its line feed; a line that never ends is refused. */
export function createLineCutter(take: (bytes: Buffer) => void): { push(chunk: Buffer): void; isAtEnd(): boolean } {
  let rest: Buffer[] = [];
  let length = 0;
  return {
    push(chunk) {
      let from = 0;
      for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, from)) {
        const end = chunk.subarray(from, at + 1);
        take(rest.length === 0 ? end : Buffer.concat([...rest, end]));
        rest = [];
        length = 0;
        from = at + 1;
      }
      if (from < chunk.length) {
        rest.push(chunk.subarray(from));
        length += chunk.length - from;
        if (length > LONGEST_LINE_BYTES) throw new Refused('changed');
      }
    },
    isAtEnd: () => length === 0,
  };
}

/**
 * Unpacks a file and gives its lines one by one; null once every byte is as it was written, otherwise why it is not. Until
 * it has answered null nothing that was given may be believed.
 */
export async function unpackLines(file: Uint8Array, take: TakeLine): Promise<HandOverRefusal | null> {
  const start = Buffer.from(file.subarray(0, GZIP_START.length));
  if (!start.subarray(0, 2).equals(GZIP_START.subarray(0, 2))) return 'not_one';
  if (start.length < GZIP_START.length) return 'cut_short';
  if (!start.equals(GZIP_START)) return 'changed';
  const gunzip = createGunzip();
  const hash = createHash('sha256');
  const reader = createHandOverReader();
  let total = 0;
  const cutter = createLineCutter((bytes) => {
    const text = bytes.toString('utf8', 0, bytes.length - 1);
    const piece = reader.line(text, bytes.length);
    if (!piece.ok) throw new Refused(piece.error);
    if (piece.value.is !== 'end') hash.update(bytes);
    else if (hash.digest('hex') !== piece.value.sha256) throw new Refused('changed');
    const refused = take(piece.value, text, bytes);
    if (refused !== null) throw new Refused(refused);
  });
  try {
    gunzip.end(file);
    for await (const chunk of gunzip) {
      const bytes = chunk as Buffer;
      total += bytes.length;
      if (total > LARGEST_TEXT_BYTES) return 'changed';
      cutter.push(bytes);
    }
  } catch (problem) {
    if (problem instanceof Refused) return problem.why;
    const code = problem instanceof Error && 'code' in problem ? problem.code : '';
    // The end of the stream was not met: the file is shorter than it was, unless something stands behind its end.
    if (code === 'Z_BUF_ERROR') return reader.finish() ?? 'changed';
    if (typeof code === 'string' && code.startsWith('Z_')) return 'changed';
    throw problem;
  } finally {
    gunzip.destroy();
  }
  if (gunzip.bytesWritten !== file.length) return 'changed';
  return reader.finish() ?? (cutter.isAtEnd() ? null : 'changed');
}
