import type { Ledger } from '../../renderer/ledger/ledger.ts';
import type { SendingState } from '../../renderer/ledger/sending-state.ts';
import type { Fact, FrozenRequest } from '../../shared/domain/ledger-entry.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { HttpClient } from '../../shared/ports/http-client.ts';
import type { Host } from '../../shared/ports/host.ts';
import type {
  PlannedLine,
  Receipt,
  RemoteConnector,
  RemoteError,
  RemoteInventory,
} from '../../shared/ports/remote-inventory.ts';
import type { SendMarks } from '../../shared/sync/outbox/open-lines.ts';
import type { DeskPorts } from '../../shared/sync/desk/desk-ports.ts';
import type { FaultKind } from './faults.ts';
import type { RemoteId } from './remotes/remotes.ts';

/** A bug planted into the production engine, at one of the seams that it is put together at. */
export type Mutant = {
  readonly name: string;
  /** Where it is looked for; worlds in which these faults are frequent show it soonest. */
  readonly remote: RemoteId;
  readonly aim?: readonly FaultKind[];
  readonly connector?: (connector: RemoteConnector) => RemoteConnector;
  readonly http?: (http: HttpClient) => HttpClient;
  readonly inventory?: (remote: RemoteInventory) => RemoteInventory;
  readonly ports?: (ports: DeskPorts) => DeskPorts;
  readonly host?: (host: Host, now: () => string) => Host;
  readonly ledger?: (ledger: Ledger) => Ledger;
  /** Whether a fact is folded again after a start. */
  readonly remembers?: (fact: Fact) => boolean;
  /** Says "saved" before it is. */
  readonly isHasty?: boolean;
  readonly isUnpaced?: boolean;
  /** Opens the remote anew for every step. */
  readonly reopens?: boolean;
};

type Push = RemoteInventory['push'];
type ReadBack = RemoteInventory['readBack'];

function all(request: FrozenRequest): readonly Receipt[] {
  return request.lines.map(({ ref }) => ({ ref }));
}

/** A push whose errors are taken for something else. */
function pushing(change: (error: RemoteError, request: FrozenRequest) => ReturnType<Push> | undefined) {
  return (remote: RemoteInventory): RemoteInventory => ({
    ...remote,
    async push(request) {
      const done = await remote.push(request);
      return (done.ok ? undefined : change(done.error, request)) ?? done;
    },
  });
}

type Back = Awaited<ReturnType<ReadBack>>;

/** A read-back whose findings are taken for something else. */
function reading(change: (found: Back, request: FrozenRequest) => Back) {
  return (remote: RemoteInventory): RemoteInventory => ({
    ...remote,
    readBack: async (request, known) => change(await remote.readBack(request, known), request),
  });
}

const received = (request: FrozenRequest): Promise<Result<readonly Receipt[], RemoteError>> =>
  Promise.resolve(ok(all(request)));

async function failed(error: RemoteError): ReturnType<Push> {
  return err(error);
}

/** Lines as another freeze would have them. */
function freezing(change: (line: PlannedLine) => PlannedLine) {
  return (connector: RemoteConnector): RemoteConnector => ({
    ...connector,
    freeze(lines) {
      const frozen = connector.freeze(lines.map(change));
      // The entry says what was approved: only the bytes differ.
      return {
        ...frozen,
        lines: frozen.lines.map((line, at) => ({ ...line, quantity: lines[at]?.quantity ?? line.quantity })),
      };
    },
  });
}

/** What the page reads of its ledger, changed. */
function seeing(change: (state: SendingState) => SendingState) {
  return (ledger: Ledger): Ledger => ({ ...ledger, sending: () => change(ledger.sending()) });
}

function withoutRequests({ marks, ...state }: SendingState): SendingState {
  const connections = new Map(
    [...marks.connections].map(([id, known]) => [id, { ...known, requests: new Map() }] as const),
  );
  return { ...state, marks: { ...marks, connections } };
}

/** Reversals as if they were postings like any. */
function unpaired(marks: SendMarks): SendMarks {
  const posted = [...marks.posted].map(([batch, one]) => {
    return [batch, { ...one, reversedIn: new Map(), takesBack: new Map() }] as const;
  });
  return { ...marks, posted: new Map(posted) };
}

