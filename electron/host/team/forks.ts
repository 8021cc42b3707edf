import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole, type Disk } from '../disk/disk.ts';
import { firstHead, type Head } from '../journal/line.ts';
import { peekLine, readChainLine } from './chain-lines.ts';
import type { Chains } from './chains.ts';
import { unpackLines } from './hand-over-file.ts';
import type { ChainReading } from './read-chains.ts';

/** A laptop of which two histories were met, each signed by it: `fromSeq` is where they part. */
export type Fork = { readonly device: string; readonly fromSeq: number };

/** The forks that this laptop has met, kept in the profile. */
export type Forks = {
  /** The first entry that two histories of a laptop tell differently. */
  of(device: string): number | undefined;
  note(found: readonly Fork[]): Promise<void>;
};

const keptSchema = z.array(z.object({ device: z.string().min(1).max(64), fromSeq: z.number().int().min(1) }));

async function readKept(disk: Disk, path: string): Promise<readonly Fork[]> {
  const bytes = await disk.read(path).catch(() => null);
  try {
    return keptSchema.parse(JSON.parse(bytes?.toString('utf8') ?? ''));
  } catch {
    // Whoever is told of a fork with the next file, is told again.
    return [];
  }
}

/** Opens what is known of forks. */
export async function openForks(disk: Disk, profile: string): Promise<Forks> {
  const path = join(profile, 'forks.json');
  const known = new Map((await readKept(disk, path)).map(({ device, fromSeq }) => [device, fromSeq]));
  return {
    of: (device) => known.get(device),
    async note(found) {
      const news = found.filter(({ device, fromSeq }) => fromSeq < (known.get(device) ?? Number.POSITIVE_INFINITY));
      if (news.length === 0) return;
      for (const { device, fromSeq } of news) known.set(device, fromSeq);
      const all = [...known].map(([device, fromSeq]) => ({ device, fromSeq }));
      await writeWhole(disk, path, Buffer.from(JSON.stringify(all)));
    },
  };
}

async function headBefore(chains: Pick<Chains, 'read'>, { device, fromSeq }: Fork): Promise<Head | null> {
  if (fromSeq === 1) return firstHead(device);
  const page = await chains.read(device, fromSeq - 1, 1);
  const entry = page.ok ? page.value.entries[0] : undefined;
  return entry?.seq === fromSeq - 1 ? { device, seq: entry.seq, hash: entry.hash } : null;
}

/**
 * Whether a file holds another history of a laptop than the one held, line for line from where they part up to the head that
 * the laptop has signed: nobody else can make one.
 */
export async function isProven(
  chains: Pick<Chains, 'read'>,
  file: Uint8Array,
  { chain }: Pick<ChainReading, 'chain'>,
  fork: Fork,
): Promise<boolean> {
  let head = await headBefore(chains, fork);
  if (head === null) return false;
  let isTheirs = false;
  await unpackLines(file, (piece, text) => {
    if (piece.is === 'chain') isTheirs = piece.chain.device === fork.device;
    if (piece.is !== 'entry' || !isTheirs || head === null) return null;
    if ((peekLine(text)?.seq ?? fork.fromSeq) < fork.fromSeq) return null;
    const read = readChainLine(text, head);
    head = 'problem' in read ? null : read.head;
    return null;
  });
  return head !== null && head.seq === chain.to && head.hash === chain.hash;
}
