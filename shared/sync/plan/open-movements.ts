import type { RemoteMovement } from '../../domain/ledger-entry.ts';
import { movementReference, type Movements, type SeenMovement } from '../seen/movements.ts';
import type { OpenMovement } from './plan-questions.ts';
import type { TakenFigure, TakenFigures } from './taken-figures.ts';
import { figureKey } from '../../ports/figure-key.ts';

/** A connection as far as it says which account it is. */
export type Account = {
  readonly id: string;
  readonly remote: string;
  readonly settings: Readonly<Record<string, string>>;
};

type Known = {
  readonly movements: Movements;
  readonly takenFigures: TakenFigures;
  readonly connections: ReadonlyMap<string, Account>;
};

/** `taken`: it stands in our book. `covered`: their figure was taken after it, which holds it already. */
export type MovementState = 'open' | 'taken' | 'covered';

/** Connections of one account, the asked one first: what came into our book over one of them came over all. */
function sameAccount(connections: ReadonlyMap<string, Account>, connection: string): readonly string[] {
  const asked = connections.get(connection);
  const addressOf = ({ settings }: Account) => settings['baseUrl'] ?? settings['address'] ?? '';
  const others = [...connections.values()].filter(
    (one) =>
      asked !== undefined &&
      one.id !== connection &&
      one.remote === asked.remote &&
      addressOf(one) === addressOf(asked),
  );
  return [connection, ...others.map(({ id }) => id)];
}

/** Says of the movements of one connection what became of each in our book. */
export function movementStates(
  { movements, takenFigures, connections }: Known,
  connection: string,
): (seen: SeenMovement, nth: number) => MovementState {
  const accounts = sameAccount(connections, connection);
  const figures = accounts.flatMap((one) => takenFigures.get(one) ?? []);
  return (seen, nth) => {
    const { movement } = seen;
    if (accounts.some((one) => movements.taken.has(movementReference(one, movement.key, nth)))) return 'taken';
    return figures.some((taken) => takenOf(taken, movement).some((one) => isCovered(seen, one))) ? 'covered' : 'open';
  };
}

/** A remote that names no place with a movement keeps one figure an item. */
function takenOf(taken: ReadonlyMap<string, TakenFigure>, movement: RemoteMovement): readonly TakenFigure[] {
  const { remoteItem, remoteLocation } = movement;
  const one = taken.get(figureKey(remoteItem, remoteLocation));
  if (one !== undefined || remoteLocation !== '') return one === undefined ? [] : [one];
  return [...taken].flatMap(([key, figure]) => (key.startsWith(figureKey(remoteItem, '')) ? [figure] : []));
}

/**
 * A figure is read anew before it is taken, so that it holds all that was known by then. What became known later and
 * happened before is held to be in it: taken twice it would be wrong in silence, left out it shows as a difference.
 */
function isCovered({ movement, seq }: SeenMovement, taken: TakenFigure): boolean {
  return seq < taken.seq || movement.happenedAt <= taken.at;
}

/** The movements of others that our book does not have, by `figureKey`. */
export function openMovements(known: Known, connection: string): ReadonlyMap<string, readonly OpenMovement[]> {
  const stateOf = movementStates(known, connection);
  const open = new Map<string, OpenMovement[]>();
  for (const seen of known.movements.connections.get(connection)?.byKey.values() ?? []) {
    const { movement, times } = seen;
    for (let nth = 0; nth < times; nth += 1) {
      if (stateOf(seen, nth) !== 'open') continue;
      const key = figureKey(movement.remoteItem, movement.remoteLocation);
      const some = open.get(key);
      if (some) some.push({ movement, nth });
      else open.set(key, [{ movement, nth }]);
    }
  }
  return open;
}
