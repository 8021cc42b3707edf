import { skuKey } from '../../shared/domain/item.ts';
import type { Fact, LedgerEntry, PostedLine } from '../../shared/domain/ledger-entry.ts';
import { lineKey } from '../../shared/domain/line-key.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { ConnectorCard, Host } from '../../shared/ports/host.ts';
import { createFlush } from '../../shared/sync/outbox/flush.ts';
import { NO_MAPPING } from '../../shared/sync/seen/mapping.ts';
import { openLines } from '../../shared/sync/outbox/open-lines.ts';
import { planSend, type SendPlan } from '../../shared/sync/plan/plan.ts';
import { planDifference } from '../../shared/sync/plan/plan-difference.ts';
import { FILE_RUNNING } from '../../shared/sync/outbox/settle-file.ts';
import type { Ledger, LedgerError } from '../ledger/ledger.ts';
import { besideIn, holdsIn } from './accounts.ts';
import { createClocks } from './clocks.ts';
import { decisionOf, type DecidedRow } from './decide-drift.ts';
import { driftRows, movementRows } from './drift-rows.ts';
import { readAllFigures, readFiguresOf, readFiguresToShow, readMovements } from './figures.ts';
import { piecesOf } from './mapping-facts.ts';
import { createMatching } from './matching.ts';
import { gatherPlanInput } from './plan-input.ts';
import type { PlanOptions, Sending } from './sending.ts';
import { createTaking } from './take-movements.ts';

type Options = {
  host: Host;
  ledger: Ledger;
  connectors: readonly ConnectorCard[];
  /** This laptop; absent: it is the only one. */
  laptop?: string;
  /** This laptop's clock, ISO. */
  now(): string;
  /** Calls back after a time; answers how to call it off. */
  after(ms: number, run: () => void): () => void;
};

const TRACKED_AT_ONCE = 100;

const unknownConnection = (): { ok: false; error: LedgerError } => err({ code: 'not_found', what: 'connection' });

/**
 * The page's side of sending: what is asked of the host, taken in, and driven by the loop of shared/sync.
 * One piece: its parts share the connections, the clocks and the flush.
 */
