import { skuKey } from '../domain/item.ts';
import type { FrozenRequest, LedgerEntry, PostedLine, SendLine } from '../domain/ledger-entry.ts';
import { lineKey, type LineKey } from '../domain/line-key.ts';
import { binKey } from '../domain/location.ts';
import { lineRef } from './line-ref.ts';

/** How far one posted line has come on one connection. No mark: it was never planned there. */
type Mark = { readonly state: 'frozen' | 'confirmed' | 'again' | 'rejected'; readonly request: string };
type FrozenLine = { readonly place: string; readonly keys: readonly LineKey[]; readonly refused: boolean };
type Frozen = { readonly batch: string; readonly at: string; readonly lines: ReadonlyMap<string, FrozenLine> };

/** Marks of one connection: by batch and line, and its frozen requests by id. */
type ConnectionMarks = {
  readonly marks: ReadonlyMap<string, ReadonlyMap<LineKey, Mark>>;
  readonly requests: ReadonlyMap<string, Frozen>;
};
export type SendMarks = {
  /** Posted lines by batch, in the order of posting. */
  readonly posted: ReadonlyMap<string, ReadonlyMap<LineKey, PostedLine>>;
  readonly connections: ReadonlyMap<string, ConnectionMarks>;
};

export const NO_SEND_MARKS: SendMarks = { posted: new Map(), connections: new Map() };
const NO_MARKS: ConnectionMarks = { marks: new Map(), requests: new Map() };

/** Folds what was posted, frozen and settled, so that no posted line is ever planned twice on one connection. */
export function foldSendMarks(state: SendMarks, entry: LedgerEntry): SendMarks {
  const { fact } = entry;
  if (fact.kind === 'lines_posted') {
    const lines = new Map(state.posted.get(fact.batch));
    for (const line of fact.lines) if (!lines.has(lineKey(line))) lines.set(lineKey(line), line);
    return { ...state, posted: new Map(state.posted).set(fact.batch, lines) };
  }
  if (fact.kind === 'send_frozen') return { ...state, connections: freeze(state, fact, entry.at) };
  if (fact.kind === 'send_settled' && (fact.outcome.state === 'confirmed' || fact.outcome.state === 'rejected')) {
    return { ...state, connections: settle(state, fact.connection, fact.request, fact.outcome) };
  }
  return state;
}

function freeze(
  state: SendMarks,
  fact: { connection: string; batch: string; requests: readonly FrozenRequest[] },
  at: string,
): SendMarks['connections'] {
  const before = state.connections.get(fact.connection) ?? NO_MARKS;
  const marks = new Map(before.marks.get(fact.batch));
  const requests = new Map(before.requests);
  const byItem = new Map<string, PostedLine[]>();
  for (const line of state.posted.get(fact.batch)?.values() ?? []) {
    const some = byItem.get(skuKey(line.item));
    if (some) some.push(line);
    else byItem.set(skuKey(line.item), [line]);
  }
  for (const request of fact.requests) {
    if (requests.has(request.id)) continue;
    const lines = new Map<string, FrozenLine>();
    for (const line of request.lines) {
      const ofItem = byItem.get(skuKey(line.item)) ?? [];
      const open = [false, true].map((withRejected) =>
        ofItem.filter((one) => isOpen(marks.get(lineKey(one)), withRejected)),
      );
      const covered = coveredBy(line, open, fact).map(lineKey);
      for (const key of covered) marks.set(key, { state: 'frozen', request: request.id });
      lines.set(line.ref, { place: placeKey(line.item, line.remoteLocation), keys: covered, refused: false });
    }
    requests.set(request.id, { batch: fact.batch, at, lines });
  }
  return new Map(state.connections).set(fact.connection, {
    marks: new Map(before.marks).set(fact.batch, marks),
    requests,
  });
}

