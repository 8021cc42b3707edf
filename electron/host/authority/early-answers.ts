import type { Fact, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import type { Person } from '../../../shared/domain/person.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { HostError } from '../../../shared/ports/host.ts';
import type { Sealed } from '../journal/journal.ts';

type Appended = Result<{ entries: LedgerEntry[]; ticket?: number }, HostError>;

/** Appending for a page, which may hear of sealed entries before they are safe on disk. */
export type Appending = {
  append(person: Person, facts: readonly Fact[], early: boolean): Promise<Appended>;
  synced(ticket: number): Promise<Result<Record<string, never>, HostError>>;
  /** Forgets every ticket: the page that held them is gone. */
  forget(): void;
};

/** A page asks about each at once; one that never asks must not fill the memory. */
const TICKETS = 1_000;

/** Appending to `ledger`. A ticket is good for one question. */
export function createAppending(ledger: {
  propose(person: Person, facts: readonly Fact[]): Promise<Result<Sealed, HostError>>;
}): Appending {
  const tickets = new Map<number, Sealed['synced']>();
  let newest = 0;
  return {
    async append(person, facts, early) {
      const sealed = await ledger.propose(person, facts);
      if (!sealed.ok) return sealed;
      const { entries, written, synced } = sealed.value;
      // What could not even be written is refused at once.
      const safe = early ? await Promise.race([written, synced]) : await synced;
      if (safe) return safe.ok ? ok({ entries: [...entries] }) : safe;
      newest += 1;
      tickets.set(newest, synced);
      tickets.delete(newest - TICKETS);
      return ok({ entries: [...entries], ticket: newest });
    },
    async synced(ticket) {
      const waiting = tickets.get(ticket);
      tickets.delete(ticket);
      if (waiting === undefined) return err({ code: 'bad_request', reason: 'no such ticket' });
      const safe = await waiting;
      return safe.ok ? ok({}) : safe;
    },
    forget: () => tickets.clear(),
  };
}
