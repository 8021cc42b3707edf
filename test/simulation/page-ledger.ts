import { bookLine, emptyBooks, move } from '../../shared/domain/balance.ts';
import type { LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { quantityOf } from '../../shared/domain/quantity.ts';
import { ok } from '../../shared/domain/result.ts';
import type { Host } from '../../shared/ports/host.ts';
import { sealedAfter } from '../../renderer/ledger/in-sequence.ts';
import type { Ledger } from '../../renderer/ledger/ledger.ts';
import { foldSending, NO_SENDING, type SendingState } from '../../renderer/ledger/sending-state.ts';
import { createWriter } from '../../renderer/ledger/writer.ts';
import type { Shelf } from './staff.ts';
import { textOf } from './steps.ts';

/** What others changed, as our ledger heard of it. */
export type Change = { readonly item: string; readonly bin: string; readonly at: string; readonly happenedAt?: string };

/** The books of the people in the world, and what they heard of: the same on every page. */
export type Books = {
  readonly changes: readonly Change[];
  /** Quantity by item and bin, in steps. */
  readonly held: Iterable<{ readonly item: string; readonly bin: string; readonly steps: number }>;
};

/** The page's ledger without its store: the production writer and fold of what concerns sending, over books that the world keeps. */
export type PageLedger = { readonly ledger: Ledger; sending(): SendingState };

/** `remembered`: what the page's copy holds when it is opened. */
export function createPageLedger(parts: {
  host: Pick<Host, 'append' | 'synced' | 'readJournal'>;
  device: string;
  shelves: readonly Shelf[];
  books: () => Books;
  remembered: readonly LedgerEntry[];
  newest: number;
}): PageLedger {
  const { host, device } = parts;
  let state = sendingOf(parts.remembered);
  /** The labels of reversals: of a batch sending asks no more than whether it takes another one's lines back. */
  const reversals = new Map<string, { readonly reverses: string }>();
  const label = ({ fact }: LedgerEntry): void => {
    if (fact.kind === 'lines_reversed') reversals.set(fact.batch, { reverses: fact.reverses });
  };
  parts.remembered.forEach(label);
  const devices = new Map([[device, { seq: parts.newest }]]);
  const writer = createWriter({
    mend: async () => ok(null),
    host,
    insert: async () => ok(null),
    takeBack: async () => ok(null),
    newest: (of) => devices.get(of)?.seq ?? 0,
    fold(entries) {
      for (const entry of entries) {
        state = foldSending(state, entry);
        label(entry);
        devices.set(entry.device, { seq: entry.seq });
      }
    },
  });

  function books() {
    const made = emptyBooks();
    for (const { item, bin, steps } of parts.books().held)
      move(bookLine(made, { item, bin }), quantityOf(textOf(steps)), undefined, 0);
    return made;
  }

  const used = {
    sending: () => state,
    state: () => ({
      get books() {
        return books();
      },
      batches: reversals,
      stocktakes: new Map(),
      devices,
    }),
    catalogue: () => ({ bin: (code: string) => parts.shelves.find((shelf) => shelf.bin === code) }),
    countedBlind: () => new Set<string>(),
    movementsOf: async (item: string) =>
      parts
        .books()
        .changes.filter((change) => change.item === item)
        .map(({ bin, at, happenedAt }) => ({
          at,
          fact: { kind: 'stock_changed', item, bin, quantity: '1', reason: 'sale', happenedAt },
        })),
    takeIn: (entries: readonly LedgerEntry[]) => writer.takeIn(entries),
    appendFacts: writer.append,
    async catchUp() {
      const missed = await sealedAfter(host, devices.get(device)?.seq ?? 0, { device });
      if (!missed.ok) return missed;
      const taken = await writer.takeIn(missed.value);
      return taken.ok ? ok(missed.value.length) : taken;
    },
  };
  // Sending asks no more of the page's ledger than this; the rest of it counts and decides, which the world does itself.
  return { ledger: used as unknown as Ledger, sending: () => state };
}

/** The fold of entries from the beginning. */
export function sendingOf(entries: readonly LedgerEntry[]): SendingState {
  return entries.reduce(foldSending, NO_SENDING);
}
