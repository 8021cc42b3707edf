import {
  bookAt,
  bookLine,
  bookNow,
  linesInBin,
  movedSince,
  movementsSince,
  postedIn,
  type BookLine,
  type Books,
} from './balance.ts';
import { decisionOn, isOutdated, sheetIn, sheetsOf, type Batch } from './batch.ts';
import { standingLine } from './count-line.ts';
import { apartAt, type ClocksApart } from './clocks-apart.ts';
import type { LineDecision, Reversed } from './decision.ts';
import type { PostedLine } from './ledger-entry.ts';
import { lineKey, type LineKey } from './line-key.ts';
import { formatQuantity, ZERO, type Quantity } from './quantity.ts';
import {
  countsTwice,
  findSheet,
  isRepeated,
  settledOn,
  type CountLine,
  type Sheet,
  type Stocktake,
  type Stocktakes,
} from './stocktake.ts';
import type { UnknownCode } from './unknown-scan.ts';

export type ReviewFlag =
  | 'overlap'
  | 'moved_while_counting'
  | 'same_person'
  | 'negative_book'
  | 'confirmed_empty'
  | 'superseded'
  | 'swap'
  /** The laptop's clock ran ahead when it was counted: what moved around that time may stand on the wrong side of it. */
  | 'clock_ahead'
  /** Clocks of two laptops differ, and only they say whether something moved before the count or after it. */
  | 'clocks_differ'
  /** What moved since is exactly the variance: an order and its cancellation, a sale and its return. */
  | 'moved_back'
  /** A piece of it was scanned in another bin as well: on one laptop it counts in the first only, on two it counts twice. */
  | 'serial_elsewhere'
  /** One person counted it on two laptops: two piles, or the same one twice. */
  | 'two_laptops'
  /** A piece of it was scanned on two laptops that had not heard of each other: it counts twice. */
  | 'serial_twice'
  /** Counted in a later pass that was asked for other lines of the bin: a find, or a slip. */
  | 'not_asked_for'
  /** Something else was counted since somebody approved or rejected it: they have to look again. */
  | 'changed_since_decided'
  /** What was posted stays in the book; what was heard of later says something else. */
  | 'changed_since_posted';

/** A clock that was ahead by less is not worth a word. */
const NOTICED_MS = 60_000;

/** One line as an approver sees it. All quantities in the item's unit. */
export type ReviewLine = {
  readonly key: LineKey;
  readonly item: string;
  readonly bin: string;
  readonly lot: string | undefined;
  readonly counted: Quantity;
  /** The book just before this count, as known today. */
  readonly bookThen: Quantity;
  readonly movedSince: Quantity;
  /** What the book will say once it is posted: counted + moved since; once it was reversed, without the count. */
  readonly resulting: Quantity;
  readonly variance: Quantity;
  /** What earlier passes and this one counted, in order. */
  readonly passes: readonly Quantity[];
  readonly people: readonly { person: string; quantity: Quantity }[];
  readonly flags: readonly ReviewFlag[];
  /** By how much the clocks differ at least that decide about the line, ms; 0: none do. */
  readonly clocksApartMs: number;
  readonly decision: LineDecision | undefined;
  readonly posted: boolean;
  /** That it was posted and taken back again; undefined: it was not. */
  readonly reversed: Reversed | undefined;
  /** Whose count was said to stand, and who said so; undefined: nobody did, or somebody has counted since. */
  readonly settled: { readonly person: string; readonly by: string } | undefined;
  /** How many serial numbers were read. */
  readonly serials: number;
  readonly countedAt: string;
  readonly anchor: string;
};

/** An item the book expects in a counted bin that nobody said anything about. Blank is never zero. */
export type NotCounted = {
  readonly item: string;
  readonly bin: string;
  readonly lot: string | undefined;
  readonly book: Quantity;
};

/** counted − book at the count: negative is a shortage. */
export function variance(line: CountLine, book: BookLine): Quantity {
  return line.counted - bookAt(book, line, line.order);
}

/** The book that a line is compared with: just before its count, or what it amends. */
function bookOf(book: BookLine, line: CountLine): Quantity {
  if (!line.amends) return bookAt(book, line, line.order);
  return line.amends.from ?? postedIn(book, line.amends.batch)?.counted ?? ZERO;
}

