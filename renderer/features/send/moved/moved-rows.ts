import type { MovementRow } from '../../../sync/sending.ts';

/** `covered`: their figure was taken after it. `unknown`: none of our items is matched with theirs. `no_bin` and `several`: a person says which bin it was. */
export type MovedState = 'taken' | 'covered' | 'ready' | 'several' | 'no_bin' | 'unknown';
export type Moved = {
  /** Unlike the movement's own key, no other row has it. */
  readonly key: string;
  readonly movement: MovementRow;
  readonly state: MovedState;
};

/** Movements of others, the newest first, each with what may be done with it. */
export function movedRows(movements: readonly MovementRow[]): readonly Moved[] {
  return movements
    .map((movement) => ({ key: `${movement.key}\u001F${movement.nth}`, movement, state: stateOf(movement) }))
    .toSorted(({ movement: left }, { movement: right }) =>
      left.happenedAt === right.happenedAt ? 0 : left.happenedAt < right.happenedAt ? 1 : -1,
    );
}

function stateOf(row: MovementRow): MovedState {
  if (row.taken) return 'taken';
  if (row.covered) return 'covered';
  if (row.item === undefined) return 'unknown';
  if (row.bins.length === 0) return 'no_bin';
  return row.bins.length === 1 ? 'ready' : 'several';
}

/** Whether a movement may still be taken into the ledger. */
export function mayTake({ state }: Moved): boolean {
  return state === 'ready' || state === 'several' || state === 'no_bin';
}

/** Whether a movement is in our ledger, by itself or with their figure. */
export function isSettled(state: MovedState): boolean {
  return state === 'taken' || state === 'covered';
}

/** How many rows are in each state. */
export function countMoved(rows: readonly Moved[]): Readonly<Record<MovedState, number>> {
  const counts = { taken: 0, covered: 0, ready: 0, several: 0, no_bin: 0, unknown: 0 };
  for (const { state } of rows) counts[state] += 1;
  return counts;
}
