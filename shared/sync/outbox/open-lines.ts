import { skuKey } from '../../domain/item.ts';
import type { FactOf, LedgerEntry, PostedLine, SendLine } from '../../domain/ledger-entry.ts';
import { lineKey, type LineKey } from '../../domain/line-key.ts';
import { foldedInto } from '../seen/in-place.ts';
import { isFinal, lineOutcome, type LineEnding } from './line-outcome.ts';
import { linesIn, linesOfRef } from './line-ref.ts';

/** How far one posted line has come on one connection. No mark: it was never planned there. */
type Mark = { readonly state: 'frozen' | LineEnding; readonly request: string };
type FrozenLine = { readonly place: string; readonly keys: readonly LineKey[]; readonly refused: boolean };
type Frozen = { readonly batch: string; readonly at: string; readonly lines: Map<string, FrozenLine> };

/** Marks of one connection: by batch and line, and its frozen requests by id. */
type ConnectionMarks = {
  readonly marks: Map<string, Map<LineKey, Mark>>;
  readonly requests: Map<string, Frozen>;
  /** The posted lines that a reference stands for, since it was first frozen. */
  readonly refs: Map<string, readonly LineKey[]>;
};
/**
 * What was posted in one batch, in the order of posting; by item the keys, and on how many connections a line is settled.
 * `instead`: lines that do not stand in the books as posted here, and the batch under which they do, if any; `twins`: other
 * batches under which a line that stands here was posted as well.
 */
type PostedBatch = {
  readonly lines: Map<LineKey, PostedLine>;
  readonly byItem: Map<string, LineKey[]>;
  readonly settledOn: Map<LineKey, number>;
  readonly instead: Map<LineKey, string | undefined>;
  readonly twins: Map<LineKey, string[]>;
};
/** Under which batch a posted line stands in the books; nothing where it stands on nothing that counts. */
export type StandsUnder = (batch: string, line: PostedLine) => string | undefined;
/** A laptop alone posts every line once. */
export const AS_POSTED: StandsUnder = (batch) => batch;
export type SendMarks = {
  readonly posted: ReadonlyMap<string, PostedBatch>;
  readonly connections: ReadonlyMap<string, ConnectionMarks>;
  /** Posted lines with a variance that no connection has confirmed or refused. */
  readonly waiting: number;
};
type Folding = {
  readonly posted: Map<string, PostedBatch>;
  readonly connections: Map<string, ConnectionMarks>;
  waiting: number;
};

/** Nothing posted yet. May be folded from again and again, unlike any other. */
export const NO_SEND_MARKS: SendMarks = { posted: new Map(), connections: new Map(), waiting: 0 };
const foldings = new WeakMap<SendMarks, Folding>();

/**
 * Folds what was posted, frozen and settled, so that no posted line is ever planned twice on one connection. The result
 * shares its maps with `state`, see `foldedInto`.
 */
export function foldSendMarks(state: SendMarks, entry: LedgerEntry): SendMarks {
  return foldSendMarksOf(state, entry, AS_POSTED);
}

/** The same over the chains of several laptops. */
export function foldSendMarksOf(state: SendMarks, entry: LedgerEntry, standsUnder: StandsUnder): SendMarks {
  const { fact } = entry;
  if (fact.kind === 'send_settled' && !isFinal(fact.outcome)) return state;
  switch (fact.kind) {
    case 'lines_posted':
    case 'send_frozen':
    case 'send_settled':
    case 'doubt_settled': {
      const folding = foldings.get(state) ?? { posted: new Map(), connections: new Map(), waiting: 0 };
      if (fact.kind === 'lines_posted') post(folding, fact, standsUnder);
      else if (fact.kind === 'send_frozen') freeze(folding, fact, entry.at);
      else settle(folding, fact);
      const next = { posted: folding.posted, connections: folding.connections, waiting: folding.waiting };
      foldings.set(next, folding);
      return state === NO_SEND_MARKS ? next : foldedInto(state, next);
    }
    default:
      return state;
  }
}

function postedIn(folding: Folding, batch: string): PostedBatch {
  const known = folding.posted.get(batch);
  if (known !== undefined) return known;
  const made = { lines: new Map(), byItem: new Map(), settledOn: new Map(), instead: new Map(), twins: new Map() };
  folding.posted.set(batch, made);
  return made;
}

function post(folding: Folding, fact: FactOf<'lines_posted'>, standsUnder: StandsUnder): void {
  const batch = postedIn(folding, fact.batch);
  for (const line of fact.lines) {
    const key = lineKey(line);
    if (batch.lines.has(key)) continue;
    batch.lines.set(key, line);
    const item = skuKey(line.item);
    const some = batch.byItem.get(item);
    if (some) some.push(key);
    else batch.byItem.set(item, [key]);
    const under = standsUnder(fact.batch, line);
    if (under === fact.batch) {
      if (line.variance !== '0') folding.waiting += 1;
      continue;
    }
    batch.instead.set(key, under);
    if (under === undefined) continue;
    const { twins } = postedIn(folding, under);
    twins.set(key, [...(twins.get(key) ?? []), fact.batch]);
  }
}

