import type { Host } from '../../../shared/ports/host.ts';
import type { RemoteConnector } from '../../../shared/ports/remote-inventory.ts';
import { deconetwork } from '../../../shared/remotes/deconetwork/deconetwork.ts';
import { shiphero } from '../../../shared/remotes/shiphero/shiphero.ts';
import { square } from '../../../shared/remotes/square/square.ts';
import { zettle } from '../../../shared/remotes/zettle/zettle.ts';
import { createDeconetworkSandbox } from '../../sandbox/deconetwork/deconetwork-sandbox.ts';
import { createShipheroSandbox } from '../../sandbox/shiphero/shiphero.ts';
import { createSquareSandbox } from '../../sandbox/square/square-sandbox.ts';
import { createZettleSandbox } from '../../sandbox/zettle/zettle-sandbox.ts';
import type { WholeZettleWorldInput } from '../../sandbox/zettle/world.ts';
import { openShop, type ShopPlan } from './shop.ts';

/** Ten TEA in one bin and four OIL in two, and a Square that says the same. `connector` and `host` may be altered. */
export const squareShop = ({
  connector = square,
  host = (real) => real,
  aheadMs = 0,
  oilThere = '4',
  oil = [
    ['OIL', 'A-1', '3'],
    ['OIL', 'A-2', '1'],
  ],
}: {
  connector?: RemoteConnector;
  host?: (host: Host) => Host;
  oil?: ShopPlan<unknown>['opening'];
  aheadMs?: number;
  oilThere?: string | null;
} = {}) =>
  openShop({
    connector,
    host,
    aheadMs,
    sandbox: (clock) =>
      createSquareSandbox(
        {
          clock,
          square: {
            locations: [{ id: 'L1', name: 'Main' }],
            variations: [
              { id: 'V1', item: 'Tea', sku: 'TEA', stock: { L1: '10' } },
              { id: 'V2', item: 'Oil', sku: 'OIL', stock: oilThere === null ? {} : { L1: oilThere } },
            ],
          },
        },
        () => 0,
      ),
    settings: { baseUrl: 'https://square.example', mode: 'token' },
    secrets: { accessToken: 'sandbox-token' },
    skus: ['TEA', 'OIL'],
    bins: ['A-1', 'A-2', 'A-3'],
    opening: [['TEA', 'A-1', '10'], ...oil],
  });

/** The warehouse of `shipheroShop`. */
export const MAIN = 'V2FyZWhvdXNlOjExNzkw';

/** TEA and CUP in one bin, which a ShipHero knows by its name. */
export const shipheroShop = ({
  opening = [
    ['TEA', 'A-1', '10'],
    ['CUP', 'A-1', '5'],
  ],
}: { opening?: ShopPlan<unknown>['opening'] } = {}) =>
  openShop({
    connector: shiphero,
    sandbox: (clock) =>
      createShipheroSandbox(
        {
          clock,
          shiphero: {
            warehouses: [{ id: MAIN, identifier: 'Main' }],
            locations: [{ id: 'QmluOjE=', warehouse: MAIN, name: 'A-1' }],
            products: [
              { sku: 'TEA', name: 'Tea', stock: { 'QmluOjE=': 10 } },
              { sku: 'CUP', name: 'Cups', stock: { 'QmluOjE=': 5 } },
            ],
          },
        },
        () => 0,
        { fetchFile: async () => ({ status: 404, text: '' }) },
      ),
    settings: { baseUrl: 'https://shiphero.example', username: 'stock@example.com' },
    secrets: { password: 'sandbox-password' },
    skus: ['TEA', 'CUP'],
    opening,
  });

/** Ids of Zettle as `zettleShop` gives them. */
export const uuid = (kind: string, number: number) =>
  `${kind}${String(number).padStart(8 - kind.length, '0')}-5f0f-11ec-bf63-0242ac130002`;
export const TEA_VARIANT = uuid('30', 1);

type ZettleWorld = WholeZettleWorldInput['zettle'];
type ZettlePlan = Pick<ShopPlan<unknown>, 'skus' | 'opening' | 'host' | 'between'> &
  Pick<ZettleWorld, 'products' | 'behaviour'>;

/** A Zettle of one store with these products. */
export const openZettle = ({ products, behaviour, ...plan }: ZettlePlan) =>
  openShop({
    ...plan,
    connector: zettle,
    sandbox: (clock) =>
      createZettleSandbox(
        {
          clock,
          zettle: {
            organization: uuid('40', 1),
            locations: (['STORE', 'BIN', 'SOLD', 'SUPPLIER'] as const).map((type, number) => ({
              uuid: uuid('10', number + 1),
              type,
              name: 'Main',
            })),
            products,
            apiKeys: { full: 'ok' },
            ...(behaviour && { behaviour }),
          },
        },
        () => 0,
      ),
    settings: { address: 'https://zettle.example', clientId: 'client' },
    secrets: { apiKey: 'full' },
  });

/** Ten TEA at a Zettle, and WAX that is not tracked there. */
export const zettleShop = (more: Partial<Parameters<typeof openZettle>[0]> = {}) =>
  openZettle({
    ...more,
    products: [
      { uuid: uuid('20', 1), name: 'Tea', variants: [{ uuid: TEA_VARIANT, sku: 'TEA', balance: 10 }] },
      { uuid: uuid('20', 2), name: 'Wax', tracked: false, variants: [{ uuid: uuid('30', 2), sku: 'WAX', balance: 7 }] },
    ],
    skus: ['TEA', 'WAX'],
    opening: [
      ['TEA', 'A-1', '10'],
      ['WAX', 'A-1', '3'],
    ],
  });

/** TEA in two bins, and a DecoNetwork that tells what others changed. */
export const decoShop = () =>
  openShop({
    connector: deconetwork,
    sandbox: (clock) =>
      createDeconetworkSandbox(
        {
          clock,
          username: 'stock',
          password: 'sandbox-password',
          events: [{ dn_sku_id: '13_691', new_qty: 12, created_at: '2026-11-01T09:00:00' }],
          inventory: [{ dn_sku_id: '13_691', sku: 'TEA' }],
        },
        () => 0,
      ),
    settings: { address: 'https://deco.example', username: 'stock' },
    secrets: { password: 'sandbox-password' },
    skus: ['TEA'],
    opening: [
      ['TEA', 'A-1', '10'],
      ['TEA', 'A-2', '2'],
    ],
  });
