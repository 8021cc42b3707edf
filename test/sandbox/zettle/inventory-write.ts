import { formatQuantity } from '../../../shared/domain/quantity.ts';
import type { SandboxAnswer } from '../chassis/messages.ts';
import {
  answered,
  done,
  listOf,
  membersOf,
  notFound,
  numeral,
  refused,
  textOf,
  violated,
  type ApiCall,
  type Refusal,
  type Route,
} from './answers.ts';
import { rowOf } from './inventory-read.ts';
import { askedChange, moveAll } from './movements.ts';
import type { ZettleState } from './state.ts';

const WRITE = 'WRITE:PRODUCT';

/** The writes of the second generation (contracts: Zettle 3, rows 7 to 10). */
export function writeRoutes(state: ZettleState): readonly Route[] {
  const org = String.raw`^/organizations/([^/]+)`;
  return [
    { method: 'PUT', path: new RegExp(`${org}/inventory$`), scope: WRITE, answer: (call) => put(state, call) },
    {
      method: 'POST',
      path: new RegExp(`${org}/v2/inventory/bulk$`),
      scope: WRITE,
      answer: (call) => bulk(state, call),
    },
    {
      method: 'POST',
      path: new RegExp(`${org}/inventory$`),
      scope: WRITE,
      answer(call) {
        const uuid = textOf(membersOf(call.body)['productUuid']);
        const problem = startProblem(state, uuid);
        if (problem !== undefined) return refused(problem);
        startTracking(state, uuid);
        return balancesAfter(state, '', [uuid]);
      },
    },
    {
      method: 'DELETE',
      path: new RegExp(`${org}/inventory/products/([^/]+)$`),
      scope: WRITE,
      answer(_, [, uuid = '']) {
        const product = state.products.get(uuid);
        if (product === undefined) return refused(notFound('Product', uuid));
        product.tracked = false;
        return done();
      },
    },
  ];
}

function put(state: ZettleState, call: ApiCall): SandboxAnswer {
  const { changes, returnBalanceForLocationUuid, externalUuid } = membersOf(call.body);
  const rows = listOf(changes).slice(0, call.onlyChanges);
  if (rows.length === 0) return refused(violated('changes', 'MUST_NOT_BE_EMPTY', 'changes must not be empty'));
  const asked = rows.map((row, at) => askedChange(`changes[${at}]`, '', row));
  const problem = moveAll(state, asked, { externalUuid: textOf(externalUuid), tracked: new Set() });
  if (problem !== undefined) return refused(problem);
  const variants = new Set(asked.map((one) => one.variant));
  return balancesAfter(
    state,
    textOf(returnBalanceForLocationUuid),
    asked.map((one) => one.product),
    variants,
  );
}

type ProductChange = { where: string; product: string; tracking: string; rows: readonly unknown[] };

/** Tracking first, then movements; all products or none, unless the world takes them one by one. */
function bulk(state: ZettleState, call: ApiCall): SandboxAnswer {
  const { productChanges, returnBalanceForLocationUuid, externalUuid } = membersOf(call.body);
  const all = listOf(productChanges).map((row, at): ProductChange => {
    const { productUuid, trackingStatusChange, variantChanges } = membersOf(row);
    const where = `productChanges[${at}]`;
    return {
      where,
      product: textOf(productUuid),
      tracking: textOf(trackingStatusChange),
      rows: listOf(variantChanges),
    };
  });
  if (all.length === 0)
    return refused(violated('productChanges', 'MUST_NOT_BE_EMPTY', 'productChanges must not be empty'));
  const only = call.onlyChanges === undefined ? all : firstMovements(all, call.onlyChanges);
  const groups = state.behaviour.atomicRequests ? [only] : only.map((one) => [one]);
  for (const group of groups) {
    const problem = changeGroup(state, group, textOf(externalUuid));
    if (problem !== undefined) return refused(problem);
  }
  const moved = new Set(only.flatMap(({ rows }) => rows.map((row) => textOf(membersOf(row)['variantUuid']))));
  const location = textOf(returnBalanceForLocationUuid);
  // Without a location to report on the body may be empty.
  if (location === '') return done(200);
  return balancesAfter(
    state,
    location,
    only.map((one) => one.product),
    moved,
    'bare',
  );
}

function changeGroup(state: ZettleState, group: readonly ProductChange[], externalUuid: string): Refusal | undefined {
  const starting = group.filter((one) => one.tracking === 'START_TRACKING');
  for (const { product } of starting) {
    const problem = startProblem(state, product);
    if (problem !== undefined) return problem;
  }
  const unknown = group.find(({ product }) => !state.products.has(product));
  if (unknown !== undefined) return notFound('Product', unknown.product);
  const asked = group.flatMap(({ where, product, rows }) =>
    rows.map((row, at) => askedChange(`${where}.variantChanges[${at}]`, product, row)),
  );
  const problem =
    asked.length === 0
      ? undefined
      : moveAll(state, asked, { externalUuid, tracked: new Set(starting.map((one) => one.product)) });
  if (problem !== undefined && state.behaviour.atomicRequests) return problem;
  for (const { product } of starting) startTracking(state, product);
  for (const { product, tracking } of group) {
    const known = state.products.get(product);
    if (known !== undefined && tracking === 'STOP_TRACKING') known.tracked = false;
  }
  return problem;
}

function firstMovements(all: readonly ProductChange[], most: number): readonly ProductChange[] {
  let left = most;
  return all.flatMap((one) => {
    const rows = one.rows.slice(0, left);
    left -= rows.length;
    return rows.length === 0 ? [] : [{ ...one, rows }];
  });
}

function startProblem(state: ZettleState, uuid: string): Refusal | undefined {
  const product = state.products.get(uuid);
  if (product === undefined) return notFound('Product', uuid);
  if (product.tracked && state.behaviour.conflictWhenTracked)
    return { status: 409, errorType: 'ITEM_ALREADY_EXIST', message: `Product ${uuid} is tracked already` };
  return undefined;
}

/** The numbers of the last time come back: nothing is set to zero. */
function startTracking(state: ZettleState, uuid: string): void {
  const product = state.products.get(uuid);
  if (product !== undefined) product.tracked = true;
}

/** `variants`: only those. `bare`: rows without their location, as bulk answers have them. */
function balancesAfter(
  state: ZettleState,
  location: string,
  products: readonly string[],
  variants?: ReadonlySet<string>,
  shape: 'full' | 'bare' = 'full',
): SandboxAnswer {
  const place = state.locations.get(location) ?? state.storeOf();
  if (place === undefined) return refused(notFound('Location', location));
  const rows = [...new Set(products)].flatMap((product) =>
    (state.products.get(product)?.row.variants ?? [])
      .filter((variant) => variants === undefined || variants.has(variant.uuid))
      .map((variant) => {
        const balance = state.balance(place.uuid, variant.uuid);
        const text = state.behaviour.updateBalances === 'string' ? formatQuantity(balance) : numeral(balance);
        const row = rowOf(place, product, variant.uuid, text);
        return shape === 'full' ? row : { productUuid: product, variantUuid: variant.uuid, balance: text };
      }),
  );
  return answered({ locationUuid: place.uuid, variants: place.type === 'STORE' ? rows : [] });
}