function marksOf(folding: Folding, connection: string): ConnectionMarks {
  const known = folding.connections.get(connection);
  if (known !== undefined) return known;
  const made: ConnectionMarks = { marks: new Map(), requests: new Map(), refs: new Map() };
  folding.connections.set(connection, made);
  return made;
}

function isSettled(mark: Mark | undefined): boolean {
  return mark?.state === 'confirmed' || mark?.state === 'rejected';
}

/** Sets a line's mark and keeps count of the lines that wait. */
function setMark(folding: Folding, marks: Map<LineKey, Mark>, batch: string, key: LineKey, mark: Mark): void {
  const change = Number(isSettled(mark)) - Number(isSettled(marks.get(key)));
  marks.set(key, mark);
  const under = folding.posted.get(batch)?.instead.get(key) ?? batch;
  const posted = folding.posted.get(under);
  const line = posted?.lines.get(key);
  if (change === 0 || posted === undefined || line === undefined || line.variance === '0') return;
  if (under === batch && posted.instead.has(key)) return;
  const before = posted.settledOn.get(key) ?? 0;
  posted.settledOn.set(key, before + change);
  folding.waiting += Number(before + change === 0) - Number(before === 0);
}

function freeze(folding: Folding, fact: FactOf<'send_frozen'>, at: string): void {
  const { marks: byBatch, requests, refs } = marksOf(folding, fact.connection);
  const marks = byBatch.get(fact.batch) ?? new Map<LineKey, Mark>();
  byBatch.set(fact.batch, marks);
  const posted = folding.posted.get(fact.batch);
  for (const request of fact.requests) {
    if (requests.has(request.id)) continue;
    const lines = new Map<string, FrozenLine>();
    const frozen: Mark = { state: 'frozen', request: request.id };
    for (const line of request.lines) {
      const known = refs.get(line.ref)?.filter((key) => isOpen(marks.get(key), true));
      const covered = known ?? coveredBy(line, openOf(posted, marks, line.item), fact).map(lineKey);
      if (known === undefined) refs.set(line.ref, covered);
      for (const key of covered) setMark(folding, marks, fact.batch, key, frozen);
      lines.set(line.ref, { place: placeKey(line.item, line.remoteLocation), keys: covered, refused: false });
    }
    requests.set(request.id, { batch: fact.batch, at, lines });
  }
}

/** The open lines of an item, without those that were rejected or with them. */
function openOf(
  posted: PostedBatch | undefined,
  marks: ReadonlyMap<LineKey, Mark>,
  item: string,
): (withRejected: boolean) => readonly PostedLine[] {
  const keys = posted?.byItem.get(skuKey(item)) ?? [];
  return (withRejected) =>
    keys.flatMap((key) => (isOpen(marks.get(key), withRejected) ? (posted?.lines.get(key) ?? []) : []));
}

/** A send line names its bins; its ref tells which of the lines posted by then (lots, later approvals) it was made of. */
function coveredBy(
  { ref, bins }: SendLine,
  open: (withRejected: boolean) => readonly PostedLine[],
  { connection, batch }: { connection: string; batch: string },
): readonly PostedLine[] {
  const named = { connection, batch, ref, bins };
  // Not a ref of ours: better one line too few than one sent twice.
  return linesOfRef(open(false), named) ?? linesOfRef(open(true), named) ?? linesIn(open(true), bins);
}

function settle(folding: Folding, fact: FactOf<'send_settled'> | FactOf<'doubt_settled'>): void {
  const connection = folding.connections.get(fact.connection);
  const frozen = connection?.requests.get(fact.request);
  if (!connection || !frozen) return;
  const marks = connection.marks.get(frozen.batch) ?? new Map<LineKey, Mark>();
  const made = new Map<LineEnding, Mark>();
  for (const [ref, line] of frozen.lines) {
    const ending = endingOf(fact, ref);
    if (ending === undefined) continue;
    const refused = ending === 'rejected' || ending === 'again';
    if (refused !== line.refused) frozen.lines.set(ref, { ...line, refused });
    const next = made.get(ending) ?? { state: ending, request: fact.request };
    made.set(ending, next);
    for (const key of line.keys) {
      const mark = marks.get(key);
      if (mark?.request !== fact.request) continue;
      // A person's word is on what is in doubt, and on nothing else.
      if (fact.kind === 'doubt_settled' && mark.state !== 'doubtful') continue;
      setMark(folding, marks, frozen.batch, key, next);
    }
  }
}

function endingOf(fact: FactOf<'send_settled'> | FactOf<'doubt_settled'>, ref: string): LineEnding | undefined {
  if (fact.kind === 'send_settled') return isFinal(fact.outcome) ? lineOutcome(fact.outcome, ref) : undefined;
  if (fact.arrived.includes(ref)) return 'confirmed';
  return fact.missing.includes(ref) ? 'again' : undefined;
}

function isOpen(mark: Mark | undefined, withRejected: boolean): boolean {
  return mark === undefined || mark.state === 'again' || (withRejected && mark.state === 'rejected');
}

