import { binBook, bookLine, type BinBook, type BookLine, type Books } from './balance.ts';
import type { Fact, FactOf } from './ledger-entry.ts';
import { lineKey } from './line-key.ts';
import type { Quantity } from './quantity.ts';

/** How the reference of a movement of a remote begins that was taken into our ledger. */
export const MOVEMENT_TAKEN = 'moved ';

/** Whether a fact books a movement of a remote in our ledger. */
export function isMovementTaken(fact: Fact): fact is FactOf<'stock_changed'> & { reference: string } {
  return fact.kind === 'stock_changed' && fact.reference?.startsWith(MOVEMENT_TAKEN) === true;
}

/** From now on the bin's movements are kept one by one: what an unknown code turns out to be was in the book as of its scan. */
export function watchBin(books: Books, bin: string): void {
  binBook(books, bin).log ??= [];
}

/** Keeps the movement told last, if its bin is watched; call it for every movement, in ledger order. */
export function logMovement(
  { log, order }: BinBook,
  line: BookLine,
  delta: Quantity,
  happenedAt: string | undefined,
): void {
  log?.push({ key: lineKey(line), order, delta, happenedAt });
}

/** The movements of a line that precede an entry folded since its bin is watched: their sum and their number. */
export function movedBeforeEntry(
  books: Books,
  where: Parameters<typeof bookLine>[1],
  { order, at }: { readonly order: number; readonly at: string },
): { moved: Quantity; moves: number } {
  const line = bookLine(books, where);
  const key = lineKey(where);
  let { moved, moves } = line;
  for (const one of binBook(books, where.bin).log ?? []) {
    const isBefore = one.order < order || (one.happenedAt !== undefined && one.happenedAt <= at);
    if (one.key !== key || isBefore) continue;
    moved -= one.delta;
    moves -= 1;
  }
  return { moved, moves };
}
