import { z } from 'zod';
import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { Dispute, HostError, Mended } from '../../../shared/ports/host.ts';
import { diskError, type Disk } from '../disk/disk.ts';
import type { Journal } from './journal.ts';
import { isAsSealed } from './line.ts';
import { openKept } from '../disk/kept-file.ts';
import { createTurns, instantOf, type Clock } from '../disk/turns.ts';
import { keepWitness } from './witness.ts';

const fileSchema = z.object({
  fromSeq: z.number().int().min(1),
  entries: z.number().int().min(0),
  foundAt: z.iso.datetime(),
  file: z.string().nullable(),
  settledBy: z.string().exactOptional(),
});

/** So many entries of a copy are kept as a witness; of more, the first. */
const MOST = 50_000;

/**
 * Whether this laptop's history is what it was. Where the page's copy is whole and says something else than the journal,
 * one of the two was written anew: neither is called damaged, both are kept, and until an admin has looked nothing is
 * posted or sent. Counting goes on: what is counted stands after both.
 */
export type History = {
  /** What nobody has looked at yet. */
  dispute(): Dispute | null;
  /** The refusal of whatever would carry a doubtful figure on; null: it may go. */
  refusal(): HostError | null;
  /** Takes the page's copy from the first entry on that differs, in order, in as many calls as it takes. */
  keep(entries: readonly LedgerEntry[], fromSeq: number, last: boolean): Promise<Result<null, HostError>>;
  /** The journal is not what is remembered of it, from `fromSeq` on. */
  raise(fromSeq: number): Promise<Result<null, HostError>>;
  /** An admin has looked. What was kept stays. */
  settle(by: string): Promise<Result<null, HostError>>;
};

type Options = {
  disk: Disk;
  profile: string;
  clock: Clock;
  journal: Pick<Journal, 'read' | 'status'>;
  onMended: (mended: Mended) => void;
};

/** Opens what is remembered of it. */
export async function openHistory({ disk, profile, clock, journal, onMended }: Options): Promise<History> {
  const file = await openKept({ disk, folder: profile, name: 'dispute', schema: fileSchema, onMended });
  let kept = file.found === 'whole' ? file.content() : null;
  let given: LedgerEntry[] = [];
  const inTurn = createTurns();

  async function save(next: z.infer<typeof fileSchema>): Promise<Result<null, HostError>> {
    try {
      await file.save(next, journal.status().device);
      kept = next;
      return ok(null);
    } catch (problem) {
      return err(diskError(problem));
    }
  }

  /** Whether entries are what their hashes say, follow each other, and are not what the journal says. */
  async function contradict(entries: readonly LedgerEntry[], fromSeq: number): Promise<boolean> {
    const { device } = journal.status();
    const isChain = entries.every((entry, at) => {
      const before = entries[at - 1];
      return (
        entry.device === device &&
        isAsSealed(entry) &&
        (before === undefined ? entry.seq === fromSeq : entry.seq > before.seq)
      );
    });
    const [first] = entries;
    if (!isChain || first === undefined) return false;
    const page = await journal.read(fromSeq, 1);
    return page.ok && page.value.entries[0]?.hash !== first.hash;
  }

  async function keep(entries: readonly LedgerEntry[], fromSeq: number, last: boolean) {
    if (given[0]?.seq !== fromSeq) given = [];
    given = [...given, ...entries].slice(0, MOST);
    if (!last) return ok(null);
    const all = given;
    given = [];
    if (!(await contradict(all, fromSeq)))
      return err({ code: 'bad_request' as const, reason: 'nothing here contradicts the journal' });
    try {
      const foundAt = instantOf(clock);
      const witness = await keepWitness(disk, profile, foundAt, 'differs', all);
      return await save({ fromSeq, entries: all.length, foundAt, file: witness });
    } catch (problem) {
      return err(diskError(problem));
    }
  }

  function dispute(): Dispute | null {
    if (kept === null || kept.settledBy !== undefined) return null;
    const { fromSeq, entries, foundAt, file: witness } = kept;
    return { fromSeq, entries, foundAt, file: witness };
  }

  return {
    dispute,
    refusal: () => (dispute() === null ? null : { code: 'history_differs' }),
    keep: (entries, fromSeq, last) => inTurn(() => keep(entries, fromSeq, last)),
    raise: (fromSeq) => inTurn(() => save({ fromSeq, entries: 0, foundAt: instantOf(clock), file: null })),
    settle: (by) => inTurn(async () => (kept === null ? ok(null) : save({ ...kept, settledBy: by }))),
  };
}
