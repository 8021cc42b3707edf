import { z } from 'zod';
import { ok, type Result } from '../domain/result.ts';
import {
  bareChainSchema,
  createPieceReader,
  readFirst,
  type BareChain,
  type HandOverRefusal,
  type PieceReader,
} from './hand-over.ts';
import type { HeardHead } from './trust.ts';

const idText = z.string().min(1).max(64);
const sha256Text = z.string().regex(/^[0-9a-f]{64}$/);
const nameText = z.string().max(80);
const place = z.number().int().min(1);
const count = z.number().int().min(0);

const startSchema = z.object({
  tallybook: z.literal('evidence'),
  v: z.literal(1),
  /** How it is checked, for whoever opens the file. */
  check: z.string(),
  /** Version of the app that wrote it. */
  app: z.string().max(40),
  /** Null: a laptop that works alone; nothing in the file is signed then. */
  site: z.object({ id: sha256Text, name: z.string().min(1).max(80) }).nullable(),
  /** The stocktake for which it was saved; null: none in particular. All of the ledger is in it either way. */
  stocktake: idText.nullable(),
  from: z.object({ laptop: idText, name: nameText }),
  by: z.object({ person: idText, name: nameText }),
  madeAt: z.iso.datetime(),
  /** Laptops of which two histories were met, and where they part. */
  forks: z.array(z.object({ laptop: idText, fromSeq: place })),
  /** What others had heard of a laptop and the one that wrote this did not hold. */
  missing: z.array(z.object({ laptop: idText, fromSeq: place, toSeq: place })),
});
const endSchema = z.object({
  end: z.object({
    /** Lines before this one, entries among them, and the digest of every byte of those lines. */
    lines: count,
    entries: count,
    sha256: sha256Text,
    /** Of the laptop that wrote it, over `evidenceText`, base64url; absent where it works alone. */
    signature: z
      .string()
      .regex(/^[\w-]{86}$/)
      .optional(),
  }),
});

export type EvidenceStart = Omit<z.infer<typeof startSchema>, 'tallybook' | 'v' | 'check'>;
export type EvidenceEnd = z.infer<typeof endSchema>['end'];
export type Missing = EvidenceStart['missing'][number];

const CHECK = 'node verify.mjs FILE: says whether a byte of this file was changed, and what is in it.';

/** The first line of an evidence file. After it come chains and lists as in a file for other laptops, in plain text. */
export function evidenceStartLine(start: EvidenceStart): string {
  const { app, site, stocktake, from, by, madeAt, forks, missing } = start;
  const head = { tallybook: 'evidence', v: 1, check: CHECK, app };
  return `${JSON.stringify({ ...head, site, stocktake, from, by, madeAt, forks, missing })}\n`;
}

/** The last line. */
export function evidenceEndLine({ lines, entries, sha256, signature }: EvidenceEnd): string {
  return `${JSON.stringify({ end: { lines, entries, sha256, signature } })}\n`;
}

/** The text that the laptop signs which writes a file: all of it, as one. */
export function evidenceText(site: string, laptop: string, { lines, entries, sha256 }: EvidenceEnd): string {
  return ['tallybook evidence 1', site, laptop, String(lines), String(entries), sha256].join('\n');
}

/** So much of a digest is written down and compared by eye: 20 digits, in fours. Whoever wants to fake it tries 2⁸⁰ files. */
export function shortDigest(sha256: string): string {
  return (sha256.slice(0, 20).match(/.{4}/g) ?? []).join('-');
}

/** A reader of an evidence file. */
export function createEvidenceReader(): PieceReader<EvidenceStart, BareChain, EvidenceEnd> {
  return createPieceReader({ start: readStart, chain: bareChainSchema, end: endSchema });
}

function readStart(text: string): Result<EvidenceStart, HandOverRefusal> {
  const read = readFirst(text, startSchema, 'evidence');
  if (!read.ok) return read;
  const { tallybook: _is, v: _v, check: _check, ...start } = read.value;
  return ok(start);
}

/** What laptops had heard of each other and is not held: each laptop once, by its id. `held`: the newest number of each. */
export function heardNotHeld(
  heard: ReadonlyMap<string, ReadonlyMap<string, HeardHead>>,
  held: ReadonlyMap<string, number>,
): Missing[] {
  const newest = new Map<string, number>();
  for (const heads of heard.values())
    for (const [laptop, { seq }] of heads) newest.set(laptop, Math.max(seq, newest.get(laptop) ?? 0));
  return [...newest]
    .filter(([laptop, toSeq]) => toSeq > (held.get(laptop) ?? 0))
    .map(([laptop, toSeq]) => ({ laptop, fromSeq: (held.get(laptop) ?? 0) + 1, toSeq }))
    .toSorted((left, right) => (left.laptop < right.laptop ? -1 : 1));
}
