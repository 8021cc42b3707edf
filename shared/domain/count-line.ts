import type { BookLine } from './balance.ts';
import { lineKey } from './line-key.ts';
import { ZERO } from './quantity.ts';
import {
  addStatement,
  anchorAt,
  insertStatement,
  takeStatement,
  type Run,
  type Saying,
  type Words,
} from './statement.ts';
import { settledOn, type CountLine, type Sheet } from './stocktake.ts';

// Shared by all lines that have none.
const NO_SERIALS: readonly string[] = [];
const NO_RUNS: readonly Run[] = [];
const NOWHERE = { id: '', at: '' };

/** A line that nothing was said about yet. It hears of late movements from now on. */
export function newLine(book: BookLine): CountLine {
  const line: CountLine = {
    key: lineKey(book),
    item: book.item,
    bin: book.bin,
    lot: book.lot,
    runs: [],
    takenBack: NO_RUNS,
    counted: ZERO,
    observations: 0,
    by: new Map(),
    anchor: NOWHERE,
    movedBefore: ZERO,
    order: 0,
    movedWhileCounting: false,
    serials: NO_SERIALS,
    entered: undefined,
    amends: undefined,
  };
  book.watchers = [...book.watchers, line];
  return line;
}

/** The line of an item on a sheet, whatever became of it; made when nothing was ever said about it. */
export function lineOf(sheet: Sheet, book: BookLine): CountLine {
  return knownLine(sheet, book) ?? newLine(book);
}

/** The line of an item on a sheet; nothing when nothing was ever said about it. */
export function knownLine(sheet: Sheet, book: BookLine): CountLine | undefined {
  const key = lineKey(book);
  return sheet.lines.get(key) ?? sheet.quiet.get(key) ?? sheet.withdrawn.get(key);
}

/** Takes a line off a sheet; its book line no longer tells it about late movements. */
export function dropLine(sheet: Sheet, book: BookLine, line: CountLine): void {
  for (const lines of [sheet.lines, sheet.quiet, sheet.withdrawn])
    if (lines.get(line.key) === line) lines.delete(line.key);
  book.watchers = book.watchers.filter((watcher) => watcher !== line);
}

/** Puts a line where it belongs on its sheet: counted, zero without a word, withdrawn, or nowhere. */
export function place(sheet: Sheet, book: BookLine, line: CountLine): void {
  const unsaid = line.runs.length > 0 ? sheet.quiet : sheet.withdrawn;
  const home = line.observations > 0 ? sheet.lines : unsaid;
  if (line.runs.length + line.takenBack.length === 0) dropLine(sheet, book, line);
  else if (home.get(line.key) !== line) {
    for (const other of [sheet.lines, sheet.quiet, sheet.withdrawn]) other.delete(line.key);
    home.set(line.key, line);
  }
}

/** Makes a statement about a line: adds to it and moves its anchor here. */
export function state(sheet: Sheet, book: BookLine, words: Words, saying: Saying): void {
  const line = lineOf(sheet, book);
  const before = line.observations === 0 ? undefined : line.runs.findLast(isSpoken);
  const isMoved = before !== undefined && before.moves !== book.moves;
  addStatement(line.runs, saying, words, book);
  if (words.said?.isQuiet) retell(line);
  else {
    line.movedWhileCounting ||= isMoved;
    tell(line, words, saying.by, 1);
    line.anchor = { id: saying.id, at: saying.at };
    line.movedBefore = book.moved;
    line.order = saying.order;
  }
  if (before === undefined) place(sheet, book, line);
}

function isSpoken(run: Run): boolean {
  return !run.said?.isQuiet;
}

/**
 * Takes the statement that entry `id` made off its line. Taking back is no new look at the shelf: the line stands at the
 * last statement that is left. False when the line holds no such statement.
 */
export function takeBack(sheet: Sheet, book: BookLine, id: string): boolean {
  const line = knownLine(sheet, book);
  const found = line && takeStatement(line.runs, id);
  if (line === undefined || found === undefined) return false;
  line.runs = found.left;
  line.takenBack = [...line.takenBack, found.taken];
  retell(line);
  place(sheet, book, line);
  return true;
}

/** Says a statement again that entry `id` had made: it stands where it stood. False when it was not taken back here. */
export function sayAgain(sheet: Sheet, book: BookLine, id: string, saying: Saying): boolean {
  const line = knownLine(sheet, book);
  const found = line && takeStatement(line.takenBack, id);
  if (line === undefined || found === undefined) return false;
  line.takenBack = found.left;
  line.runs = insertStatement(line.runs, {
    ...found.taken,
    by: saying.by,
    said: { ...found.taken.said, id: saying.id },
  });
  retell(line);
  place(sheet, book, line);
  return true;
}

function tell(line: CountLine, { quantity, said }: Words, by: string, times: number): void {
  line.counted += quantity * BigInt(times);
  line.observations += times;
  const share = line.by.get(by) ?? { quantity: ZERO, statements: 0 };
  share.quantity += quantity * BigInt(times);
  share.statements += times;
  line.by.set(by, share);
  line.entered = said?.entered;
  if (said?.serial !== undefined) line.serials = [...line.serials, said.serial];
}

/**
 * What stands of a line: all that was said of it, or what one person said where that is the whole pile. Then it stands
 * where that person said it, and not where another one counted later.
 */
export function standingLine(sheet: Sheet, line: CountLine): CountLine {
  const settled = settledOn(sheet, line);
  if (settled === undefined) return line;
  const own = { ...line, by: new Map(), runs: line.runs.filter(({ by }) => by === settled.person) };
  retell(own);
  return own;
}

/** Works a line's figures out from its statements. */
export function retell(line: CountLine): void {
  line.counted = ZERO;
  line.observations = 0;
  line.by.clear();
  line.entered = undefined;
  line.serials = NO_SERIALS;
  const spoken = line.runs.filter(isSpoken);
  for (const run of spoken) tell(line, run, run.by, run.count);
  line.movedWhileCounting = spoken.some((run) => run.moves !== spoken[0]?.moves);
  const last = spoken.at(-1) ?? line.runs.at(-1);
  line.anchor = last === undefined ? NOWHERE : anchorAt(last, last.last);
  line.movedBefore = last?.movedBefore ?? ZERO;
  line.order = last?.last.order ?? 0;
}
