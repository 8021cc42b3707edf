import { binOf } from './line-key.ts';
import { binKey } from './location.ts';
import { findSheet, type SheetState, type Stocktake } from './stocktake.ts';

/**
 * The one rule of which bins a pass has: the whole scope in the first, later those with a line to count again; and any
 * that somebody opened in it, in the scope or not.
 */
export function binsOfPass(stocktake: Stocktake, pass: number): readonly string[] {
  const belongs = belongingTo(stocktake, pass);
  const inScope = new Set(stocktake.bins.map(binKey));
  const outside = [...stocktake.sheets.values()].map((sheet) => sheet.bin).filter((bin) => !inScope.has(binKey(bin)));
  return [...new Map([...stocktake.bins, ...outside].map((bin) => [binKey(bin), bin])).values()].filter(belongs);
}

function belongingTo(stocktake: Stocktake, pass: number): (bin: string) => boolean {
  const asked = new Set(pass === 1 ? stocktake.bins.map(binKey) : [...(stocktake.recounts.get(pass) ?? [])].map(binOf));
  return (bin) => asked.has(binKey(bin)) || findSheet(stocktake, pass, bin) !== undefined;
}

/** Passes that exist: the first, every later one that lines were sent to, and any that somebody counted in; ascending. */
export function passesOf(stocktake: Stocktake): readonly number[] {
  const later = [...stocktake.recounts].filter(([, lines]) => lines.size > 0).map(([pass]) => pass);
  const counted = [...stocktake.sheets.values()].map((sheet) => sheet.pass);
  return [...new Set([1, ...later, ...counted])].toSorted((left, right) => left - right);
}

/** The bins that handing in a pass now hands in: said to be finished, empty or skipped, and in no batch yet. */
export function binsToHandIn(stocktake: Stocktake, pass: number): readonly string[] {
  return binsOfPass(stocktake, pass).filter((bin) => {
    const state = findSheet(stocktake, pass, bin)?.state;
    return isDone(state) && state !== 'submitted';
  });
}

/** Whether a bin of this stocktake still has to be handed in: in the first pass, or in a later one that it belongs to. */
export function isBeingCounted(stocktake: Stocktake, bin: string): boolean {
  return passesOf(stocktake).some(
    (pass) => belongingTo(stocktake, pass)(bin) && findSheet(stocktake, pass, bin)?.state !== 'submitted',
  );
}

/** Whether a bin of the first pass has not been handed in. */
export function isUnderWay(stocktake: Stocktake): boolean {
  return binsOfPass(stocktake, 1).some((bin) => findSheet(stocktake, 1, bin)?.state !== 'submitted');
}

/** The bins of a pass by state; `not_visited` are those without a sheet. */
export function passCoverage(stocktake: Stocktake, pass: number): Record<SheetState | 'not_visited', number> {
  const counts = { open: 0, finished: 0, confirmed_empty: 0, skipped: 0, submitted: 0, not_visited: 0 };
  for (const bin of binsOfPass(stocktake, pass)) counts[findSheet(stocktake, pass, bin)?.state ?? 'not_visited'] += 1;
  return counts;
}

/** Whether nothing is left to do in a bin of this state; undefined: never visited. */
export function isDone(state: SheetState | undefined): boolean {
  return state !== undefined && state !== 'open';
}

/** The next of the bins of a pass that have no finished sheet, in the order of the scope, starting after `bin`. */
export function nextBins(
  stocktake: Stocktake,
  pass: number,
  bin: string | undefined,
  limit: number,
  bins: readonly string[] = binsOfPass(stocktake, pass),
): readonly string[] {
  const at = bin === undefined ? -1 : bins.findIndex((one) => binKey(one) === binKey(bin));
  const next: string[] = [];
  const look = (from: number, to: number): void => {
    for (const one of bins.slice(from, to)) {
      if (next.length === limit) return;
      if (!isDone(findSheet(stocktake, pass, one)?.state)) next.push(one);
    }
  };
  look(at + 1, bins.length);
  look(0, Math.max(at, 0));
  return next;
}
