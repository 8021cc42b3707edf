import { z } from 'zod';
import type { Fact, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import type { Mended } from '../../../shared/ports/host.ts';
import type { Disk } from '../disk/disk.ts';
import { openKept } from '../disk/kept-file.ts';

const headSchema = z.object({ seq: z.number().int().min(1), hash: z.string().regex(/^[0-9a-f]{64}$/) });
const fileSchema = z.object({ heads: z.array(headSchema).max(1_000) });

/** An entry that was surely acknowledged, and its hash. */
export type KnownHead = z.infer<typeof headSchema>;

/**
 * What is remembered of the journal outside of it: entries that it held, by sequence and hash. A hash stands for everything
 * before it, so whatever leads up to one of them exactly is what was written, whoever gives it back.
 */
export type Heads = {
  /** Whose journal it is, where that is remembered. */
  device(): string | undefined;
  /** Oldest first. */
  all(): readonly KnownHead[];
  newest(): KnownHead | undefined;
  /** Remembers one more; older ones than the newest are passed over. */
  add(device: string, ...heads: readonly KnownHead[]): Promise<void>;
  /** Forgets all but one: the others are of a journal that was written anew. */
  startOver(device: string, head: KnownHead): Promise<void>;
};

/** So many are kept: all of the newest, ever fewer of the older ones. */
const KEPT = 200;

/**
 * Facts of counting: they say what lies on a shelf, and change neither who may do what nor a book. Any other fact is
 * remembered here at once, so that what only the page still has of a journal's end is counting.
 */
const COUNTING: ReadonlySet<Fact['kind']> = new Set([
  'bin_opened',
  'counted',
  'serial_repeated',
  'unknown_scanned',
  'unknown_noted',
  'unknown_proposed',
  'count_voided',
  'bin_confirmed_empty',
  'bin_skipped',
  'bin_finished',
]);

/** Whether an entry that nothing vouches for may be taken back into the journal: it grants nothing and decides nothing. */
export function isCounting({ fact }: LedgerEntry): boolean {
  return COUNTING.has(fact.kind);
}

function thinned(heads: readonly KnownHead[]): readonly KnownHead[] {
  if (heads.length <= KEPT) return heads;
  const old = heads.length - KEPT / 2;
  return heads.filter((_, at) => at >= old || at % 2 === 0);
}

/** The heads that a profile remembers; none when both copies are gone, or are not what they were. */
export async function openHeads(disk: Disk, profile: string, onMended: (mended: Mended) => void): Promise<Heads> {
  const kept = await openKept({ disk, folder: profile, name: 'heads', schema: fileSchema, onMended });
  // A file without a checksum was never written by us.
  let heads: readonly KnownHead[] = kept.found === 'whole' ? (kept.content()?.heads ?? []) : [];

  async function save(of: string, next: readonly KnownHead[]): Promise<void> {
    await kept.save({ heads: [...next] }, of);
    heads = next;
  }

  return {
    device: () => (heads.length > 0 ? (kept.device() ?? undefined) : undefined),
    all: () => heads,
    newest: () => heads.at(-1),
    async add(of, ...more) {
      const next = thinned([...heads, ...more.filter(({ seq }) => seq > (heads.at(-1)?.seq ?? 0))]);
      if (next.at(-1)?.seq !== heads.at(-1)?.seq) await save(of, next);
    },
    startOver: (of, head) => save(of, [head]),
  };
}