function seenAsDone({ marks, ...state }: SendingState): SendingState {
  const connections = new Map(
    [...marks.connections].map(([id, known]) => {
      const batches = [...known.marks].map(([batch, lines]) => {
        const seen = [...lines].map(
          ([key, mark]) => [key, mark.state === 'rejected' ? { ...mark, state: 'confirmed' as const } : mark] as const,
        );
        return [batch, new Map(seen)] as const;
      });
      return [id, { ...known, marks: new Map(batches) }] as const;
    }),
  );
  return { ...state, marks: { ...marks, connections } };
}

function swapped(state: SendingState): SendingState {
  const mappings = new Map(
    [...state.mappings].map(([id, mapping]) => {
      const remoteItems = [...mapping.items.values()].map((match) => match.remoteItem);
      const items = [...mapping.items].map(([key, match], at) => {
        return [key, { ...match, remoteItem: remoteItems[(at + 1) % remoteItems.length] ?? match.remoteItem }] as const;
      });
      return [id, { ...mapping, items: new Map(items) }] as const;
    }),
  );
  return { ...state, mappings };
}

/** The page never heard of what others did, and thinks that it has read it all. */
function withoutMovements({ movements, ...state }: SendingState): SendingState {
  const connections = new Map(
    [...movements.connections].map(([id, read]) => [id, { ...read, byKey: new Map() }] as const),
  );
  return { ...state, movements: { ...movements, connections } };
}

/** Every figure there is taken for one that was made ours. */
function allKnown(state: SendingState): SendingState {
  const connections = [...state.connections.keys()];
  const places = connections.flatMap((id) => [...(state.observations.get(id)?.figures.keys() ?? [])]);
  const taken = new Map(places.map((place) => [place, { at: '2026-01-01T00:00:00.000Z', seq: 0 }] as const));
  return { ...state, takenFigures: new Map(connections.map((id) => [id, taken] as const)) };
}

/** No figure there is taken for none of it in stock. */
function noneForNothing({ observations, ...state }: SendingState): SendingState {
  const zeros = [...observations].map(([id, seen]) => {
    const figures = [...seen.figures].map(([key, one]) => [key, { ...one, quantity: one.quantity ?? '0' }] as const);
    return [id, { ...seen, figures: new Map(figures) }] as const;
  });
  return allKnown({ ...state, observations: new Map(zeros) });
}

/** Nothing has to wait. */
function withoutWait(fact: Fact): Fact {
  if (fact.kind !== 'send_settled' || !('notBefore' in fact.outcome)) return fact;
  return { ...fact, outcome: { ...fact.outcome, notBefore: '2026-01-01T00:00:00.000Z' } };
}

/** What was read, was read two minutes later than it was. */
function readLater(fact: Fact): Fact {
  if (fact.kind !== 'send_settled' || fact.outcome.state !== 'retry' || fact.outcome.code !== 'not_there') return fact;
  const notBefore = new Date(Date.parse(fact.outcome.notBefore) + 120_000).toISOString();
  return { ...fact, outcome: { ...fact.outcome, notBefore } };
}

/** Bugs in what is believed of an answer. */
const BELIEFS: readonly Mutant[] = [
  {
    name: 'no answer is taken for success',
    remote: 'square',
    inventory: pushing((error, request) => (error.code === 'unknown_outcome' ? received(request) : undefined)),
  },
  {
    name: 'no answer is taken for not sent',
    remote: 'zettle',
    inventory: pushing((error) =>
      error.code === 'unknown_outcome' ? failed({ code: 'not_sent', detail: '' }) : undefined,
    ),
  },
  {
    name: 'a 5xx is taken for success',
    remote: 'shiphero',
    inventory: pushing((error, request) =>
      error.code === 'unknown_outcome' || error.code === 'unavailable' ? received(request) : undefined,
    ),
  },
  {
    name: 'errors within a 200 are not looked at',
    remote: 'square',
    aim: ['errors_in_200'],
    http: (http) => async (request) => {
      const answer = await http(request);
      if (!answer.ok || answer.value.status !== 200 || !answer.value.body.includes('"errors"')) return answer;
      return ok({ ...answer.value, body: '{}' });
    },
  },
  {
    name: 'a page for people (200) is taken for success',
    remote: 'square',
    aim: ['html'],
    inventory: pushing((error, request) => (error.code === 'bad_answer' ? received(request) : undefined)),
  },
  {
    name: 'refused lines are dropped as done',
    remote: 'square',
    aim: ['ghost_item', 'refuse'],
    inventory: pushing((error, request) => (error.code === 'rejected' ? received(request) : undefined)),
  },
  {
    name: 'Retry-After is not kept',
    remote: 'square',
    aim: ['status_429'],
    inventory: pushing((error) =>
      error.code === 'rate_limited' ? failed({ code: 'rate_limited', detail: '' }) : undefined,
    ),
  },
  {
    name: 'a missing right is taken for success',
    remote: 'square',
    aim: ['forbid'],
    inventory: pushing((error, request) => (error.code === 'forbidden' ? received(request) : undefined)),
  },
];

