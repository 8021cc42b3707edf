import type { BookLine } from './balance.ts';
import { lineKey } from './line-key.ts';
import { ZERO, type Quantity } from './quantity.ts';
import { ownLine, type CountLine, type Sheet } from './stocktake.ts';

/** The entry that says something, and its place in the ledger. */
export type Saying = { readonly id: string; readonly at: string; readonly by: string; readonly order: number };

// Shared by all lines that have none.
const NO_SERIALS: readonly string[] = [];

/** A line that nothing was said about yet, anchored at `saying`. */
export function newLine(book: BookLine, saying: Pick<Saying, 'id' | 'at' | 'order'>, movedBefore: Quantity): CountLine {
  const line: CountLine = {
    key: lineKey(book),
    item: book.item,
    bin: book.bin,
    lot: book.lot,
    counted: ZERO,
    observations: 0,
    by: new Map(),
    firstAt: saying.at,
    anchor: { id: saying.id, at: saying.at },
    movedBefore,
    order: saying.order,
    movedWhileCounting: false,
    serials: NO_SERIALS,
    entered: undefined,
    amends: undefined,
  };
  book.watchers = [...book.watchers, line];
  return line;
}

/** Takes a line off a sheet; its book line no longer tells it about late movements. */
export function dropLine(lines: Sheet['lines'], book: BookLine, line: CountLine | undefined): void {
  if (!line) return;
  lines.delete(line.key);
  book.watchers = book.watchers.filter((watcher) => watcher !== line);
}

/** An item's own line on a sheet, made when there is none. */
export function lineOf(sheet: Sheet, book: BookLine, saying: Saying): CountLine {
  const known = ownLine(sheet, lineKey(book));
  if (known) return known;
  const line = newLine(book, saying, book.moved);
  dropLine(sheet.quiet, book, sheet.quiet.get(line.key));
  if (sheet.own.has(line.key)) sheet.own.set(line.key, line);
  else sheet.lines.set(line.key, line);
  return line;
}

/** Takes an item's own line off a sheet, once nothing that was said about it stands. */
export function dropOwn(sheet: Sheet, book: BookLine, line: CountLine): void {
  if (!sheet.own.has(line.key)) return dropLine(sheet.lines, book, line);
  sheet.own.set(line.key, undefined);
  book.watchers = book.watchers.filter((watcher) => watcher !== line);
}

/** Makes a statement about a line: adds to it and moves its anchor here. `statements` is −1 for one taken back. */
export function state(line: CountLine, book: BookLine, delta: Quantity, statements: 1 | -1, saying: Saying): void {
  if (line.observations > 0 && book.moved !== line.movedBefore) line.movedWhileCounting = true;
  line.counted += delta;
  line.observations += statements;
  attribute(line, delta, statements, saying.by);
  line.anchor = { id: saying.id, at: saying.at };
  line.movedBefore = book.moved;
  line.order = saying.order;
}

/** Whoever takes back what somebody else said takes it off that person's count; a person with nothing left is off the line. */
function attribute(line: CountLine, delta: Quantity, statements: 1 | -1, by: string): void {
  const person = statements > 0 || line.by.has(by) ? by : ([...line.by.keys()].at(-1) ?? by);
  const said = line.by.get(person) ?? { quantity: ZERO, statements: 0 };
  said.quantity += delta;
  said.statements += statements;
  if (said.statements > 0) line.by.set(person, said);
  else line.by.delete(person);
}