export function createPageSending({ host, ledger, connectors, laptop, now, after }: Options): Sending {
  let runs = 0;

  const cardOf = (connection: string): ConnectorCard | undefined => {
    const remote = ledger.sending().connections.get(connection)?.remote;
    return connectors.find((card) => card.id === remote);
  };
  const mappingOf = (connection: string) => ledger.sending().mappings.get(connection) ?? NO_MAPPING;

  const clocks = createClocks(now);
  const parts = {
    host,
    ledger,
    after,
    heardClock: clocks.heard,
    clockAhead: clocks.ahead,
  };
  const matching = createMatching({ ...parts, cardOf, now });
  const flush = createFlush({
    desk: { push: host.pushRequest, readBack: host.readBackRequest, freezeAgain: host.freezeAgain },
    connections: () => ledger.sending().connections.keys(),
    abilities: (connection) => cardOf(connection)?.abilities,
    laptop,
    holds: (connection) => holdsIn(ledger.sending(), connection, laptop),
    outbox: () => ledger.sending().outbox,
    async catchUp() {
      const missed = await ledger.catchUp();
      return missed.ok ? missed.value : 0;
    },
    takeIn: async (entries) => (await ledger.takeIn(entries)).ok,
    now,
    after,
  });

  /** Takes in what the host has sealed and answered with. */
  async function taken(
    answer: Promise<Result<{ entries: LedgerEntry[] }, LedgerError>>,
  ): Promise<Result<LedgerEntry[], LedgerError>> {
    const given = await answer;
    if (!given.ok) return given;
    const kept = await ledger.takeIn(given.value.entries);
    return kept.ok ? ok(given.value.entries) : kept;
  }

  async function plan(
    connection: string,
    batch: string,
    { delivery = 'request', withRejected = false, setFigures = false }: PlanOptions,
    {
      isRead,
      mayRead = true,
      mustRead = false,
      signal,
    }: { isRead: boolean; mayRead?: boolean; mustRead?: boolean; signal?: AbortSignal | undefined },
  ): Promise<Result<SendPlan, LedgerError>> {
    const card = cardOf(connection);
    if (!card) return unknownConnection();
    // What an amount is worked out from is asked for by name; the rest is only shown.
    const read = delivery === 'file' || card.abilities.tracking || setFigures ? readFiguresOf : readFiguresToShow;
    // Without the remote the plan stands on what was seen last, and says so.
    async function readFigures(lines: readonly PostedLine[]): Promise<Result<boolean, LedgerError>> {
      if (card?.abilities.readOnly !== false) return ok(false);
      const { items } = mappingOf(connection);
      const theirs = new Set(lines.flatMap((line) => items.get(skuKey(line.item))?.remoteItem ?? []));
      const done = await read({ ...parts, signal }, connection, [...theirs]);
      return done.ok || !mustRead ? ok(done.ok) : done;
    }
    const gather = (fresh: boolean) =>
      gatherPlanInput(ledger, {
        connection,
        batch,
        card,
        now: now(),
        fresh,
        delivery,
        withRejected,
        setFigures,
        clockAheadMs: clocks.ahead(connection),
      });
    async function planRead(): Promise<Result<SendPlan, LedgerError>> {
      const beside = besideIn(ledger.sending(), connection);
      const lines = openLines(ledger.sending().marks, { connection, batch, withRejected, beside }).lines;
      const known = new Set(lines.map(lineKey));
      const fresh = await readFigures(lines);
      if (!fresh.ok) return fresh;
      const input = await gather(fresh.value);
      // What was posted meanwhile was not read: no figure of it is fresh.
      const isWhole =
        !input.fresh || signal?.aborted === true || input.posted.every((line) => known.has(lineKey(line)));
      return isWhole ? ok(planSend(input)) : planRead();
    }
    let planned = isRead ? await planRead() : ok(planSend(await gather(false)));
    if (!mayRead) return planned;
    if (planned.ok && planned.value.unread.has('figures') && !isRead) planned = await planRead();
    // What was sold in between is in the figures, too, that are read after it.
    if (planned.ok && planned.value.unread.has('movements') && (await readOthers(connection, signal)).ok)
      planned = await planRead();
    return planned;
  }

  function readOthers(connection: string, signal?: AbortSignal) {
    const since = ledger.sending().connections.get(connection)?.since ?? now();
    const newRun = () => `run ${now()} ${(runs += 1)}`;
    return readMovements({ ...parts, signal }, { connection, now: now(), since, newRun });
  }

  async function decideDrift(
    connection: string,
    choice: 'send_ours' | 'take_theirs',
    rows: readonly DecidedRow[],
  ): Promise<Result<LedgerEntry[], LedgerError>> {
    const card = cardOf(connection);
    if (rows.length === 0) return ok([]);
    if (card === undefined) return unknownConnection();
    const decision = await decisionOf(parts, { connection, card, choice, rows });
    if (!decision.ok) return decision;
    const decided = await taken(host.decideDrift(decision.value));
    // Our book has moved on between the look at it and the decision.
    return decided.ok || decided.error.code !== 'not_as_counted' ? decided : err({ code: 'figures_changed' });
  }

  return {
    connections: () => [...ledger.sending().connections.values()],
    mapping: mappingOf,
    ...matching,
    plan: (connection, batch, { seen = false, signal, ...options } = {}) =>
      plan(connection, batch, options, { isRead: !seen, mayRead: !seen, signal }),
    flush: flush.all,
    busy: flush.busy,
    outbox: () => [...ledger.sending().outbox.values()],

    async startTracking(connection, items, location) {
      let figures = 0;
      for (const some of piecesOf(items, TRACKED_AT_ONCE)) {
        const entries = await taken(host.startTracking({ connection, items: some, location }));
        if (!entries.ok) return entries;
        for (const { fact } of entries.value) if (fact.kind === 'remote_observed') figures += fact.counts.length;
      }
      return ok({ figures });
    },

    async send(connection, batch, { shown, ...options } = {}) {
      const card = cardOf(connection);
      // Amounts that stand on the remote's figures stand on the newest ones.
      const mustRead = options.delivery === 'file' || options.setFigures === true;
      const isRead =
        mustRead ||
        card?.abilities.tracking === true ||
        // A count bears a time: whose clock is right must be known.
        ((card?.abilities.backDatingMs ?? 0) > 0 && clocks.ahead(connection) === undefined);
      const differs = (of: SendPlan) => (shown === undefined ? [] : planDifference(shown, of));
      let planned = await plan(connection, batch, options, { isRead, mustRead });
      // On older figures than those that were shown a plan may look different and not be.
      if (planned.ok && !isRead && differs(planned.value).length > 0)
        planned = await plan(connection, batch, options, { isRead: true, mustRead });
      if (!planned.ok) return planned;
      const differences = differs(planned.value);
      if (differences.length > 0) return err({ code: 'plan_changed', plan: planned.value, differences });
      const { lines, stopped, delivery } = planned.value;
      const frozen = await taken(
        host.freezeRequests({ connection, batch, lines: [...lines], stopped: [...stopped], delivery }),
      );
      if (!frozen.ok) return frozen;
      void flush.one(connection);
      const requests = frozen.value.flatMap(({ fact }) => (fact.kind === 'send_frozen' ? fact.requests : []));
      const files = requests.flatMap(({ id, body, delivery: kind }, at) =>
        kind === 'file' ? [{ request: id, name: `tallybook-${now().slice(0, 10)}-${at + 1}.csv`, text: body }] : [],
      );
      return ok({ requests: requests.length, files });
    },

    async startFile(connection, request, url) {
      const entries = await taken(host.startFileJob({ connection, request, url }));
      if (!entries.ok) return entries;
      const last = entries.value.at(-1)?.fact;
      void flush.one(connection);
      if (last?.kind !== 'send_settled' || !('code' in last.outcome) || last.outcome.code === FILE_RUNNING)
        return ok(null);
      const remote = ledger.sending().connections.get(connection)?.name ?? connection;
      return err({ code: 'remote_failed', remote, problem: last.outcome.code, detail: '' });
    },

    async abortFile(connection, request) {
      const entries = await taken(host.abortFileJob({ connection, request }));
      if (!entries.ok) return entries;
      void flush.one(connection);
      return ok(null);
    },

    async settleDoubt(connection, request, { arrived, missing }) {
      const fact: Fact = { kind: 'doubt_settled', connection, request, arrived: [...arrived], missing: [...missing] };
      const saved = await ledger.appendFacts([fact]);
      if (!saved.ok) return saved;
      void flush.one(connection);
      return ok(null);
    },

    async pull(connection) {
      const figures = await readAllFigures(parts, connection);
      if (cardOf(connection)?.abilities.movements !== true)
        return figures.ok ? ok({ ...figures.value, movements: 0 }) : figures;
      // Movements need no mapped place: they are read although there is no figure to ask for yet.
      if (!figures.ok && figures.error.code !== 'not_found') return figures;
      const moved = await readOthers(connection);
      return moved.ok ? ok({ figures: figures.ok ? figures.value.figures : 0, ...moved.value }) : moved;
    },

    drift(connection) {
      const card = cardOf(connection);
      return card === undefined ? [] : driftRows(ledger, connection, card);
    },

    async sendOurs(connection, rows) {
      const entries = await decideDrift(
        connection,
        'send_ours',
        rows.map((row) => ({ row })),
      );
      if (!entries.ok) return entries;
      void flush.one(connection);
      const requests = entries.value.flatMap(({ fact }) => (fact.kind === 'send_frozen' ? fact.requests : []));
      return ok({ requests: requests.length });
    },

    async takeTheirs(connection, rows) {
      const entries = await decideDrift(connection, 'take_theirs', rows);
      return entries.ok ? ok(null) : entries;
    },

    movements(connection) {
      const card = cardOf(connection);
      return card === undefined ? [] : movementRows(ledger, connection, card);
    },
    takeMovements: createTaking(ledger, now),
  };
}