/** Bugs in reading back. */
const READ_BACKS: readonly Mutant[] = [
  {
    name: 'nothing is ever read back',
    remote: 'shiphero',
    inventory: reading((found) => (found.ok ? ok({ receipts: [], doubtful: [] }) : found)),
  },
  {
    name: 'everything read back has arrived',
    remote: 'square',
    inventory: reading((found, request) => (found.ok ? ok({ receipts: all(request), doubtful: [] }) : found)),
  },
  {
    name: 'a refused reading is a licence to send',
    remote: 'square',
    aim: ['refuse', 'forbid', 'half_then_fail', 'answer_lost'],
    inventory: reading((found) =>
      !found.ok && found.error.code !== 'unavailable' ? ok({ receipts: [], doubtful: [] }) : found,
    ),
  },
  {
    name: 'half there counts as nothing there',
    remote: 'square',
    aim: ['half_then_fail'],
    inventory: reading((found, request) =>
      found.ok && found.value.receipts.length < request.lines.length ? ok({ receipts: [], doubtful: [] }) : found,
    ),
  },
  {
    name: 'half there counts as all there',
    remote: 'square',
    aim: ['half_then_fail'],
    inventory: reading((found, request) =>
      found.ok && found.value.receipts.length > 0 ? ok({ receipts: all(request), doubtful: [] }) : found,
    ),
  },
  {
    name: 'doubtful counts as missing',
    remote: 'zettle',
    aim: ['others', 'answer_lost'],
    inventory: reading((found) => (found.ok ? ok({ ...found.value, doubtful: [] }) : found)),
  },
  {
    name: 'doubtful counts as arrived',
    remote: 'zettle',
    aim: ['others', 'drop'],
    inventory: reading((found) =>
      found.ok ? ok({ receipts: [...found.value.receipts, ...found.value.doubtful], doubtful: [] }) : found,
    ),
  },
  {
    name: 'the figures before an attempt are those of the first look',
    remote: 'zettle',
    aim: ['others', 'answer_lost'],
    inventory(remote) {
      const kept = new Map<string, ReturnType<RemoteInventory['counts']>>();
      return {
        ...remote,
        counts(query) {
          const key = JSON.stringify(query);
          const known = kept.get(key) ?? remote.counts(query);
          kept.set(key, known);
          return known;
        },
      };
    },
  },
  {
    name: 'a reading that came too early proves a lost attempt away',
    remote: 'square',
    aim: ['late', 'refuse', 'not_sent'],
    ports: (ports) => ({ ...ports, record: (by, facts) => ports.record(by, facts.map(readLater)) }),
  },
  {
    name: 'does not wait until nothing can be on its way',
    remote: 'zettle',
    aim: ['late'],
    ports: (ports) => ({
      ...ports,
      now: () => ports.now() + 180_000,
      record: (by, facts) => ports.record(by, facts.map(withoutWait)),
    }),
  },
];

