import { placeId } from '../../../shared/remotes/zettle/ids.ts';
import { zettle } from '../../../shared/remotes/zettle/zettle.ts';
import { createZettleSandbox } from '../../sandbox/zettle/zettle-sandbox.ts';
import { stepsOf, textOf } from '../steps.ts';
import { createOthers, type ModelParts, type RemoteModel, type RemoteThing } from './remote-model.ts';

const KEY = 'sandbox-key';
const VIRTUAL = { bin: 'loc-bin', sold: 'loc-sold', supplier: 'loc-supplier' };

/** Zettle as its sandbox plays it: no keys, no references, nothing but figures. */
export function zettleModel({ random, now, isOdd, hasGhost }: ModelParts): RemoteModel {
  const generation = random.chance(0.3) ? ('v3' as const) : ('v2' as const);
  const stores = generation === 'v3' && random.chance(0.4) ? ['loc-store', 'loc-store-2'] : ['loc-store'];
  const things: RemoteThing[] = Array.from({ length: random.between(1, 4) }, (_, at) => ({
    sku: `Z${at}`,
    // Two variants of one product now and then: refusals and tracking are about products.
    remoteItem: `p${at - (at % 2)}:v${at}`,
    precision: random.chance(0.25) ? random.between(1, 3) : 0,
    exists: true,
  }));
  const opening = stepsOf('5000');
  const products = [...new Set(things.map(({ remoteItem }) => remoteItem.split(':')[0] ?? ''))].map((uuid) => ({
    uuid,
    name: uuid,
    unitName: 'kg',
    tracked: true,
    variants: things
      .filter(({ remoteItem }) => remoteItem.startsWith(`${uuid}:`))
      .map(({ sku, remoteItem }) => ({
        uuid: remoteItem.split(':')[1] ?? '',
        sku,
        balances: Object.fromEntries(stores.map((store) => [store, textOf(opening)])),
      })),
  }));
  if (hasGhost) things.push({ sku: 'GHOST', remoteItem: 'p-none:v-none', precision: 0, exists: false });
  const sandbox = createZettleSandbox(
    {
      zettle: {
        locations: [
          ...stores.map((uuid, at) => ({ uuid, type: 'STORE' as const, default: at === 0 })),
          { uuid: VIRTUAL.bin, type: 'BIN' },
          { uuid: VIRTUAL.sold, type: 'SOLD' },
          { uuid: VIRTUAL.supplier, type: 'SUPPLIER' },
        ],
        products,
        apiKeys: { [KEY]: 'ok' },
        behaviour: isOdd
          ? {
              readBalances: random.pick(['string', 'number'] as const),
              updateBalances: random.pick(['string', 'number'] as const),
              zeroRows: random.chance(0.5),
              atomicRequests: random.chance(0.5),
              namesCulprit: random.pick(['message', 'violations', 'nowhere'] as const),
              tokenLifeMs: random.pick([60_000, 7_200_000]),
            }
          : {},
      },
    },
    now,
  );
  const { control } = sandbox;
  const placeOf = new Map(stores.map((store) => [placeId({ generation, store, ...VIRTUAL }), store]));
  const figure: RemoteModel['figure'] = (thing, place) =>
    stepsOf(control.quantity(thing.remoteItem, placeOf.get(place)));
  return {
    connector: zettle,
    settings: { address: 'https://zettle.invalid', generation, clientId: 'client' },
    secrets: { apiKey: KEY },
    things,
    places: [...placeOf.keys()],
    opening,
    reply: sandbox.reply,
    fault: control.fault,
    isChange: ({ method, url }) =>
      (method === 'PUT' && url.pathname.endsWith('/inventory')) ||
      (method === 'POST' && url.pathname === '/v3/movements'),
    isTokenCall: ({ url }) => url.pathname === '/token',
    ...createOthers(
      now,
      (thing, place, steps) => {
        const moved = { variant: thing.remoteItem, quantity: textOf(Math.abs(steps)), location: placeOf.get(place) };
        if (steps < 0) control.sale(moved);
        else control.turn({ kind: 'delivery', ...moved });
      },
      figure,
    ),
    expireToken: control.expireToken,
    // A connector gets another token by itself.
    restoreToken: () => undefined,
  };
}
