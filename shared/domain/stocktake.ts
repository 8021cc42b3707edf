import { bookLine, bookNow, linesInBin, type Anchored, type BookLine, type Books } from './balance.ts';
import type { EntryOf, FactOf, LedgerEntry } from './ledger-entry.ts';
import { lineKey, type LineKey } from './line-key.ts';
import { binKey } from './location.ts';
import { quantityOf, ZERO, type Quantity } from './quantity.ts';

/** One item as it was counted in one bin in one pass. Its anchor is the last statement made about it. */
export type CountLine = Anchored & {
  readonly key: LineKey;
  readonly item: string;
  readonly bin: string;
  readonly lot: string | undefined;
  counted: Quantity;
  /** Statements that stand, voided ones taken off. None left: the line is not counted. */
  observations: number;
  /** What each person counted: two people on one line are an overlap to decide about. */
  by: Map<string, Quantity>;
  /** Place of the anchor in the ledger. */
  order: number;
  /** Book movements between the first and the last statement: units that may have been counted twice or missed. */
  movedWhileCounting: boolean;
  serials: readonly string[];
  /** As the person wrote the last quantity: "3*12+7". */
  entered: string | undefined;
};

/** A code nobody knows yet, with where it was met. */
export type UnknownCode = { readonly code: string; quantity: Quantity; times: number; readonly after: string | undefined; readonly at: string };

export type SheetState = 'open' | 'finished' | 'confirmed_empty' | 'skipped' | 'submitted';

/** One bin in one pass of a stocktake. */
export type Sheet = {
  readonly bin: string;
  readonly pass: number;
  state: SheetState;
  readonly lines: Map<LineKey, CountLine>;
  readonly unknowns: Map<string, UnknownCode>;
  /** Scans and typed counts that stand. */
  scans: number;
  readonly people: Set<string>;
  lastAt: string;
  lastBy: string;
  skipReason: string | undefined;
  emptyAt: { id: string; at: string; order: number } | undefined;
  batch: string | undefined;
};

export type Stocktake = {
  readonly id: string;
  readonly name: string;
  readonly blind: boolean;
  readonly bins: readonly string[];
  readonly by: string;
  readonly at: string;
  readonly sheets: Map<string, Sheet>;
  /** Lines somebody asked to be counted again, by the pass that has to count them. */
  readonly recounts: Map<number, Set<LineKey>>;
};

// Shared by all lines that have none.
const NO_SERIALS: readonly string[] = [];

export type Stocktakes = Map<string, Stocktake>;

/** The facts that make up counting. */
export type CountingFact = FactOf<
  'bin_opened' | 'counted' | 'unknown_scanned' | 'count_voided' | 'bin_confirmed_empty' | 'bin_skipped' | 'bin_finished'
>;

export function sheetKey(pass: number, bin: string): string {
  return `${pass}|${binKey(bin)}`;
}

/** The sheet of one bin in one pass, or nothing if it was never opened. */
export function findSheet(stocktake: Stocktake, pass: number, bin: string): Sheet | undefined {
  return stocktake.sheets.get(sheetKey(pass, bin));
}

export function createStocktake(stocktakes: Stocktakes, entry: EntryOf<'stocktake_created'>): void {
  const { stocktake: id, name, blind, bins } = entry.fact;
  if (stocktakes.has(id)) return;
  stocktakes.set(id, { id, name, blind, bins, by: entry.by, at: entry.at, sheets: new Map(), recounts: new Map() });
}

function sheetOf(stocktake: Stocktake, fact: CountingFact, entry: LedgerEntry): Sheet {
  const key = sheetKey(fact.pass, fact.bin);
  const known = stocktake.sheets.get(key);
  if (known) return known;
  const sheet: Sheet = {
    bin: fact.bin,
    pass: fact.pass,
    state: 'open',
    lines: new Map(),
    unknowns: new Map(),
    scans: 0,
    people: new Set(),
    lastAt: entry.at,
    lastBy: entry.by,
    skipReason: undefined,
    emptyAt: undefined,
    batch: undefined,
  };
  stocktake.sheets.set(key, sheet);
  return sheet;
}

function lineOf(sheet: Sheet, book: BookLine, entry: LedgerEntry, order: number): CountLine {
  const key = lineKey(book);
  const known = sheet.lines.get(key);
  if (known) return known;
  const line: CountLine = {
    key,
    item: book.item,
    bin: book.bin,
    lot: book.lot,
    counted: ZERO,
    observations: 0,
    by: new Map(),
    anchor: { id: entry.id, at: entry.at },
    movedBefore: book.moved,
    order,
    movedWhileCounting: false,
    serials: NO_SERIALS,
    entered: undefined,
  };
  sheet.lines.set(key, line);
  book.watchers = [...book.watchers, line];
  return line;
}

