import { GOALS, keepsBound, type Goal } from './goals.ts';
import { median } from './statistics.ts';

/** Figures as they come in, one for each round, by the goal they belong to; and plain measurements beside them. */
export type Figures = {
  /** A figure of a goal. */
  note(goal: string, value: number): void;
  /** A measurement that is only reported: milliseconds, counts. */
  tell(what: string, value: number): void;
  rows(): readonly Row[];
  told(): Readonly<Record<string, { median: number; values: readonly number[] }>>;
};

export type Row = {
  readonly goal: Goal;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly rounds: readonly number[];
  readonly keeps: boolean | undefined;
};

export function createFigures(): Figures {
  const noted = new Map<string, number[]>();
  const told = new Map<string, number[]>();
  const add = (map: Map<string, number[]>, key: string, value: number): void => {
    map.set(key, [...(map.get(key) ?? []), value]);
  };
  return {
    note: (goal, value) => add(noted, goal, value),
    tell: (what, value) => add(told, what, value),
    rows: () =>
      GOALS.flatMap((goal): Row[] => {
        const rounds = noted.get(goal.id);
        if (rounds === undefined) return [];
        const middle = median(rounds);
        return [
          {
            goal,
            median: middle,
            min: Math.min(...rounds),
            max: Math.max(...rounds),
            rounds,
            keeps: keepsBound(goal, middle),
          },
        ];
      }),
    told: () => Object.fromEntries([...told].map(([what, values]) => [what, { median: median(values), values }])),
  };
}

/** A figure for people: small shares as 1/n. */
export function written(value: number, unit: Goal['unit']): string {
  if (unit === 'ms') return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
  if (unit === 'µs') return `${value.toFixed(2)} µs`;
  if (unit === 'scans') return `${value} scans`;
  if (unit === 'MB') return `${value.toFixed(0)} MB`;
  if (unit === '/s') return `${Math.round(value).toLocaleString('en')} /s`;
  return value < 0.1 && value > 0 ? `1/${Math.round(1 / value)}` : `${value.toFixed(2)}×`;
}

function boundOf({ most, least, unit }: Goal): string {
  if (most !== undefined) return `≤ ${written(most, unit)}`;
  return least === undefined ? '' : `≥ ${written(least, unit)}`;
}

function verdict(keeps: boolean | undefined, isJudged: boolean): string {
  if (keeps === undefined) return '';
  return isJudged ? (keeps ? 'kept' : 'MISSED') : 'not judged';
}

/** The table as it is printed. */
export function tableOf(rows: readonly Row[], isJudged: boolean): string {
  const cells = rows.map(({ goal, median: middle, min, max, rounds, keeps }) => [
    goal.id,
    boundOf(goal),
    written(middle, goal.unit),
    rounds.length === 1 ? '' : `${written(min, goal.unit)} – ${written(max, goal.unit)}`,
    verdict(keeps, isJudged),
    goal.says,
  ]);
  const all = [['goal', 'bound', 'median', 'min – max', '', 'what'], ...cells];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
