import { sheetIn } from '../../shared/domain/batch.ts';
import { bookAt, bookNow, type BookLine } from '../../shared/domain/balance.ts';
import { skuKey } from '../../shared/domain/item.ts';
import type { LedgerEntry, PostedLine } from '../../shared/domain/ledger-entry.ts';
import { lineKey } from '../../shared/domain/line-key.ts';
import { binKey } from '../../shared/domain/location.ts';
import { quantityOf, ZERO, type Quantity } from '../../shared/domain/quantity.ts';
import type { ConnectorCard } from '../../shared/ports/host.ts';
import { NO_MAPPING, type Mapping } from '../../shared/sync/seen/mapping.ts';
import { openMovements } from '../../shared/sync/plan/open-movements.ts';
import {
  isSentOver,
  lastFrozenAt,
  linesUnderWay,
  openElsewhere,
  openLines,
} from '../../shared/sync/outbox/open-lines.ts';
import { placesUnderWay } from '../../shared/sync/outbox/outbox.ts';
import type { PlanInput } from '../../shared/sync/plan/plan.ts';
import { besideIn } from './accounts.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { figureKey } from '../../shared/ports/figure-key.ts';

export type PlanQuery = {
  readonly connection: string;
  readonly batch: string;
  readonly card: ConnectorCard;
  readonly now: string;
  /** Whether the figures seen last were read just now. */
  readonly fresh: boolean;
  readonly delivery: 'request' | 'file';
  /** Lines that the remote refused are planned too. */
  readonly withRejected?: boolean;
  readonly setFigures?: boolean;
  /** By how much this laptop's clock is ahead of the remote's, ms, where that is known. */
  readonly clockAheadMs?: number | undefined;
};

/**
 * Gathers what the plan of one batch needs to know from the ledger. The evidence of an item is read only where several
 * bins of it were counted at different times: only then can a movement lie between two counts.
 */
export async function gatherPlanInput(ledger: Ledger, query: PlanQuery): Promise<PlanInput> {
  const { connection, batch, card, now, fresh, delivery, withRejected = false } = query;
  const { marks, mappings, observations, outbox, takenFigures, movements } = ledger.sending();
  const binSite = (bin: string) => ledger.catalogue().bin(bin)?.site;
  const binPlace = remotePlaceOf(ledger, card);
  const placeOf = (line: { item: string; bin: string }) => placeKey(line.item, binPlace(line.bin));
  const beside = besideIn(ledger.sending(), connection);
  const posted = openLines(marks, { connection, batch, withRejected, beside }).lines;
  const lines = groupBy(posted, placeOf);
  const mapping = mappings.get(connection) ?? NO_MAPPING;
  const meets = meeting(mapping, card, lines);
  const wanted = new Set([...lines.keys(), ...[...meets.values()].flat()]);
  const books = groupBy([...ledger.state().books.lines.values()], placeOf, (key) => wanted.has(key));
  const moved = await findMovedDuring(ledger, lines);
  const figures = observations.get(connection)?.figures;
  const ofItem = groupBy(posted, (line) => skuKey(line.item));
  const binsOf = (item: string) => (ofItem.get(skuKey(item)) ?? []).map((line) => line.bin);
  const underWay = placesUnderWay(outbox, connection, { batch, binsOf });
  const right = posted.filter((line) => line.variance === '0').map((line) => ({ batch, line }));
  const waiting = waitingAt(ledger, [...linesUnderWay(marks, connection), ...right], placeOf, wanted);
  const arrivedAt = outbox.arrivedAt(connection);
  const open = card.abilities.movements ? openMovements(ledger.sending(), connection) : undefined;
  const readTo = movements.connections.get(connection)?.readTo;
  const heldAt = (key: string) => (books.get(key) ?? []).reduce((sum, line) => sum + bookNow(line), ZERO);
  const handedIn = ledger.state().batches.get(batch);
  return {
    connection,
    batch,
    abilities: card.abilities,
    now,
    fresh,
    delivery,
    posted,
    binSite,
    mapping,
    setFigures: query.setFigures === true,
    wholeLocation: (item, place) =>
      holdsAll(books.get(placeKey(item, place)) ?? [], lines.get(placeKey(item, place)) ?? []),
    movedDuring: (item, place) => moved.has(placeKey(item, place)),
    openElsewhere: openElsewhere(marks, { connection, batch, binSite: binPlace }),
    lastFrozenAt: lastFrozenAt(marks, connection),
    takesBack: handedIn?.reverses !== undefined,
    book(item, place) {
      const key = placeKey(item, place);
      const before = (meets.get(key) ?? [key]).reduce(
        (sum, one) => sum + heldAt(one) - (waiting.get(one) ?? ZERO),
        ZERO,
      );
      return { now: heldAt(key), before };
    },
    base(remoteItem, remoteLocation) {
      const key = figureKey(remoteItem, remoteLocation);
      const taken = takenFigures.get(connection)?.has(key) === true;
      return { arrived: arrivedAt.has(key), taken, earlier: figures?.get(key)?.earlier ?? [] };
    },
    sentSince: (item, place) =>
      (lines.get(placeKey(item, place)) ?? []).some((line) =>
        isSentSince(ledger, [connection, ...beside], batch, line),
      ),
    others: (remoteItem, remoteLocation) =>
      open && { open: open.get(figureKey(remoteItem, remoteLocation)) ?? [], readTo },
    learned: (line) => learnedSince(ledger, batch, line),
    reasonOf: (line) => reasonOf(ledger, batch, line),
    underWay: (place) => underWay.has(place),
    clockAheadMs: query.clockAheadMs,
    ...(figures !== undefined && { remoteNow: figures }),
    ...(card.maxLinesPerFile !== undefined && { maxLinesPerFile: card.maxLinesPerFile }),
  };
}

