import type { DriftRow } from '../../shared/sync/seen/reconcile.ts';
import type { SendingState } from '../../renderer/ledger/sending-state.ts';
import { keyOf } from './keys.ts';
import type { RemoteModel, RemoteThing } from './remotes/remote-model.ts';
import { stepsOf } from './steps.ts';
import type { World } from './world.ts';
import { figureKey } from '../../shared/ports/figure-key.ts';

export type PageView = {
  readonly world: World;
  readonly connection: string;
  readonly model: RemoteModel;
  readonly things: readonly RemoteThing[];
  readonly state: SendingState;
  readonly drift: readonly DriftRow[];
  /** Places whose figure nobody can be blamed for. */
  readonly isExcused: (key: string) => boolean;
};

/** I3 as the page shows it, after a last pull: the figures are the remote's, and where the books agree it says so. */
export function judgeFiguresSeen({ world, connection, model, things, state, drift, isExcused }: PageView): void {
  const figures = state.observations.get(connection)?.figures;
  for (const thing of things) {
    for (const place of model.places) {
      const key = keyOf(thing, place);
      const seen = figures?.get(figureKey(thing.remoteItem, place))?.quantity ?? null;
      if (!thing.exists) {
        if (seen !== null) world.violate('I3', `${connection} sees ${seen} of ${key}, which is not there`);
        continue;
      }
      const theirs = model.figure(thing, place);
      if (!isExcused(key) && (seen === null || stepsOf(seen) !== theirs))
        world.violate('I3', `${connection} sees ${seen ?? 'nothing'} of ${key}, it is ${theirs / 100_000}`);
      const row = drift.find((one) => one.remoteItem === thing.remoteItem && one.remoteLocation === place);
      if (!model.connector.abilities.readOnly && !isExcused(key) && row?.state !== 'reconciled')
        world.violate(
          'I3',
          `${connection} calls ${key} ${row?.state ?? 'nothing'}: ours ${row?.ours}, theirs ${row?.theirs}`,
        );
    }
  }
}

/** What others did, each once: nothing lost between pages and windows, nothing met twice. */
export function judgeMovementsSeen({ world, connection, model, things, state }: PageView): void {
  if (!model.connector.abilities.movements) return;
  const read = state.movements.connections.get(connection);
  const since = state.connections.get(connection)?.since;
  if (read?.readTo === undefined || since === undefined) {
    world.violate('I10', `${connection} has read no movements`);
    return;
  }
  for (const thing of things) {
    const did = model
      .othersDid()
      .filter((one) => one.remoteItem === thing.remoteItem && one.at < Date.parse(read.readTo ?? ''));
    const theirs = did.reduce((sum, one) => sum + one.steps, 0);
    const ours = [...read.byKey.values()]
      .filter(({ movement }) => movement.remoteItem === thing.remoteItem)
      .reduce((sum, { movement, times }) => sum + times * stepsOf(movement.quantity), 0);
    if (ours !== theirs)
      world.violate(
        'I3',
        `${connection} has heard of movements of ${thing.remoteItem} by ${ours / 100_000}, they were ${theirs / 100_000}`,
      );
  }
}
