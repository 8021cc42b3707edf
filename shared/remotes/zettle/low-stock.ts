import { err, ok, type Result } from '../../domain/result.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import type { ZettleAccount } from './account.ts';
import { attempt } from './call.ts';
import { readVariantId } from './ids.ts';
import { parseJson } from './parse.ts';
import { lowStocksSchema, type LowStockRow } from './schemas.ts';

/** From which amount on a variant is low, as canonical decimal text, and whether Zettle says so. */
export type LowStockLevel = { readonly item: string; readonly level: string | null; readonly alert: boolean };

const LEVELS = '/organizations/self/custom-low-stock';

/** Sets one level at a location; the same again changes nothing (contracts: Zettle 3, row 11). */
export function setLowStock(
  account: ZettleAccount,
  location: string,
  level: LowStockLevel,
): Promise<Result<null, RemoteError>> {
  return write(account, 'PUT', `${LEVELS}/locations/${encodeURIComponent(location)}`, levelText(level));
}

/** Sets several levels at a location. */
export function setLowStocks(
  account: ZettleAccount,
  location: string,
  levels: readonly LowStockLevel[],
): Promise<Result<null, RemoteError>> {
  const body = `[${levels.map((level) => levelText(level)).join(',')}]`;
  return write(account, 'POST', `${LEVELS}/locations/${encodeURIComponent(location)}`, body);
}

/** Sets several levels by the third generation, whose form is not documented: as the second takes them. */
export function setLowStocksNew(
  account: ZettleAccount,
  inventory: string,
  levels: readonly LowStockLevel[],
): Promise<Result<null, RemoteError>> {
  const place = { inventoryUuid: inventory };
  const body = `[${levels.map((level) => levelText(level, place)).join(',')}]`;
  return write(account, 'POST', '/v3/custom-low-stock', body);
}

/** The levels of a location, or of one product there. `known`: the tag that the caller has. */
export async function readLowStocks(
  account: ZettleAccount,
  query: { location: string; product?: string; known?: string },
): Promise<Result<'unchanged' | { levels: readonly LowStockRow[]; tag?: string }, RemoteError>> {
  const product = query.product === undefined ? '' : `/products/${encodeURIComponent(query.product)}`;
  const answer = await attempt(account, {
    host: 'inventory',
    method: 'GET',
    path: `${LEVELS}/v2/locations/${encodeURIComponent(query.location)}${product}`,
    effect: 'read',
    accepted: [304],
    ...(query.known === undefined ? {} : { headers: { 'if-none-match': query.known } }),
  });
  if (!answer.ok) return answer;
  if (answer.value.status === 304) return ok('unchanged');
  const levels = lowStocksSchema.safeParse(parseJson(answer.value.body));
  if (!levels.success) return err({ code: 'bad_answer', detail: 'low stock: unexpected answer' });
  const tag = answer.value.headers['etag'];
  return ok({ levels: levels.data, ...(tag === undefined ? {} : { tag }) });
}

async function write(
  account: ZettleAccount,
  method: 'PUT' | 'POST',
  path: string,
  body: string,
): Promise<Result<null, RemoteError>> {
  const answer = await attempt(account, { host: 'inventory', method, path, body, effect: 'read' });
  return answer.ok ? ok(null) : answer;
}

/** The level goes out as the number that its text is, digit for digit. */
function levelText({ item, level, alert }: LowStockLevel, more: Readonly<Record<string, string>> = {}): string {
  const { product, variant } = readVariantId(item);
  const start = JSON.stringify({ ...more, productUuid: product, variantUuid: variant, lowStockAlert: alert });
  return `${start.slice(0, -1)},"lowStockLevel":${level ?? 'null'}}`;
}
