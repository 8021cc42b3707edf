import { bookLine, bookNow, linesInBin, type BookLine, type Books } from './balance.ts';
import { dropLine, lineOf, newLine, state, type Saying } from './count-line.ts';
import type { FactOf, LedgerEntry } from './ledger-entry.ts';
import { lineKey } from './line-key.ts';
import { quantityOf, ZERO, type Quantity } from './quantity.ts';
import { sheetKey, type Sheet, type SheetState, type Stocktake, type Stocktakes } from './stocktake.ts';

/** The facts that make up counting. */
export type CountingFact = FactOf<
  'bin_opened' | 'counted' | 'unknown_scanned' | 'count_voided' | 'bin_confirmed_empty' | 'bin_skipped' | 'bin_finished'
>;

function sheetOf(stocktake: Stocktake, fact: CountingFact, entry: LedgerEntry): Sheet {
  const key = sheetKey(fact.pass, fact.bin);
  const known = stocktake.sheets.get(key);
  if (known) return known;
  const sheet: Sheet = {
    bin: fact.bin,
    pass: fact.pass,
    state: 'open',
    lines: new Map(),
    quiet: new Map(),
    unknowns: new Map(),
    scans: 0,
    people: new Set(),
    lastAt: entry.at,
    lastBy: entry.by,
    skipReason: undefined,
    empties: [],
    emptyAt: undefined,
    batch: undefined,
  };
  stocktake.sheets.set(key, sheet);
  return sheet;
}

/** A handed-in sheet stays handed in, whatever is still told about it. */
function turn(sheet: Sheet, next: SheetState): void {
  if (sheet.state !== 'submitted') sheet.state = next;
}

/**
 * Folds one fact of counting. `order` is the entry's place in the ledger. A fact about a stocktake that is not known is
 * ignored: it cannot be on a chain that was folded in order.
 */
export function applyCounting(
  stocktakes: Stocktakes,
  books: Books,
  entry: LedgerEntry & { fact: CountingFact },
  order: number,
): void {
  const { fact } = entry;
  const stocktake = stocktakes.get(fact.stocktake);
  if (!stocktake) return;
  const sheet = sheetOf(stocktake, fact, entry);
  const saying = { id: entry.id, at: entry.at, by: entry.by, order };
  sheet.people.add(entry.by);
  sheet.lastAt = entry.at;
  sheet.lastBy = entry.by;
  switch (fact.kind) {
    case 'bin_opened':
      turn(sheet, 'open');
      return;
    case 'counted': {
      const book = bookLine(books, fact);
      const line = lineOf(sheet, book, saying);
      state(line, book, quantityOf(fact.quantity), 1, saying);
      line.entered = fact.entered;
      if (fact.serial !== undefined) line.serials = [...line.serials, fact.serial];
      found(sheet);
      return;
    }
    case 'unknown_scanned': {
      const unknown = sheet.unknowns.get(fact.code) ?? {
        code: fact.code,
        quantity: ZERO,
        times: 0,
        after: fact.after,
        at: entry.at,
      };
      unknown.quantity += quantityOf(fact.quantity);
      unknown.times += 1;
      sheet.unknowns.set(fact.code, unknown);
      found(sheet);
      return;
    }
    case 'count_voided':
      applyVoid(sheet, books, fact, saying);
      return;
    case 'bin_confirmed_empty':
      confirmEmpty(sheet, books, saying);
      return;
    case 'bin_skipped':
      turn(sheet, 'skipped');
      sheet.skipReason = fact.reason;
      return;
    case 'bin_finished':
      if (sheet.state === 'open') turn(sheet, 'finished');
  }
}

/** Something was found in the bin: then it is neither empty nor skipped. */
function found(sheet: Sheet): void {
  sheet.scans += 1;
  if (sheet.state === 'confirmed_empty' || sheet.state === 'skipped') turn(sheet, 'open');
}

function confirmEmpty(sheet: Sheet, books: Books, saying: Saying): void {
  const expected = [];
  for (const book of linesInBin(books, sheet.bin)) {
    const key = lineKey(book);
    if (bookNow(book) !== ZERO) {
      state(lineOf(sheet, book, saying), book, ZERO, 1, saying);
      expected.push(key);
    } else if (!sheet.lines.has(key)) {
      dropLine(sheet.quiet, book, sheet.quiet.get(key));
      sheet.quiet.set(key, newLine(book, saying, book.moved));
    }
  }
  sheet.empties = [...sheet.empties, { id: saying.id, at: saying.at, order: saying.order, lines: expected }];
  sheet.emptyAt = sheet.empties.at(-1);
  turn(sheet, 'confirmed_empty');
}

function applyVoid(sheet: Sheet, books: Books, fact: FactOf<'count_voided'>, saying: Saying): void {
  const { was } = fact;
  switch (was.kind) {
    case 'counted': {
      const book = bookLine(books, { item: was.item, bin: fact.bin, lot: was.lot });
      const line = sheet.lines.get(lineKey(book));
      if (!line) return;
      state(line, book, -quantityOf(was.quantity), -1, saying);
      line.entered = undefined;
      if (was.serial !== undefined) line.serials = line.serials.filter((serial) => serial !== was.serial);
      sheet.scans -= 1;
      if (line.observations <= 0) dropLine(sheet.lines, book, line);
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
    case 'bin_confirmed_empty':
      takeBackEmpty(sheet, books, fact.voids, saying);
  }
}

function takeBackEmpty(sheet: Sheet, books: Books, id: string, saying: Saying): void {
  const emptied = sheet.empties.find((one) => one.id === id);
  if (!emptied) return;
  sheet.empties = sheet.empties.filter((one) => one !== emptied);
  sheet.emptyAt = sheet.empties.at(-1);
  if (!sheet.emptyAt && sheet.state === 'confirmed_empty') turn(sheet, 'open');
  for (const key of emptied.lines) {
    const line = sheet.lines.get(key);
    if (!line) continue;
    const book = bookLine(books, line);
    state(line, book, ZERO, -1, saying);
    if (line.observations <= 0) dropLine(sheet.lines, book, line);
  }
  for (const line of sheet.quiet.values())
    if (line.anchor.id === id) dropLine(sheet.quiet, bookLine(books, line), line);
}

/**
 * Tells the sheets of a bin about a movement that was recorded late; call it after the book has it. A line that was being
 * counted when it happened is marked; a bin that was empty after it gets a zero for the item that it now should have held.
 */
export function tellLate(stocktakes: Stocktakes, book: BookLine, delta: Quantity, happenedAt: string): void {
  const key = lineKey(book);
  for (const { sheets } of stocktakes.values()) {
    for (let pass = 1; pass <= 9; pass += 1) {
      const sheet = sheets.get(sheetKey(pass, book.bin));
      if (!sheet) continue;
      const line = sheet.lines.get(key);
      if (line) {
        if (line.firstAt < happenedAt && happenedAt <= line.anchor.at) line.movedWhileCounting = true;
      } else if (sheet.emptyAt && happenedAt <= sheet.emptyAt.at && !sheet.quiet.has(key)) {
        // Nothing was known of the item in this bin when it was empty, so only what is told late precedes that.
        sheet.quiet.set(key, newLine(book, sheet.emptyAt, delta));
      }
    }
  }
}
