import { NONE_NEAR, type NearMovement } from './clocks-apart.ts';
import { skuKey } from './item.ts';
import { binKey } from './location.ts';
import { lineKey, lotKey, type LineKey } from './line-key.ts';
import { ZERO, type Quantity } from './quantity.ts';
import { hearLate, type Anchor, type LateMovement, type Witness } from './statement.ts';

/**
 * A figure tied to an anchor. `movedBefore` is the sum of all movements that precede the anchor; it changes only when a
 * movement is learned late that happened before.
 */
export type Anchored = { anchor: Anchor; movedBefore: Quantity };

/** A count that was approved and posted: at its anchor the shelf held `counted`. */
export type PostedCount = Anchored & {
  readonly batch: string;
  readonly order: number;
  readonly counted: Quantity;
  /** How far ahead the clock may have been when it was counted. */
  readonly fastMs: number;
};

/** A count line: it stands at the last of its statements. */
export type Watcher = Anchored & Witness;

/** One item in one bin. */
export type BookLine = {
  readonly item: string;
  readonly bin: string;
  readonly lot: string | undefined;
  /** Sum of every movement, early or late, and how many there were. */
  moved: Quantity;
  moves: number;
  /** Posted counts, in the order of their anchors. */
  counts: readonly PostedCount[];
  /** Count lines, whose statements must hear of movements told late. */
  watchers: readonly Watcher[];
  /** Movements recorded late since something was counted here, in order. */
  late: readonly LateMovement[];
  /** The newest movements since something was counted here, late ones too, in order. */
  recent: readonly LateMovement[];
  /** The newest movements, openings aside, with the laptops whose clocks told them: see clocks-apart.ts. */
  near: readonly NearMovement[];
};

// Most lines have neither; a hundred thousand empty sets would weigh more than the figures.
const NO_COUNTS: readonly PostedCount[] = [];
const NO_WATCHERS: readonly Watcher[] = [];
/** So many movements of a line are kept one by one, to be compared with a variance. */
const RECENT = 24;
const NONE_LATE: readonly LateMovement[] = [];

/** A movement of a bin in which a code was met that nobody knew. `order`: its entry's place in the bin. */
export type LoggedMovement = {
  readonly key: LineKey;
  readonly order: number;
  readonly delta: Quantity;
  readonly happenedAt: string | undefined;
};

/** One bin of the books. Whatever is said about a bin follows from the entries that name it, and from nothing else. */
export type BinBook = {
  readonly lines: Set<LineKey>;
  /** Entries that have named the bin so far. An entry's place in a bin is how many came before it there, and itself. */
  order: number;
  /** Movements one by one, oldest first, once an unknown code was met here: see movement-log.ts. */
  log: LoggedMovement[] | undefined;
  /** Entries about the bin that say nothing: taken back, or about a stocktake that was not known. */
  voided: Set<string> | undefined;
};

/** The books: what should be where. */
export type Books = { readonly lines: Map<LineKey, BookLine>; readonly bins: Map<string, BinBook> };

/** Books that nothing has happened to. */
export function emptyBooks(): Books {
  return { lines: new Map(), bins: new Map() };
}

/** A bin of the books, made when nothing was said about it yet. */
export function binBook({ bins }: Books, bin: string): BinBook {
  const key = binKey(bin);
  const known = bins.get(key);
  if (known) return known;
  const made: BinBook = { lines: new Set(), order: 0, log: undefined, voided: undefined };
  bins.set(key, made);
  return made;
}

/** The line of one item in one bin, made when it is not there yet. */
export function bookLine(books: Books, where: { item: string; bin: string; lot?: string | undefined }): BookLine {
  const key = lineKey(where);
  const known = books.lines.get(key);
  if (known) return known;
  const line: BookLine = {
    item: where.item,
    bin: where.bin,
    lot: where.lot,
    moved: ZERO,
    moves: 0,
    counts: NO_COUNTS,
    watchers: NO_WATCHERS,
    late: NONE_LATE,
    recent: NONE_LATE,
    near: NONE_NEAR,
  };
  books.lines.set(key, line);
  binBook(books, where.bin).lines.add(key);
  return line;
}

