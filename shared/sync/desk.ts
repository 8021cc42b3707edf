import { ENGINE } from '../domain/person.ts';
import type { Fact, FrozenRequest, LedgerEntry, ObservedCount, Outcome } from '../domain/ledger-entry.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { HostError, HostInput, HostOutput } from '../ports/host.ts';
import type { RemoteConnector, RemoteError, RemoteInventory } from '../ports/remote-inventory.ts';
import { driftFacts } from './decide-drift.ts';
import { isUnderWay, placesOf, type DeskState, type OpenRequest } from './desk-state.ts';
import { freezeAnew, linesAgain } from './freeze-again.ts';
import { frozenFacts, inPieces } from './frozen-facts.ts';
import { judgePlan, type Sent } from './judge-plan.ts';
import { isInDoubt, readBackSince } from './next-due.ts';
import { isHeld, type SendMarks } from './open-lines.ts';
import { createSeenFigures } from './seen-figures.ts';
import { figuresOf, settleFile, settleLook, settlePush, settleReadBack, settleUnread, FILE_RUNNING } from './settle.ts';

type Sealed = Promise<Result<{ entries: LedgerEntry[] }, HostError>>;
type Step = { readonly connection: string; readonly request: string };

/** A connection ready for use; `name` is what people call it. */
export type OpenConnection = {
  readonly name: string;
  readonly connector: RemoteConnector;
  readonly remote: RemoteInventory;
};

/** What the desk stands on. Nothing else reaches it: no clock, no chance, no network of its own. */
export type DeskPorts = {
  /** Seals facts, all or none; answers when they are durable. */
  record(by: string, facts: readonly Fact[]): Promise<Result<readonly LedgerEntry[], HostError>>;
  /** Everything sealed so far, folded. */
  state(): DeskState;
  /** What was posted in a batch, and how far it was sent over the connection; `not_found` when there is no such batch. */
  marks(sent: Sent): Promise<Result<SendMarks, HostError>>;
  /** A frozen request as it was sealed. */
  frozenBytes(id: string, place: { seq: number; index: number }): Promise<Result<FrozenRequest, HostError>>;
  open(connection: string): Promise<Result<OpenConnection, HostError>>;
  /** Ms since 1970. */
  now(): number;
  /** In [0, 1): spreads waiting times. */
  random(): number;
};

/** The side of sending that meets remotes: what it learns is sealed before it answers. */
export type Desk = {
  freeze(by: string, input: HostInput<'freezeRequests'>): Sealed;
  freezeAgain(input: Step): Sealed;
  push(input: Step): Sealed;
  readBack(input: Step): Sealed;
  pull(input: HostInput<'pullCounts'>): Promise<Result<HostOutput<'pullCounts'>, HostError>>;
  pullMovements(input: HostInput<'pullMovements'>): Promise<Result<HostOutput<'pullMovements'>, HostError>>;
  startTracking(input: HostInput<'startTracking'>): Sealed;
  startFile(by: string, input: HostInput<'startFileJob'>): Sealed;
  abortFile(input: Step): Sealed;
  decideDrift(by: string, input: HostInput<'decideDrift'>): Sealed;
};

/** One entry holds this many figures or movements. */
const ENTRY_ROWS = 1_000;
/** Items asked for in one reading of figures before an attempt. */
const LOOK_ITEMS = 100;
/** A file is looked at again after this long. */
const FILE_LOOK_MS = 15_000;

const refuse = (reason: string): { ok: false; error: HostError } => err({ code: 'bad_request', reason });

/** What a remote's refusal is to the page: the connection's name, its code, and the words for a person. */
export function remoteFailed(name: string, error: RemoteError): HostError {
  return { code: 'remote_failed', remote: name, problem: error.code, detail: error.detail.slice(0, 500) };
}

