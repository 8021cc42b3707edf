import { bookNow } from '../../shared/domain/balance.ts';
import type { Fact } from '../../shared/domain/ledger-entry.ts';
import { formatQuantity } from '../../shared/domain/quantity.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { ConnectorCard, Host } from '../../shared/ports/host.ts';
import type { RemoteItem } from '../../shared/ports/remote-inventory.ts';
import { NO_MAPPING } from '../../shared/sync/mapping.ts';
import { nextDue } from '../../shared/sync/next-due.ts';
import { openElsewhere } from '../../shared/sync/open-lines.ts';
import { planSend, type SendPlan } from '../../shared/sync/plan.ts';
import { nextWatermark } from '../../shared/sync/pull.ts';
import { drift } from '../../shared/sync/reconcile.ts';
import type { Ledger, LedgerError } from '../ledger/ledger.ts';
import { matchItems, matchSites } from './match.ts';
import { gatherPlanInput } from './plan-input.ts';
import type { Sending } from './sending.ts';

type Options = {
  host: Host;
  ledger: Ledger;
  connectors: readonly ConnectorCard[];
  /** This laptop's clock, ISO. */
  now(): string;
  /** Calls back after a time; answers how to call it off. */
  after(ms: number, run: () => void): () => void;
};

const MAPPING_ITEMS = 5000;
const REFUSED_WAIT_MS = 30_000;

