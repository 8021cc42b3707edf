import type { LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { orderEntries } from '../../shared/domain/ledger-order.ts';

/**
 * Entries of any laptops in the order of the ledger, as well as the entries at hand tell it: where some of a chain are left
 * out, only who has folded all of it knows (`inOrderOf`). What one laptop said, in its sequence, is in order already.
 */
export function inLedgerOrder(entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const isOneChain = entries.every(
    ({ device, seq }, at) => at === 0 || (entries[at - 1]?.device === device && (entries[at - 1]?.seq ?? 0) < seq),
  );
  return isOneChain ? entries : orderEntries(entries);
}
