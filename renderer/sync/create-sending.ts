import { fingerprint } from '../../shared/domain/fingerprint.ts';
import { skuKey } from '../../shared/domain/item.ts';
import type { Fact, LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { quantityOf, ZERO } from '../../shared/domain/quantity.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { ConnectorCard, Host } from '../../shared/ports/host.ts';
import { createFlush } from '../../shared/sync/flush.ts';
import { NO_MAPPING } from '../../shared/sync/mapping.ts';
import { movementReference } from '../../shared/sync/movements.ts';
import { openLines } from '../../shared/sync/open-lines.ts';
import { planSend, type SendPlan } from '../../shared/sync/plan.ts';
import { figureKey } from '../../shared/sync/pull.ts';
import { FILE_RUNNING } from '../../shared/sync/settle-file.ts';
import type { DriftRow } from '../../shared/sync/reconcile.ts';
import type { Ledger, LedgerError } from '../ledger/ledger.ts';
import { correctionsOf, driftRows, movementRows } from './drift-rows.ts';
import { readAllFigures, readFiguresOf, readMovements } from './figures.ts';
import { matchBins, matchSites, proposeItems } from './match.ts';
import { gatherPlanInput } from './plan-input.ts';
import { readItems, readLocations } from './remote-lists.ts';
import type { MappingChange, MatchProposal, MovementRow, PlanOptions, RemoteCatalogue, Sending } from './sending.ts';

type Options = {
  host: Host;
  ledger: Ledger;
  connectors: readonly ConnectorCard[];
  /** This laptop's clock, ISO. */
  now(): string;
  /** Calls back after a time; answers how to call it off. */
  after(ms: number, run: () => void): () => void;
};

/** One entry holds this many matches of each kind. */
const MAPPING_ROWS = { items: 5000, sites: 500, bins: 5000, reasons: 100 } as const;
/** So long the remote's time counts as known. */
const CLOCK_KNOWN_MS = 10 * 60_000;
const TRACKED_AT_ONCE = 100;
const TAKEN_AT_ONCE = 1_000;
const NO_PROPOSAL: MatchProposal = { items: [], unmatched: [], several: [], sites: [], bins: [], binsMissing: [] };

const unknownConnection = (): { ok: false; error: LedgerError } => err({ code: 'not_found', what: 'connection' });

function piecesOf<Row>(rows: readonly Row[], size: number): Row[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, at) => rows.slice(at * size, (at + 1) * size));
}

/** Matches as facts of a size that one entry bears. */
function mappingFacts(connection: string, change: MappingChange): Fact[] {
  const base = { kind: 'mapping_set' as const, connection, items: [], sites: [] };
  return [
    ...piecesOf(change.sites ?? [], MAPPING_ROWS.sites).map((sites) => ({ ...base, sites })),
    ...piecesOf(change.items ?? [], MAPPING_ROWS.items).map((items) => ({ ...base, items })),
    ...piecesOf(change.bins ?? [], MAPPING_ROWS.bins).map((bins) => ({ ...base, bins })),
    ...piecesOf(change.reasons ?? [], MAPPING_ROWS.reasons).map((reasons) => ({ ...base, reasons })),
  ];
}

