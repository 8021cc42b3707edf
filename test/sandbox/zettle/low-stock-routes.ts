import { parseQuantity } from '../../../shared/domain/quantity.ts';
import type { SandboxAnswer } from '../chassis/messages.ts';
import {
  amountText,
  answered,
  done,
  listOf,
  membersOf,
  notFound,
  refused,
  textOf,
  violated,
  type ApiCall,
  type Refusal,
  type Route,
} from './answers.ts';
import type { ZettleState } from './state.ts';

/** Levels from which on a variant is low (contracts: Zettle 3, row 11). */
export function lowStockRoutes(state: ZettleState): readonly Route[] {
  const levels = String.raw`^/organizations/([^/]+)/custom-low-stock`;
  const write = (rows: readonly unknown[], location: string): SandboxAnswer => {
    for (const row of rows) {
      const problem = setLowStock(state, location, row);
      if (problem !== undefined) return refused(problem);
    }
    return done();
  };
  return [
    {
      method: 'PUT',
      path: new RegExp(`${levels}/locations/([^/]+)$`),
      scope: 'WRITE:PRODUCT',
      answer: (call, [, location = '']) => write([call.body], location),
    },
    {
      method: 'POST',
      path: new RegExp(`${levels}/locations/([^/]+)$`),
      scope: 'WRITE:PRODUCT',
      answer: (call, [, location = '']) => write(listOf(call.body), location),
    },
    {
      method: 'GET',
      path: new RegExp(`${levels}/v2/locations/([^/]+)$`),
      scope: 'READ:PRODUCT',
      answer: (call, [, location = '']) => read(state, call, location),
    },
    {
      method: 'GET',
      path: new RegExp(`${levels}/v2/locations/([^/]+)/products/([^/]+)$`),
      scope: 'READ:PRODUCT',
      answer: (call, [, location = '', product = '']) => read(state, call, location, product),
    },
  ];
}

/** Sets one level; the refusal, where it cannot. */
export function setLowStock(state: ZettleState, location: string, row: unknown): Refusal | undefined {
  const { productUuid, variantUuid, lowStockLevel, lowStockAlert } = membersOf(row);
  if (!state.locations.has(location)) return notFound('Location', location);
  const product = state.products.get(textOf(productUuid));
  if (product === undefined) return notFound('Product', textOf(productUuid));
  const variant = textOf(variantUuid);
  if (!product.row.variants.some((one) => one.uuid === variant)) return notFound('Variant', variant);
  const hasLevel = lowStockLevel !== undefined && lowStockLevel !== null;
  if (hasLevel && !parseQuantity(amountText(lowStockLevel)).ok)
    return violated('lowStockLevel', 'MUST_BE_GREATER_OR_EQUAL_TO', 'lowStockLevel is not a number');
  const level = hasLevel ? amountText(lowStockLevel) : null;
  state.lowStock.set(`${location}|${variant}`, { level, alert: lowStockAlert === true });
  return undefined;
}

function read(state: ZettleState, call: ApiCall, location: string, only?: string): SandboxAnswer {
  if (!state.locations.has(location)) return refused(notFound('Location', location));
  const rows = [...state.products.values()]
    .filter(({ row }) => only === undefined || row.uuid === only)
    .flatMap(({ row }) =>
      row.variants.flatMap((variant) => {
        const low = state.lowStock.get(`${location}|${variant.uuid}`);
        if (low === undefined) return [];
        const level = low.level === null ? null : Number(low.level);
        return [{ productUuid: row.uuid, variantUuid: variant.uuid, lowStockLevel: level, lowStockAlert: low.alert }];
      }),
    );
  const etag = `"${rows.map((row) => `${row.variantUuid}${row.lowStockLevel}${row.lowStockAlert}`).join('') || 'none'}"`;
  if (call.headers['if-none-match'] === etag) return done(304, { etag });
  return answered(rows, { headers: { etag } });
}
