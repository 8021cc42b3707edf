import { ENGINE } from '../../shared/domain/person.ts';
import type { Fact, FrozenRequest, LedgerEntry, ObservedCount, Outcome } from '../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { HostError, HostInput, HostOutput } from '../../shared/ports/host.ts';
import { needsReadBack, settlePush, settleReadBack } from '../../shared/sync/settle.ts';
import { marksOf, pairKey, type OpenRequest } from './authority-state.ts';
import { remoteFailed, type Connections } from './connections.ts';
import { frozenFacts, inPieces } from './frozen-facts.ts';
import type { Journal } from './journal.ts';
import type { Ledger } from './ledger.ts';
import { judgePlan, readSendMarks } from './posted-lines.ts';
import { createTurns, instantOf, type Clock } from './turns.ts';

/** One entry of observations holds this many figures. */
const ENTRY_COUNTS = 1_000;
/** How far before the first attempt a read-back looks: the laptop's clock may be wrong by days. */
const READ_BACK_MARGIN_MS = 72 * 3_600_000;

type Answer<Name extends 'freezeRequests' | 'pushRequest' | 'readBackRequest' | 'pullCounts'> = Promise<
  Result<HostOutput<Name>, HostError>
>;

/** The part of the host that meets remotes: what it learns is sealed before it answers. */
export type Sending = {
  freeze(by: string, input: HostInput<'freezeRequests'>): Answer<'freezeRequests'>;
  push(input: HostInput<'pushRequest'>): Answer<'pushRequest'>;
  readBack(input: HostInput<'readBackRequest'>): Answer<'readBackRequest'>;
  pull(input: HostInput<'pullCounts'>): Answer<'pullCounts'>;
};

type SendingOptions = {
  ledger: Ledger;
  journal: Journal;
  connections: Connections;
  clock: Clock;
  random: () => number;
};

function isInDoubt(request: OpenRequest): boolean {
  return request.state !== 'queued' || needsReadBack(request.code);
}

