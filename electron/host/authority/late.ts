import type { FactKind, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import type { Trust } from '../../../shared/team/trust.ts';
import type { Head } from '../journal/line.ts';
import { isRefused, type ForeignChains, type Verdict } from './union.ts';

/**
 * What is said at a shelf, and a laptop's own business: what the host remembers of it is the same wherever among other
 * laptops' entries it stands. A person's rights, a decision or a match are not among them.
 */
const ANYWHERE: ReadonlySet<FactKind> = new Set([
  'stock_moved',
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
  'batch_submitted',
  'heard',
  'pin_set',
  'sign_in_refused',
  'tries_cleared',
  'checkpoint_kept',
  'veiled',
] as const);

const PAGE = 5_000;

type Folded = {
  readonly chains: ForeignChains;
  readonly trust: Trust;
  readonly verdict: Verdict;
  /** Newest entries of other laptops that are folded in. */
  readonly folded: readonly Head[];
};

/** Entries of other laptops that are held and not folded in, each chain in its order. Throws where one cannot be read. */
async function* fresh({ chains, folded }: Pick<Folded, 'chains' | 'folded'>): AsyncGenerator<readonly LedgerEntry[]> {
  for (const { device, seq } of chains.heads()) {
    let next: number | undefined = (folded.find((head) => head.device === device)?.seq ?? 0) + 1;
    while (next !== undefined && next <= seq) {
      const page: Awaited<ReturnType<ForeignChains['read']>> = await chains.read(device, next, PAGE);
      if (!page.ok) throw new Error(page.error.code);
      yield page.value.entries;
      next = page.value.nextSeq;
    }
  }
}

/**
 * Whether a laptop's new entries may be folded behind everything: it was believed at its newest entry, which it was enrolled
 * before therefore, and nobody has said anything after hearing of what is new.
 */
function isJustLonger({ trust, verdict, folded }: Folded, { device, seq, hash }: Head): boolean {
  const before = folded.find((head) => head.device === device);
  if (before?.seq === seq) return before.hash === hash;
  if (before === undefined || before.seq > seq || isRefused(verdict, before)) return false;
  return [...trust.heard.values()].every((heads) => (heads.get(device)?.seq ?? 0) <= before.seq);
}

/**
 * Folds what was taken in behind everything else, where that comes to the same as folding all of it anew in ledger order:
 * a count that comes late costs what it is, and not the whole ledger. `take` folds one entry, and answers false when it may
 * not any more. Answers false when all has to be folded anew.
 */
export async function foldBehind(parts: Folded, take: (entry: LedgerEntry) => boolean): Promise<boolean> {
  const { chains, folded } = parts;
  const heads = chains.heads();
  if (!folded.every(({ device }) => heads.some((head) => head.device === device))) return false;
  if (!heads.every((head) => isJustLonger(parts, head))) return false;
  // A chain that was damaged here and came again may have another past than the one that is folded.
  const ends = new Map(folded.map(({ device, hash }) => [device, hash]));
  const mayComeLate = ({ device, prev, hash, fact }: LedgerEntry): boolean => {
    const isNext = ends.get(device) === prev;
    ends.set(device, hash);
    return isNext && ANYWHERE.has(fact.kind);
  };
  try {
    for await (const page of fresh(parts)) if (!page.every(mayComeLate)) return false;
    for await (const page of fresh(parts)) if (!page.every(take)) return false;
    return true;
  } catch {
    return false;
  }
}
