import { randomUUID } from 'node:crypto';
import type { SandboxClock } from '../chassis/clock.ts';
import { refuse, type Refusal } from './refusals.ts';
import type { SquareBehaviour } from './world.ts';

/** A row and the key by which it is sorted; a page goes on after the last key that was given out. */
export type SortedRow = { readonly key: string; readonly row: () => unknown };
export type Page = { readonly rows: readonly unknown[]; readonly cursor?: string };

/** Opaque cursors: bound to the question that they came from, alive for a while, prolonged by each use (contracts: Square 6). */
export type Pager = {
  page(question: { filter: string; cursor: unknown; limit: number; rows: readonly SortedRow[] }): Page | Refusal;
};

type Cursor = { readonly filter: string; readonly after: string; readonly full: boolean; expiresAt: number };

export function createPager(clock: SandboxClock, behaviour: SquareBehaviour): Pager {
  const cursors = new Map<string, Cursor>();
  const give = (filter: string, after: string, full: boolean): string => {
    const id = randomUUID();
    cursors.set(id, { filter, after, full, expiresAt: clock.now() + behaviour.cursorLifeMs });
    return id;
  };
  return {
    page({ filter, cursor: id, limit, rows }) {
      let from: Cursor | undefined;
      if (id !== undefined && id !== null && id !== '') {
        from = typeof id === 'string' ? cursors.get(id) : undefined;
        if (from === undefined || from.filter !== filter || from.expiresAt < clock.now()) {
          return refuse(400, 'INVALID_CURSOR', 'The cursor is not valid', 'cursor');
        }
        from.expiresAt = clock.now() + behaviour.cursorLifeMs;
      }
      const after = from?.after ?? '';
      const left = rows
        .filter(({ key }) => after === '' || key > after)
        .toSorted((one, other) => (one.key < other.key ? -1 : 1));
      if (behaviour.emptyPages && left.length > 0 && from?.full !== true)
        return { rows: [], cursor: give(filter, after, true) };
      const some = left.slice(0, Math.min(limit, behaviour.pageRows));
      const last = some.at(-1);
      const more = last !== undefined && left.length > some.length;
      return { rows: some.map(({ row }) => row()), ...(more ? { cursor: give(filter, last.key, false) } : {}) };
    },
  };
}

/** A sort key of a time, for rows that come oldest or newest first; `tie` keeps rows of one instant apart. */
export function timeKey(at: number, order: 'ascending' | 'descending', tie: string | number): string {
  const ms = order === 'ascending' ? at : 9e15 - at;
  return `${String(ms).padStart(16, '0')}|${typeof tie === 'number' ? String(tie).padStart(12, '0') : tie}`;
}

/** `limit` of a question: 1 to 1000, or what goes without saying. */
export function limitOf(value: unknown, missing: number): number | Refusal {
  if (value === undefined || value === null) return missing;
  if (typeof value !== 'number' || !Number.isInteger(value))
    return refuse(400, 'EXPECTED_INTEGER', 'Expected an integer value', 'limit');
  return value >= 1 && value <= 1000
    ? value
    : refuse(400, 'INVALID_VALUE', 'The limit must be between 1 and 1000', 'limit');
}
