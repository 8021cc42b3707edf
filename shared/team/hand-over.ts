import { z } from 'zod';
import { err, ok, type Result } from '../domain/result.ts';

const idText = z.string().min(1).max(64);
const sha256Text = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().min(0);

const startSchema = z.object({
  tallybook: z.literal('hand-over'),
  v: z.literal(1),
  site: z.object({ id: sha256Text, name: z.string().min(1).max(80) }),
  from: z.object({ laptop: idText, name: z.string().max(80) }),
  madeAt: z.iso.datetime(),
});
const chainShape = z.object({
  device: idText,
  from: z.number().int().min(1),
  to: z.number().int().min(1),
  /** Hash of entry `to`, and the laptop's signature over the head (see `head.ts`), base64url. */
  hash: sha256Text,
  signature: z.string().regex(/^[\w-]{86}$/),
  /** Hashes of the declarations of lost numbers that the signature vouches for. */
  gaps: z.array(sha256Text).max(1_000).optional(),
  /** Lines that follow: entries, and declarations of lost numbers between them. */
  entries: z.number().int().min(1),
});
const chainSchema = z.object({ chain: chainShape });
/** The same where nothing need be signed: a laptop that works alone has no key. */
export const bareChainSchema = z.object({ chain: chainShape.partial({ signature: true }) });
const catalogueSchema = z.object({
  catalogue: z.object({ sha256: sha256Text, what: z.enum(['items', 'bins']), bytes: count }),
});
const endSchema = z.object({ end: z.object({ sha256: sha256Text }) });

export type HandOverStart = Omit<z.infer<typeof startSchema>, 'tallybook' | 'v'>;
export type HandOverChain = z.infer<typeof chainSchema>['chain'];
/** A chain of which perhaps nothing is signed. */
export type BareChain = z.infer<typeof bareChainSchema>['chain'];
export type HandOverCatalogue = z.infer<typeof catalogueSchema>['catalogue'];
export type HandOverRefusal = 'not_one' | 'cut_short' | 'changed' | 'newer_version';

/** One line of a file, told apart. Entries and rows are given on as they stand: whoever takes them checks them. */
export type Piece<Start, Chain, End> =
  | { readonly is: 'start'; readonly start: Start }
  | { readonly is: 'chain'; readonly chain: Chain }
  | { readonly is: 'entry' }
  | { readonly is: 'catalogue'; readonly catalogue: HandOverCatalogue }
  | { readonly is: 'row' }
  | ({ readonly is: 'end' } & End);
/** `sha256`: of every byte before the last line. */
export type HandOverPiece = Piece<HandOverStart, HandOverChain, z.infer<typeof endSchema>['end']>;

/** Reads a file line by line, in order. */
export type PieceReader<Start, Chain, End> = {
  /** `bytes`: length of the line with its line feed. */
  line(text: string, bytes: number): Result<Piece<Start, Chain, End>, HandOverRefusal>;
  /** Once there are no more lines: why the file is not whole, or null. */
  finish(): HandOverRefusal | null;
};

/** The first line. */
export function startLine(start: HandOverStart): string {
  const { site, from, madeAt } = start;
  return `${JSON.stringify({ tallybook: 'hand-over', v: 1, site, from, madeAt })}\n`;
}

/** The line before a chain's entries. */
export function chainLine({ device, from, to, hash, signature, gaps = [], entries }: BareChain): string {
  const declared = gaps.length === 0 ? {} : { gaps };
  return `${JSON.stringify({ chain: { device, from, to, hash, signature, ...declared, entries } })}\n`;
}

/** The line before a catalogue file's bytes. */
export function catalogueLine({ sha256, what, bytes }: HandOverCatalogue): string {
  return `${JSON.stringify({ catalogue: { sha256, what, bytes } })}\n`;
}

/** The last line; `sha256`: of everything before it. */
export function endLine(sha256: string): string {
  return `${JSON.stringify({ end: { sha256 } })}\n`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the first line of a file says, read by its schema; `kind`: what files of this sort call themselves. */
export function readFirst<Start>(text: string, schema: z.ZodType<Start>, kind: string): Result<Start, HandOverRefusal> {
  const value = parseJson(text);
  const parsed = schema.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const head = z.object({ tallybook: z.literal(kind), v: z.number().int().min(2) }).safeParse(value);
  return err(head.success ? 'newer_version' : 'not_one');
}

function readStart(text: string): Result<HandOverStart, HandOverRefusal> {
  const read = readFirst(text, startSchema, 'hand-over');
  if (!read.ok) return read;
  const { site, from, madeAt } = read.value;
  return ok({ site, from, madeAt });
}

/** What differs from one sort of file to another: its first line, what stands before a chain, and its last line. */
type Grammar<Start, Chain, End> = {
  readonly start: (text: string) => Result<Start, HandOverRefusal>;
  readonly chain: z.ZodType<{ chain: Chain }>;
  readonly end: z.ZodType<{ end: End }>;
};

/** A reader that knows at every line what may come next. It holds one line at a time. */
export function createPieceReader<Start, Chain extends { readonly entries: number }, End>(
  grammar: Grammar<Start, Chain, End>,
): PieceReader<Start, Chain, End> {
  type Read = Result<Piece<Start, Chain, End>, HandOverRefusal>;
  let isStarted = false;
  let isEnded = false;
  /** Entries still to come of the chain that was begun, and bytes of the catalogue file. */
  let entries = 0;
  let bytesLeft = 0;

  function between(text: string): Read {
    const value = parseJson(text);
    const chain = grammar.chain.safeParse(value);
    if (chain.success) {
      entries = chain.data.chain.entries;
      return ok({ is: 'chain', chain: chain.data.chain });
    }
    const catalogue = catalogueSchema.safeParse(value);
    if (catalogue.success) {
      bytesLeft = catalogue.data.catalogue.bytes;
      return ok({ is: 'catalogue', catalogue: catalogue.data.catalogue });
    }
    const end = grammar.end.safeParse(value);
    if (!end.success) return err('changed');
    isEnded = true;
    return ok({ is: 'end', ...end.data.end });
  }

  return {
    line(text, bytes) {
      if (isEnded) return err('changed');
      if (!isStarted) {
        const start = grammar.start(text);
        isStarted = start.ok;
        return start.ok ? ok({ is: 'start', start: start.value }) : start;
      }
      if (entries > 0) {
        entries -= 1;
        return ok({ is: 'entry' });
      }
      if (bytesLeft > 0) {
        bytesLeft -= bytes;
        return bytesLeft < 0 ? err('changed') : ok({ is: 'row' });
      }
      return between(text);
    },
    finish() {
      if (!isStarted) return 'not_one';
      return isEnded ? null : 'cut_short';
    },
  };
}

/** A reader of a file that goes from laptop to laptop. */
export function createHandOverReader(): PieceReader<HandOverStart, HandOverChain, { readonly sha256: string }> {
  return createPieceReader({ start: readStart, chain: chainSchema, end: endSchema });
}
