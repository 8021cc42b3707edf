import type { DoubtfulLine, FactOf, FrozenRequest, LedgerEntry, Outcome, SendLine } from '../../domain/ledger-entry.ts';
import { addAgain, emptyAgain, frozenNow, isReplaced, type Again, type AgainLine, type Replacing } from './again.ts';
import { foldedInto } from '../seen/in-place.ts';
import { isFinal } from './line-outcome.ts';
import { byEnding, FROZEN, isDone, stepped, toldOf, type Progress } from './request-steps.ts';
import type { Stamp } from '../seen/stamp.ts';
import { figureKey } from '../../ports/figure-key.ts';

/** One frozen request and how far it has come. A projection of entries: stored nowhere. */
export type OutboxRequest = Progress & {
  readonly id: string;
  readonly connection: string;
  readonly batch: string;
  /** The laptop that froze it: what another one froze is not sent from here. */
  readonly laptop: string;
  /** The laptops that have begun to send it. More than one: it may have taken effect twice. */
  readonly senders: readonly string[];
  readonly request: FrozenRequest;
  readonly frozenAt: string;
  /** It is not sent before. */
  readonly notBefore?: string;
  readonly receipts: readonly { ref: string; remoteId?: string | undefined }[];
  /** Lines that the remote refused by name. */
  readonly rejectedRefs: readonly string[];
  /** Lines that were not refused and did not arrive: they go in a new request with a new key. */
  readonly resendRefs: readonly string[];
  /** Lines of which only a person can say whether they arrived. */
  readonly doubtful: readonly DoubtfulLine[];
  /** The remote's words on single lines. */
  readonly refusals: readonly { ref: string; detail: string }[];
  readonly detail?: string;
};

/** Every request, in the order of freezing, and what is left to do with them. */
export type Outbox = {
  readonly size: number;
  get(id: string): OutboxRequest | undefined;
  values(): IterableIterator<OutboxRequest>;
  /** Requests of a connection without their final word, in the order of freezing. */
  open(connection: string): Iterable<OutboxRequest>;
  /** Lines that go again and are in no new request yet, by reference, with the request that they come from. */
  again(connection: string): ReadonlyMap<string, AgainLine>;
  /** When a change of ours last arrived at a place, by `figureKey`: figures seen before say nothing of it. */
  arrivedAt(connection: string): ReadonlyMap<string, Stamp>;
};

type ByConnection<Value> = Map<string, Map<string, Value>>;
type Store = {
  readonly requests: Map<string, OutboxRequest>;
  readonly open: ByConnection<OutboxRequest>;
  readonly again: Map<string, Again>;
  readonly arrived: ByConnection<Stamp>;
};
const stores = new WeakMap<Outbox, Store>();
const NONE: ReadonlyMap<string, never> = new Map<string, never>();

function viewOf(store: Store): Outbox {
  const view: Outbox = {
    size: store.requests.size,
    get: (id) => store.requests.get(id),
    values: () => store.requests.values(),
    open: (connection) => store.open.get(connection)?.values() ?? [],
    again: (connection) => store.again.get(connection)?.lines ?? NONE,
    arrivedAt: (connection) => store.arrived.get(connection) ?? NONE,
  };
  stores.set(view, store);
  return view;
}

function emptyStore(): Store {
  return { requests: new Map(), open: new Map(), again: new Map(), arrived: new Map() };
}

/** No request at all. May be folded from again and again, unlike any other. */
export const EMPTY_OUTBOX: Outbox = viewOf(emptyStore());

/**
 * Folds `send_frozen`, `send_attempted`, `send_settled`, `doubt_settled` and `file_job_started`. A request frozen twice
 * (the same plan, the same id) is kept once. The result shares its maps with `state`, see `foldedInto`.
 */
export function foldOutbox(state: Outbox, entry: LedgerEntry): Outbox {
  const { fact } = entry;
  const known = 'request' in fact ? state.get(fact.request) : undefined;
  if (fact.kind !== 'send_frozen' && known === undefined) return state;
  const isFirst = state === EMPTY_OUTBOX;
  const store = isFirst ? emptyStore() : (stores.get(state) ?? emptyStore());
  if (fact.kind === 'send_frozen') for (const request of fact.requests) freeze(store, fact, request, entry);
  else if (known !== undefined) {
    const next = begunBy(known, changed(known, entry), entry);
    if (next === undefined) return state;
    put(store, next, { seq: entry.seq, at: entry.at });
  }
  return isFirst ? viewOf(store) : foldedInto(state, viewOf(store));
}

function within<Value>(maps: ByConnection<Value>, connection: string): Map<string, Value> {
  const known = maps.get(connection);
  if (known !== undefined) return known;
  const made = new Map<string, Value>();
  maps.set(connection, made);
  return made;
}

function freeze(
  store: Store,
  { connection, batch }: { connection: string; batch: string },
  request: FrozenRequest,
  { at: frozenAt, device: laptop }: Pick<LedgerEntry, 'at' | 'device'>,
): void {
  if (store.requests.has(request.id)) return;
  const lists = { senders: [], receipts: [], rejectedRefs: [], resendRefs: [], doubtful: [], refusals: [] };
  const { id } = request;
  const frozen: OutboxRequest = { id, connection, batch, laptop, ...FROZEN, request, frozenAt, ...lists };
  store.requests.set(id, frozen);
  within(store.open, connection).set(id, frozen);
  const again = store.again.get(connection);
  if (again !== undefined) for (const line of request.lines) frozenNow(again, batch, line);
}

