import { skuKey } from '../../domain/item.ts';
import type { FactOf, LedgerEntry, PostedLine, SendLine } from '../../domain/ledger-entry.ts';
import { lineKey, type LineKey } from '../../domain/line-key.ts';
import { formatQuantity, quantityOf } from '../../domain/quantity.ts';
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
 * batches under which a line that stands here was posted as well. `reversedIn`: the batch that took a line back that stands
 * here; `takesBack`: the batch under which the line stands that a line of this one takes back.
 */
type PostedBatch = {
  readonly lines: Map<LineKey, PostedLine>;
  readonly byItem: Map<string, LineKey[]>;
  readonly settledOn: Map<LineKey, number>;
  readonly instead: Map<LineKey, string | undefined>;
  readonly twins: Map<LineKey, string[]>;
  readonly reversedIn: Map<LineKey, string>;
  readonly takesBack: Map<LineKey, string>;
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
  /** How many of the lines that wait need no sending: taken back before they were, by batch and key of what was posted. */
  readonly idle: Map<string, number>;
  idleLines: number;
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
    case 'lines_reversed':
    case 'send_frozen':
    case 'send_settled':
    case 'doubt_settled': {
      const folding = foldings.get(state) ?? newFolding();
      switch (fact.kind) {
        case 'lines_posted':
          post(folding, fact, standsUnder);
          break;
        case 'lines_reversed':
          post(folding, fact, standsUnder);
          pair(folding, fact, standsUnder);
          break;
        case 'send_frozen':
          freeze(folding, fact, entry.at);
          break;
        case 'send_settled':
        case 'doubt_settled':
          settle(folding, fact);
      }
      const waiting = folding.waiting - folding.idleLines;
      const next = { posted: folding.posted, connections: folding.connections, waiting };
      foldings.set(next, folding);
      return state === NO_SEND_MARKS ? next : foldedInto(state, next);
    }
    default:
      return state;
  }
}

function newFolding(): Folding {
  return { posted: new Map(), connections: new Map(), waiting: 0, idle: new Map(), idleLines: 0 };
}

function postedIn(folding: Folding, batch: string): PostedBatch {
  const known = folding.posted.get(batch);
  if (known !== undefined) return known;
  const made = {
    lines: new Map(),
    byItem: new Map(),
    settledOn: new Map(),
    instead: new Map(),
    twins: new Map(),
    reversedIn: new Map(),
    takesBack: new Map(),
  };
  folding.posted.set(batch, made);
  return made;
}