/** What a remote keeps one figure of: the site of a bin, or for a remote that knows bins the bin itself. */
export function remotePlaceOf(
  ledger: Ledger,
  card: Pick<ConnectorCard, 'abilities'>,
): (bin: string) => string | undefined {
  const catalogue = ledger.catalogue();
  return card.abilities.binLevel
    ? (bin) => (catalogue.bin(bin) === undefined ? undefined : binKey(bin))
    : (bin) => catalogue.bin(bin)?.site;
}

function placeKey(item: string, place: string | undefined): string {
  return `${skuKey(item)}\u001F${place ?? ''}`;
}

/** What our book holds and the remote does not yet, by place: variances, as far as the book knows them now. */
function waitingAt(
  ledger: Ledger,
  lines: readonly { readonly batch: string; readonly line: PostedLine }[],
  placeOf: (line: PostedLine) => string,
  wanted: ReadonlySet<string>,
): ReadonlyMap<string, Quantity> {
  const sums = new Map<string, Quantity>();
  for (const { batch, line } of lines) {
    const key = placeOf(line);
    if (!wanted.has(key)) continue;
    const variance = quantityOf(line.variance) - learnedSince(ledger, batch, line);
    sums.set(key, (sums.get(key) ?? ZERO) + variance);
  }
  return sums;
}

/** What the book has learned since the posting of what happened before a line was counted. */
function learnedSince(ledger: Ledger, batch: string, line: PostedLine): Quantity {
  const book = ledger.state().books.lines.get(lineKey(line));
  const count = book?.counts.find((one) => one.batch === batch && one.anchor.id === line.anchor);
  return book === undefined || count === undefined
    ? ZERO
    : bookAt(book, count, count.order) - quantityOf(line.bookThen);
}

/** Why a line was decided as it was, or taken back. */
function reasonOf(ledger: Ledger, id: string, line: PostedLine): string | undefined {
  const { batches, stocktakes } = ledger.state();
  const batch = batches.get(id);
  const about = batch?.reverses === undefined ? batch : batches.get(batch.reverses);
  const stocktake = about && stocktakes.get(about.stocktake);
  const sheet = stocktake && sheetIn(stocktake, about, line.bin);
  const key = lineKey(line);
  return batch?.reverses === undefined ? sheet?.decisions.get(key)?.reason : sheet?.posted.get(key)?.reversed?.reason;
}

/**
 * Whether a later count of the line was sent over one of these connections, and its book was put right since it was posted: it
 * may have been sent by a laptop that had not heard of this one, and then what it sent holds this one's difference already.
 */
function isSentSince(ledger: Ledger, connections: readonly string[], batch: string, line: PostedLine): boolean {
  const { marks } = ledger.sending();
  const key = lineKey(line);
  const counts = ledger.state().books.lines.get(key)?.counts ?? [];
  const at = counts.findIndex((count) => count.batch === batch && count.anchor.id === line.anchor);
  return at >= 0 && counts.slice(at + 1).some((count) => isSentUnaware(count.batch));

  function isSentUnaware(under: string): boolean {
    const known = marks.posted.get(under);
    const later = known?.lines.get(key);
    if (later === undefined || learnedSince(ledger, under, later) === ZERO) return false;
    const batches = [under, ...(known?.twins.get(key) ?? [])];
    return batches.some((one) => connections.some((connection) => isSentOver(marks, { connection, batch: one }, key)));
  }
}