/** Keeps what became of a request, and what follows from it for its lines. */
function put(store: Store, next: OutboxRequest, stamp: Stamp): void {
  const { id, connection } = next;
  const before = store.requests.get(id);
  store.requests.set(id, next);
  if (!isDone(next)) {
    within(store.open, connection).set(id, next);
    return;
  }
  within(store.open, connection).delete(id);
  const knownAgain = new Set(before?.resendRefs);
  const again = store.again.get(connection) ?? emptyAgain();
  store.again.set(connection, again);
  const goes = new Set(next.resendRefs);
  const knownThere = new Set(before?.receipts.map((receipt) => receipt.ref));
  const there = new Set(next.receipts.map((receipt) => receipt.ref));
  const arrived = within(store.arrived, connection);
  for (const line of next.request.lines) {
    if (goes.has(line.ref) && !knownAgain.has(line.ref)) addAgain(again, { ...line, request: id, batch: next.batch });
    if (there.has(line.ref) && !knownThere.has(line.ref)) arrived.set(placeOf(line), stamp);
  }
}

/** The same with who has begun to send it, if this entry says so: also when another laptop had brought it to its end. */
function begunBy(
  before: OutboxRequest,
  next: OutboxRequest | undefined,
  { device, fact }: LedgerEntry,
): OutboxRequest | undefined {
  if (fact.kind !== 'send_attempted' || before.senders.includes(device)) return next;
  return { ...(next ?? before), senders: [...before.senders, device] };
}

/** The request after the entry; nothing when the entry changes nothing. */
function changed(before: OutboxRequest, entry: LedgerEntry): OutboxRequest | undefined {
  const { fact } = entry;
  if (fact.kind === 'doubt_settled') return doubtSettled(before, fact);
  const next = stepped(before, entry);
  if (next === undefined || fact.kind === 'file_job_started') return next;
  const { notBefore: _when, detail: _detail, ...rest } = next;
  return fact.kind === 'send_settled' ? { ...rest, ...saidOf(fact.outcome, before.request.lines) } : rest;
}

/** What an outcome says beside the state: when to come back, and what became of the lines. */
function saidOf(outcome: Outcome, lines: readonly SendLine[]): Partial<OutboxRequest> {
  if (!isFinal(outcome)) return { notBefore: outcome.notBefore };
  if (outcome.state === 'confirmed') return { receipts: outcome.receipts };
  const refs = byEnding(outcome, lines);
  const lists = {
    receipts: refs.confirmed.map(({ ref }) => ({ ref })),
    rejectedRefs: refs.rejected.map(({ ref }) => ref),
    resendRefs: refs.again.map(({ ref }) => ref),
  };
  return outcome.state === 'split'
    ? { ...lists, doubtful: outcome.doubtful, refusals: outcome.refused }
    : { ...lists, detail: outcome.detail };
}

function doubtSettled(before: OutboxRequest, found: FactOf<'doubt_settled'>): OutboxRequest | undefined {
  const { arrived, missing, left } = toldOf(
    before.doubtful.map((line) => line.ref),
    found,
  );
  if (arrived.length + missing.length === 0) return undefined;
  return {
    ...before,
    receipts: [...before.receipts, ...arrived.map((ref) => ({ ref }))],
    resendRefs: [...before.resendRefs, ...missing],
    doubtful: before.doubtful.filter((line) => left.includes(line.ref)),
  };
}

/** A line of the outbox for the screen: what became of one reference. */
export type LineProgress = 'queued' | 'sending' | 'confirmed' | 'rejected' | 'unknown' | 'again' | 'doubtful';

/** How far one line of a request has come. `again`: not refused itself, it goes with a new request. */
export function lineProgress(request: OutboxRequest, ref: string): LineProgress {
  if (request.state !== 'rejected' && request.state !== 'split') return request.state;
  if (request.rejectedRefs.includes(ref)) return 'rejected';
  if (request.doubtful.some((line) => line.ref === ref)) return 'doubtful';
  return request.resendRefs.includes(ref) ? 'again' : 'confirmed';
}

/** Places, by `figureKey`, where a change of ours is on its way, goes again, or is in doubt: their figures say nothing yet. A line that the plan being made takes the place of is no reason to wait. */
export function placesUnderWay(outbox: Outbox, connection: string, plan?: Replacing): ReadonlySet<string> {
  const places = new Set<string>();
  for (const { request } of outbox.open(connection)) for (const line of request.lines) places.add(placeOf(line));
  for (const request of outbox.values()) {
    if (request.connection !== connection) continue;
    const open = new Set(request.doubtful.map((line) => line.ref));
    for (const line of open.size === 0 ? [] : request.request.lines) if (open.has(line.ref)) places.add(placeOf(line));
  }
  // What is left of a file does not go by itself: a person plans it anew.
  for (const line of outbox.again(connection).values())
    if (outbox.get(line.request)?.request.delivery !== 'file' && !isReplaced(line, plan)) places.add(placeOf(line));
  return places;
}

function placeOf(line: Pick<SendLine, 'remoteItem' | 'remoteLocation'>): string {
  return figureKey(line.remoteItem, line.remoteLocation);
}
