import { bookLine, bookNow, linesInBin, type BookLine, type Books } from './balance.ts';
import type { Batches } from './batch.ts';
import { dropLine, dropOwn, lineOf, newLine, state, type Saying } from './count-line.ts';
import type { FactOf, LedgerEntry } from './ledger-entry.ts';
import { lineKey, serialKey, type LineKey } from './line-key.ts';
import { applyMatch, blend, blendMatches, type MatchScene } from './match-code.ts';
import { quantityOf, ZERO, type Quantity } from './quantity.ts';
import {
  emptySheet,
  ownLine,
  sheetKey,
  type Sheet,
  type SheetState,
  type Stocktake,
  type Stocktakes,
} from './stocktake.ts';
import { dropScan, keepScan, passItem, unpass } from './unknown-code.ts';

/** The facts that make up counting. */
export type CountingFact = FactOf<
  | 'bin_opened'
  | 'counted'
  | 'unknown_scanned'
  | 'unknown_matched'
  | 'unknown_proposed'
  | 'match_withdrawn'
  | 'count_voided'
  | 'bin_confirmed_empty'
  | 'bin_skipped'
  | 'bin_finished'
>;

function sheetOf(stocktake: Stocktake, fact: CountingFact, entry: LedgerEntry): Sheet {
  const key = sheetKey(fact.pass, fact.bin);
  const known = stocktake.sheets.get(key);
  if (known) return known;
  const sheet = emptySheet(fact.bin, fact.pass, entry);
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
  batches: Batches,
  entry: LedgerEntry & { fact: CountingFact },
  order: number,
): void {
  const { fact } = entry;
  const stocktake = stocktakes.get(fact.stocktake);
  if (!stocktake) return;
  const sheet = sheetOf(stocktake, fact, entry);
  const saying = { id: entry.id, at: entry.at, by: entry.by, order };
  const scene = { stocktake, sheet, books, batches };
  if (fact.kind === 'unknown_matched' || fact.kind === 'unknown_proposed' || fact.kind === 'match_withdrawn')
    return applyMatch(scene, fact, saying);
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
      // "None here" is said of an item that the person did not pass.
      if (quantityOf(fact.quantity) !== ZERO) passItem(sheet, fact.item, saying);
      restate(scene, line.key);
      found(sheet);
      return;
    }
    case 'unknown_scanned':
      blendMatches(scene, keepScan(sheet, books, fact, saying));
      found(sheet);
      return;
    case 'count_voided':
      applyVoid(scene, fact, saying);
      return;
    case 'bin_confirmed_empty':
      confirmEmpty(scene, saying);
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

/** A line that scans of matched codes are part of is worked out anew after its own codes said something. */
function restate({ sheet, books }: MatchScene, key: LineKey): void {
  if (sheet.own.has(key)) blend(sheet, books, key);
}

function confirmEmpty(scene: MatchScene, saying: Saying): void {
  const { sheet, books } = scene;
  const expected = [];
  for (const book of linesInBin(books, sheet.bin)) {
    const key = lineKey(book);
    if (bookNow(book) !== ZERO) {
      state(lineOf(sheet, book, saying), book, ZERO, 1, saying);
      restate(scene, key);
      expected.push(key);
    } else if (!ownLine(sheet, key)) {
      dropLine(sheet.quiet, book, sheet.quiet.get(key));
      sheet.quiet.set(key, newLine(book, saying, book.moved));
    }
  }
  sheet.empties = [...sheet.empties, { id: saying.id, at: saying.at, order: saying.order, lines: expected }];
  sheet.emptyAt = sheet.empties.at(-1);
  turn(sheet, 'confirmed_empty');
}

function applyVoid(scene: MatchScene, fact: FactOf<'count_voided'>, saying: Saying): void {
  const { sheet, books } = scene;
  const { was } = fact;
  switch (was.kind) {
    case 'counted': {
      const book = bookLine(books, { item: was.item, bin: fact.bin, lot: was.lot });
      const line = ownLine(sheet, lineKey(book));
      if (!line) return;
      unpass(sheet, fact.voids);
      state(line, book, -quantityOf(was.quantity), -1, saying);
      line.entered = undefined;
      if (was.serial !== undefined) line.serials = withoutSerial(line.serials, was.serial);
      sheet.scans -= 1;
      if (line.observations <= 0) dropOwn(sheet, book, line);
      restate(scene, line.key);
      return;
    }
    case 'unknown_scanned': {
      const unknown = dropScan(sheet, was.code, fact.voids);
      if (!unknown) return;
      sheet.scans -= 1;
      blendMatches(scene, unknown);
      return;
    }
    case 'bin_confirmed_empty':
      takeBackEmpty(scene, fact.voids, saying);
  }
}

function withoutSerial(serials: readonly string[], gone: string): readonly string[] {
  const key = serialKey(gone);
  const at = serials.includes(gone)
    ? serials.lastIndexOf(gone)
    : serials.findLastIndex((one) => serialKey(one) === key);
  return serials.filter((_, place) => place !== at);
}

function takeBackEmpty(scene: MatchScene, id: string, saying: Saying): void {
  const { sheet, books } = scene;
  const emptied = sheet.empties.find((one) => one.id === id);
  if (!emptied) return;
  sheet.empties = sheet.empties.filter((one) => one !== emptied);
  sheet.emptyAt = sheet.empties.at(-1);
  if (!sheet.emptyAt && sheet.state === 'confirmed_empty') turn(sheet, 'open');
  for (const key of emptied.lines) {
    const line = ownLine(sheet, key);
    if (!line) continue;
    const book = bookLine(books, line);
    state(line, book, ZERO, -1, saying);
    if (line.observations <= 0) dropOwn(sheet, book, line);
    restate(scene, key);
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
      const own = ownLine(sheet, key);
      for (const line of new Set([own, sheet.lines.get(key)]))
        if (line && line.firstAt < happenedAt && happenedAt <= line.anchor.at) line.movedWhileCounting = true;
      if (own) continue;
      if (sheet.emptyAt && happenedAt <= sheet.emptyAt.at && !sheet.quiet.has(key)) {
        // Nothing was known of the item in this bin when it was empty, so only what is told late precedes that.
        sheet.quiet.set(key, newLine(book, sheet.emptyAt, delta));
      }
    }
  }
}