/** The lines that a sheet says something about: what was counted, and zeros that only a late movement made worth saying. */
function statedLines(sheet: Sheet, books: Books): CountLine[] {
  const expected = [...sheet.quiet.values()].filter(
    (line) => !sheet.lines.has(line.key) && bookAt(bookLine(books, line), line, line.order) !== ZERO,
  );
  return [...sheet.lines.values(), ...expected];
}

/** What a line is looked at with; `clocks`: what is known of laptops' clocks. */
type Looked = {
  readonly batch: Batch;
  readonly stocktake: Stocktake;
  readonly books: Books;
  readonly clocks: ClocksApart | undefined;
};

/** A line of a batch with its variance as of its own count; whether it was swapped with another, `flagSwaps` says. */
function reviewLine({ batch, stocktake, books, clocks }: Looked, sheet: Sheet, said: CountLine): ReviewLine {
  const line = standingLine(sheet, said);
  const book = bookLine(books, line);
  const bookThen = bookOf(book, line);
  const counted = line.amends ? bookThen + line.amends.by : line.counted;
  const since = movedSince(book, line);
  const earlier = [];
  for (let pass = 1; pass < batch.pass; pass += 1) {
    const before = findSheet(stocktake, pass, line.bin)?.lines.get(line.key);
    if (before) earlier.push(before);
  }
  const flags: ReviewFlag[] = [];
  const settled = settledOn(sheet, said);
  if (line.by.size > 1) flags.push('overlap');
  else if (line.runs.some(({ device }) => device !== line.runs[0]?.device)) flags.push('two_laptops');
  if (line.runs.some(({ fastMs }) => fastMs >= NOTICED_MS)) flags.push('clock_ahead');
  const clocksApartMs = clocks === undefined ? 0 : apartAt(book, line.anchor, clocks);
  if (clocksApartMs > 0) flags.push('clocks_differ');
  if (movesBack(book, line, counted - bookThen)) flags.push('moved_back');
  const twice = countsTwice(stocktake, batch.pass, line);
  if (twice.elsewhere || isRepeated(stocktake, batch.pass, line)) flags.push('serial_elsewhere');
  if (twice.here) flags.push('serial_twice');
  if (batch.pass > 1 && !line.amends && stocktake.recounts.get(batch.pass)?.has(line.key) !== true)
    flags.push('not_asked_for');
  if (line.movedWhileCounting) flags.push('moved_while_counting');
  if (earlier.some((before) => [...line.by.keys()].some((person) => before.by.has(person)))) flags.push('same_person');
  if (bookThen < ZERO) flags.push('negative_book');
  if (line.counted === ZERO && sheet.emptyAt?.standsAt.id === line.anchor.id) flags.push('confirmed_empty');
  const posted = sheet.posted.get(line.key);
  const decision = sheet.decisions.get(line.key);
  if (!posted && decision && isOutdated(decision, line)) flags.push('changed_since_decided');
  if (posted && !line.amends && posted.counted !== counted) flags.push('changed_since_posted');
  // A count made later was posted already, or what it would change is out of the book: it has nothing left to say.
  const isMoot = line.amends !== undefined && postedIn(book, line.amends.batch) === undefined;
  if (!posted && (isMoot || book.counts.some((count) => count.order > line.order))) flags.push('superseded');
  return {
    key: line.key,
    item: line.item,
    bin: line.bin,
    lot: line.lot,
    counted,
    bookThen,
    movedSince: since,
    resulting: (posted?.reversed ? bookThen : counted) + since,
    variance: counted - bookThen,
    passes: [...earlier.map((before) => before.counted), counted],
    people: [...said.by].map(([person, { quantity }]) => ({ person, quantity })),
    flags,
    clocksApartMs,
    decision: posted ? decision : decisionOn(sheet, said),
    posted: posted !== undefined,
    reversed: posted?.reversed,
    settled: settled && { person: settled.person, by: settled.by },
    serials: line.serials.length,
    countedAt: line.anchor.at,
    anchor: line.anchor.id,
  };
}