/** Bugs in what is frozen and planned. */
const PLANS: readonly Mutant[] = [
  {
    name: 'amounts are rounded to whole pieces',
    remote: 'square',
    connector: freezing((line) => ({
      ...line,
      quantity:
        line.quantity.replace(/\.\d+$/, '') === '-0' ||
        line.quantity.startsWith('0.') ||
        line.quantity.startsWith('-0.')
          ? '1'
          : line.quantity.replace(/\.\d+$/, ''),
    })),
  },
  {
    name: 'what goes again goes with another amount',
    remote: 'square',
    aim: ['half_then_fail', 'ghost_item'],
    connector: again((line) => ({ ...line, quantity: line.quantity === '2' ? '3' : '2' })),
  },
  { name: 'a new key with each attempt', remote: 'square', aim: ['answer_lost'], inventory: withNewKeys },
  { name: 'an item goes under the name of another', remote: 'square', ledger: seeing(swapped) },
  {
    name: 'a part of a location is counted as the whole',
    remote: 'square',
    ledger: (ledger) => ({
      ...ledger,
      state: () => ({ ...ledger.state(), books: { ...ledger.state().books, lines: new Map() } }),
    }),
  },
  { name: 'forgets when a change was last frozen', remote: 'square', ledger: seeing(withoutRequests) },
  {
    name: 'refused lines are taken for done',
    remote: 'square',
    aim: ['refuse', 'forbid'],
    ledger: seeing(seenAsDone),
  },
  {
    name: 'movements while counting are not asked for',
    remote: 'square',
    aim: ['others'],
    ledger: (ledger) => ({ ...ledger, movementsOf: async () => [] }),
  },
  {
    name: 'what was written down late is taken for new',
    remote: 'square',
    aim: ['others', 'back_dated'],
    ledger: (ledger) => ({
      ...ledger,
      movementsOf: async (item) =>
        (await ledger.movementsOf(item)).map(({ fact, ...entry }) => ({
          ...entry,
          fact: fact.kind === 'stock_changed' ? { ...fact, happenedAt: undefined } : fact,
        })),
    }),
  },
  {
    name: 'what others sold between two counts is not looked at',
    remote: 'square',
    aim: ['sold_between'],
    ledger: seeing(withoutMovements),
  },
  {
    name: 'a figure that was never ours is taken for ours',
    remote: 'zettle',
    aim: ['unopened'],
    ledger: seeing(allKnown),
  },
  {
    name: 'no figure is taken for nothing in stock',
    remote: 'square',
    aim: ['unopened'],
    ledger: seeing(noneForNothing),
  },
  {
    name: 'what a taken figure holds is taken once more',
    remote: 'square',
    aim: ['figure_taken'],
    ledger: seeing((state) => ({ ...state, takenFigures: new Map() })),
  },
  {
    name: 'a clock that is a little off is taken to be right',
    remote: 'square',
    aim: ['clock_small'],
    ports: (ports) => ({
      ...ports,
      async open(connection) {
        const opened = await ports.open(connection);
        return opened.ok ? ok({ ...opened.value, clockAheadMs: () => 0 }) : opened;
      },
    }),
  },
  {
    name: 'what was taken back is not sent back',
    remote: 'square',
    aim: ['reversed'],
    ledger: seeing(({ marks, ...state }) => {
      const posted = [...marks.posted].filter(([, { takesBack }]) => takesBack.size === 0);
      return { ...state, marks: { ...marks, posted: new Map(posted) } };
    }),
  },
  {
    name: 'what takes a line back does not wait for that line',
    remote: 'square',
    aim: ['reversed', 'offline', 'refuse'],
    ledger: seeing(({ marks, ...state }) => ({ ...state, marks: unpaired(marks) })),
    ports: (ports) => ({
      ...ports,
      async marks(sent) {
        const marks = await ports.marks(sent);
        return marks.ok ? ok(unpaired(marks.value)) : marks;
      },
    }),
  },
  {
    name: 'what is reserved is overlooked',
    remote: 'square',
    aim: ['reserved', 'others'],
    inventory: (remote) => ({
      ...remote,
      async counts(query) {
        const page = await remote.counts(query);
        return page.ok
          ? ok({ ...page.value, counts: page.value.counts.map(({ reserved: _, ...count }) => count) })
          : page;
      },
    }),
  },
  {
    name: 'a count is stamped with the time of sending',
    remote: 'square',
    aim: ['others'],
    host: (host, now) => ({
      ...host,
      freezeRequests: (input) =>
        host.freezeRequests({ ...input, lines: input.lines.map((line) => ({ ...line, occurredAt: now() })) }),
    }),
  },
  {
    name: 'a surplus goes as a shortage',
    remote: 'shiphero',
    connector: freezing((line) => ({
      ...line,
      quantity: line.quantity.startsWith('-') ? line.quantity.slice(1) : `-${line.quantity}`,
    })),
  },
];

