import { binOf } from './line-key.ts';
import { binKey } from './location.ts';
import { findSheet, type SheetState, type Stocktake } from './stocktake.ts';

/** Bins of a pass: the whole scope first, later those with a line to count again; and any that somebody added to it. */
export function binsOfPass(stocktake: Stocktake, pass: number): readonly string[] {
  const asked = new Set([...(stocktake.recounts.get(pass) ?? [])].map(binOf));
  const inScope = new Set(stocktake.bins.map(binKey));
  const sheets = [...stocktake.sheets.values()];
  const outside = sheets.map((sheet) => sheet.bin).filter((bin) => !inScope.has(binKey(bin)));
  const opened = new Set(sheets.filter((sheet) => sheet.pass === pass).map((sheet) => binKey(sheet.bin)));
  const belongs = (bin: string): boolean =>
    opened.has(binKey(bin)) || (pass === 1 ? inScope.has(binKey(bin)) : asked.has(binKey(bin)));
  return [...new Set([...stocktake.bins, ...outside])].filter(belongs);
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
