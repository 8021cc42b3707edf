import { deconetwork } from '../../../../shared/remotes/deconetwork/deconetwork.ts';
import { square } from '../../../../shared/remotes/square/square.ts';
import { zettle } from '../../../../shared/remotes/zettle/zettle.ts';
import { createDeconetworkSandbox } from '../../../sandbox/deconetwork/deconetwork-sandbox.ts';
import { createSquareSandbox } from '../../../sandbox/square/square-sandbox.ts';
import { createZettleSandbox } from '../../../sandbox/zettle/zettle-sandbox.ts';
import { openShop } from '../../sync/shop.ts';

/** Ten TEA in one bin and four OIL in two, and a Square that says the same. */
export const squareShop = () =>
  openShop({
    connector: square,
    sandbox: (clock) =>
      createSquareSandbox(
        {
          clock,
          square: {
            locations: [{ id: 'L1', name: 'Main' }],
            variations: [
              { id: 'V1', item: 'Tea', sku: 'TEA', stock: { L1: '10' } },
              { id: 'V2', item: 'Oil', sku: 'OIL', stock: { L1: '4' } },
            ],
          },
        },
        () => 0,
      ),
    settings: { baseUrl: 'https://square.example', mode: 'token' },
    secrets: { accessToken: 'sandbox-token' },
    skus: ['TEA', 'OIL'],
    opening: [
      ['TEA', 'A-1', '10'],
      ['OIL', 'A-1', '3'],
      ['OIL', 'A-2', '1'],
    ],
  });

const uuid = (kind: string, number: number) =>
  `${kind}${String(number).padStart(8 - kind.length, '0')}-5f0f-11ec-bf63-0242ac130002`;
export const TEA_VARIANT = uuid('30', 1);

/** Ten TEA at a Zettle, and WAX that is not tracked there. */
export const zettleShop = () =>
  openShop({
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
            products: [
              { uuid: uuid('20', 1), name: 'Tea', variants: [{ uuid: TEA_VARIANT, sku: 'TEA', balance: 10 }] },
              {
                uuid: uuid('20', 2),
                name: 'Wax',
                tracked: false,
                variants: [{ uuid: uuid('30', 2), sku: 'WAX', balance: 7 }],
              },
            ],
            apiKeys: { full: 'ok' },
          },
        },
        () => 0,
      ),
    settings: { address: 'https://zettle.example', clientId: 'client' },
    secrets: { apiKey: 'full' },
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
