import { err, ok, type Result } from '../../domain/result.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import type { ZettleAccount } from './account.ts';
import { attempt, readAll } from './call.ts';
import { parseJson } from './parse.ts';
import { productSchema, productsSchema, type ZettleProduct } from './schemas.ts';

const ORGANIZATION = '/organizations/self';

/** Every product that the till shows (contracts: Zettle 5). `sort`: by the date of creation. */
export function listTillProducts(
  account: ZettleAccount,
  sort = false,
): Promise<Result<readonly ZettleProduct[], RemoteError>> {
  const path = `${ORGANIZATION}/products/v2${sort ? '?sort=true' : ''}`;
  return readAll(account, { host: 'products', method: 'GET', path }, productsSchema);
}

/** One product with its tag. `known`: the tag that the caller has; `unchanged` when it is still the same. */
export async function readProduct(
  account: ZettleAccount,
  uuid: string,
  known?: string,
): Promise<Result<'unchanged' | { product: ZettleProduct; tag?: string }, RemoteError>> {
  const answer = await attempt(account, {
    host: 'products',
    method: 'GET',
    path: `${ORGANIZATION}/products/${encodeURIComponent(uuid)}`,
    effect: 'read',
    accepted: [304],
    ...(known === undefined ? {} : { headers: { 'if-none-match': known } }),
  });
  if (!answer.ok) return answer;
  if (answer.value.status === 304) return ok('unchanged');
  const product = productSchema.safeParse(parseJson(answer.value.body));
  if (!product.success) return err({ code: 'bad_answer', detail: 'product: unexpected answer' });
  const tag = answer.value.headers['etag'];
  return ok({ product: product.data, ...(tag === undefined ? {} : { tag }) });
}

/**
 * Changes members of a product: those that are named, `null` takes one away. `tag`: only if it is still the one that was
 * read; `stale` when it is not. Doing it twice is harmless.
 */
export async function updateProduct(
  account: ZettleAccount,
  change: Readonly<Record<string, unknown>> & { readonly uuid: string; readonly name: string },
  tag?: string,
): Promise<Result<'updated' | 'stale', RemoteError>> {
  const answer = await attempt(account, {
    host: 'products',
    method: 'PUT',
    path: `${ORGANIZATION}/products/v2/${encodeURIComponent(change.uuid)}`,
    body: JSON.stringify(change),
    effect: 'read',
    accepted: [412],
    ...(tag === undefined ? {} : { headers: { 'if-match': tag } }),
  });
  return answer.ok ? ok(answer.value.status === 412 ? 'stale' : 'updated') : answer;
}

/** Makes a product with ids of the caller's (UUIDs, version 1): made twice it is there already, which is `exists`. */
export async function createProduct(
  account: ZettleAccount,
  product: { uuid: string; name: string; unitName?: string; variants: readonly Readonly<Record<string, unknown>>[] },
): Promise<Result<'created' | 'exists', RemoteError>> {
  const answer = await attempt(account, {
    host: 'products',
    method: 'POST',
    path: `${ORGANIZATION}/products`,
    body: JSON.stringify(product),
    effect: 'read',
    accepted: [409],
  });
  return answer.ok ? ok(answer.value.status === 409 ? 'exists' : 'created') : answer;
}
