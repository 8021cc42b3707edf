import { binsOfPass, binsToHandIn, isDone, passesOf } from '../../../shared/domain/pass.ts';
import { findSheet, type Sheet, type Stocktake } from '../../../shared/domain/stocktake.ts';

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
    ready: binsToHandIn(stocktake, pass).length,
    people,
  };
}

/** Every pass with bins, newest stocktake first; second counts come before first ones, as they are waited for. */
export function countTasks(stocktakes: readonly Stocktake[]): readonly CountTask[] {
  return stocktakes
    .toSorted((left, right) => (left.at < right.at ? 1 : -1))
    .flatMap((stocktake) => passesOf(stocktake).map((pass) => taskOf(stocktake, pass)))
    .filter((task) => task.bins.length > 0)
    .toSorted((left, right) => Number(right.pass > 1) - Number(left.pass > 1));
}

/** Tasks with something left to count or to hand in. */
export function openTasks(tasks: readonly CountTask[]): readonly CountTask[] {
  return tasks.filter((task) => task.submitted < task.bins.length);
}

/** What a bin's sheet asks before it is opened; undefined: nothing. */
export function askBeforeOpening(sheet: Sheet | undefined): 'submitted' | 'counted' | undefined {
  if (sheet === undefined || sheet.state === 'open') return undefined;
  return sheet.state === 'submitted' ? 'submitted' : 'counted';
}
