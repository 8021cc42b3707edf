import type { LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { orderEntries } from '../../shared/domain/ledger-state.ts';

/**
 * Entries of any laptops in the order of the ledger, as well as the entries at hand tell it. What one laptop said, in its
 * sequence, is in order already.
 */
export function inLedgerOrder(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const isOneChain = entries.every(
    ({ device, seq }, at) => at === 0 || (entries[at - 1]?.device === device && (entries[at - 1]?.seq ?? 0) < seq),
  );
  return isOneChain ? entries : orderEntries(entries);
}

/** Where an entry stands in the ledger's time, after what its chain had shown before it: a clock set back reorders nothing. */
export function orderedAtOf(entry: LedgerEntry, before: string): string {
  return before > entry.at ? before : entry.at;
}

/** Whether a place in the ledger's order is before another one of another chain. */
export function isBefore(left: { orderedAt: string; device: string }, right: typeof left): boolean {
  return left.orderedAt === right.orderedAt ? left.device < right.device : left.orderedAt < right.orderedAt;
}