/** Makes a statement about a line: adds to it and moves its anchor here. */
function state(line: CountLine, book: BookLine, delta: Quantity, observations: number, entry: LedgerEntry, order: number): void {
  if (line.observations > 0 && book.moved !== line.movedBefore) line.movedWhileCounting = true;
  line.counted += delta;
  line.observations += observations;
  line.by.set(entry.by, (line.by.get(entry.by) ?? ZERO) + delta);
  line.anchor = { id: entry.id, at: entry.at };
  line.movedBefore = book.moved;
  line.order = order;
}

/**
 * Folds one fact of counting. `order` is the entry's place in the ledger. A fact about a stocktake that is not known is
 * ignored: it cannot be on a chain that was folded in order.
 */
export function applyCounting(stocktakes: Stocktakes, books: Books, entry: LedgerEntry & { fact: CountingFact }, order: number): void {
  const { fact } = entry;
  const stocktake = stocktakes.get(fact.stocktake);
  if (!stocktake) return;
  const sheet = sheetOf(stocktake, fact, entry);
  sheet.people.add(entry.by);
  sheet.lastAt = entry.at;
  sheet.lastBy = entry.by;
  switch (fact.kind) {
    case 'bin_opened':
      if (sheet.state !== 'submitted') sheet.state = 'open';
      return;
    case 'counted': {
      const book = bookLine(books, fact);
      const line = lineOf(sheet, book, entry, order);
      state(line, book, quantityOf(fact.quantity), 1, entry, order);
      line.entered = fact.entered;
      if (fact.serial !== undefined) line.serials = [...line.serials, fact.serial];
      sheet.scans += 1;
      return;
    }
    case 'unknown_scanned': {
      const unknown = sheet.unknowns.get(fact.code) ?? { code: fact.code, quantity: ZERO, times: 0, after: fact.after, at: entry.at };
      unknown.quantity += quantityOf(fact.quantity);
      unknown.times += 1;
      sheet.unknowns.set(fact.code, unknown);
      sheet.scans += 1;
      return;
    }
    case 'count_voided':
      applyVoid(sheet, books, entry, fact, order);
      return;
    case 'bin_confirmed_empty': {
      sheet.state = 'confirmed_empty';
      sheet.emptyAt = { id: entry.id, at: entry.at, order };
      for (const book of linesInBin(books, fact.bin)) {
        if (bookNow(book) !== ZERO) state(lineOf(sheet, book, entry, order), book, ZERO, 1, entry, order);
      }
      return;
    }
    case 'bin_skipped':
      sheet.state = 'skipped';
      sheet.skipReason = fact.reason;
      return;
    case 'bin_finished':
      if (sheet.state === 'open') sheet.state = 'finished';
  }
}

function applyVoid(sheet: Sheet, books: Books, entry: LedgerEntry, fact: FactOf<'count_voided'>, order: number): void {
  const { was } = fact;
  switch (was.kind) {
    case 'counted': {
      const book = bookLine(books, { item: was.item, bin: fact.bin, lot: was.lot });
      const line = lineOf(sheet, book, entry, order);
      state(line, book, -quantityOf(was.quantity), -1, entry, order);
      line.entered = undefined;
      if (was.serial !== undefined) line.serials = line.serials.filter((serial) => serial !== was.serial);
      sheet.scans -= 1;
      if (line.observations <= 0) dropLine(sheet, book, line);
      return;
    }
    case 'unknown_scanned': {
      const unknown = sheet.unknowns.get(was.code);
      if (!unknown) return;
      unknown.quantity -= quantityOf(was.quantity);
      unknown.times -= 1;
      sheet.scans -= 1;
      if (unknown.times <= 0) sheet.unknowns.delete(was.code);
      return;
    }
    case 'bin_confirmed_empty': {
      sheet.state = 'open';
      const { emptyAt } = sheet;
      sheet.emptyAt = undefined;
      for (const line of sheet.lines.values()) {
        if (line.anchor.id !== emptyAt?.id) continue;
        line.observations -= 1;
        if (line.observations <= 0) dropLine(sheet, bookLine(books, line), line);
      }
    }
  }
}

function dropLine(sheet: Sheet, book: BookLine, line: CountLine): void {
  sheet.lines.delete(line.key);
  book.watchers = book.watchers.filter((watcher) => watcher !== line);
}

/** Bins of a stocktake by state; `not_visited` are those that no sheet of this pass exists for. */
export function coverage(stocktake: Stocktake, pass: number): Record<SheetState | 'not_visited', number> {
  const counts = { open: 0, finished: 0, confirmed_empty: 0, skipped: 0, submitted: 0, not_visited: 0 };
  for (const bin of stocktake.bins) counts[findSheet(stocktake, pass, bin)?.state ?? 'not_visited'] += 1;
  return counts;
}
