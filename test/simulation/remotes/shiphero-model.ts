import { placeId } from '../../../shared/remotes/shiphero/place-id.ts';
import { shiphero } from '../../../shared/remotes/shiphero/shiphero.ts';
import { createShipheroSandbox } from '../../sandbox/shiphero/shiphero.ts';
import { stepsOf } from '../steps.ts';
import { createOthers, type ModelParts, type RemoteModel, type RemoteThing } from './remote-model.ts';

const WAREHOUSE = 'V2FyZWhvdXNlOjE=';
const PIECE = 100_000;

/** ShipHero as its sandbox plays it: bins, one line a request, no keys, our reference in the reason. */
export function shipheroModel({ random, now, isOdd, hasGhost }: ModelParts): RemoteModel {
  const names = random.chance(0.5) ? ['A-01', 'A-02'] : ['A-01'];
  const locations = names.map((name, at) => ({ id: `TG9jYXRpb246${at}`, warehouse: WAREHOUSE, name }));
  const things: RemoteThing[] = Array.from({ length: random.between(1, 4) }, (_, at) => ({
    sku: `S${at}`,
    remoteItem: `S${at}`,
    precision: 0,
    exists: true,
  }));
  const opening = stepsOf('5000');
  const products = things.map(({ sku }) => ({
    sku,
    name: sku,
    stock: Object.fromEntries(locations.map(({ id }) => [id, opening / PIECE])),
  }));
  if (hasGhost) things.push({ sku: 'GHOST', remoteItem: 'GHOST', precision: 0, exists: false });
  const sandbox = createShipheroSandbox(
    {
      shiphero: {
        credits: isOdd ? { max: random.pick([1_001, 4_004]), perSecond: random.pick([15, 60]) } : {},
        warehouses: [{ id: WAREHOUSE, identifier: 'Primary' }],
        locations,
        products,
        behaviour: isOdd
          ? {
              creditsStatus: random.pick([200, 429] as const),
              creditsMembers: random.pick(['beside', 'extensions', 'none'] as const),
              tokenError: random.pick(['401', '403', 'errors'] as const),
              refreshRotates: random.chance(0.5),
              changesLagMs: random.pick([0, 0, 20_000, 180_000]),
              previousOnHand: random.pick(['warehouse', 'location'] as const),
              logsUnchanged: random.chance(0.5),
              reasonLength: random.pick([1_000, 40, 20]),
              refusalCodes: random.chance(0.5),
              order: random.pick(['oldest', 'newest'] as const),
            }
          : {},
      },
    },
    now,
  );
  const { control } = sandbox;
  const places = new Map(
    locations.map(({ id, name }) => [placeId({ warehouse: WAREHOUSE, location: id, name }) ?? '', id]),
  );
  const figure: RemoteModel['figure'] = (thing, place) =>
    (control.quantity(thing.sku, places.get(place) ?? '') ?? 0) * PIECE;
  return {
    connector: shiphero,
    settings: { baseUrl: 'https://shiphero.invalid', username: 'stock@example.com' },
    secrets: { password: 'sandbox-password' },
    things,
    places: [...places.keys()],
    opening,
    reply: sandbox.reply,
    fault: control.fault,
    isChange: ({ url, text }) => url.pathname === '/graphql' && /mutation/.test(text.slice(0, 40)),
    isTokenCall: ({ url }) => url.pathname.startsWith('/auth/'),
    ...createOthers(
      now,
      (thing, place, steps) => {
        control.sale({ sku: thing.sku, location: places.get(place), quantity: -steps / PIECE });
      },
      figure,
    ),
    expireToken: control.expireToken,
    restoreToken: () => undefined,
  };
}
