import type { Item } from '../item.ts';
import { readUnit, type Unit } from '../unit.ts';
import type { UnknownUnit } from './conversion.ts';

/** Decimals that a thing which is weighed or measured may have unless the catalogue says otherwise. */
const MEASURED_DECIMALS = 3;

/** The form under which two spellings of a unit that no table knows are the same. */
export function unitKey(unit: string): string {
  return unit.trim().toLowerCase();
}

function decimalsOf(unit: Unit): number {
  switch (unit.dimension) {
    case 'mass':
    case 'length':
    case 'area':
    case 'volume':
      return Math.max(unit.decimals, MEASURED_DECIMALS);
    case 'count':
    case 'container':
      return unit.decimals;
  }
}

/** What is known of the decimals of units, and which units of a file nothing is known of. */
export type UnitMemory = {
  /** Decimals of an item in this unit; undefined: nobody has said. */
  decimals(unit: string): number | undefined;
  /** Notes that an item of the file is in a unit that nothing is known of. */
  miss(unit: string): void;
  missed(): readonly UnknownUnit[];
};

/** Decimals by the table of units; else as a person has just said; else as the items known have them in that unit. */
export function createUnitMemory(existing: readonly Item[], said: Readonly<Record<string, number>> = {}): UnitMemory {
  const known = new Map<string, number>();
  const missed = new Map<string, { unit: string; items: number }>();
  let isRead = false;
  const answers = new Map<string, number | undefined>();

  /** Only a file with a unit that no table knows needs this. */
  function ofItems(key: string): number | undefined {
    if (!isRead) for (const item of existing) known.set(unitKey(item.unit), item.precision);
    isRead = true;
    return known.get(key);
  }

  /** A unit may be called as anything, "constructor" too. */
  const saidOf = (key: string): number | undefined => (Object.hasOwn(said, key) ? said[key] : undefined);

  function decimals(unit: string): number | undefined {
    const key = unitKey(unit);
    if (answers.has(key)) return answers.get(key);
    const inTable = readUnit(unit);
    const answer = inTable === undefined ? (saidOf(key) ?? ofItems(key)) : decimalsOf(inTable);
    answers.set(key, answer);
    return answer;
  }

  return {
    decimals,
    miss(unit) {
      const key = unitKey(unit);
      missed.set(key, { unit: missed.get(key)?.unit ?? unit, items: (missed.get(key)?.items ?? 0) + 1 });
    },
    missed: () => [...missed].map(([key, one]) => ({ key, ...one })),
  };
}