/** A send line names its bins; its ref tells which of the lines posted by then (lots, later approvals) it was made of. */
function coveredBy(
  line: SendLine,
  open: readonly (readonly PostedLine[])[],
  fact: { connection: string; batch: string },
): readonly PostedLine[] {
  const bins = new Set(line.bins.map(binKey));
  for (const lines of open) {
    const candidates = lines.filter((one) => bins.has(binKey(one.bin)));
    for (let count = candidates.length; count > 0; count -= 1) {
      const some = candidates.slice(0, count);
      if (lineRef(fact.connection, fact.batch, some) === line.ref) return some;
    }
  }
  // Not a ref of ours: better one line too few than one sent twice.
  return open.flat().filter((one) => bins.has(binKey(one.bin)));
}

type Settled = { state: 'confirmed' } | { state: 'rejected'; code: string; refs: readonly string[] };

function settle(state: SendMarks, connection: string, id: string, outcome: Settled): SendMarks['connections'] {
  const before = state.connections.get(connection);
  const frozen = before?.requests.get(id);
  if (!before || !frozen) return state.connections;
  const marks = new Map(before.marks.get(frozen.batch));
  const lines = new Map(frozen.lines);
  for (const [ref, line] of frozen.lines) {
    const ending = lineOutcome(outcome, ref);
    lines.set(ref, { ...line, refused: ending !== 'confirmed' });
    for (const key of line.keys) if (marks.get(key)?.request === id) marks.set(key, { state: ending, request: id });
  }
  return new Map(state.connections).set(connection, {
    marks: new Map(before.marks).set(frozen.batch, marks),
    requests: new Map(before.requests).set(id, { ...frozen, lines }),
  });
}

/**
 * What an outcome means for one line. `partly_applied` names what is missing at the remote: the rest arrived. Any other
 * refusal fails the whole request (contracts: Square 2.1), so lines that were not named are sent again in a new one.
 */
export function lineOutcome(outcome: Settled, ref: string): 'confirmed' | 'again' | 'rejected' {
  if (outcome.state === 'confirmed') return 'confirmed';
  const named = outcome.refs.includes(ref);
  if (outcome.code === PARTLY_APPLIED) return named ? 'again' : 'confirmed';
  return named ? 'rejected' : 'again';
}

/** The code of an outcome where the remote holds some lines of a request and not the ones named. */
export const PARTLY_APPLIED = 'partly_applied';

function isOpen(mark: Mark | undefined, withRejected: boolean): boolean {
  return mark === undefined || mark.state === 'again' || (withRejected && mark.state === 'rejected');
}

/** `again`: some of the lines come back from a request that the remote refused as a whole, or took in part. */
export type OpenLines = { readonly lines: readonly PostedLine[]; readonly again: boolean };

/** The batch's posted lines that the connection has still to be told, in the order of posting. */
export function openLines(
  state: SendMarks,
  query: { connection: string; batch: string; withRejected?: boolean },
): OpenLines {
  const marks = state.connections.get(query.connection)?.marks.get(query.batch);
  const posted = [...(state.posted.get(query.batch) ?? new Map<LineKey, PostedLine>()).entries()];
  const open = posted.filter(([key]) => isOpen(marks?.get(key), query.withRejected === true));
  return { lines: open.map(([, line]) => line), again: open.some(([key]) => marks?.get(key)?.state === 'again') };
}

/** Batches that have lines open on the connection. A line without variance that needed no sending stays open for good. */
export function openBatches(state: SendMarks, connection: string): readonly string[] {
  return [...state.posted.keys()].filter((batch) => openLines(state, { connection, batch }).lines.length > 0);
}

/** Whether another batch has a posted line of that item at that site whose difference has not arrived at the remote yet. */
export function openElsewhere(
  state: SendMarks,
  query: { connection: string; batch: string; binSite: (bin: string) => string | undefined },
): (item: string, site: string) => boolean {
  const waiting = new Set<string>();
  const marks = state.connections.get(query.connection)?.marks;
  for (const [batch, lines] of state.posted) {
    if (batch === query.batch) continue;
    for (const [key, line] of lines) {
      const arrived = line.variance === '0' || marks?.get(batch)?.get(key)?.state === 'confirmed';
      if (!arrived) waiting.add(placeKey(line.item, query.binSite(line.bin) ?? ''));
    }
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
