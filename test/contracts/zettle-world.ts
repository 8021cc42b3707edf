import type { HttpClient } from '../../shared/ports/http-client.ts';
import type { ZettleAccount } from '../../shared/remotes/zettle/account.ts';
import { placeId, variantId, type Generation } from '../../shared/remotes/zettle/ids.ts';
import { openAccount, zettle } from '../../shared/remotes/zettle/zettle.ts';
import { sandboxHttpClient } from '../sandbox/chassis/http-client.ts';
import type { WholeZettleWorldInput, ZettleBehaviour, ZettleWorldInput } from '../sandbox/zettle/world.ts';
import { createZettleSandbox, type ZettleSandbox } from '../sandbox/zettle/zettle-sandbox.ts';
import { memoryTokens, testMeans, type MemoryTokens } from './remote-means.ts';

export const CLOCK = '2026-03-02T10:00:00.000Z';

/** Made-up UUIDs, of version 1 as Zettle's are. */
export const uuidOfTest = (kind: string, number: number): string =>
  `${kind}${String(number).padStart(8 - kind.length, '0')}-5f0f-11ec-bf63-0242ac130002`;

export const PLACES = {
  STORE: uuidOfTest('10', 1),
  BIN: uuidOfTest('10', 2),
  SOLD: uuidOfTest('10', 3),
  SUPPLIER: uuidOfTest('10', 4),
  ANNEX: uuidOfTest('10', 5),
};
const product = (number: number) => uuidOfTest('20', number);
const variant = (number: number) => uuidOfTest('30', number);

/** Products with one variant each, and one with two: tea in whole pieces, flour by the kilogram, hidden candles. */
export const PRODUCTS = { tea: product(1), cups: product(2), flour: product(3), candles: product(4), mats: product(5) };
export const VARIANTS = {
  tea: variant(1),
  cups: variant(2),
  flour: variant(3),
  candles: variant(4),
  mats: variant(5),
  bigTea: variant(6),
};
const itemOf = (name: keyof typeof PRODUCTS, one: string) => variantId({ product: PRODUCTS[name], variant: one });
export const ITEMS = {
  tea: itemOf('tea', VARIANTS.tea),
  bigTea: itemOf('tea', VARIANTS.bigTea),
  cups: itemOf('cups', VARIANTS.cups),
  flour: itemOf('flour', VARIANTS.flour),
  candles: itemOf('candles', VARIANTS.candles),
  mats: itemOf('mats', VARIANTS.mats),
  missing: variantId({ product: product(99), variant: variant(99) }),
};

/** The place's id, as the connector makes it of its locations. */
export function placeOf(generation: Generation, store: string = PLACES.STORE): string {
  return placeId({ generation, store, bin: PLACES.BIN, sold: PLACES.SOLD, supplier: PLACES.SUPPLIER });
}

export function zettleWorld(behaviour: Partial<ZettleBehaviour> = {}): WholeZettleWorldInput {
  return {
    clock: CLOCK,
    zettle: {
      organization: uuidOfTest('40', 1),
      locations: [
        { uuid: PLACES.STORE, type: 'STORE', name: 'Main Street', default: true },
        { uuid: PLACES.BIN, type: 'BIN' },
        { uuid: PLACES.SOLD, type: 'SOLD' },
        { uuid: PLACES.SUPPLIER, type: 'SUPPLIER' },
        { uuid: PLACES.ANNEX, type: 'STORE', name: 'Annex' },
      ],
      products: [
        {
          uuid: PRODUCTS.tea,
          name: 'Tea',
          variants: [
            { uuid: VARIANTS.tea, name: 'Small', sku: 'TEA-S', barcode: '0012345678905', balance: 12 },
            { uuid: VARIANTS.bigTea, name: 'Big', sku: 'TEA-B', balance: '0' },
          ],
        },
        {
          uuid: PRODUCTS.cups,
          name: 'Cups',
          variants: [{ uuid: VARIANTS.cups, sku: 'CUP', balance: '30', balances: { [PLACES.ANNEX]: '4' } }],
        },
        {
          uuid: PRODUCTS.flour,
          name: 'Flour',
          unitName: 'kg',
          variants: [{ uuid: VARIANTS.flour, sku: 'FLO', balance: '2.5' }],
        },
        {
          uuid: PRODUCTS.candles,
          name: 'Candles',
          tracked: false,
          variants: [{ uuid: VARIANTS.candles, sku: 'CAN', balance: '7' }],
        },
        { uuid: PRODUCTS.mats, name: 'Mats', tracked: false, variants: [{ uuid: VARIANTS.mats, sku: 'MAT' }] },
      ],
      apiKeys: { full: 'ok', read_only: ['READ:PRODUCT'], expired: 'expired' },
      behaviour,
    },
  };
}

export type ZettleDesk = {
  readonly sandbox: ZettleSandbox;
  readonly account: ZettleAccount;
  readonly remote: ReturnType<typeof zettle.open>;
  readonly tokens: MemoryTokens;
  readonly http: HttpClient;
};

/** An account at a sandbox without a socket. */
export function openDesk(
  behaviour: Partial<ZettleBehaviour> = {},
  settings: Readonly<Record<string, string>> = {},
  world: ZettleWorldInput = zettleWorld({ generation: settings['generation'] === 'v3' ? 'v3' : 'v2', ...behaviour }),
): ZettleDesk {
  const sandbox = createZettleSandbox(world, () => 0);
  const http = sandboxHttpClient(sandbox);
  const tokens = memoryTokens();
  const means = testMeans({ http, now: sandbox.control.now, tokens });
  const whole = {
    address: 'http://sandbox.invalid',
    generation: 'v2',
    clientId: 'client',
    apiKey: 'full',
    ...settings,
  };
  return { sandbox, http, tokens, account: openAccount(whole, means), remote: zettle.open(whole, means) };
}
