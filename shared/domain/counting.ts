import { bookLine, bookNow, linesInBin, type BookLine, type Books } from './balance.ts';
import type { Batches } from './batch.ts';
import { knownLine, lineOf, place, retell, sayAgain, state, takeBack } from './count-line.ts';
import type { FactOf, LedgerEntry } from './ledger-entry.ts';
import type { Place } from './ledger-order.ts';
import { lineKey } from './line-key.ts';
import { applyMatch, blendMatches, type MatchScene } from './match-code.ts';
import { quantityOf, ZERO, type Quantity } from './quantity.ts';
import { idOf, runOf, type Run, type Saying } from './statement.ts';
import {
  emptySheet,
  sheetKey,
  stocktakeAt,
  type CountLine,
  type Emptied,
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

/** Keeps on which laptop somebody counts here. Every scan comes by: nothing is made for who is known already. */
function noteCounter(sheet: Sheet, person: string, device: string): void {
  for (const known of sheet.counters) if (known.person === person && known.device === device) return;
  sheet.counters = [...sheet.counters, { person, device }];
}

/** Folds one fact of counting; `order` counts the entries of its bin. A fact about a stocktake that was not opened by then is ignored. */
export function applyCounting(
  { stocktakes, books, batches }: { readonly stocktakes: Stocktakes; readonly books: Books; readonly batches: Batches },
  entry: LedgerEntry & { fact: CountingFact },
  told: Place,
  order: number,
): void {
  const { fact } = entry;
  const stocktake = stocktakeAt(stocktakes, fact.stocktake, told);
  if (!stocktake) return;
  const sheet = sheetOf(stocktake, fact, entry);
  const { id, at, by, device, seq } = entry;
  const saying = { id, at, by, device, seq, order };
  const scene = { stocktake, sheet, books, batches, told };
  if (fact.kind === 'unknown_matched' || fact.kind === 'unknown_proposed' || fact.kind === 'match_withdrawn')
    return applyMatch(scene, fact, saying);
  sheet.people.add(by);
  noteCounter(sheet, by, device);
  sheet.lastAt = entry.at;
  sheet.lastBy = entry.by;
  switch (fact.kind) {
    case 'bin_opened':
      turn(sheet, 'open');
      return;
    case 'counted': {
      count(sheet, bookLine(books, fact), fact, saying);
      // "None here" is said of an item that the person did not pass.
      if (quantityOf(fact.quantity) !== ZERO) passItem(sheet, fact.item, saying);
      found(sheet);
      return;
    }
    case 'unknown_scanned':
      blendMatches(scene, keepScan(sheet, books, fact, saying));
      found(sheet);
      return;
    case 'count_voided':
      applyVoid(scene, fact);
      return;
    case 'bin_confirmed_empty':
      confirmEmpty(scene, fact, saying);
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

function count(sheet: Sheet, book: BookLine, fact: FactOf<'counted'>, saying: Saying): void {
  const again = fact.how === 'redo' ? (fact.again ?? lastTakenBack(sheet, book, fact)) : undefined;
  if (again !== undefined && sayAgain(sheet, book, again, saying)) return;
  const { serial, entered } = fact;
  const said =
    serial === undefined && entered === undefined
      ? undefined
      : { ...(serial !== undefined && { serial }), ...(entered !== undefined && { entered }) };
  state(sheet, book, { quantity: quantityOf(fact.quantity), said }, saying);
}

/** Older ledgers do not say which statement is said again: the one that was taken back last and says the same. */
function lastTakenBack(sheet: Sheet, book: BookLine, fact: FactOf<'counted'>): string | undefined {
  const run = knownLine(sheet, book)?.takenBack.findLast(
    (one) => one.quantity === quantityOf(fact.quantity) && one.said?.serial === fact.serial,
  );
  return run && idOf(run);
}

function confirmEmpty({ sheet, books }: MatchScene, fact: FactOf<'bin_confirmed_empty'>, saying: Saying): void {
  const again = sheet.emptiesTakenBack.find((one) => one.id === fact.again);
  if (again) confirmAgain(sheet, books, again, saying);
  else {
    const lines = [];
    for (const book of linesInBin(books, sheet.bin)) {
      const key = lineKey(book);
      const isExpected = bookNow(book) !== ZERO;
      if (!isExpected && isCounted(sheet.lines.get(key))) continue;
      state(sheet, book, { quantity: ZERO, said: isExpected ? undefined : { isQuiet: true } }, saying);
      lines.push(key);
    }
    sheet.empties = [...sheet.empties, { id: saying.id, standsAt: saying, lines }];
  }
  sheet.emptyAt = sheet.empties.at(-1);
  turn(sheet, 'confirmed_empty');
}

/** Whether anything was said of a line by the codes of its item: scans of matched codes may be taken off again. */
function isCounted(line: CountLine | undefined): boolean {
  return line?.runs.some(({ said }) => !said?.isQuiet && !said?.isMatched) === true;
}

function confirmAgain(sheet: Sheet, books: Books, again: Emptied, saying: Saying): void {
  for (const key of again.lines) {
    const book = books.lines.get(key);
    if (book) sayAgain(sheet, book, again.id, saying);
  }
  sheet.emptiesTakenBack = sheet.emptiesTakenBack.filter((one) => one !== again);
  sheet.empties = [...sheet.empties, { ...again, id: saying.id }].toSorted(
    (left, right) => left.standsAt.order - right.standsAt.order,
  );
}

function applyVoid(scene: MatchScene, { was, voids, bin }: FactOf<'count_voided'>): void {
  const { sheet, books } = scene;
  switch (was.kind) {
    case 'counted':
      if (!takeBack(sheet, bookLine(books, { item: was.item, bin, lot: was.lot }), voids)) return;
      unpass(sheet, voids);
      sheet.scans -= 1;
      return;
    case 'unknown_scanned': {
      const unknown = dropScan(sheet, was.code, voids);
      if (!unknown) return;
      sheet.scans -= 1;
      blendMatches(scene, unknown);
      return;
    }
    case 'bin_confirmed_empty':
      takeBackEmpty(sheet, books, voids);
  }
}

function takeBackEmpty(sheet: Sheet, books: Books, id: string): void {
  const emptied = sheet.empties.find((one) => one.id === id);
  if (!emptied) return;
  for (const key of emptied.lines) {
    const book = books.lines.get(key);
    if (book) takeBack(sheet, book, id);
  }
  sheet.empties = sheet.empties.filter((one) => one !== emptied);
  sheet.emptiesTakenBack = [...sheet.emptiesTakenBack, emptied];
  sheet.emptyAt = sheet.empties.at(-1);
  if (!sheet.emptyAt && sheet.state === 'confirmed_empty') turn(sheet, 'open');
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
      const line = sheet.lines.get(key) ?? sheet.quiet.get(key) ?? sheet.withdrawn.get(key);
      if (line) retell(line);
      else hearOfUnexpected(sheet, book, delta, Date.parse(happenedAt));
    }
  }
}

/** Nothing was known of the item in this bin when it was found empty, so only what is told late precedes that. */
function hearOfUnexpected(sheet: Sheet, book: BookLine, delta: Quantity, happenedMs: number): void {
  const isBefore = ({ standsAt }: Emptied): boolean => happenedMs <= Date.parse(standsAt.at) - (standsAt.fastMs ?? 0);
  if (![...sheet.empties, ...sheet.emptiesTakenBack].some(isBefore)) return;
  const line = lineOf(sheet, book);
  const zero = (emptied: Emptied): Run => {
    const before = isBefore(emptied) ? { moved: delta, moves: 1 } : { moved: ZERO, moves: 0 };
    const isAgain = emptied.id !== emptied.standsAt.id;
    const said = { isQuiet: true as const, ...(isAgain && { id: emptied.id }) };
    return { ...runOf(emptied.standsAt, { quantity: ZERO, said }, before), fastMs: emptied.standsAt.fastMs ?? 0 };
  };
  const naming = (emptied: Emptied): Emptied => ({ ...emptied, lines: [...emptied.lines, line.key] });
  line.runs = sheet.empties.map(zero);
  line.takenBack = sheet.emptiesTakenBack.map(zero);
  sheet.empties = sheet.empties.map(naming);
  sheet.emptyAt = sheet.empties.at(-1);
  sheet.emptiesTakenBack = sheet.emptiesTakenBack.map(naming);
  retell(line);
  place(sheet, book, line);
}
