import { z } from 'zod';
import { canonicalJson } from '../../../shared/domain/ledger-entry.ts';
import { sha256 } from '../disk/sha256.ts';
import { type Head } from './line.ts';

const hashSchema = z.string().length(64);

export const gapSchema = z.object({
  from: z.number().int().min(1),
  to: z.number().int().min(1),
  known: z.number().int().min(0),
  before: hashSchema,
  prev: hashSchema,
});
/**
 * Numbers from `from` to `to` that hold no entry: those were lost in both copies, or, at the end of a journal that lost
 * its end, may have been given. They are never given again.
 */
export type Gap = {
  readonly from: number;
  readonly to: number;
  /** The highest number that was certainly given; below `from` when perhaps none was. */
  readonly known: number;
  /** Hash that the chain had before the gap. */
  readonly before: string;
  /** What the entry after the gap names as the one before it. */
  readonly prev: string;
};

/** A gap and the bytes of its line. */
export type SealedGap = { readonly gap: Gap; readonly line: Buffer };

const lineSchema = z.object({
  gap: gapSchema.omit({ prev: true }).extend({ device: z.string(), next: hashSchema.exactOptional() }),
});
const GAP_START = /^\{"hash":"([0-9a-f]{64})",(?="gap":)/;

/**
 * Declares the numbers after `head` up to `to` as lost. `next`: the hash of the last of them, where an entry that still
 * stands names it; without one the entry after the gap names the hash of the declaration itself. It is the first line
 * of a segment: `{"hash":"…","gap":{"before":…,"device":…,"from":…,"known":…,"next":…,"to":…}}`.
 */
export function sealGap(head: Head, { to, known, next }: { to: number; known: number; next?: string }): SealedGap {
  const said = { device: head.device, from: head.seq + 1, to, known, before: head.hash };
  const text = canonicalJson({ gap: next === undefined ? said : { ...said, next } });
  const hash = sha256(text);
  const gap = { from: said.from, to, known, before: head.hash, prev: next ?? hash };
  return { gap, line: Buffer.from(`{"hash":"${hash}",${text.slice(1)}\n`) };
}

/** The gap that a line (without its line feed) declares, wherever it stands; null when it is none or was altered. */
export function readGap(line: string): (Gap & { readonly device: string }) | null {
  const start = GAP_START.exec(line);
  if (start === null) return null;
  const text = `{${line.slice(start[0].length)}`;
  const hash = start[1] ?? '';
  if (sha256(text) !== hash) return null;
  const parsed = lineSchema.safeParse(JSON.parse(text));
  if (!parsed.success || parsed.data.gap.to < parsed.data.gap.from) return null;
  const { next, ...gap } = parsed.data.gap;
  return { ...gap, prev: next ?? hash };
}

/** The head after a gap. */
export function afterGap(head: Head, gap: Gap): Head {
  return { device: head.device, seq: gap.to, hash: gap.prev };
}