function post(
  folding: Folding,
  fact: FactOf<'lines_posted'> | FactOf<'lines_reversed'>,
  standsUnder: StandsUnder,
): void {
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

/** Ties the lines of a reversal that stands to what they take back. */
function pair(folding: Folding, { batch, reverses, lines }: FactOf<'lines_reversed'>, standsUnder: StandsUnder): void {
  const own = postedIn(folding, batch);
  const of = postedIn(folding, reverses);
  for (const line of lines) {
    const key = lineKey(line);
    const named = of.lines.has(key) ? reverses : standsUnder(reverses, line);
    const under = of.instead.has(key) ? of.instead.get(key) : named;
    if (under === undefined || own.instead.has(key) || own.takesBack.has(key)) continue;
    own.takesBack.set(key, under);
    // Two laptops posted the line: what goes back is what stands, and not what the one that took it back knew.
    const stands = under === reverses ? undefined : folding.posted.get(under)?.lines.get(key);
    if (stands !== undefined) {
      own.lines.set(key, { ...line, ...negated(stands) });
      folding.waiting += Number(stands.variance !== '0') - Number(line.variance !== '0');
    }
    postedIn(folding, under).reversedIn.set(key, batch);
    noteIdle(folding, under, key);
  }
}

function negated({ counted, bookThen, variance }: PostedLine): Pick<PostedLine, 'counted' | 'bookThen' | 'variance'> {
  return { counted: bookThen, bookThen: counted, variance: formatQuantity(-quantityOf(variance)) };
}

/**
 * What a line of a batch tells a remote. One that takes another back tells what has arrived of that, which two laptops may
 * have posted with other figures.
 */
function asArrived(
  state: SendMarks,
  over: readonly string[],
  { batch, key, line }: { readonly batch: string; readonly key: LineKey; readonly line: PostedLine },
): PostedLine {
  const taken = state.posted.get(batch)?.takesBack.get(key);
  if (taken === undefined) return line;
  const hasArrived = (twin: string): boolean =>
    over.some((connection) => markOf(state, connection, twin, key)?.state === 'confirmed');
  const twin = state.posted.get(taken)?.twins.get(key)?.find(hasArrived);
  const arrived = twin === undefined ? undefined : state.posted.get(twin)?.lines.get(key);
  return arrived === undefined ? line : { ...line, ...negated(arrived) };
}

/** Keeps count of lines that were taken back before they were sent: neither they nor their reversal wait for anything. */
function noteIdle(folding: Folding, batch: string, key: LineKey): void {
  const reversal = folding.posted.get(batch)?.reversedIn.get(key);
  if (reversal === undefined) return;
  const isWaiting = (one: string): boolean => {
    const posted = folding.posted.get(one);
    return posted?.lines.get(key)?.variance !== '0' && (posted?.settledOn.get(key) ?? 0) === 0;
  };
  const isIdle = wayOf(folding, [...folding.connections.keys()], batch, key) === 'none';
  const now = isIdle ? [batch, reversal].filter(isWaiting).length : 0;
  const id = `${batch}\u001E${key}`;
  folding.idleLines += now - (folding.idle.get(id) ?? 0);
  folding.idle.set(id, now);
}

/** How far one line has come on one connection. */
function markOf(
  { connections }: Pick<SendMarks, 'connections'>,
  connection: string,
  batch: string,
  key: LineKey,
): Mark | undefined {
  return connections.get(connection)?.marks.get(batch)?.get(key);
}

/**
 * How far a line that stands in a batch has come over any of these connections. `none`: nothing of it is there or on its way,
 * and nobody refused less than all of it. `under_way`: it may be there, or goes by itself.
 */
function wayOf(
  { posted, connections }: Pick<SendMarks, 'posted' | 'connections'>,
  over: readonly string[],
  batch: string,
  key: LineKey,
): 'none' | 'under_way' | 'arrived' {
  let way: 'none' | 'under_way' = 'none';
  for (const one of [batch, ...(posted.get(batch)?.twins.get(key) ?? [])]) {
    for (const connection of over) {
      const state = markOf({ connections }, connection, one, key)?.state;
      if (state === 'confirmed') return 'arrived';
      if (state !== undefined && state !== 'rejected') way = 'under_way';
    }
  }
  return way;
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
  if (change !== 0) countSettled(folding, { batch, under, key, change });
  noteIdle(folding, folding.posted.get(under)?.takesBack.get(key) ?? under, key);
}

function countSettled(
  folding: Folding,
  { batch, under, key, change }: { batch: string; under: string; key: LineKey; change: number },
): void {
  const posted = folding.posted.get(under);
  const line = posted?.lines.get(key);
  if (posted === undefined || line === undefined || line.variance === '0') return;
  if (under === batch && posted.instead.has(key)) return;
  const before = posted.settledOn.get(key) ?? 0;
  posted.settledOn.set(key, before + change);
  folding.waiting += Number(before + change === 0) - Number(before === 0);
}

function freeze(folding: Folding, fact: FactOf<'send_frozen'>, at: string): void {
  const { marks: byBatch, requests, refs } = marksOf(folding, fact.connection);
  const marks = byBatch.get(fact.batch) ?? new Map<LineKey, Mark>();
  byBatch.set(fact.batch, marks);
  for (const request of fact.requests) {
    if (requests.has(request.id)) continue;
    const lines = new Map<string, FrozenLine>();
    const frozen: Mark = { state: 'frozen', request: request.id };
    for (const line of request.lines) {
      const known = refs.get(line.ref)?.filter((key) => isOpen(marks.get(key), true));
      const covered = known ?? coveredBy(line, openOf(folding, { ...fact, item: line.item }), fact).map(lineKey);
      if (known === undefined) refs.set(line.ref, covered);
      for (const key of covered) setMark(folding, marks, fact.batch, key, frozen);
      lines.set(line.ref, { place: placeKey(line.item, line.remoteLocation), keys: covered, refused: false });
    }
    requests.set(request.id, { batch: fact.batch, at, lines });
  }
}

type OpenOf = (which: { readonly rejected: boolean; readonly all: boolean }) => readonly PostedLine[];

/** The open lines of an item, without those that were rejected or with them, and `all` or just what is to be sent. */
function openOf(
  state: SendMarks,
  { connection, batch, item }: { connection: string; batch: string; item: string },
): OpenOf {
  const posted = state.posted.get(batch);
  const marks = state.connections.get(connection)?.marks.get(batch);
  const keys = posted?.byItem.get(skuKey(item)) ?? [];
  return ({ rejected, all }) =>
    keys.flatMap((key) => {
      if (!isOpen(marks?.get(key), rejected)) return [];
      return all || !isSentElsewhere(state, { connection, batch }, key) ? (posted?.lines.get(key) ?? []) : [];
    });
}

/** A send line names its bins; its ref tells which of the lines posted by then (lots, later approvals) it was made of. */
function coveredBy(
  { ref, bins }: SendLine,
  open: OpenOf,
  { connection, batch }: { connection: string; batch: string },
): readonly PostedLine[] {
  const named = { connection, batch, ref, bins };
  for (const all of [false, true])
    for (const rejected of [false, true]) {
      const found = linesOfRef(open({ rejected, all }), named);
      if (found !== undefined) return found;
    }
  // Not a ref of ours: better one line too few than one sent twice.
  return linesIn(open({ rejected: true, all: true }), bins);
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
  state: SendMarks,
  { connection, batch }: { connection: string; batch: string },
  key: LineKey,
): boolean {
  return !isOpen(markOf(state, connection, batch, key), true);
}

/**
 * Whether a line is not to be sent as it was posted in this batch: it stands in the books under another one, or on nothing;
 * it was sent under another one already; or it was taken back before it was sent. What takes a line back is sent once that
 * line has arrived, and not at all where it never was under way.
 */
export function isSentElsewhere(
  state: SendMarks,
  { connection, batch, beside = [] }: { connection: string; batch: string; beside?: readonly string[] | undefined },
  key: LineKey,
): boolean {
  const posted = state.posted.get(batch);
  if (posted?.instead.has(key) === true) return true;
  const over = [connection, ...beside];
  if (posted?.reversedIn.has(key) === true && wayOf(state, over, batch, key) === 'none') return true;
  const taken = posted?.takesBack.get(key);
  if (taken !== undefined && wayOf(state, over, taken, key) !== 'arrived') return true;
  const line = taken === undefined ? undefined : posted?.lines.get(key);
  if (line !== undefined && asArrived(state, over, { batch, key, line }).variance === '0') return true;
  const twins = posted?.twins.get(key) ?? [];
  return (
    beside.some((one) => isSentOver(state, { connection: one, batch }, key)) ||
    twins.some((twin) => over.some((one) => isSentOver(state, { connection: one, batch: twin }, key)))
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
  const over = [query.connection, ...(query.beside ?? [])];
  const lines: PostedLine[] = [];
  let again = false;
  for (const [key, line] of state.posted.get(query.batch)?.lines ?? []) {
    const mark = marks?.get(key);
    if (!isOpen(mark, query.withRejected === true)) continue;
    if (isSentElsewhere(state, query, key)) continue;
    lines.push(asArrived(state, over, { batch: query.batch, key, line }));
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
  const hasArrived = (batch: string, key: LineKey): boolean =>
    markOf(state, connection, batch, key)?.state === 'confirmed';
  const isIdle = (batch: string, key: LineKey): boolean => wayOf(state, [connection], batch, key) === 'none';
  for (const [batch, { lines, instead, twins, reversedIn, takesBack }] of state.posted) {
    for (const [key, known] of lines) {
      const line = asArrived(state, [connection], { batch, key, line: known });
      if (line.variance === '0' || instead.has(key) || hasArrived(batch, key)) continue;
      if (twins.get(key)?.some((twin) => hasArrived(twin, key)) === true) continue;
      const about = takesBack.get(key) ?? (reversedIn.has(key) ? batch : undefined);
      if (about === undefined || !isIdle(about, key)) yield { batch, line };
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
