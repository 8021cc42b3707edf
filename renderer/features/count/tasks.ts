import { binKey } from '../../../shared/domain/location.ts';
import { findSheet, type Sheet, type SheetState, type Stocktake } from '../../../shared/domain/stocktake.ts';

/** One pass of one stocktake, as somebody who counts sees it: never a quantity. */
export type CountTask = {
  readonly stocktake: string;
  readonly name: string;
  readonly pass: number;
  readonly blind: boolean;
  readonly bins: readonly string[];
  readonly done: number;
  readonly submitted: number;
  /** Finished, empty or skipped and not yet handed in. */
  readonly ready: number;
  /** Ids of everybody who counted in it. */
  readonly people: readonly string[];
};

const SEPARATOR = '\u001F';

/** Bins of a pass: the whole scope first, later those with a line to count again; and any that somebody added to it. */
export function binsOfPass(stocktake: Stocktake, pass: number): readonly string[] {
  const asked = new Set([...(stocktake.recounts.get(pass) ?? [])].map((key) => key.split(SEPARATOR)[1] ?? ''));
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

function taskOf(stocktake: Stocktake, pass: number): CountTask {
  const bins = binsOfPass(stocktake, pass);
  const sheets = bins.flatMap((bin) => findSheet(stocktake, pass, bin) ?? []);
  const done = sheets.filter(({ state }) => isDone(state)).length;
  const submitted = sheets.filter(({ state }) => state === 'submitted').length;
  const people = [...new Set(sheets.flatMap((sheet) => [...sheet.people]))];
  return {
    stocktake: stocktake.id,
    name: stocktake.name,
    pass,
    blind: stocktake.blind,
    bins,
    done,
    submitted,
    ready: done - submitted,
    people,
  };
}

/** Every pass with bins, newest stocktake first; second counts come before first ones, as they are waited for. */
export function countTasks(stocktakes: readonly Stocktake[]): readonly CountTask[] {
  return stocktakes
    .toSorted((left, right) => (left.at < right.at ? 1 : -1))
    .flatMap((stocktake) => [1, ...stocktake.recounts.keys()].map((pass) => taskOf(stocktake, pass)))
    .filter((task) => task.bins.length > 0)
    .toSorted((left, right) => Number(right.pass > 1) - Number(left.pass > 1));
}

/** Tasks with something left to count or to hand in. */
export function openTasks(tasks: readonly CountTask[]): readonly CountTask[] {
  return tasks.filter((task) => task.submitted < task.bins.length);
}

/** The next bins without a finished sheet, in the order of the scope, starting after `bin`. */
export function nextBins(
  stocktake: Stocktake,
  pass: number,
  bin: string | undefined,
  limit: number,
): readonly string[] {
  const bins = binsOfPass(stocktake, pass);
  const at = bin === undefined ? -1 : bins.findIndex((one) => binKey(one) === binKey(bin));
  const round = [...bins.slice(at + 1), ...bins.slice(0, Math.max(at, 0))];
  return round.filter((one) => !isDone(findSheet(stocktake, pass, one)?.state)).slice(0, limit);
}

/** What a bin's sheet asks before it is opened; undefined: nothing. */
export function askBeforeOpening(sheet: Sheet | undefined): 'submitted' | 'counted' | undefined {
  if (sheet === undefined || sheet.state === 'open') return undefined;
  return sheet.state === 'submitted' ? 'submitted' : 'counted';
}
