import type { SandboxAnswer } from '../chassis/messages.ts';
import {
  answered,
  done,
  limitOf,
  listOf,
  membersOf,
  notFound,
  paged,
  refused,
  textOf,
  violated,
  type ApiCall,
  type Route,
} from './answers.ts';
import type { Product, ZettleState } from './state.ts';
import type { WorldProduct } from './world.ts';

const READ = 'READ:PRODUCT';
const WRITE = 'WRITE:PRODUCT';

/** The product library (contracts: Zettle 5). */
export function productRoutes(state: ZettleState): readonly Route[] {
  const org = String.raw`^/organizations/([^/]+)`;
  return [
    { method: 'GET', path: new RegExp(`${org}/library$`), scope: READ, answer: (call) => library(state, call) },
    {
      method: 'GET',
      path: new RegExp(`${org}/products/v2$`),
      scope: READ,
      answer: () => answered([...state.products.values()].map(productOf)),
    },
    {
      method: 'GET',
      path: new RegExp(`${org}/products/([^/]+)$`),
      scope: READ,
      answer(call, [, uuid = '']) {
        const product = state.products.get(uuid);
        if (product === undefined) return refused(notFound('Product', uuid));
        const etag = etagOf(product);
        if (call.headers['if-none-match'] === etag) return done(304, { etag });
        return answered(productOf(product), { headers: { etag } });
      },
    },
    { method: 'POST', path: new RegExp(`${org}/products$`), scope: WRITE, answer: (call) => create(state, call) },
    {
      method: 'PUT',
      path: new RegExp(`${org}/products/v2/([^/]+)$`),
      scope: WRITE,
      answer(call, [, uuid = '']) {
        const product = state.products.get(uuid);
        if (product === undefined) return refused(notFound('Product', uuid));
        const wanted = call.headers['if-match'];
        if (wanted !== undefined && wanted !== etagOf(product)) return done(412);
        change(state, product, membersOf(call.body));
        return done(204, { etag: etagOf(product) });
      },
    },
  ];
}

/** Writes a change of a product down, so that a delta finds it. */
export function productChanged(state: ZettleState, product: Product): void {
  product.version += 1;
  product.updatedAt = state.clock.now();
  state.events.push({ id: state.newUuid(), product: product.row.uuid });
}

function library(state: ZettleState, call: ApiCall): SandboxAnswer {
  const limit = limitOf(call, { fallback: 500, most: 500 });
  if (typeof limit !== 'number') return refused(limit);
  if (limit > 500) return refused(violated('limit', 'INVALID_RANGE', 'limit is out of range'));
  const last = state.events.at(-1)?.id ?? '';
  const from = call.query.get('eventLogUuid');
  if (from === null) {
    const size = Math.min(limit, state.behaviour.productsPerPage);
    const value = (products: readonly unknown[]) => ({
      products,
      deletedProducts: [],
      discounts: [],
      untilEventLogUuid: last,
    });
    return paged(call, [...state.products.values()].map(productOf), { size, cursorName: 'offset', value });
  }
  const at = state.events.findIndex((event) => event.id === from);
  const later = state.events.slice(at + 1);
  if (at < 0 || later.length > state.behaviour.maxDeltaEvents) return done(412);
  const products = [...new Set(later.map((event) => event.product))].flatMap((uuid) => {
    const product = state.products.get(uuid);
    return product === undefined ? [] : [productOf(product)];
  });
  return answered({
    products,
    deletedProducts: [],
    discounts: [],
    fromEventLogUuid: from,
    untilEventLogUuid: last,
  });
}

function productOf(product: Product): unknown {
  const { uuid, name = '', unitName, variants } = product.row;
  const time = new Date(product.updatedAt).toISOString();
  return {
    uuid,
    name,
    ...(unitName === undefined ? {} : { unitName }),
    etag: etagOf(product),
    created: time,
    updated: time,
    variants: variants.map((variant) => ({
      uuid: variant.uuid,
      name: variant.name ?? '',
      ...(variant.sku === undefined ? {} : { sku: variant.sku }),
      ...(variant.barcode === undefined ? {} : { barcode: variant.barcode }),
    })),
  };
}

function etagOf(product: Product): string {
  return `"v${product.version}"`;
}

function create(state: ZettleState, call: ApiCall): SandboxAnswer {
  const { uuid, name, unitName, variants } = membersOf(call.body);
  const id = textOf(uuid);
  if (textOf(name) === '' || id === '')
    return refused(violated('name', 'MUST_NOT_BE_EMPTY', 'name and uuid are needed'));
  if (state.products.has(id))
    return refused({ status: 409, errorType: 'ITEM_ALREADY_EXIST', message: `Product ${id} is there already` });
  const rows = listOf(variants).map(variantOf);
  if (rows.length === 0) return refused(violated('variants', 'INVALID_SIZE', '1 to 99 variants'));
  const row: WorldProduct = { uuid: id, name: textOf(name), tracked: false, variants: rows };
  const unit = textOf(unitName) === '' ? {} : { unitName: textOf(unitName) };
  const product = { row: { ...row, ...unit }, tracked: false, version: 0, updatedAt: state.clock.now() };
  state.products.set(id, product);
  productChanged(state, product);
  return done(201, { etag: etagOf(product), location: `${call.origin}/organizations/self/products/${id}` });
}

/** JSON merge patch: what is named is changed, null takes away. */
function change(state: ZettleState, product: Product, wanted: Readonly<Record<string, unknown>>): void {
  const { name, unitName, variants } = wanted;
  const { unitName: unit, ...row } = product.row;
  product.row = {
    ...row,
    ...(typeof name === 'string' ? { name } : {}),
    ...(variants === undefined ? {} : { variants: listOf(variants).map(variantOf) }),
    ...(unitName === null ? {} : { unitName: typeof unitName === 'string' ? unitName : unit }),
  };
  productChanged(state, product);
}

function variantOf(value: unknown): WorldProduct['variants'][number] {
  const { uuid, name, sku, barcode } = membersOf(value);
  return {
    uuid: textOf(uuid),
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof sku === 'string' ? { sku } : {}),
    ...(typeof barcode === 'string' ? { barcode } : {}),
  };
}
