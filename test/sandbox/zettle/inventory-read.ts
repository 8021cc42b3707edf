import { formatQuantity } from '../../../shared/domain/quantity.ts';
import type { SandboxAnswer } from '../chassis/messages.ts';
import { answered, listOf, membersOf, notFound, numeral, refused, textOf, violated, type Route } from './answers.ts';
import type { Location, ZettleState } from './state.ts';

const READ = 'READ:PRODUCT';

/** The reads of the second generation (contracts: Zettle 3, rows 1 to 6). Zero is left out; tracked products are named. */
export function readRoutes(state: ZettleState): readonly Route[] {
  const org = String.raw`^/organizations/([^/]+)`;
  return [
    {
      method: 'GET',
      path: new RegExp(`${org}/locations$`),
      scope: READ,
      answer: () => answered(listLocations(state)),
    },
    {
      method: 'GET',
      path: /^\/inventory$/,
      scope: READ,
      answer(call) {
        const store = state.storeOf();
        if (store === undefined) return refused(notFound('Location', 'STORE'));
        const since = call.query.get('since');
        const after = since === null ? Number.NEGATIVE_INFINITY : Date.parse(since);
        if (Number.isNaN(after)) return refused(violated('since', 'MUST_MATCH_PATTERN', 'since is not a date'));
        return whole(state, store, { after, latest: state.movements.length });
      },
    },
    {
      method: 'GET',
      path: new RegExp(`${org}/inventory/locations/$`),
      scope: READ,
      answer(call) {
        const type = call.query.get('type') ?? '';
        const found =
          type === 'STORE' ? state.storeOf() : [...state.locations.values()].find((one) => one.type === type);
        return found === undefined
          ? refused(violated('type', 'UNKNOWN', `No location of type ${type}`))
          : whole(state, found);
      },
    },
    {
      method: 'GET',
      path: new RegExp(`${org}/inventory/locations/([^/]+)$`),
      scope: READ,
      answer(_, [, uuid = '']) {
        const location = state.locations.get(uuid);
        return location === undefined ? refused(notFound('Location', uuid)) : whole(state, location);
      },
    },
    {
      method: 'GET',
      path: new RegExp(`${org}/inventory/locations/([^/]+)/products/([^/]+)$`),
      scope: READ,
      answer(_, [, uuid = '', product = '']) {
        const location = state.locations.get(uuid);
        if (location === undefined) return refused(notFound('Location', uuid));
        const known = state.products.get(product);
        if (known === undefined) return refused(notFound('Product', product));
        if (!known.tracked)
          return refused({
            status: 404,
            errorType: 'PRODUCT_NOT_TRACKED',
            message: `Product ${product} is not tracked`,
          });
        return answered({ locationUuid: uuid, variants: balanceRows(state, location, [product]) });
      },
    },
    {
      method: 'POST',
      path: new RegExp(`${org}/inventory/products$`),
      scope: READ,
      answer(call) {
        const { locationType, productUuids } = membersOf(call.body);
        const type = textOf(locationType);
        const location =
          type === 'STORE' ? state.storeOf() : [...state.locations.values()].find((one) => one.type === type);
        if (location === undefined) return refused(notFound('Location', type));
        const products = listOf(productUuids).map(textOf);
        const unknown = products.find((product) => !state.products.has(product));
        if (unknown !== undefined && state.behaviour.refusesUnknownProducts)
          return refused(notFound('Product', unknown));
        return answered({
          locationUuid: location.uuid,
          trackedProducts: products.filter((product) => state.products.get(product)?.tracked === true),
          variants: balanceRows(state, location, products),
        });
      },
    },
  ];
}

/** Locations as the second generation lists them: one STORE only. */
function listLocations(state: ZettleState): readonly Location[] {
  const isUsed = [...state.products.values()].some((product) => product.tracked);
  if (!state.behaviour.locationsFromTheStart && !isUsed) return [];
  const store = state.storeOf();
  return [...state.locations.values()].filter((one) => one.type !== 'STORE' || one === store);
}

function whole(state: ZettleState, location: Location, more: { after?: number; latest?: number } = {}): SandboxAnswer {
  const { after = Number.NEGATIVE_INFINITY, latest } = more;
  const tracked = [...state.products.values()].filter((product) => product.tracked).map(({ row }) => row.uuid);
  const rows = balanceRows(state, location, tracked).filter(
    (row) => after === Number.NEGATIVE_INFINITY || state.changedAt(location.uuid, row.variantUuid) > after,
  );
  const members = { locationUuid: location.uuid, trackedProducts: tracked, variants: rows };
  return answered(latest === undefined ? members : { ...members, latest });
}

export type BalanceRow = {
  readonly locationUuid: string;
  readonly locationType: string;
  readonly productUuid: string;
  readonly variantUuid: string;
  readonly balance: string;
};

/** Rows of tracked products. Virtual places report nothing. */
function balanceRows(state: ZettleState, location: Location, products: readonly string[]): BalanceRow[] {
  if (location.type !== 'STORE') return [];
  return products.flatMap((uuid) => {
    const product = state.products.get(uuid);
    if (product?.tracked !== true) return [];
    return product.row.variants.flatMap((variant) => {
      const balance = state.balance(location.uuid, variant.uuid);
      if (balance === 0n && !state.behaviour.zeroRows) return [];
      const text = state.behaviour.readBalances === 'string' ? formatQuantity(balance) : numeral(balance);
      return [rowOf(location, uuid, variant.uuid, text)];
    });
  });
}

export function rowOf(location: Location, productUuid: string, variantUuid: string, balance: string): BalanceRow {
  return { locationUuid: location.uuid, locationType: location.type, productUuid, variantUuid, balance };
}