/** Every counted line of a batch, with its variance as of its own count. Order: as counted. */
export function reviewBatch(batch: Batch, stocktakes: Stocktakes, books: Books, clocks?: ClocksApart): ReviewLine[] {
  const stocktake = stocktakes.get(batch.stocktake);
  if (!stocktake) return [];
  const rows = sheetsOf(stocktakes, batch).flatMap((sheet) =>
    statedLines(sheet, books).map((line) => reviewLine({ batch, stocktake, books, clocks }, sheet, line)),
  );
  return flagSwaps(rows);
}

/**
 * Whether what moved after a count is exactly what the count found too much or missing, as one movement, as two, or all
 * together. It may be chance; more often one of the two was never on the shelf.
 */
function movesBack(book: BookLine, line: CountLine, found: Quantity): boolean {
  if (found === ZERO) return false;
  const isFound = (sum: Quantity): boolean => sum === found || sum === -found;
  const since = movementsSince(book, line);
  return (
    isFound(movedSince(book, line)) ||
    since.some((one, at) => isFound(one) || since.slice(at + 1).some((other) => isFound(one + other)))
  );
}

/** One line of a batch as it stands now, without the flag of a swap; undefined: the batch says nothing about it. */
export function reviewLineAt(
  batch: Batch,
  stocktakes: Stocktakes,
  books: Books,
  { key, bin }: Pick<ReviewLine, 'key' | 'bin'>,
  clocks?: ClocksApart,
): ReviewLine | undefined {
  const stocktake = stocktakes.get(batch.stocktake);
  const sheet = stocktake && sheetIn(stocktake, batch, bin);
  const line = sheet?.lines.get(key) ?? sheet?.quiet.get(key);
  return stocktake && sheet && line && reviewLine({ batch, stocktake, books, clocks }, sheet, line);
}

/**
 * Marks lines of one item and lot whose variances cancel exactly between two bins: most likely misplaced, not lost. Rows
 * that are marked rightly already stay the same objects.
 */
export function flagSwaps(rows: readonly ReviewLine[]): ReviewLine[] {
  const open = rows.filter((row) => row.variance !== ZERO && !row.posted);
  const found = new Set(open.map((row) => swapKey(row, row.variance)));
  return rows.map((row) => {
    const isSwap = row.variance !== ZERO && !row.posted && found.has(swapKey(row, -row.variance));
    if (row.flags.includes('swap') === isSwap) return row;
    return { ...row, flags: isSwap ? [...row.flags, 'swap'] : row.flags.filter((flag) => flag !== 'swap') };
  });
}

function swapKey(row: ReviewLine, quantity: Quantity): string {
  return `${lineKey({ item: row.item, bin: '', lot: row.lot })}${quantity}`;
}

/** What the book expects in the batch's bins and nobody counted; a bin that was confirmed empty leaves nothing open. A later pass is asked only for the lines it was sent for. */
export function notCounted(batch: Batch, stocktakes: Stocktakes, books: Books): NotCounted[] {
  if (batch.pass > 1 || batch.apart) return [];
  const sheets = sheetsOf(stocktakes, batch).filter((sheet) => sheet.emptyAt === undefined);
  return sheets.flatMap((sheet) =>
    linesInBin(books, sheet.bin)
      .filter((book) => bookNow(book) !== ZERO && !sheet.lines.has(lineKey(book)))
      .map((book) => ({ item: book.item, bin: book.bin, lot: book.lot, book: bookNow(book) })),
  );
}

/** A code nobody knew when a batch's bins were counted. */
export type UnknownInBatch = UnknownCode & { readonly bin: string };

/** Codes that nobody knew, by bin in the order of the batch. Until one is matched its units are in no line and in no total. */
export function unknownCodes(batch: Batch, stocktakes: Stocktakes): UnknownInBatch[] {
  return sheetsOf(stocktakes, batch).flatMap((sheet) =>
    [...sheet.unknowns.values()].filter(({ times }) => times > 0).map((unknown) => ({ ...unknown, bin: sheet.bin })),
  );
}

/** A line as it goes into a posting, figures frozen. */
export function toPostedLine(row: ReviewLine): PostedLine {
  return {
    item: row.item,
    bin: row.bin,
    ...(row.lot !== undefined && { lot: row.lot }),
    counted: formatQuantity(row.counted),
    bookThen: formatQuantity(row.bookThen),
    variance: formatQuantity(row.variance),
    anchor: row.anchor,
    countedAt: row.countedAt,
  };
}
