import { must } from './check.ts';
import { labelOf, type Warehouse } from './warehouse.ts';

export const STOCKTAKE = 'Zone A, November';

/** Two shelves that are counted, one that cannot be reached, one that is empty. */
export const BINS = { first: 'A-10-11-3-3', second: 'A-10-13-3-1', blocked: 'A-10-15-2-3', empty: 'RECV-01' } as const;

/** A valid EAN that the sample does not know, and the same one misread. */
export const UNKNOWN_CODE = '4006381333931';
export const MISREAD_CODE = '4006381333932';

/** How a line is counted, so that every way of counting is met. */
export type Way =
  | 'plus_one'
  | 'typed'
  | 'sum'
  | 'undone'
  | 'recounted'
  | 'rejected'
  | 'held'
  | 'moved'
  | 'moved_in'
  | 'not_here'
  | 'left_out';

export type PlannedLine = {
  readonly item: string;
  readonly code: string;
  readonly name: string;
  readonly bin: string;
  readonly way: Way;
  /** The book when it is counted. */
  readonly book: number;
  /** What the counter finds; undefined: nobody says anything. */
  readonly counted: number | undefined;
  /** What moves off the shelf after it was counted. */
  readonly movedSince: number;
};

/** Lines of the second shelf that are counted when the power goes. */
export const COUNTED_BEFORE_CRASH = 6;
export const MOVED = 5;
/** Sold at the till between the count and the sending. */
export const SOLD = 2;
export const SUM = { typed: '3*12+7', total: 43 } as const;

/** Who is in which bin with which deviation, chosen from the sample by the order of its file: the same at every run. */
export function planCounts(warehouse: Warehouse): readonly PlannedLine[] {
  const places = new Map<string, number>();
  for (const { item } of warehouse.stock) places.set(item, (places.get(item) ?? 0) + 1);
  const inBin = (bin: string) => warehouse.stock.filter((row) => row.bin === bin);
  const first = inBin(BINS.first);
  const second = inBin(BINS.second);
  const alone = first.filter(({ item }) => places.get(item) === 1);
  // The mover must have enough on the shelf, the others are the first that lie nowhere else.
  const mover = alone.find(({ quantity }) => quantity >= 2 * MOVED);
  must(mover !== undefined, `${BINS.first} has no item to move ${MOVED} of`);
  const others = alone.filter((row) => row !== mover && row.quantity > 3);
  const ways: readonly Way[] = ['plus_one', 'typed', 'sum', 'undone', 'recounted', 'rejected', 'held', 'left_out'];
  must(others.length >= ways.length, `${BINS.first} has too few items for the walk`);
  const wayOf = new Map(others.slice(0, ways.length).map((row, at) => [row.item, ways[at]]));
  wayOf.set(mover.item, 'moved');
  const gone = second.filter(({ item }) => places.get(item) === 1).at(-1);
  must(gone !== undefined, `${BINS.second} has no item that lies nowhere else`);

  const line = (bin: string, item: string, book: number, way: Way): PlannedLine => ({
    item,
    code: labelOf(item),
    name: warehouse.names.get(item) ?? item,
    bin,
    way,
    book,
    counted: countedBy(way, book, (places.get(item) ?? 0) > 1),
    movedSince: way === 'moved' ? -MOVED : 0,
  });
  return [
    ...first.map(({ item, quantity }) => line(BINS.first, item, quantity, wayOf.get(item) ?? 'typed')),
    line(BINS.second, mover.item, MOVED, 'moved_in'),
    ...second.map(({ item, quantity }) => line(BINS.second, item, quantity, item === gone.item ? 'not_here' : 'typed')),
  ];
}

/** What the counter finds. An item with a second place is one short, so that only a part of the location is corrected. */
function countedBy(way: Way, book: number, hasSecondPlace: boolean): number | undefined {
  switch (way) {
    case 'plus_one':
    case 'undone':
    case 'moved_in':
      return book;
    case 'typed':
      return hasSecondPlace && book > 1 ? book - 1 : book;
    case 'sum':
      return SUM.total;
    case 'recounted':
    case 'moved':
      return book - 2;
    case 'rejected':
      return book + 5;
    case 'held':
      return book - 1;
    case 'not_here':
      return 0;
    case 'left_out':
      return undefined;
  }
}

/** Decided otherwise than by approval in the first round. */
export function isPutAside({ way }: PlannedLine): boolean {
  return way === 'recounted' || way === 'rejected' || way === 'held';
}

/** The lines that the first round posts. */
export function postedFirst(lines: readonly PlannedLine[]): readonly PlannedLine[] {
  return lines.filter((line) => line.counted !== undefined && !isPutAside(line));
}

/** The line of that way of counting; there is exactly one of the rare ones. */
export function lineOf(lines: readonly PlannedLine[], way: Way): PlannedLine {
  const found = lines.find((line) => line.way === way);
  must(found !== undefined, `The plan has no line "${way}"`);
  return found;
}

/** One change that Square must be told of, worked out by hand: pieces counted, or the signed difference. */
export type ExpectedChange = { readonly item: string; readonly change: 'count' | 'adjust'; readonly quantity: number };

/**
 * What has to be sent for these posted lines. An item that lies nowhere else and stood still is counted; one that moved,
 * or of which another bin was not counted, is corrected by its difference; no difference, nothing to send.
 */
export function expectedChanges(warehouse: Warehouse, posted: readonly PlannedLine[]): readonly ExpectedChange[] {
  const items = [...new Set(posted.map(({ item }) => item))];
  return items.flatMap((item): ExpectedChange[] => {
    const mine = posted.filter((line) => line.item === item);
    const variance = mine.reduce((sum, line) => sum + (line.counted ?? 0) - line.book, 0);
    const moved = mine.some((line) => line.movedSince !== 0);
    const whole = warehouse.stock
      .filter((row) => row.item === item)
      .every((row) => mine.some(({ bin }) => bin === row.bin));
    if (whole && !moved)
      return [{ item, change: 'count', quantity: mine.reduce((sum, line) => sum + (line.counted ?? 0), 0) }];
    return variance === 0 ? [] : [{ item, change: 'adjust', quantity: variance }];
  });
}