/** Whether a line was sent over a connection, or may have been: it is frozen, has arrived, or is in doubt. */
export function isSentOver(
  { connections }: SendMarks,
  { connection, batch }: { connection: string; batch: string },
  key: LineKey,
): boolean {
  return !isOpen(connections.get(connection)?.marks.get(batch)?.get(key), true);
}

/**
 * Whether a line is not to be sent as it was posted in this batch: it stands in the books under another one, or on nothing;
 * or it was sent under another one already.
 */
export function isSentElsewhere(
  state: SendMarks,
  { connection, batch, beside = [] }: { connection: string; batch: string; beside?: readonly string[] | undefined },
  key: LineKey,
): boolean {
  const posted = state.posted.get(batch);
  if (posted?.instead.has(key) === true) return true;
  const twins = posted?.twins.get(key) ?? [];
  return (
    beside.some((one) => isSentOver(state, { connection: one, batch }, key)) ||
    twins.some((twin) =>
      [connection, ...beside].some((one) => isSentOver(state, { connection: one, batch: twin }, key)),
    )
  );
}

/** Whether a reference was frozen on the connection and none of its posted lines is open again. */
export function isHeld(state: SendMarks, connection: string, batch: string, ref: string): boolean {
  const marks = state.connections.get(connection);
  const keys = marks?.refs.get(ref);
  return keys !== undefined && !keys.some((key) => isOpen(marks?.marks.get(batch)?.get(key), true));
}

/** Whether all posted lines of a reference come back from just this request. */
export function isAgain(
  state: SendMarks,
  { connection, batch, ref, request }: { connection: string; batch: string; ref: string; request: string },
): boolean {
  const marks = state.connections.get(connection);
  const keys = marks?.refs.get(ref) ?? [];
  return keys.every((key) => {
    const mark = marks?.marks.get(batch)?.get(key);
    return mark?.state === 'again' && mark.request === request;
  });
}

/** `again`: some of the lines come back from a request that the remote refused as a whole, or took in part. */
export type OpenLines = { readonly lines: readonly PostedLine[]; readonly again: boolean };

/**
 * The batch's posted lines that the connection has still to be told, in the order of posting. `beside`: other connections to
 * the same account, over which a line may have been sent already.
 */
export function openLines(
  state: SendMarks,
  query: { connection: string; batch: string; withRejected?: boolean; beside?: readonly string[] },
): OpenLines {
  const marks = state.connections.get(query.connection)?.marks.get(query.batch);
  const lines: PostedLine[] = [];
  let again = false;
  for (const [key, line] of state.posted.get(query.batch)?.lines ?? []) {
    const mark = marks?.get(key);
    if (!isOpen(mark, query.withRejected === true)) continue;
    if (isSentElsewhere(state, query, key)) continue;
    lines.push(line);
    again ||= mark?.state === 'again';
  }
  return { lines, again };
}

/** Batches that have lines open on the connection. A line without variance that needed no sending stays open for good. */
export function openBatches(state: SendMarks, connection: string): readonly string[] {
  return [...state.posted.keys()].filter((batch) => openLines(state, { connection, batch }).lines.length > 0);
}

/** Posted lines of all batches whose difference has not arrived at the remote yet. */
export function* linesUnderWay(
  state: SendMarks,
  connection: string,
): Generator<{ readonly batch: string; readonly line: PostedLine }> {
  const marks = state.connections.get(connection)?.marks;
  const hasArrived = (batch: string, key: LineKey): boolean => marks?.get(batch)?.get(key)?.state === 'confirmed';
  for (const [batch, { lines, instead, twins }] of state.posted) {
    for (const [key, line] of lines) {
      if (line.variance === '0' || instead.has(key) || hasArrived(batch, key)) continue;
      if (twins.get(key)?.some((twin) => hasArrived(twin, key)) !== true) yield { batch, line };
    }
  }
}

/**
 * Whether another batch has a posted line of that item at that site whose difference has not arrived at the remote yet.
 * `binSite` says what the remote keeps one figure of: the bin's site, or for a remote that knows bins the bin itself.
 */
export function openElsewhere(
  state: SendMarks,
  query: { connection: string; batch: string; binSite: (bin: string) => string | undefined },
): (item: string, site: string) => boolean {
  const waiting = new Set<string>();
  for (const { batch, line } of linesUnderWay(state, query.connection)) {
    if (batch !== query.batch) waiting.add(placeKey(line.item, query.binSite(line.bin) ?? ''));
  }
  return (item, site) => waiting.has(placeKey(item, site));
}

/** When a change of that item for that remote location was last frozen: no change of ours bears a later time. */
export function lastFrozenAt(
  state: SendMarks,
  connection: string,
): (item: string, remoteLocation: string) => string | undefined {
  const frozenAt = new Map<string, string>();
  for (const { at, lines } of state.connections.get(connection)?.requests.values() ?? []) {
    for (const { place, refused } of lines.values()) {
      if (!refused && at > (frozenAt.get(place) ?? '')) frozenAt.set(place, at);
    }
  }
  return (item, remoteLocation) => frozenAt.get(placeKey(item, remoteLocation));
}

function placeKey(item: string, place: string): string {
  return `${skuKey(item)}\u001F${place}`;
}
