import {
  claimOf,
  emptyTrust,
  foldTrust,
  judge,
  keysOf,
  type Reader,
  type SiteRoot,
  type Trust,
} from '../../../shared/team/trust.ts';
import type { Placed, Remembered } from './held-index.ts';

/** Entries of several chains in the order of the ledger. */
export function inOrder<Some extends Placed>(some: readonly Some[]): Some[] {
  return some.toSorted((left, right) => {
    if (left.orderedAt !== right.orderedAt) return left.orderedAt < right.orderedAt ? -1 : 1;
    if (left.device !== right.device) return left.device < right.device ? -1 : 1;
    return left.seq - right.seq;
  });
}

/** The judge's memory of a set of entries, with every revocation known from the start. */
function trustOf(root: SiteRoot, entries: readonly Remembered[], reader: Reader): Trust {
  let revoked: ReadonlyMap<string, number> = new Map();
  for (;;) {
    const trust = emptyTrust(root, revoked);
    for (const { entry } of entries) if (judge(trust, claimOf(entry), reader) === null) foldTrust(trust, entry);
    const isNew = [...trust.revoked].some(([device, seq]) => revoked.get(device) !== seq);
    if (!isNew) return trust;
    revoked = new Map(trust.revoked);
  }
}

/** A chain that is to be believed, if its laptop has signed it. `remembered`: what of it the judge remembers. */
export type Candidate = {
  readonly device: string;
  readonly remembered: readonly Remembered[];
  readonly isSignedBy: (key: string) => boolean;
};

/**
 * Admits chain after chain: one whose laptop is enrolled by what is admitted already, and has signed it. `remembered`: what
 * is believed from the start. `founderKey`: what the entry says that founded the site; null: that is held already.
 */
export function admit<One extends Candidate>(
  { root, founderKey, reader }: { root: SiteRoot; founderKey: string | null; reader: Reader },
  candidates: readonly One[],
  remembered: readonly Remembered[],
): { trust: Trust; admitted: ReadonlySet<One> } {
  const admitted = new Set<One>();
  for (;;) {
    const believed = [...admitted].flatMap((one) => one.remembered);
    const trust = trustOf(root, inOrder([...remembered, ...believed]), reader);
    const before = admitted.size;
    for (const one of candidates) {
      if (admitted.has(one)) continue;
      const isFounder = one.device === root.founder && founderKey !== null;
      const laptop = trust.laptops.get(one.device);
      const foundedWith = isFounder ? [founderKey] : [];
      const keys = laptop === undefined ? foundedWith : keysOf(laptop);
      if (keys.some(one.isSignedBy)) admitted.add(one);
    }
    if (admitted.size === before) return { trust, admitted };
  }
}
