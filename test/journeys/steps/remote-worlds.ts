import type { WorldInput as DeconetworkWorld } from '../../sandbox/deconetwork/world.ts';
import type { WorldInput as SquareWorld } from '../../sandbox/square/world.ts';
import type { WholeZettleWorldInput } from '../../sandbox/zettle/world.ts';
import type { LongAgo } from './counted-long-ago.ts';
import { SQUARE_LOCATION, variationOf } from './square-world.ts';

export { SQUARE_LOCATION, variationOf };

/** Zettle names everything by UUID; these are made from what they name. */
const uuidOf = (kind: string, at: number) => `${kind}0000-0000-1000-8000-${String(at).padStart(12, '0')}`;
const STORE = uuidOf('aaaa', 1);
export const ZETTLE_KEY = 'sandbox-api-key';
export const SHIPHERO_TOKEN = 'sandbox-refresh-token';
export const SHIPHERO_WAREHOUSE = 'V2FyZWhvdXNlOjE=';

/** What people are let in through when they sign in at Square. Nothing answers at its address. */
export const SQUARE_APPLICATION = { id: 'tallybook', redirectUrl: 'https://tallybook.invalid/signed-in' } as const;

/** What each of four remotes holds, in agreement with our book from before the count. */
export function squareWorldOf(count: LongAgo, token: string): SquareWorld {
  return {
    tokens: { [token]: 'ok' },
    square: {
      applications: [SQUARE_APPLICATION],
      merchant: 'Cold Store Ltd',
      locations: [{ id: SQUARE_LOCATION, name: count.site }],
      variations: count.items.map(({ sku, name }) => ({
        id: variationOf(sku),
        item: `${name} ${sku}`,
        name,
        sku,
        stock: { [SQUARE_LOCATION]: String(count.bookBefore.get(sku) ?? 0) },
      })),
    },
  };
}

/** The variant under which Zettle keeps an item. */
export function variantOf(count: LongAgo, item: string): string {
  return uuidOf('bbbb', count.items.findIndex(({ sku }) => sku === item) + 1);
}

/** `untracked`: items that nobody at Zettle keeps a figure of; an old one of 99 is hidden there. */
export function zettleWorldOf(count: LongAgo, untracked: readonly string[]): WholeZettleWorldInput {
  return {
    zettle: {
      apiKeys: { [ZETTLE_KEY]: 'ok' },
      locations: [
        { uuid: STORE, type: 'STORE', name: count.site, default: true },
        { uuid: uuidOf('aaaa', 2), type: 'SUPPLIER' },
        { uuid: uuidOf('aaaa', 3), type: 'BIN' },
        { uuid: uuidOf('aaaa', 4), type: 'SOLD' },
      ],
      products: count.items.map(({ sku, name }, at) => ({
        uuid: uuidOf('cccc', at + 1),
        name,
        tracked: !untracked.includes(sku),
        variants: [
          {
            uuid: uuidOf('bbbb', at + 1),
            sku,
            barcode: sku,
            balance: untracked.includes(sku) ? 99 : (count.bookBefore.get(sku) ?? 0),
          },
        ],
      })),
      behaviour: { rateLimit: { perSecond: 5 } },
    },
  };
}

/** The id of a bin's place at ShipHero. */
export function placeOf(bin: string): string {
  return `QmluOi0t${bin}`;
}

type ShipheroGaps = {
  /** Bins that it has no place for. */
  readonly missing?: readonly string[];
  /** Items that its warehouse has never had. */
  readonly unknown?: readonly string[];
  /** Its own refill unless something is said; waiting for credits is no part of every journey. */
  readonly creditsPerSecond?: number;
};

/** A ShipHero whose places are our bins, but for some gaps. */
export function shipheroWorldOf(
  count: LongAgo,
  { missing = [], unknown = [], creditsPerSecond }: ShipheroGaps,
): unknown {
  const stock = new Map<string, Record<string, number>>();
  for (const { item, bin, book } of [...count.lines, ...count.uncounted]) {
    if (missing.includes(bin)) continue;
    const places = stock.get(item) ?? {};
    stock.set(item, { ...places, [placeOf(bin)]: (places[placeOf(bin)] ?? 0) + book });
  }
  return {
    shiphero: {
      user: { username: 'stock@example.com', refreshToken: SHIPHERO_TOKEN },
      ...(creditsPerSecond === undefined ? {} : { credits: { perSecond: creditsPerSecond } }),
      warehouses: [{ id: SHIPHERO_WAREHOUSE, identifier: count.site }],
      locations: count.bins
        .filter((bin) => !missing.includes(bin))
        .map((bin) => ({ id: placeOf(bin), warehouse: SHIPHERO_WAREHOUSE, name: bin })),
      products: count.items.map(({ sku, name }) => {
        const product = { sku, name, barcode: sku };
        return unknown.includes(sku) ? { ...product, warehouses: [] } : { ...product, stock: stock.get(sku) ?? {} };
      }),
    },
  };
}

export const DECONETWORK_LOGIN = { username: 'counter', password: 'events-password' };

/** A site that tells of sales of these items, each `pieces` at that time; it calls them by our SKUs. */
export function deconetworkWorldOf(
  sold: readonly { item: string; before: number; pieces: number; at: string }[],
): DeconetworkWorld {
  return {
    deconetwork: {
      ...DECONETWORK_LOGIN,
      site: 'normal',
      events: sold.map(({ item, before, pieces, at }, index) => ({
        inventory_id: 1000 + index,
        product_id: 2000 + index,
        dn_sku_id: `13_${item}`,
        created_at: at.slice(0, 19),
        change_type: 2,
        old_qty: before,
        new_qty: before - pieces,
      })),
      inventory: sold.map(({ item }) => ({ dn_sku_id: `13_${item}`, sku: item })),
    },
  };
}