/**
 * Adds a movement. Entries are folded in order, so whatever is folded after an anchor is after it, unless it says that
 * it happened before: then it was on the shelf already when the shelf was counted, and the count covers it.
 */
export function move(line: BookLine, delta: Quantity, happenedAt: string | undefined, order: number): void {
  line.moved += delta;
  line.moves += 1;
  const happenedMs = happenedAt === undefined ? Number.MAX_SAFE_INTEGER : Date.parse(happenedAt);
  if (line.counts.length + line.watchers.length > 0) {
    const movement = { delta, happenedMs, order };
    line.recent = [...line.recent, movement].slice(-RECENT);
    if (happenedAt !== undefined) line.late = [...line.late, movement];
  }
  if (happenedAt === undefined) return;
  for (const count of line.counts)
    if (happenedMs <= Date.parse(count.anchor.at) - count.fastMs) count.movedBefore += delta;
  for (const watcher of line.watchers) {
    watcher.runs = hearLate(watcher.runs, delta, happenedMs);
    watcher.takenBack = hearLate(watcher.takenBack, delta, happenedMs);
    watcher.movedBefore = watcher.runs.at(-1)?.movedBefore ?? watcher.movedBefore;
  }
}

/** Book quantity now. */
export function bookNow(line: BookLine): Quantity {
  const last = line.counts.at(-1);
  return last ? last.counted + line.moved - last.movedBefore : line.moved;
}

/** Book quantity as it was just before the count that stands at `at.anchor`; `order` is that anchor's place in the bin. */
export function bookAt(line: BookLine, at: Anchored, order: number): Quantity {
  const before = line.counts.findLast((count) => count.order < order);
  return before ? before.counted + at.movedBefore - before.movedBefore : at.movedBefore;
}

/** Net movement since the anchor. */
export function movedSince(line: BookLine, at: Anchored): Quantity {
  return line.moved - at.movedBefore;
}

/** The newest movements after a count, one by one. */
export function movementsSince(line: BookLine, { anchor, order, runs }: Watcher & { order: number }): Quantity[] {
  const ms = Date.parse(anchor.at) - (runs.at(-1)?.fastMs ?? 0);
  return line.recent.filter((one) => one.order > order && one.happenedMs > ms).map(({ delta }) => delta);
}

/** Posts a count: from its anchor on, the book starts at what was counted. A later count already posted stays the newest. */
export function postCount(line: BookLine, count: PostedCount): void {
  if (line.counts.some((known) => known.batch === count.batch && known.anchor.id === count.anchor.id)) return;
  line.counts = [...line.counts, count].toSorted((left, right) => left.order - right.order);
}

/** What a batch posted for a line, or nothing. */
export function postedIn(line: BookLine, batch: string): PostedCount | undefined {
  return line.counts.find((count) => count.batch === batch);
}

/** Changes what a batch posted: at that anchor so much more was on the shelf than was known when it was posted. */
export function amendCount(line: BookLine, batch: string, by: Quantity): void {
  line.counts = line.counts.map((count) => (count.batch === batch ? { ...count, counted: count.counted + by } : count));
}

/** Takes out what a batch posted: the book goes on from the count before it, and from what moved since. */
export function takeOutCount(line: BookLine, batch: string): void {
  line.counts = line.counts.filter((count) => count.batch !== batch);
}

/** Items that the book has met with this lot, in any bin and in any spelling of the lot. */
export function itemsOfLot(books: Books, lot: string): string[] {
  const key = lotKey(lot);
  const items = new Map<string, string>();
  for (const line of books.lines.values()) {
    if (line.lot !== undefined && lotKey(line.lot) === key) items.set(skuKey(line.item), line.item);
  }
  return [...items.values()];
}

/** Lines of one bin, whether there is stock or not. */
export function linesInBin(books: Books, bin: string): BookLine[] {
  const keys = books.bins.get(binKey(bin))?.lines ?? [];
  return [...keys].flatMap((key) => books.lines.get(key) ?? []);
}