/** The loop that drives the sync engine: one request under way per connection, each outcome recorded before the next. */
export function createSending({ host, ledger, connectors, now, after }: Options): Sending {
  const flushing = new Set<string>();
  const alarms = new Map<string, () => void>();

  const cardOf = (connection: string) => {
    const remote = ledger.sending().connections.get(connection)?.remote;
    return connectors.find((card) => card.id === remote);
  };

  /** Reads the remote until it has no more pages. */
  async function readItems(connection: string): Promise<Result<RemoteItem[], LedgerError>> {
    const items: RemoteItem[] = [];
    let cursor: string | undefined;
    do {
      const page = await host.remoteItems({ connection, ...(cursor !== undefined && { cursor }) });
      if (!page.ok) return page;
      for (const { id, name, precision, sku, barcode } of page.value.items) {
        items.push({
          id,
          name,
          precision,
          ...(sku !== undefined && { sku }),
          ...(barcode !== undefined && { barcode }),
        });
      }
      ({ cursor } = page.value);
    } while (cursor !== undefined);
    return ok(items);
  }

  async function plan(connection: string, batch: string): Promise<Result<SendPlan, LedgerError>> {
    const card = cardOf(connection);
    if (!card) return err({ code: 'not_found', what: 'connection' });
    return ok(planSend(await gatherPlanInput(ledger, { connection, batch, abilities: card.abilities, now: now() })));
  }

  /** Takes in the figures that changed since the last pull, page by page. */
  async function readFigures(connection: string): Promise<Result<{ figures: number }, LedgerError>> {
    const updatedAfter = nextWatermark(ledger.sending().observations, connection);
    let cursor: string | undefined;
    let requestedAt: string | undefined;
    let figures = 0;
    do {
      const page = await host.pullCounts({
        connection,
        ...(updatedAfter !== undefined && { updatedAfter }),
        ...(cursor !== undefined && { cursor }),
        ...(requestedAt !== undefined && { requestedAt }),
      });
      if (!page.ok) return page;
      const taken = await ledger.takeIn(page.value.entries);
      if (!taken.ok) return taken;
      for (const { fact } of page.value.entries) if (fact.kind === 'remote_observed') figures += fact.counts.length;
      ({ cursor, requestedAt } = page.value);
    } while (cursor !== undefined);
    return ok({ figures });
  }

  /** Sends what is due over one connection until nothing is, or something has to wait. */
  async function flushConnection(connection: string): Promise<void> {
    const card = cardOf(connection);
    if (!card || flushing.has(connection)) return;
    flushing.add(connection);
    alarms.get(connection)?.();
    alarms.delete(connection);
    for (;;) {
      const due = nextDue(ledger.sending().outbox, {
        connection,
        now: now(),
        idempotent: card.abilities.idempotencyKeys,
      });
      if (due.do === 'nothing') break;
      if (due.do === 'wait') {
        const ms = Math.max(0, Date.parse(due.until) - Date.parse(now()));
        alarms.set(
          connection,
          after(ms, () => void flushConnection(connection)),
        );
        break;
      }
      const step = { connection, request: due.request.id };
      const done = due.do === 'push' ? await host.pushRequest(step) : await host.readBackRequest(step);
      if (!done.ok) {
        // A locked vault, a host that is busy with it: nothing was sent, and the same step is due again.
        alarms.set(
          connection,
          after(REFUSED_WAIT_MS, () => void flushConnection(connection)),
        );
        break;
      }
      const taken = await ledger.takeIn(done.value.entries);
      if (!taken.ok || done.value.entries.length === 0) break;
    }
    flushing.delete(connection);
  }

  async function flush(): Promise<void> {
    await Promise.all([...ledger.sending().connections.keys()].map(flushConnection));
  }

  return {
    connections: () => [...ledger.sending().connections.values()],
    mapping: (connection) => ledger.sending().mappings.get(connection) ?? NO_MAPPING,
    plan,
    flush,
    busy: () => flushing.size > 0,
    outbox: () => [...ledger.sending().outbox.values()],

    async matchItems(connection) {
      const account = await host.testConnection({ connection });
      if (!account.ok) return account;
      const theirs = await readItems(connection);
      if (!theirs.ok) return theirs;
      const { matches, unmatched } = matchItems(ledger.catalogue().items(), theirs.value);
      const names = new Set(
        ledger
          .catalogue()
          .bins()
          .map((bin) => bin.site),
      );
      const sites = matchSites([...names], account.value.locations);
      const facts: Fact[] = [{ kind: 'mapping_set', connection, items: [], sites }];
      for (let from = 0; from < matches.length; from += MAPPING_ITEMS) {
        facts.push({ kind: 'mapping_set', connection, items: matches.slice(from, from + MAPPING_ITEMS), sites: [] });
      }
      const saved = await ledger.appendFacts(facts);
      return saved.ok ? ok({ matched: matches.length, unmatched, sites: sites.length }) : saved;
    },

    async send(connection, batch) {
      const planned = await plan(connection, batch);
      if (!planned.ok) return planned;
      const { lines, stopped } = planned.value;
      const frozen = await host.freezeRequests({ connection, batch, lines: [...lines], stopped: [...stopped] });
      if (!frozen.ok) return frozen;
      const taken = await ledger.takeIn(frozen.value.entries);
      if (!taken.ok) return taken;
      void flush();
      return ok({ requests: planned.value.summary.requests });
    },

    async pull(connection) {
      const read = await readFigures(connection);
      // A cursor lives for minutes. One that died is no failure: rows are kept by key, so reading from the start is harmless.
      const expired = !read.ok && read.error.code === 'remote_failed' && read.error.problem === 'cursor_expired';
      return expired ? readFigures(connection) : read;
    },

    drift(connection) {
      const { mappings, marks, observations } = ledger.sending();
      const catalogue = ledger.catalogue();
      const binSite = (bin: string) => catalogue.bin(bin)?.site;
      const books = [...ledger.state().books.lines.values()].flatMap((line) => {
        const site = binSite(line.bin);
        return site === undefined ? [] : [{ item: line.item, site, quantity: formatQuantity(bookNow(line)) }];
      });
      return drift({
        books,
        figures: observations.get(connection)?.figures ?? new Map(),
        mapping: mappings.get(connection) ?? NO_MAPPING,
        waiting: openElsewhere(marks, { connection, batch: '', binSite }),
      });
    },
  };
}
