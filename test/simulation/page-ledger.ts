import { bookLine, emptyBooks, move } from '../../shared/domain/balance.ts';
import type { Fact, LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { quantityOf } from '../../shared/domain/quantity.ts';
import { ok, type Result } from '../../shared/domain/result.ts';
import type { HostError } from '../../shared/ports/host.ts';
import type { Ledger } from '../../renderer/ledger/ledger.ts';
import { foldSending, NO_SENDING, type SendingState } from '../../renderer/ledger/sending-state.ts';
import type { Shelf } from './staff.ts';
import { textOf } from './steps.ts';

/** What others changed, as our ledger heard of it. */
export type Change = { readonly item: string; readonly bin: string; readonly at: string };

/** The books of the people in the world, and what they heard of: the same on every page. */
export type Books = {
  readonly changes: readonly Change[];
  /** Quantity by item and bin, in steps. */
  readonly held: Iterable<{ readonly item: string; readonly bin: string; readonly steps: number }>;
};

/** The page's ledger without its store: the production fold of what concerns sending, over books that the world keeps. */
export type PageLedger = { readonly ledger: Ledger; sending(): SendingState };

export function createPageLedger(parts: {
  shelves: readonly Shelf[];
  books: () => Books;
  append: (facts: readonly Fact[]) => Promise<Result<readonly LedgerEntry[], HostError>>;
}): PageLedger {
  let state = NO_SENDING;
  const taken = new Set<string>();
  const devices = new Map<string, { seq: number }>();

  function fold(entries: readonly LedgerEntry[]): void {
    for (const entry of entries) {
      if (taken.has(entry.id)) continue;
      taken.add(entry.id);
      devices.set(entry.device, { seq: Math.max(entry.seq, devices.get(entry.device)?.seq ?? 0) });
      state = foldSending(state, entry);
    }
  }

  function books() {
    const made = emptyBooks();
    for (const { item, bin, steps } of parts.books().held) move(bookLine(made, { item, bin }), quantityOf(textOf(steps)), undefined);
    return made;
  }

  const used = {
    sending: () => state,
    state: () => ({ books: books(), batches: new Map(), devices }),
    catalogue: () => ({ bin: (code: string) => parts.shelves.find((shelf) => shelf.bin === code) }),
    evidence: async (item: string) =>
      parts
        .books()
        .changes.filter((change) => change.item === item)
        .map(({ bin, at }) => ({ entry: { at, fact: { kind: 'stock_changed', item, bin, quantity: '1', reason: 'sale' } } })),
    movementsAfter: async () =>
      parts
        .books()
        .changes.map(({ item, bin, at }) => ({ at, fact: { kind: 'stock_changed', item, bin, quantity: '1', reason: 'sale' } })),
    async takeIn(entries: readonly LedgerEntry[]) {
      fold(entries);
      return ok(null);
    },
    async appendFacts(facts: readonly Fact[]) {
      const sealed = await parts.append(facts);
      if (sealed.ok) fold(sealed.value);
      return sealed;
    },
  };
  // Sending asks no more of the page's ledger than this; the rest of it counts and decides, which the world does itself.
  return { ledger: used as unknown as Ledger, sending: () => state };
}

/** The same fold over entries from the beginning. */
export function sendingOf(entries: readonly LedgerEntry[]): SendingState {
  return entries.reduce(foldSending, NO_SENDING);
}
