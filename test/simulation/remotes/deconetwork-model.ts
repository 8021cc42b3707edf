import { deconetwork } from '../../../shared/remotes/deconetwork/deconetwork.ts';
import { WHOLE_SITE } from '../../../shared/remotes/deconetwork/stock.ts';
import { createDeconetworkSandbox } from '../../sandbox/deconetwork/deconetwork-sandbox.ts';
import { stepsOf } from '../steps.ts';
import { createOthers, type ModelParts, type RemoteModel, type RemoteThing } from './remote-model.ts';

const PIECE = 100_000;

/** DecoNetwork as its sandbox plays it: read only, one figure an item, events without ids on pages that shift. */
export function deconetworkModel({ random, now, isOdd, hasGhost }: ModelParts): RemoteModel {
  const things: RemoteThing[] = Array.from({ length: random.between(1, 4) }, (_, at) => ({
    sku: `D${at}`,
    remoteItem: `13_${at}`,
    precision: 0,
    exists: true,
  }));
  const opening = stepsOf('5000');
  const inventory = things.map(({ remoteItem }, at) => ({
    dn_sku_id: remoteItem,
    inventory_id: 100 + at,
    product_id: 13,
    inv_lvl: opening / PIECE,
  }));
  if (hasGhost) things.push({ sku: 'GHOST', remoteItem: '13_none', precision: 0, exists: false });
  const sandbox = createDeconetworkSandbox(
    {
      deconetwork: {
        inventory,
        behaviour: isOdd
          ? {
              betweenIncludesEnds: random.chance(0.5),
              sort: random.pick(['rising', 'falling', 'none'] as const),
              sortby: random.pick(['fields', 'ignored'] as const),
              shufflesTies: random.chance(0.5),
              pageRows: random.pick([2, 5, 100]),
              successCode: random.pick([10001, 10002, 10005]),
              refusalStatus: random.pick([200, 400]),
            }
          : {},
      },
    },
    now,
  );
  const { control } = sandbox;
  const figure: RemoteModel['figure'] = (thing) => stepsOf(control.quantity(thing.remoteItem) ?? '0');
  return {
    connector: deconetwork,
    settings: { address: 'https://shop.invalid', username: 'stock' },
    secrets: { password: 'sandbox-password' },
    things,
    places: [WHOLE_SITE],
    opening,
    reply: sandbox.reply,
    fault: control.fault,
    isChange: () => false,
    isTokenCall: () => false,
    ...createOthers(
      now,
      (thing, _, steps) => control.sale({ dn_sku_id: thing.remoteItem, quantity: -steps / PIECE }),
      figure,
    ),
    expireToken: control.expireToken,
    restoreToken: control.restoreToken,
  };
}