/** Items and places of ours that meet in one figure of the remote, by each place that is asked for. */
function meeting(
  mapping: Mapping,
  card: ConnectorCard,
  lines: ReadonlyMap<string, readonly PostedLine[]>,
): ReadonlyMap<string, readonly string[]> {
  const ours = card.abilities.binLevel ? mapping.bins : mapping.sites;
  const places = grouped([...ours].map(([place, theirs]) => [theirs, place]));
  const items = grouped([...mapping.items.values()].map((match) => [match.remoteItem, match.item]));
  return new Map(
    [...lines.keys()].map((key) => {
      const [item = '', place = ''] = key.split('\u001F');
      const match = mapping.items.get(item);
      const there = ours.get(place);
      if (match === undefined || there === undefined) return [key, [key]];
      const keys = (items.get(match.remoteItem) ?? []).flatMap((one) =>
        (places.get(there) ?? []).map((where) => placeKey(one, where)),
      );
      return [key, keys];
    }),
  );
}

function grouped(pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, readonly string[]> {
  const groups = groupBy(pairs, ([key]) => key);
  return new Map([...groups].map(([key, some]) => [key, some.map(([, value]) => value)]));
}

/** Whether every bin and lot in which the book has the item is among the posted lines. */
function holdsAll(books: readonly BookLine[], posted: readonly PostedLine[]): boolean {
  const counted = new Set(posted.map(lineKey));
  return books.every((line) => counted.has(lineKey(line)) || bookNow(line) === ZERO);
}

/** Above so many groups the ledger is read once for all of them. */
const ONE_BY_ONE = 20;

/** Places where stock moved between the first and the last of their counts. */
async function findMovedDuring(
  ledger: Ledger,
  groups: ReadonlyMap<string, readonly PostedLine[]>,
): Promise<Set<string>> {
  const asked = [...groups].flatMap(([key, lines]) => {
    const times = lines.map((line) => line.countedAt).toSorted();
    const [from = '', to = ''] = [times[0], times.at(-1)];
    return from === to ? [] : [{ key, lines, from, to, bins: new Set(lines.map((line) => binKey(line.bin))) }];
  });
  const movements = await readMovements(ledger, asked);
  return new Set(
    asked.flatMap(({ key, lines, from, to, bins }) => {
      const ofItem = movements.get(skuKey(lines[0]?.item ?? '')) ?? [];
      return ofItem.some((entry) => movesBetween(entry, bins, from, to)) ? [key] : [];
    }),
  );
}

/** The movements of the items asked for, by item. What lies between two counts was written after the first of them. */
async function readMovements(
  ledger: Ledger,
  asked: readonly { readonly lines: readonly PostedLine[] }[],
): Promise<ReadonlyMap<string, readonly LedgerEntry[]>> {
  if (asked.length > ONE_BY_ONE) {
    const anchors = asked.flatMap(({ lines }) => lines.map((line) => line.anchor)).toSorted();
    return groupBy(await ledger.movementsAfter(anchors[0] ?? ''), ({ fact }) => skuKey(fact.item));
  }
  const items = new Set(asked.flatMap(({ lines }) => lines.map((line) => line.item)));
  const found = new Map<string, readonly LedgerEntry[]>();
  for (const item of items) found.set(skuKey(item), await ledger.movementsOf(item));
  return found;
}

function movesBetween({ at, fact }: LedgerEntry, bins: ReadonlySet<string>, from: string, to: string): boolean {
  if (fact.kind !== 'stock_changed' && fact.kind !== 'stock_moved') return false;
  const touched = fact.kind === 'stock_changed' ? [fact.bin] : [fact.from, fact.to];
  return touched.some((bin) => bins.has(binKey(bin))) && within(fact.happenedAt ?? at, from, to);
}

function within(at: string, from: string, to: string): boolean {
  return at >= from && at <= to;
}

function groupBy<Value>(
  values: readonly Value[],
  keyOf: (value: Value) => string,
  wanted: (key: string) => boolean = () => true,
): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    if (!wanted(key)) continue;
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
