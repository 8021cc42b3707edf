import type { Watcher } from './balance.ts';
import type { LineDecision, Posted, Settled } from './decision.ts';
import type { EntryOf } from './ledger-entry.ts';
import { skuKey } from './item.ts';
import { isBefore, type Place } from './ledger-order.ts';
import { lineKey, serialKey, type LineKey } from './line-key.ts';
import { binKey } from './location.ts';
import { quantityOf, type Quantity } from './quantity.ts';
import type { Saying } from './statement.ts';
import type { Passed, UnknownCode, UnknownScan } from './unknown-scan.ts';

/** What one person has said about a line, as far as it stands. */
export type Share = { quantity: Quantity; statements: number };

/**
 * One item as it was counted in one bin in one pass. `runs` are its statements that stand, in their order, and the rest
 * follows from them: its anchor is the last one. `takenBack` are those that may be said again.
 */
export type CountLine = Watcher & {
  readonly key: LineKey;
  readonly item: string;
  readonly bin: string;
  readonly lot: string | undefined;
  counted: Quantity;
  /** Statements that stand, quiet zeros left out. None left: the line is not counted. */
  observations: number;
  /** What each person counted: two people on one line are an overlap to decide about. */
  readonly by: Map<string, Share>;
  /** Place of the anchor in the bin. */
  order: number;
  /** Book movements between the first and the last statement: units that may have been counted twice or missed. */
  movedWhileCounting: boolean;
  serials: readonly string[];
  /** As the person wrote the last quantity: "3*12+7". */
  entered: string | undefined;
  /** The line changes what another batch posted at this anchor `by` so much; `from`: what that was when this was posted. */
  amends: { readonly batch: string; readonly by: Quantity; readonly from: Quantity | undefined } | undefined;
};

export type SheetState = 'open' | 'finished' | 'confirmed_empty' | 'skipped' | 'submitted';

/** Somebody said that a bin is empty; `lines` are those that became zero by it, also where nothing was expected. */
export type Emptied = {
  /** The entry that says so: another than the one it stands at where it was taken back and said again. */
  readonly id: string;
  readonly standsAt: Saying & { readonly fastMs?: number };
  readonly lines: readonly LineKey[];
};

/** A piece that was scanned in two bins of one pass. It counts in the first; where it lies, somebody has to see. */
export type SerialRepeat = {
  readonly pass: number;
  readonly item: string;
  readonly serial: string;
  readonly countedIn: string;
  readonly bin: string;
  readonly by: string;
  readonly at: string;
};

/** Somebody who counted on a laptop. */
export type Counter = { readonly person: string; readonly device: string };

/** One bin in one pass of a stocktake. */
export type Sheet = {
  readonly bin: string;
  readonly pass: number;
  state: SheetState;
  readonly lines: Map<LineKey, CountLine>;
  /**
   * Zero lines of a bin that was confirmed empty, for items that the book did not expect there either. They are shown
   * and posted only if a movement told late makes the book expect something after all.
   */
  readonly quiet: Map<LineKey, CountLine>;
  /** Lines of which every statement was taken back: said again, it stands where it stood. */
  readonly withdrawn: Map<LineKey, CountLine>;
  readonly unknowns: Map<string, UnknownCode>;
  /** What each person took here, newest last, and scans of unknown codes that nothing was taken after yet. */
  readonly passed: Map<string, readonly Passed[]>;
  awaiting: readonly UnknownScan[];
  /** Scans and typed counts that stand. */
  scans: number;
  readonly people: Set<string>;
  /** The same people with the laptop that each said something on here: once each, in the order in which they first did. */
  counters: readonly Counter[];
  lastAt: string;
  lastBy: string;
  skipReason: string | undefined;
  /** Confirmations that stand, oldest first. */
  empties: readonly Emptied[];
  /** The newest of them. */
  emptyAt: Emptied | undefined;
  /** Confirmations that were taken back. */
  emptiesTakenBack: readonly Emptied[];
  /** The batches that handed it in, in their order: two laptops may have done so before they heard of each other. */
  batches: readonly string[];
  /** What was decided about its lines, and which were posted. */
  readonly decisions: Map<LineKey, LineDecision>;
  readonly posted: Map<LineKey, Posted>;
  /** Lines of which one person's count was said to stand. */
  readonly settled: Map<LineKey, Settled>;
};

type Named = { readonly item: string; readonly lot?: string | undefined };

export type Stocktake = {
  readonly id: string;
  readonly name: string;
  readonly blind: boolean;
  readonly bins: readonly string[];
  readonly by: string;
  readonly at: string;
  /** What is said of it before it was opened is not heard. */
  readonly opened: Place;
  readonly sheets: Map<string, Sheet>;
  /** Lines somebody asked to be counted again, by the pass that has to count them. */
  readonly recounts: Map<number, Set<LineKey>>;
  /** What the book had in bins when it was opened, by bin key: names, for laptops that are not told the book. */
  readonly expected: Map<string, readonly Named[]>;
  repeats: readonly SerialRepeat[];
};

export type Stocktakes = Map<string, Stocktake>;

/** What a sheet is kept under in its stocktake. */
export function sheetKey(pass: number, bin: string): string {
  return `${pass}|${binKey(bin)}`;
}

