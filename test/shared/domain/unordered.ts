import type { LedgerState } from '../../../shared/domain/ledger-state.ts';
import type { Witness } from '../../../shared/domain/statement.ts';

/** A state in which nothing has an order that means nothing: who listens to a line, and which repeat was kept first. */
export function unordered(state: LedgerState): LedgerState {
  for (const line of state.books.lines.values())
    line.watchers = line.watchers.toSorted((left, right) => (firstOf(left) < firstOf(right) ? -1 : 1));
  for (const stocktake of state.stocktakes.values())
    stocktake.repeats = stocktake.repeats.toSorted((left, right) => (left.at < right.at ? -1 : 1));
  return state;
}

/** What tells one listener of a line from another. */
export function firstOf({ runs, takenBack }: Witness): string {
  const [first] = [...runs, ...takenBack].toSorted((left, right) => left.first.order - right.first.order);
  return JSON.stringify([first?.device, first?.first.order, runs.length, takenBack.length]);
}