/** The page's side of sending: what is asked of the host, taken in, and driven by the loop of shared/sync. */
export function createSending({ host, ledger, connectors, now, after }: Options): Sending {
  const catalogues = new Map<string, RemoteCatalogue>();
  /** Movements that are on their way into our ledger: pressed twice, they are taken once. */
  const taking = new Set<string>();
  let runs = 0;

  const cardOf = (connection: string): ConnectorCard | undefined => {
    const remote = ledger.sending().connections.get(connection)?.remote;
    return connectors.find((card) => card.id === remote);
  };
  const mappingOf = (connection: string) => ledger.sending().mappings.get(connection) ?? NO_MAPPING;

  const clocks = new Map<string, { aheadMs: number; at: number }>();
  /** As it was heard lately; a clock that was put on or back since makes it old. */
  function clockAhead(connection: string): number | undefined {
    const heard = clocks.get(connection);
    const ageMs = Date.parse(now()) - (heard?.at ?? 0);
    return ageMs >= 0 && ageMs <= CLOCK_KNOWN_MS ? heard?.aheadMs : undefined;
  }
  const parts = {
    host,
    ledger,
    after,
    heardClock(connection: string, aheadMs: number | undefined) {
      if (aheadMs === undefined) clocks.delete(connection);
      else clocks.set(connection, { aheadMs, at: Date.parse(now()) });
    },
    clockAhead,
  };
  const flush = createFlush({
    desk: { push: host.pushRequest, readBack: host.readBackRequest, freezeAgain: host.freezeAgain },
    connections: () => ledger.sending().connections.keys(),
    abilities: (connection) => cardOf(connection)?.abilities,
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

  async function saveMapping(connection: string, change: MappingChange): Promise<Result<null, LedgerError>> {
    const facts = mappingFacts(connection, change);
    if (facts.length === 0) return ok(null);
    const saved = await ledger.appendFacts(facts);
    return saved.ok ? ok(null) : saved;
  }

  async function readRemote(connection: string): Promise<Result<RemoteCatalogue, LedgerError>> {
    const items = await readItems(parts, connection);
    if (!items.ok) return items;
    const locations = await readLocations(parts, connection);
    if (!locations.ok) return locations;
    const catalogue = { readAt: now(), items: items.value, locations: locations.value };
    catalogues.set(connection, catalogue);
    return ok(catalogue);
  }

  function proposeMatches(connection: string): MatchProposal {
    const theirs = catalogues.get(connection);
    const card = cardOf(connection);
    if (theirs === undefined || card === undefined) return NO_PROPOSAL;
    const ours = ledger.catalogue();
    const items = proposeItems(ours.items(), theirs.items);
    if (!card.abilities.binLevel) {
      const sites = matchSites([...new Set(ours.bins().map((bin) => bin.site))], theirs.locations);
      return { ...NO_PROPOSAL, ...items, sites };
    }
    const { bins, missing } = matchBins(ours.bins(), theirs.locations);
    return { ...items, sites: [], bins, binsMissing: missing };
  }

  async function plan(
    connection: string,
    batch: string,
    { delivery = 'request', withRejected = false }: PlanOptions,
    isRead: boolean,
  ): Promise<Result<SendPlan, LedgerError>> {
    const card = cardOf(connection);
    if (!card) return unknownConnection();
    const { items } = mappingOf(connection);
    const posted = openLines(ledger.sending().marks, { connection, batch, withRejected }).lines;
    const theirs = new Set(posted.flatMap((line) => items.get(skuKey(line.item))?.remoteItem ?? []));
    // Without the remote the plan stands on what was seen last, and says so.
    const fresh = isRead && !card.abilities.readOnly && (await readFiguresOf(parts, connection, [...theirs])).ok;
    return ok(
      planSend(
        await gatherPlanInput(ledger, {
          connection,
          batch,
          card,
          now: now(),
          fresh,
          delivery,
          withRejected,
          clockAheadMs: clockAhead(connection),
        }),
      ),
    );
  }

  /** Rows as they stand after a fresh reading; a person decides only about what they have seen. */
  async function stillTrue(connection: string, rows: readonly DriftRow[]): Promise<Result<null, LedgerError>> {
    const card = cardOf(connection);
    if (!card) return unknownConnection();
    const read = await readFiguresOf(parts, connection, [...new Set(rows.map((row) => row.remoteItem))]);
    if (!read.ok) return read;
    const current = new Map(
      driftRows(ledger, connection, card).map((row) => [figureKey(row.remoteItem, row.remoteLocation), row]),
    );
    const changed = rows.some((row) => {
      const found = current.get(figureKey(row.remoteItem, row.remoteLocation));
      return found?.state !== 'differs' || found.ours !== row.ours || found.theirs !== row.theirs;
    });
    return changed ? err({ code: 'figures_changed' }) : ok(null);
  }

  async function decideDrift(
    connection: string,
    choice: 'send_ours' | 'take_theirs',
    rows: readonly { row: DriftRow; bin?: string }[],
  ): Promise<Result<LedgerEntry[], LedgerError>> {
    if (rows.length === 0) return ok([]);
    const checked = await stillTrue(
      connection,
      rows.map(({ row }) => row),
    );
    if (!checked.ok) return checked;
    const decided = rows.map(({ row: { item, remoteItem, remoteLocation, ours, theirs } }) => ({
      item,
      remoteItem,
      remoteLocation,
      ours,
      theirs,
    }));
    // Pressed twice for the same figures, it is one decision.
    const seen = rows.map(({ row }) => row.seenAt ?? '').join(' ');
    const decision = `drift-${fingerprint([connection, choice, seen, JSON.stringify(decided)].join('\u001E'))}`;
    const named = rows.flatMap(({ row, bin }) => (bin === undefined ? [] : [{ row, bin }]));
    const corrections = choice === 'take_theirs' ? correctionsOf(ledger, named) : [];
    return taken(host.decideDrift({ connection, decision, choice, rows: decided, corrections }));
  }

  return {
    connections: () => [...ledger.sending().connections.values()],
    mapping: mappingOf,
    readRemote,
    proposeMatches,
    saveMapping,
    plan: (connection, batch, options = {}) => plan(connection, batch, options, true),
    flush: flush.all,
    busy: flush.busy,
    outbox: () => [...ledger.sending().outbox.values()],

    async matchItems(connection) {
      const read = await readRemote(connection);
      if (!read.ok) return read;
      const { items, unmatched, several, sites, bins } = proposeMatches(connection);
      const matches = items.map(({ item, remoteItem, precision }) => ({ item, remoteItem, precision }));
      const saved = await saveMapping(connection, { items: matches, sites, bins });
      if (!saved.ok) return saved;
      const left = [...unmatched, ...several.map(({ item }) => item)];
      return ok({ matched: matches.length, unmatched: left, sites: sites.length, bins: bins.length });
    },

    async createLocations(connection, bins, site) {
      let created = 0;
      for (const bin of bins) {
        const name = bin.trim().toLowerCase();
        const known = catalogues
          .get(connection)
          ?.locations.find((one) => one.site === site && one.active && one.name.trim().toLowerCase() === name);
        const made = known === undefined ? await host.createRemoteLocation({ connection, name: bin, site }) : undefined;
        if (made?.ok === false) return made;
        const remoteLocation = made?.value.location.id ?? known?.id ?? '';
        const saved = await saveMapping(connection, { bins: [{ bin, remoteLocation }] });
        if (!saved.ok) return saved;
        if (known === undefined) created += 1;
      }
      return ok({ created });
    },

    async startTracking(connection, items, location) {
      let figures = 0;
      for (const some of piecesOf(items, TRACKED_AT_ONCE)) {
        const entries = await taken(host.startTracking({ connection, items: some, location }));
        if (!entries.ok) return entries;
        for (const { fact } of entries.value) if (fact.kind === 'remote_observed') figures += fact.counts.length;
      }
      return ok({ figures });
    },

    async send(connection, batch, options = {}) {
      const card = cardOf(connection);
      // Amounts that stand on the remote's figures stand on the newest ones.
      const planned = await plan(
        connection,
        batch,
        options,
        options.delivery === 'file' ||
          card?.abilities.tracking === true ||
          // A count bears a time: whose clock is right must be known.
          ((card?.abilities.backDatingMs ?? 0) > 0 && clockAhead(connection) === undefined),
      );
      if (!planned.ok) return planned;
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
      const since = ledger.sending().connections.get(connection)?.since ?? now();
      const newRun = () => `run ${now()} ${(runs += 1)}`;
      const moved = await readMovements(parts, { connection, now: now(), since, newRun });
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

    async takeMovements(connection, rows) {
      const facts = rows.flatMap(({ row, bin }) => movementFact(connection, row, bin, now()));
      const known = ledger.sending().movements.taken;
      const fresh = facts.filter(({ reference }) => !known.has(reference) && !taking.has(reference));
      if (fresh.length === 0) return ok({ taken: 0 });
      for (const { reference } of fresh) taking.add(reference);
      try {
        for (const some of piecesOf(fresh, TAKEN_AT_ONCE)) {
          const saved = await ledger.appendFacts(some);
          if (!saved.ok) return saved;
        }
        return ok({ taken: fresh.length });
      } finally {
        for (const { reference } of fresh) taking.delete(reference);
      }
    },
  };
}

/** A movement of others as one of ours, at the time when it happened: counts made later know of it already. */
function movementFact(connection: string, row: MovementRow, bin: string, now: string) {
  const quantity = quantityOf(row.quantity);
  if (row.item === undefined || quantity === ZERO) return [];
  return [
    {
      kind: 'stock_changed' as const,
      item: row.item,
      bin,
      quantity: row.quantity,
      reason: quantity < ZERO ? ('sale' as const) : ('receipt' as const),
      // A remote's clock that runs ahead must not make it happen later than now.
      happenedAt: row.happenedAt < now ? row.happenedAt : now,
      reference: movementReference(connection, row.key, row.nth),
    },
  ];
}