/** A sheet that nothing was said on yet. */
export function emptySheet(bin: string, pass: number, { at, by }: { at: string; by: string }): Sheet {
  return {
    bin,
    pass,
    state: 'open',
    lines: new Map(),
    quiet: new Map(),
    withdrawn: new Map(),
    unknowns: new Map(),
    passed: new Map(),
    awaiting: [],
    scans: 0,
    people: new Set(),
    counters: [],
    lastAt: at,
    lastBy: by,
    skipReason: undefined,
    empties: [],
    emptyAt: undefined,
    emptiesTakenBack: [],
    batches: [],
    decisions: new Map(),
    posted: new Map(),
    settled: new Map(),
  };
}

/** The sheet of one bin in one pass, or nothing if it was never opened. */
export function findSheet(stocktake: Stocktake, pass: number, bin: string): Sheet | undefined {
  return stocktake.sheets.get(sheetKey(pass, bin));
}

/** Who may be believed about a line that several people counted; nothing where a count came since, or nobody said. */
export function settledOn({ settled }: Sheet, line: CountLine): Settled | undefined {
  const said = settled.get(line.key);
  const isSame =
    said?.saw.size === line.by.size && [...line.by].every(([who, { quantity }]) => said.saw.get(who) === quantity);
  return isSame ? said : undefined;
}

/** Whether several people counted a line, or one person on several laptops, and nobody has decided about it yet. */
export function isCountedTwice(sheet: Sheet, line: CountLine): boolean {
  if (sheet.decisions.has(line.key) || sheet.posted.has(line.key) || settledOn(sheet, line) !== undefined) return false;
  return line.by.size > 1 || line.runs.some(({ device }) => device !== line.runs[0]?.device);
}

/** Keeps whose count stands. */
export function settleOverlap(stocktakes: Stocktakes, { by, at, fact }: EntryOf<'overlap_settled'>, told: Place): void {
  const stocktake = stocktakeAt(stocktakes, fact.stocktake, told);
  const saw = new Map(fact.saw.map(({ person, counted }) => [person, quantityOf(counted)]));
  const sheet = stocktake && findSheet(stocktake, fact.pass, fact.bin);
  sheet?.settled.set(lineKey(fact), { person: fact.person, by, at, saw });
}

/** Opens a stocktake. Of one that is told twice the first in the order of the ledger counts, whichever is heard first. */
export function createStocktake(stocktakes: Stocktakes, entry: EntryOf<'stocktake_created'>, opened: Place): void {
  const { stocktake: id, name, blind, bins } = entry.fact;
  const known = stocktakes.get(id);
  if (known && isBefore(known.opened, opened)) return;
  const { by, at } = entry;
  const { sheets, recounts, expected, repeats } = known ?? {
    sheets: new Map(),
    recounts: new Map(),
    expected: new Map(),
    repeats: [],
  };
  stocktakes.set(id, { id, name, blind, bins, by, at, opened, sheets, recounts, expected, repeats });
}

/** Keeps what is expected in bins of a stocktake. Of two that name a bin the first stands, whichever is heard first. */
export function nameExpected(stocktakes: Stocktakes, { fact }: EntryOf<'expected_named'>, told: Place): void {
  const expected = stocktakeAt(stocktakes, fact.stocktake, told)?.expected;
  for (const { bin, items } of fact.bins) if (!expected?.has(binKey(bin))) expected?.set(binKey(bin), items);
}

/** The stocktake that an entry at `place` speaks of; nothing when it was not opened by then. */
export function stocktakeAt(stocktakes: Stocktakes, id: string, place: Place): Stocktake | undefined {
  const stocktake = stocktakes.get(id);
  return stocktake && isBefore(stocktake.opened, place) ? stocktake : undefined;
}

/** Keeps that a serial was scanned in a second bin. */
export function keepRepeat(stocktakes: Stocktakes, { by, at, fact }: EntryOf<'serial_repeated'>, told: Place): void {
  const stocktake = stocktakeAt(stocktakes, fact.stocktake, told);
  if (!stocktake) return;
  const { pass, item, serial, countedIn, bin } = fact;
  stocktake.repeats = [...stocktake.repeats, { pass, item, serial, countedIn, bin, by, at }];
}

/**
 * Whether a piece counts twice: twice on this line, or on another line of its item in this pass. Laptops that had not heard
 * of each other both scanned it; one laptop does not count a serial a second time.
 */
export function countsTwice(
  { sheets }: Stocktake,
  pass: number,
  line: CountLine,
): { readonly here: boolean; readonly elsewhere: boolean } {
  if (line.serials.length === 0) return { here: false, elsewhere: false };
  const own = new Set(line.serials.map(serialKey));
  const item = skuKey(line.item);
  const isOther = (one: CountLine): boolean =>
    one.serials.length > 0 &&
    one.key !== line.key &&
    skuKey(one.item) === item &&
    one.serials.some((serial) => own.has(serialKey(serial)));
  const elsewhere = [...sheets.values()].some(
    (sheet) => sheet.pass === pass && [...sheet.lines.values()].some(isOther),
  );
  return { here: own.size < line.serials.length, elsewhere };
}

/** Whether a serial that counts on this line was scanned in another bin of its pass as well. */
export function isRepeated({ repeats }: Stocktake, pass: number, line: CountLine): boolean {
  return repeats.some(
    (repeat) =>
      repeat.pass === pass &&
      skuKey(repeat.item) === skuKey(line.item) &&
      line.serials.some((serial) => serialKey(serial) === serialKey(repeat.serial)),
  );
}
