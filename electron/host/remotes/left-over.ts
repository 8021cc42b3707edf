import type { Fact, FrozenRequest, LedgerEntry, Outcome } from '../../../shared/domain/ledger-entry.ts';
import { ENGINE } from '../../../shared/domain/person.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import type { HostError } from '../../../shared/ports/host.ts';
import type { DeskState, LeftRequest, OpenRequest } from '../../../shared/sync/desk/desk-state.ts';
import type { SendMarks } from '../../../shared/sync/outbox/open-lines.ts';
import type { Ledger } from '../authority/ledger.ts';
import type { ForeignChains } from '../authority/union.ts';
import type { Holding } from './holding.ts';

/** A request of another laptop that will not be brought to its end there; `doubtful`: lines of which nobody knows. */
type Left = {
  readonly id: string;
  readonly laptop: string;
  readonly request: OpenRequest | LeftRequest;
  readonly doubtful: readonly string[];
};
type Parts = {
  readonly ledger: Pick<Ledger, 'record' | 'figuresNow'>;
  readonly chains: Pick<ForeignChains, 'heads' | 'read'>;
  readonly holding: Holding;
};

export type LeftOver = {
  /** What other laptops froze for the account of a connection, and may not finish. */
  of(connection: string): Promise<Result<readonly Left[], HostError>>;
  /** Puts it in doubt here, so that a person says what arrived; the entries that say so. */
  takeOver(connection: string): Promise<Result<readonly LedgerEntry[], HostError>>;
};

/** What became of the lines of a request, where all that is known of some is that nobody knows. */
function endedAs({ id, request, doubtful }: Left, desk: DeskState | undefined, marks: SendMarks): Outcome {
  const frozen = marks.connections.get(request.connection)?.requests.get(id)?.lines;
  const again = desk?.again.get(request.connection)?.lines;
  const ends = { arrived: [] as string[], missing: [] as string[], refused: [] as { ref: string; detail: string }[] };
  for (const { ref } of request.lines) {
    if (doubtful.includes(ref)) continue;
    if (again?.get(ref)?.request === id) ends.missing.push(ref);
    else if (frozen?.get(ref)?.refused === true) ends.refused.push({ ref, detail: '' });
    else ends.arrived.push(ref);
  }
  return { state: 'split', ...ends, doubtful: doubtful.map((ref) => ({ ref, before: null, now: null })) };
}

/**
 * What a laptop may have sent that was revoked, that took a connection without right, or that had connected an account anew.
 * Its requests stand in its own chain, byte for byte: they are frozen here once more, only to be put in doubt.
 */
export function createLeftOver({ ledger, chains, holding }: Parts): LeftOver {
  async function of(connection: string): Promise<Result<readonly Left[], HostError>> {
    if (chains.heads().length === 0 || holding.whyNotBegin(connection) !== null) return ok([]);
    const figures = await ledger.figuresNow();
    if (!figures.ok) return figures;
    const ways = new Set([connection, ...holding.beside(connection)]);
    const left: Left[] = [];
    for (const [laptop, { open, left: ended }] of figures.value.theirs) {
      for (const [id, request] of open)
        if (ways.has(request.connection) && !holding.mayFinish(laptop, request.connection))
          left.push({ id, laptop, request, doubtful: request.lines.map(({ ref }) => ref) });
      for (const [id, request] of ended)
        if (
          ways.has(request.connection) &&
          request.doubtful.length > 0 &&
          !holding.mayFinish(laptop, request.connection)
        )
          left.push({ id, laptop, request, doubtful: request.doubtful });
    }
    return ok(left);
  }

  async function bytesOf({ id, laptop, request }: Left): Promise<Result<FrozenRequest, HostError>> {
    const page = await chains.read(laptop, request.seq, 1);
    if (!page.ok) return page;
    const fact = page.value.entries[0]?.fact;
    const found = fact?.kind === 'send_frozen' ? fact.requests[request.index] : undefined;
    return found?.id === id ? ok(found) : err({ code: 'not_found', what: 'request' });
  }

  return {
    of,
    async takeOver(connection) {
      const refused = holding.whyNotBegin(connection);
      if (refused !== null) return err(refused);
      const found = await of(connection);
      if (!found.ok) return found;
      const figures = await ledger.figuresNow();
      if (!figures.ok) return figures;
      const { theirs, marks } = figures.value;
      const entries: LedgerEntry[] = [];
      for (const left of found.value) {
        const bytes = await bytesOf(left);
        if (!bytes.ok) return bytes;
        const { connection: over, batch } = left.request;
        const attempt = 'attempts' in left.request ? Math.max(1, left.request.attempts) : 1;
        const outcome = endedAs(left, theirs.get(left.laptop), marks);
        const facts: Fact[] = [
          { kind: 'send_frozen', connection: over, batch, requests: [bytes.value], stopped: [] },
          { kind: 'send_settled', connection: over, request: left.id, attempt, outcome },
        ];
        const sealed = await ledger.record(ENGINE, facts);
        if (!sealed.ok) return sealed;
        entries.push(...sealed.value);
      }
      return ok(entries);
    },
  };
}
