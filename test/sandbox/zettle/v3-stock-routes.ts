import type { SandboxAnswer } from '../chassis/messages.ts';
import {
  limitOf,
  listOf,
  notFound,
  numeral,
  paged,
  refused,
  textOf,
  violated,
  type ApiCall,
  type Route,
} from './answers.ts';
import type { ZettleState } from './state.ts';

const READ = 'READ:PRODUCT';

/** Stock of the third generation (contracts: Zettle 4), page after page. */
export function stockRoutes(state: ZettleState): readonly Route[] {
  /** What was asked for with a body, by the word that stands for it in the address of the next page. */
  const questions = new Map<string, readonly string[]>();
  return [
    { method: 'GET', path: /^\/v3\/stock$/, scope: READ, answer: (call) => page(state, call, stockRows(state, {})) },
    {
      method: 'GET',
      path: /^\/v3\/stock\/updates$/,
      scope: READ,
      answer(call) {
        const after = Date.parse(call.query.get('since') ?? '1970-01-01T00:00:00Z');
        if (Number.isNaN(after)) return refused(violated('since', 'MUST_MATCH_PATTERN', 'since is not a date'));
        return page(
          state,
          call,
          stockRows(state, {}).filter((row) => Date.parse(row.updated) > after),
        );
      },
    },
    {
      method: 'GET',
      path: /^\/v3\/stock\/([^/]+)$/,
      scope: READ,
      answer: (call, [store = '']) => stockOf(state, call, store),
    },
    {
      method: 'GET',
      path: /^\/v3\/stock\/([^/]+)\/products\/([^/]+)$/,
      scope: READ,
      answer: (call, [store = '', product = '']) => stockOf(state, call, store, [product]),
    },
    {
      method: 'POST',
      path: /^\/v3\/stock\/([^/]+)\/products$/,
      scope: READ,
      answer(call, [store = '']) {
        const products = listOf(call.body).map(textOf);
        const question = `q-${questions.size + 1}`;
        questions.set(question, products);
        const query = new URLSearchParams([...call.query, ['question', question]]);
        return stockOf(state, { ...call, query }, store, products);
      },
    },
    {
      method: 'GET',
      path: /^\/v3\/stock\/([^/]+)\/products$/,
      scope: READ,
      answer(call, [store = '']) {
        const products = questions.get(call.query.get('question') ?? '');
        return products === undefined
          ? refused(violated('cursor', 'MUST_NOT_BE_NULL', 'Not the address of a page'))
          : stockOf(state, call, store, products);
      },
    },
  ];
}

/** One page of rows, by `cursor` and `limit`. */
export function page(state: ZettleState, call: ApiCall, rows: readonly unknown[]): SandboxAnswer {
  const limit = limitOf(call, { fallback: 100, most: 1000 });
  if (typeof limit !== 'number') return refused(limit);
  if (limit > 1000) return refused(violated('limit', 'INVALID_RANGE', 'limit is out of range'));
  return paged(call, rows, { size: Math.min(limit, state.behaviour.pageRows), cursorName: 'cursor' });
}

function stockOf(state: ZettleState, call: ApiCall, store: string, products?: readonly string[]): SandboxAnswer {
  if (!state.locations.has(store)) return refused(notFound('Inventory', store));
  const unknown = products?.find((product) => !state.products.has(product));
  if (unknown !== undefined && state.behaviour.refusesUnknownProducts) return refused(notFound('Product', unknown));
  return page(state, call, stockRows(state, { store, ...(products === undefined ? {} : { products }) }));
}

type Wanted = { store?: string; products?: readonly string[] };

/** Tracked products only, at STOREs only. */
function stockRows(state: ZettleState, { store, products }: Wanted): { updated: string; [member: string]: unknown }[] {
  const stores = [...state.locations.values()].filter(
    ({ uuid, type }) => type === 'STORE' && (store === undefined || uuid === store),
  );
  const some = products === undefined ? [...state.products.values()] : products.map((uuid) => state.products.get(uuid));
  return stores.flatMap((place) =>
    some.flatMap((product) =>
      product?.tracked !== true
        ? []
        : product.row.variants.flatMap((variant) => {
            const balance = state.balance(place.uuid, variant.uuid);
            if (balance === 0n && !state.behaviour.zeroRows) return [];
            const low = state.lowStock.get(`${place.uuid}|${variant.uuid}`);
            const updated = new Date(state.changedAt(place.uuid, variant.uuid)).toISOString();
            return [
              {
                organizationUuid: state.organization,
                inventoryUuid: place.uuid,
                productUuid: product.row.uuid,
                variantUuid: variant.uuid,
                balance: numeral(balance),
                lowStockLevel: low?.level === undefined || low.level === null ? null : Number(low.level),
                lowStockAlert: low?.alert ?? false,
                updated,
                checksum: String(state.movements.length),
              },
            ];
          }),
    ),
  );
}
