import { fingerprint } from '../../domain/fingerprint.ts';
import type { FactOf, LedgerEntry, RemoteMovement } from '../../domain/ledger-entry.ts';
import { isMovementTaken, MOVEMENT_TAKEN } from '../../domain/movement-log.ts';
import { foldedInto } from './in-place.ts';

/** Movements of one connection that bear one key, and how many there are of them. `seq`: of the entry that told of it first. */
export type SeenMovement = { readonly movement: RemoteMovement; readonly times: number; readonly seq: number };

/** What others did at one remote. `readTo`: the end of the newest window that was read whole. */
export type RemoteMovements = {
  readonly byKey: ReadonlyMap<string, SeenMovement>;
  readonly readTo?: string;
};
/** `taken`: references of the movements that stand in our ledger. */
export type Movements = {
  readonly connections: ReadonlyMap<string, RemoteMovements>;
  readonly taken: ReadonlySet<string>;
};

type Reading = { byKey: Map<string, SeenMovement>; readTo?: string; run?: string; inRun: Map<string, number> };
type Folding = { readings: Map<string, Reading>; connections: Map<string, RemoteMovements>; taken: Set<string> };

/** Nothing read yet. May be folded from again and again, unlike any other. */
export const NO_MOVEMENTS: Movements = { connections: new Map(), taken: new Set() };
const foldings = new WeakMap<Movements, Folding>();

const LONGEST_REFERENCE = 120;

/** Names one movement for good: its key, and how many of that key come before it. At most 120 characters. */
export function movementReference(connection: string, key: string, nth: number): string {
  const name = `${MOVEMENT_TAKEN}${connection} ${key}#${nth}`;
  return name.length <= LONGEST_REFERENCE ? name : `${MOVEMENT_TAKEN}${fingerprint(name)}`;
}

/**
 * Folds `remote_moved` and what was taken of it. Windows overlap, and a reading may be begun again: a key counts as often
 * as it was met in the one run that met it most. The result shares its maps with `state`, see `foldedInto`.
 */
export function foldMovements(state: Movements, entry: LedgerEntry): Movements {
  const { fact } = entry;
  if (fact.kind !== 'remote_moved' && !isMovementTaken(fact)) return state;
  const folding = foldings.get(state) ?? { readings: new Map(), connections: new Map(), taken: new Set() };
  if (fact.kind === 'remote_moved') read(folding, fact, entry.seq);
  else folding.taken.add(fact.reference);
  const next = { connections: folding.connections, taken: folding.taken };
  foldings.set(next, folding);
  return state === NO_MOVEMENTS ? next : foldedInto(state, next);
}

function read(folding: Folding, fact: FactOf<'remote_moved'>, seq: number): void {
  const reading: Reading = folding.readings.get(fact.connection) ?? { byKey: new Map(), inRun: new Map() };
  folding.readings.set(fact.connection, reading);
  if (reading.run !== fact.run) {
    reading.run = fact.run;
    reading.inRun = new Map();
  }
  for (const movement of fact.movements) {
    const met = (reading.inRun.get(movement.key) ?? 0) + 1;
    reading.inRun.set(movement.key, met);
    const known = reading.byKey.get(movement.key);
    const times = Math.max(met, known?.times ?? 0);
    reading.byKey.set(movement.key, { movement, times, seq: known?.seq ?? seq });
  }
  if (fact.complete && fact.to > (reading.readTo ?? '')) reading.readTo = fact.to;
  const { byKey, readTo } = reading;
  folding.connections.set(fact.connection, { byKey, ...(readTo === undefined ? {} : { readTo }) });
}

/** Far more than a movement needs to become visible; one met twice is known by its key. */
const OVERLAP_MS = 10 * 60_000;
/** What is written this very moment may still change its place among the others. */
const UNSETTLED_MS = 2_000;

/**
 * The window to read next: from just before the end of the last one to just before now. The first begins at `since`, when
 * the connection was made. Nothing when there is no time in between.
 */
export function nextWindow(
  state: Movements,
  query: { connection: string; now: string; since: string },
): { readonly from: string; readonly to: string } | undefined {
  const readTo = state.connections.get(query.connection)?.readTo ?? query.since;
  const to = Date.parse(query.now) - UNSETTLED_MS;
  const last = Date.parse(readTo) - OVERLAP_MS;
  // Read to a time that is still to come, under a clock that has been put back since: nobody knows how far it really was.
  const from = last < to ? last : Date.parse(query.since) - OVERLAP_MS;
  return from < to ? { from: new Date(from).toISOString(), to: new Date(to).toISOString() } : undefined;
}
