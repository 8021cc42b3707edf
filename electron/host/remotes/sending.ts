import type { FrozenRequest } from '../../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { HostError } from '../../../shared/ports/host.ts';
import { createDesk, type Desk } from '../../../shared/sync/desk/desk.ts';
import type { Connections } from './connections.ts';
import type { Journal } from '../journal/journal.ts';
import type { Ledger } from '../authority/ledger.ts';
import type { ForeignChains } from '../authority/union.ts';
import { createElsewhere } from './elsewhere.ts';
import type { Holding } from './holding.ts';
import type { SendMarksReader } from './posted-lines.ts';
import type { Clock } from '../disk/turns.ts';

type SendingOptions = {
  ledger: Ledger;
  journal: Journal;
  /** What is held of other laptops. */
  chains: ForeignChains;
  marks: SendMarksReader;
  connections: Connections;
  holding: Holding;
  clock: Clock;
  random: () => number;
};

/** The part of the host that meets remotes: the desk, standing on the journal, the vault and the network. */
export function createSending(options: SendingOptions): Desk {
  const { ledger, journal, chains, marks, connections, holding, clock, random } = options;
  /** The entry read last: the requests of one plan share a few entries, and go out one after another. */
  let read: { seq: number; requests: readonly FrozenRequest[] } | undefined;

  async function frozenBytes(
    id: string,
    { seq, index }: { seq: number; index: number },
  ): Promise<Result<FrozenRequest, HostError>> {
    if (read?.seq !== seq || read.requests[index]?.id !== id) {
      const page = await journal.read(seq, 1);
      if (!page.ok) return page;
      const fact = page.value.entries[0]?.fact;
      read = { seq, requests: fact?.kind === 'send_frozen' ? fact.requests : [] };
    }
    const request = read.requests[index];
    return request?.id === id ? ok(request) : err({ code: 'not_found', what: 'request' });
  }

  return createDesk({
    record: (by, facts) => ledger.record(by, facts),
    state: () => ledger.state().desk,
    frozenBytes,
    async marks(sent) {
      await ledger.withMarks(sent.batch);
      const batch = ledger.state().batches.get(sent.batch);
      if (batch === undefined) return err({ code: 'not_found', what: 'batch' });
      // Whoever posted it, on whatever laptop: it is sent from where the connection is held.
      if (chains.heads().length === 0) return marks.read({ ...sent, reverses: batch.reverses }, batch.postedFrom ?? 1);
      const figures = await ledger.figuresNow();
      return figures.ok ? ok(figures.value.marks) : figures;
    },
    elsewhere: createElsewhere({ ledger, chains, holding }),
    open: (connection) => connections.open(connection),
    now: () => clock.now(),
    random,
  });
}
