import { bookLine, emptyBooks, move } from '../../shared/domain/balance.ts';
import type { Fact, LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { quantityOf } from '../../shared/domain/quantity.ts';
import { ok, type Result } from '../../shared/domain/result.ts';
import type { Host, HostError } from '../../shared/ports/host.ts';
import type { Ledger } from '../../renderer/ledger/ledger.ts';
import { sealedAfter } from '../../renderer/ledger/in-sequence.ts';
import { createWriter } from '../../renderer/ledger/writer.ts';
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
export type PageLedger = {
  readonly ledger: Ledger;
  sending(): SendingState;
  /** Begins with what the journal holds; what is not remembered is forgotten for good. */
  begin(entries: readonly LedgerEntry[], remembers: (fact: Fact) => boolean): void;
};

export function createPageLedger(parts: {
  shelves: readonly Shelf[];
  books: () => Books;
  append: (facts: readonly Fact[]) => Promise<Result<readonly LedgerEntry[], HostError>>;
  readJournal: Host['readJournal'];
}): PageLedger {
  let state = NO_SENDING;
  const devices = new Map<string, { seq: number }>();

  function fold(entries: readonly LedgerEntry[]): void {
    for (const entry of entries) {
      devices.set(entry.device, { seq: entry.seq });
      state = foldSending(state, entry);
    }
  }

  const newest = (device: string) => devices.get(device)?.seq ?? 0;
  const writer = createWriter({
    host: {
      async append({ facts }) {
        const sealed = await parts.append(facts);
        return sealed.ok ? ok({ entries: [...sealed.value] }) : sealed;
      },
      synced: async () => ok({}),
      readJournal: parts.readJournal,
    },
    insert: async () => ok(null),
    takeBack: async () => ok(null),
    newest,
    fold,
  });

  function books() {
    const made = emptyBooks();
    for (const { item, bin, steps } of parts.books().held)
      move(bookLine(made, { item, bin }), quantityOf(textOf(steps)), undefined);
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
        .map(({ bin, at }) => ({
          entry: { at, fact: { kind: 'stock_changed', item, bin, quantity: '1', reason: 'sale' } },
        })),
    movementsAfter: async () =>
      parts
        .books()
        .changes.map(({ item, bin, at }) => ({
          at,
          fact: { kind: 'stock_changed', item, bin, quantity: '1', reason: 'sale' },
        })),
    takeIn: writer.takeIn,
    appendFacts: writer.append,
    async catchUp() {
      const [device = ''] = devices.keys();
      const missed = await sealedAfter({ readJournal: parts.readJournal }, newest(device), { device });
      if (!missed.ok) return missed;
      const taken = await writer.takeIn(missed.value);
      return taken.ok ? ok(missed.value.length) : taken;
    },
  };
  // Sending asks no more of the page's ledger than this; the rest of it counts and decides, which the world does itself.
  return {
    ledger: used as unknown as Ledger,
    sending: () => state,
    begin(entries, remembers) {
      for (const entry of entries) {
        devices.set(entry.device, { seq: entry.seq });
        if (remembers(entry.fact)) state = foldSending(state, entry);
      }
    },
  };
}

/** The same fold over entries from the beginning. */
export function sendingOf(entries: readonly LedgerEntry[]): SendingState {
  return entries.reduce(foldSending, NO_SENDING);
}
