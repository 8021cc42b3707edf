import type { LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import type { Result } from '../../shared/domain/result.ts';
import type { Host } from '../../shared/ports/host.ts';
import type { Ledger, LedgerError } from '../ledger/ledger.ts';

/** Entries that the host seals while it sends, on their way into the page's ledger. */
export type Sealed = {
  takeIn(entries: readonly LedgerEntry[]): Promise<Result<null, LedgerError>>;
  /**
   * Takes in what the host has sealed since this page was opened and this page has not heard of: a page that was loaded
   * anew in the middle of a step gets no answer to what the one before it had asked. Answers how many entries there were.
   */
  catchUp(): Promise<number>;
};

const PAGE = 500;
/** What the host seals of its own accord. Everything else comes in with the answer to whoever proposed it. */
const OF_THE_HOST: ReadonlySet<LedgerEntry['fact']['kind']> = new Set([
  'send_frozen',
  'send_attempted',
  'send_settled',
  'remote_observed',
  'remote_moved',
  'file_job_started',
  'drift_decided',
]);

/** Creates it over a ledger that was just opened, and so holds everything sealed until then. */
export function createSealed(host: Host, ledger: Ledger): Sealed {
  const openedAt = new Map([...ledger.state().devices].map(([device, { seq }]) => [device, seq]));
  const known = new Set<string>();

  async function takeIn(entries: readonly LedgerEntry[]): Promise<Result<null, LedgerError>> {
    const fresh = entries.filter((entry) => !known.has(entry.id));
    for (const entry of fresh) known.add(entry.id);
    return ledger.takeIn(fresh);
  }

  return {
    takeIn,
    async catchUp() {
      const started = await host.start({});
      let next: number | undefined = started.ok ? (openedAt.get(started.value.journal.device) ?? 0) + 1 : undefined;
      let found = 0;
      while (next !== undefined) {
        const page: Awaited<ReturnType<Host['readJournal']>> = await host.readJournal({ fromSeq: next, limit: PAGE });
        if (!page.ok) break;
        const missed = page.value.entries.filter(({ id, fact }) => OF_THE_HOST.has(fact.kind) && !known.has(id));
        found += missed.length;
        if (missed.length > 0 && !(await takeIn(missed)).ok) break;
        next = page.value.nextSeq;
      }
      return found;
    },
  };
}