/** Bugs in what is kept. */
const KEPT: readonly Mutant[] = [
  {
    name: 'an attempt is not saved before it is made',
    remote: 'shiphero',
    aim: ['crash'],
    ports: (ports) => ({
      ...ports,
      record: async (by, facts) =>
        facts.some((fact) => fact.kind === 'send_attempted') ? ok([]) : ports.record(by, facts),
    }),
  },
  {
    name: 'attempts are forgotten at a start',
    remote: 'shiphero',
    aim: ['crash'],
    remembers: (fact) => fact.kind !== 'send_attempted',
  },
  {
    name: 'outcomes in doubt are forgotten at a start',
    remote: 'zettle',
    aim: ['crash', 'answer_lost', 'asleep'],
    remembers: (fact) =>
      fact.kind !== 'send_attempted' && (fact.kind !== 'send_settled' || fact.outcome.state === 'confirmed'),
  },
  {
    name: 'what was frozen is forgotten at a start',
    remote: 'square',
    aim: ['crash', 'asleep'],
    remembers: (fact) => fact.kind !== 'send_frozen',
  },
  {
    name: 'confirmed requests are forgotten at a start',
    remote: 'shiphero',
    aim: ['crash', 'asleep'],
    remembers: (fact) => fact.kind !== 'send_settled',
  },
  { name: 'says "saved" before it is', remote: 'square', aim: ['crash'], isHasty: true },
  {
    name: 'a full disk is passed over',
    remote: 'shiphero',
    aim: ['disk_full', 'crash', 'answer_lost'],
    ports: (ports) => ({
      ...ports,
      async record(by, facts) {
        const sealed = await ports.record(by, facts);
        return sealed.ok ? sealed : ok([]);
      },
    }),
  },
  {
    name: 'a page loaded anew never catches up',
    remote: 'square',
    aim: ['page_reload'],
    host: (host) => ({ ...host, readJournal: async () => ok({ entries: [] }) }),
  },
  {
    name: 'doubts that a person has settled are forgotten',
    remote: 'zettle',
    aim: ['others', 'answer_lost', 'asleep'],
    remembers: (fact) => fact.kind !== 'doubt_settled',
  },
];

/** Bugs in reading figures and movements, and in manners. */
const READS: readonly Mutant[] = [
  {
    name: 'only the first page of figures is read',
    remote: 'square',
    aim: ['odd_remote'],
    inventory: (remote) => ({
      ...remote,
      async counts(query) {
        const page = await remote.counts(query);
        return page.ok ? ok({ counts: page.value.counts }) : page;
      },
    }),
  },
  {
    name: 'only the first page of movements is read',
    remote: 'deconetwork',
    aim: ['odd_remote', 'others'],
    inventory: withoutMovementPages,
  },
  {
    name: 'the next watermark is now',
    remote: 'square',
    aim: ['others'],
    host: (host, now) => ({
      ...host,
      pullCounts: (input) =>
        host.pullCounts(input.updatedAfter === undefined ? input : { ...input, updatedAfter: now() }),
    }),
  },
  {
    name: 'what a remote does not name stands at zero',
    remote: 'square',
    aim: ['ghost_item'],
    inventory: (remote) => ({
      ...remote,
      async counts(query) {
        const page = await remote.counts(query);
        return page.ok
          ? ok({
              ...page.value,
              counts: page.value.counts.map((count) => ({ ...count, quantity: count.quantity ?? '0' })),
            })
          : page;
      },
    }),
  },
  {
    name: 'windows of movements leave a gap',
    remote: 'deconetwork',
    aim: ['others'],
    host: (host) => ({
      ...host,
      pullMovements: (input) =>
        host.pullMovements({
          ...input,
          from: new Date((Date.parse(input.from) + Date.parse(input.to)) / 2).toISOString(),
        }),
    }),
  },
  { name: 'the pace of a remote is not kept', remote: 'zettle', aim: ['others'], isUnpaced: true },
  { name: 'several tokens are asked for at once', remote: 'zettle', aim: ['odd_remote', 'token_dies'], reopens: true },
];

export const MUTANTS: readonly Mutant[] = [...BELIEFS, ...READ_BACKS, ...PLANS, ...KEPT, ...READS];

/** A freeze that changes a line which it has met before. */
function again(change: (line: PlannedLine) => PlannedLine) {
  return (connector: RemoteConnector): RemoteConnector => {
    const met = new Set<string>();
    return freezing((line) => {
      const isMet = met.has(line.ref);
      met.add(line.ref);
      return isMet ? change(line) : line;
    })(connector);
  };
}

function withNewKeys(remote: RemoteInventory): RemoteInventory {
  let attempts = 0;
  return {
    ...remote,
    push(request) {
      attempts += 1;
      return remote.push({
        ...request,
        body: request.body.replace(request.idempotencyKey, `${request.idempotencyKey.slice(0, 24)}${attempts}`),
      });
    },
  };
}

function withoutMovementPages(remote: RemoteInventory): RemoteInventory {
  const { movements } = remote;
  if (movements === undefined) return remote;
  return {
    ...remote,
    async movements(query) {
      const page = await movements(query);
      return page.ok ? ok({ movements: page.value.movements }) : page;
    },
  };
}