/** Creates the desk. One request at a time goes out on a connection; each step is sealed before the next begins. */
export function createDesk(ports: DeskPorts): Desk {
  const underWay = new Set<string>();
  const seen = createSeenFigures();
  let lastFreeze: Promise<unknown> = Promise.resolve();
  const now = () => new Date(ports.now()).toISOString();

  /** Two freezes of one plan, asked for at once, must not both find it unfrozen. */
  function inTurn(work: () => Sealed): Sealed {
    const mine = lastFreeze.then(work, work);
    lastFreeze = mine.catch(() => undefined);
    return mine;
  }

  async function seal(by: string, facts: readonly Fact[]): Sealed {
    if (facts.length === 0) return ok({ entries: [] });
    const sealed = await ports.record(by, facts);
    return sealed.ok ? ok({ entries: [...sealed.value] }) : sealed;
  }

  /** Runs `work` for one open request, if none is under way on its connection. */
  async function withRequest(
    input: Step,
    work: (open: OpenRequest, request: FrozenRequest, at: OpenConnection) => Sealed,
  ): Sealed {
    if (underWay.has(input.connection)) return err({ code: 'busy' });
    underWay.add(input.connection);
    try {
      const open = ports.state().open.get(input.request);
      if (open?.connection !== input.connection) return err({ code: 'not_found', what: 'request' });
      const request = await ports.frozenBytes(input.request, open);
      if (!request.ok) return request;
      const opened = await ports.open(input.connection);
      return opened.ok ? await work(open, request.value, opened.value) : opened;
    } finally {
      underWay.delete(input.connection);
    }
  }

  function settled(input: Step, open: OpenRequest, attempt: number, outcome: Outcome): Sealed {
    seen.forget(input.connection, open.lines);
    const { connection, request } = input;
    return seal(ENGINE, [{ kind: 'send_settled', connection, request, attempt: Math.max(1, attempt), outcome }]);
  }

  function contextOf(open: OpenRequest, request: FrozenRequest, { connector }: OpenConnection) {
    return {
      lines: request.lines,
      attempt: open.failures + 1,
      now: now(),
      random: ports.random(),
      idempotent: connector.abilities.idempotencyKeys,
      attemptedAt: open.attemptedAt ?? open.frozenAt,
    };
  }

  async function freeze(by: string, input: HostInput<'freezeRequests'>): Sealed {
    const { connection, batch, lines, stopped } = input;
    const isFile = input.delivery === 'file';
    const marks = await ports.marks({ connection, batch });
    if (!marks.ok) return marks;
    const opened = await ports.open(connection);
    if (!opened.ok) return opened;
    const { connector } = opened.value;
    if (connector.abilities.readOnly) return refuse('this remote is read only');
    if (isFile && connector.freezeFile === undefined) return refuse('this remote takes no files');
    // The same plan asked for twice freezes nothing twice.
    const open = lines.filter((line) => !isHeld(marks.value, connection, batch, line.ref));
    if (new Set(open.map((line) => line.ref)).size !== open.length) return refuse('a reference is named twice');
    const judged = judgePlan(marks.value, { connection, batch }, open, {
      isFile,
      isUnderWay: isUnderWay(ports.state(), connection),
      seen: (remoteItem, remoteLocation) => seen.figure(connection, remoteItem, remoteLocation),
    });
    if (!judged.ok) return judged;
    const known = (id: string) => marks.value.connections.get(connection)?.requests.has(id) === true;
    const requests = freezeAnew(connector, open, { known, ...(isFile && { delivery: 'file' as const }) });
    return requests.ok ? seal(by, frozenFacts({ connection, batch }, requests.value, stopped)) : requests;
  }

  async function freezeAgain({ connection, request: id }: Step): Sealed {
    const left = ports.state().left.get(id);
    if (left?.connection !== connection || left.delivery === 'file') return ok({ entries: [] });
    const { batch } = left;
    const opened = await ports.open(connection);
    if (!opened.ok) return opened;
    const before = await ports.frozenBytes(id, left);
    if (!before.ok) return before;
    const marks = ports.state().decisions.has(batch) ? undefined : await ports.marks({ connection, batch });
    if (marks?.ok === false) return marks;
    const { connector } = opened.value;
    const lines = linesAgain(before.value, {
      again: ports.state().again.get(connection),
      marks: marks?.value,
      connection,
      batch,
      abilities: connector.abilities,
      now: now(),
    });
    const known = (other: string) =>
      ports.state().open.has(other) ||
      ports.state().left.has(other) ||
      marks?.value.connections.get(connection)?.requests.has(other) === true;
    const requests = freezeAnew(connector, lines, { known, halved: left.halved });
    return requests.ok ? seal(ENGINE, frozenFacts({ connection, batch }, requests.value, [])) : requests;
  }

  /** The figures of the request's places, read just now. */
  async function look(
    request: FrozenRequest,
    remote: RemoteInventory,
  ): Promise<Result<readonly ObservedCount[], RemoteError>> {
    const found: ObservedCount[] = [];
    const items = [...new Set(request.lines.map((line) => line.remoteItem))];
    const locations = [...new Set(request.lines.map((line) => line.remoteLocation))];
    for (const some of inPieces(items, LOOK_ITEMS)) {
      let cursor: string | undefined;
      do {
        const page = await remote.counts({ locations, items: some, ...(cursor !== undefined && { cursor }) });
        if (!page.ok) return page;
        found.push(...figuresOf(request.lines, page.value.counts));
        ({ cursor } = page.value);
      } while (cursor !== undefined);
    }
    return ok(found);
  }

  async function push(input: Step): Sealed {
    return withRequest(input, async (open, request, at) => {
      const { connector, remote } = at;
      if (request.delivery === 'file') return refuse('a file is fetched by the remote');
      if (isInDoubt(open)) return refuse('it may have arrived: it must be read back first');
      const { connection } = input;
      const before = connector.abilities.readBack === 'figures' ? await look(request, remote) : undefined;
      if (before?.ok === false)
        return settled(input, open, open.attempts, settleLook(before.error, contextOf(open, request, at)));
      const attempt = open.attempts + 1;
      const figures = before === undefined ? {} : { before: before.value.slice(0, ENTRY_ROWS) };
      const begun = await seal(ENGINE, [
        { kind: 'send_attempted', connection, request: input.request, attempt, ...figures },
      ]);
      if (!begun.ok) return begun;
      seen.forget(connection, open.lines);
      const result = await remote.push(request);
      const ended = await settled(input, open, attempt, settlePush(result, contextOf(open, request, at)));
      return ended.ok ? ok({ entries: [...begun.value.entries, ...ended.value.entries] }) : ended;
    });
  }

  async function readBack(input: Step): Sealed {
    return withRequest(input, async (open, request, at) => {
      const { connector, remote } = at;
      if (request.delivery === 'file') return follow(input, open, request, at);
      if (!isInDoubt(open)) return refuse('nothing is in doubt about it');
      if (connector.abilities.readBack === 'none')
        return settled(input, open, open.attempts, settleUnread(contextOf(open, request, at)));
      const { before } = open;
      const result = await remote.readBack(request, {
        since: readBackSince(open),
        ...(before !== undefined && { before }),
      });
      return settled(input, open, open.attempts, settleReadBack(result, contextOf(open, request, at)));
    });
  }

  async function follow(input: Step, open: OpenRequest, request: FrozenRequest, at: OpenConnection): Sealed {
    if (open.job === undefined || at.remote.followFile === undefined) return refuse('the remote has not begun with it');
    const result = await at.remote.followFile(request, open.job);
    return settled(input, open, open.attempts, settleFile(result, contextOf(open, request, at)));
  }

  async function startFile(by: string, input: HostInput<'startFileJob'>): Sealed {
    return withRequest(input, async (open, request, at) => {
      const { connection, request: id } = input;
      if (request.delivery !== 'file' || at.remote.startFile === undefined) return refuse('it is no file');
      if (open.job !== undefined) return refuse('the remote has begun with it already');
      const attempt = open.attempts + 1;
      const begun = await seal(ENGINE, [{ kind: 'send_attempted', connection, request: id, attempt }]);
      if (!begun.ok) return begun;
      const started = await at.remote.startFile(request, input.url);
      // Absolute figures may be fetched twice: a start whose answer was lost is simply asked for again, by a person.
      const outcome: Outcome = started.ok
        ? { state: 'unknown', code: FILE_RUNNING, notBefore: new Date(ports.now() + FILE_LOOK_MS).toISOString() }
        : { state: 'retry', code: started.error.code, notBefore: now() };
      const job: Fact[] = started.ok
        ? [{ kind: 'file_job_started', connection, request: id, job: started.value.job }]
        : [];
      const told = await seal(by, job);
      if (!told.ok) return told;
      const ended = await settled(input, open, attempt, outcome);
      if (!ended.ok) return ended;
      return ok({ entries: [...begun.value.entries, ...told.value.entries, ...ended.value.entries] });
    });
  }

  async function abortFile(input: Step): Sealed {
    return withRequest(input, async (open, request, at) => {
      if (request.delivery !== 'file') return refuse('it is no file');
      if (open.job === undefined) {
        const missing = request.lines.map((line) => line.ref);
        return settled(input, open, open.attempts, { state: 'split', arrived: [], missing, refused: [], doubtful: [] });
      }
      const stopped = await at.remote.abortFile?.(open.job);
      if (stopped?.ok === false) return err(remoteFailed(at.name, stopped.error));
      return follow(input, open, request, at);
    });
  }

  async function sealFigures(
    connection: string,
    found: { requestedAt: string; reading: number; counts: readonly ObservedCount[]; isEnd: boolean },
  ): Sealed {
    const { requestedAt, counts } = found;
    const pieces = counts.length === 0 ? [[]] : inPieces(counts, ENTRY_ROWS);
    const facts = pieces.map((some, index): Fact => {
      const complete = found.isEnd && index === pieces.length - 1;
      return { kind: 'remote_observed', connection, requestedAt, counts: [...some], complete };
    });
    const sealed = await seal(ENGINE, facts);
    if (sealed.ok) seen.keep(connection, found.reading, counts);
    return sealed;
  }

  async function pull(input: HostInput<'pullCounts'>): Promise<Result<HostOutput<'pullCounts'>, HostError>> {
    const { connection, updatedAfter, items, cursor } = input;
    const opened = await ports.open(connection);
    if (!opened.ok) return opened;
    const locations = placesOf(ports.state(), connection);
    if (locations.length === 0) return err({ code: 'not_found', what: 'location' });
    const requestedAt = input.requestedAt ?? now();
    if (Date.parse(requestedAt) > ports.now()) return refuse('requestedAt is later than now');
    const reading = seen.beginReading();
    const page = await opened.value.remote.counts({
      locations,
      ...(items === undefined ? {} : { items }),
      ...(updatedAfter === undefined ? {} : { updatedAfter }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    if (!page.ok) return err(remoteFailed(opened.value.name, page.error));
    const { counts, cursor: next } = page.value;
    // A pull of chosen items says nothing about the others, so it is never the whole picture.
    const isEnd = next === undefined && items === undefined;
    const sealed = await sealFigures(connection, { requestedAt, reading, counts, isEnd });
    if (!sealed.ok) return sealed;
    return ok({ ...sealed.value, requestedAt, ...(next === undefined ? {} : { cursor: next }) });
  }

  async function pullMovements(
    input: HostInput<'pullMovements'>,
  ): Promise<Result<HostOutput<'pullMovements'>, HostError>> {
    const { connection, run, from, to, cursor } = input;
    const opened = await ports.open(connection);
    if (!opened.ok) return opened;
    if (opened.value.remote.movements === undefined) return refuse('this remote tells no movements');
    if (Date.parse(to) > ports.now() || Date.parse(from) >= Date.parse(to)) return refuse('the window is not closed');
    const page = await opened.value.remote.movements({ from, to, ...(cursor !== undefined && { cursor }) });
    if (!page.ok) return err(remoteFailed(opened.value.name, page.error));
    const { movements, cursor: next } = page.value;
    const pieces = movements.length === 0 ? [[]] : inPieces(movements, ENTRY_ROWS);
    const facts = pieces.map((some, index): Fact => {
      const complete = next === undefined && index === pieces.length - 1;
      return { kind: 'remote_moved', connection, run, from, to, movements: [...some], complete };
    });
    const sealed = await seal(ENGINE, facts);
    return sealed.ok ? ok({ ...sealed.value, ...(next === undefined ? {} : { cursor: next }) }) : sealed;
  }

  async function startTracking({ connection, items, location }: HostInput<'startTracking'>): Sealed {
    const opened = await ports.open(connection);
    if (!opened.ok) return opened;
    if (opened.value.remote.startTracking === undefined) return refuse('this remote tracks everything');
    const requestedAt = now();
    const reading = seen.beginReading();
    const found = await opened.value.remote.startTracking({ items, location });
    if (!found.ok) return err(remoteFailed(opened.value.name, found.error));
    return sealFigures(connection, { requestedAt, reading, counts: found.value.counts, isEnd: false });
  }

  async function decideDrift(by: string, input: HostInput<'decideDrift'>): Sealed {
    const { connection } = input;
    const opened = await ports.open(connection);
    if (!opened.ok) return opened;
    const facts = driftFacts(input, {
      connector: opened.value.connector,
      state: ports.state(),
      seen: (remoteItem, remoteLocation) => seen.figure(connection, remoteItem, remoteLocation),
      now: now(),
    });
    return facts.ok ? seal(by, facts.value) : facts;
  }

  return {
    freeze: (by, input) => inTurn(() => freeze(by, input)),
    freezeAgain: (input) => inTurn(() => freezeAgain(input)),
    push,
    readBack,
    pull,
    pullMovements,
    startTracking,
    startFile,
    abortFile,
    decideDrift: (by, input) => inTurn(() => decideDrift(by, input)),
  };
}