/** Creates it over an open ledger. One request at a time goes out on a connection. */
export function createSending(options: SendingOptions): Sending {
  const { ledger, journal, connections, clock } = options;
  const underWay = new Set<string>();
  // Two freezes of one plan, asked for at once, must not both find it unfrozen.
  const inTurn = createTurns();

  async function frozenBytes(id: string, open: OpenRequest): Promise<Result<FrozenRequest, HostError>> {
    const page = await journal.read(open.seq, 1);
    if (!page.ok) return page;
    const fact = page.value.entries[0]?.fact;
    const request = fact?.kind === 'send_frozen' ? fact.requests[open.index] : undefined;
    return request?.id === id ? ok(request) : err({ code: 'not_found', what: 'request' });
  }

  /** Runs `work` for one open request, if none is under way on its connection. */
  async function withRequest<Value>(
    input: { connection: string; request: string },
    work: (open: OpenRequest, request: FrozenRequest) => Promise<Result<Value, HostError>>,
  ): Promise<Result<Value, HostError>> {
    if (underWay.has(input.connection)) return err({ code: 'busy' });
    underWay.add(input.connection);
    try {
      const open = ledger.state().outbox.get(input.request);
      if (open?.connection !== input.connection) return err({ code: 'not_found', what: 'request' });
      const request = await frozenBytes(input.request, open);
      return request.ok ? await work(open, request.value) : request;
    } finally {
      underWay.delete(input.connection);
    }
  }

  function settledFact(input: { connection: string; request: string }, attempt: number, outcome: Outcome): Fact {
    return { kind: 'send_settled', connection: input.connection, request: input.request, attempt, outcome };
  }

  async function freeze(by: string, input: HostInput<'freezeRequests'>): Answer<'freezeRequests'> {
    const { connection, batch, lines, stopped } = input;
    await ledger.withMarks(batch);
    const state = ledger.state();
    const known = state.batches.get(batch);
    if (known === undefined) return err({ code: 'not_found', what: 'batch' });
    const opened = await connections.open(connection);
    if (!opened.ok) return opened;
    const { connector } = opened.value;
    if (connector.abilities.readOnly) return err({ code: 'bad_request', reason: 'this remote is read only' });
    const marks = marksOf(state, known.stocktake);
    // The same plan asked for twice freezes nothing twice.
    const open = lines.filter((line) => (marks.frozen.get(pairKey(connection, line.ref)) ?? '') === '');
    if (new Set(open.map((line) => line.ref)).size !== open.length)
      return err({ code: 'bad_request', reason: 'a reference is named twice' });
    const posted = await readSendMarks(journal, known.postedFrom ?? 1, { connection, batch });
    if (!posted.ok) return posted;
    const judged = judgePlan(posted.value, { connection, batch }, open);
    if (!judged.ok) return judged;
    const requests = inPieces(open, connector.abilities.maxLinesPerRequest)
      .map((piece) => connector.freeze(piece))
      .filter((request) => !marks.requests.has(request.id));
    const facts = frozenFacts({ connection, batch }, requests, stopped);
    if (facts.length === 0) return ok({ entries: [] });
    const sealed = await ledger.record(by, facts);
    return sealed.ok ? ok({ entries: [...sealed.value] }) : sealed;
  }

  async function push(input: HostInput<'pushRequest'>): Answer<'pushRequest'> {
    return withRequest(input, async (open, request) => {
      if (isInDoubt(open))
        return err({ code: 'bad_request', reason: 'it may have arrived: it must be read back first' });
      const opened = await connections.open(input.connection);
      if (!opened.ok) return opened;
      const attempt = open.attempts + 1;
      const begun = await ledger.record(ENGINE, [
        { kind: 'send_attempted', connection: input.connection, request: input.request, attempt },
      ]);
      if (!begun.ok) return begun;
      const result = await opened.value.remote.push(request);
      const context = {
        lines: request.lines,
        attempt,
        now: instantOf(clock),
        random: options.random(),
        idempotent: opened.value.connector.abilities.idempotencyKeys,
      };
      const settled = await ledger.record(ENGINE, [settledFact(input, attempt, settlePush(result, context))]);
      return settled.ok ? ok({ entries: [...begun.value, ...settled.value] }) : settled;
    });
  }

  async function readBack(input: HostInput<'readBackRequest'>): Answer<'readBackRequest'> {
    return withRequest(input, async (open, request) => {
      if (!isInDoubt(open)) return err({ code: 'bad_request', reason: 'nothing is in doubt about it' });
      const opened = await connections.open(input.connection);
      if (!opened.ok) return opened;
      const since = new Date(Date.parse(open.firstAttemptAt ?? open.frozenAt) - READ_BACK_MARGIN_MS).toISOString();
      const result = await opened.value.remote.readBack(request, since);
      const attempt = Math.max(1, open.attempts);
      const idempotent = opened.value.connector.abilities.idempotencyKeys;
      const attemptedAt = open.attemptedAt ?? open.frozenAt;
      const context = {
        lines: request.lines,
        attempt,
        now: instantOf(clock),
        random: options.random(),
        idempotent,
        attemptedAt,
      };
      const settled = await ledger.record(ENGINE, [settledFact(input, attempt, settleReadBack(result, context))]);
      return settled.ok ? ok({ entries: [...settled.value] }) : settled;
    });
  }

  async function pull(input: HostInput<'pullCounts'>): Answer<'pullCounts'> {
    const { connection, updatedAfter, items, cursor } = input;
    const opened = await connections.open(connection);
    if (!opened.ok) return opened;
    const locations = [...new Set(ledger.state().sites.get(connection)?.values())];
    if (locations.length === 0) return err({ code: 'not_found', what: 'location' });
    const requestedAt = input.requestedAt ?? instantOf(clock);
    if (Date.parse(requestedAt) > clock.now())
      return err({ code: 'bad_request', reason: 'requestedAt is later than now' });
    const query = {
      locations,
      ...(items === undefined ? {} : { items }),
      ...(updatedAfter === undefined ? {} : { updatedAfter }),
      ...(cursor === undefined ? {} : { cursor }),
    };
    const page = await opened.value.remote.counts(query);
    if (!page.ok) return err(remoteFailed(opened.value.name, page.error));
    // A pull of chosen items says nothing about the others, so it is never the whole picture.
    const isEnd = page.value.cursor === undefined && items === undefined;
    const pieces: (readonly ObservedCount[])[] =
      page.value.counts.length === 0 ? [[]] : inPieces(page.value.counts, ENTRY_COUNTS);
    const facts = pieces.map((counts, index): Fact => {
      return {
        kind: 'remote_observed',
        connection,
        requestedAt,
        counts: [...counts],
        complete: isEnd && index === pieces.length - 1,
      };
    });
    const sealed = await ledger.record(ENGINE, facts);
    if (!sealed.ok) return sealed;
    const entries: LedgerEntry[] = [...sealed.value];
    return ok({ entries, requestedAt, ...(page.value.cursor === undefined ? {} : { cursor: page.value.cursor }) });
  }

  return { freeze: (by, input) => inTurn(() => freeze(by, input)), push, readBack, pull };
}
