import { ok, type Result } from '../../domain/result.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import { read, type SquareAccount } from './call.ts';
import { itemsOf, type ItemPage } from './catalog.ts';
import {
  catalogInfoSchema,
  catalogPageSchema,
  itemsPageSchema,
  oneCatalogObjectSchema,
  type SquareCatalogObject,
} from './schemas.ts';

/** The account's own limits of catalogue requests, where Square names them. */
export type CatalogLimits = { readonly searchPageRows?: number; readonly retrieveIds?: number };

export async function readCatalogLimits(account: SquareAccount): Promise<Result<CatalogLimits, RemoteError>> {
  const answer = await read(account, { method: 'GET', path: '/v2/catalog/info' }, catalogInfoSchema);
  if (!answer.ok) return answer;
  const { search_max_page_limit: rows, batch_retrieve_max_object_ids: ids } = answer.value.limits ?? {};
  return ok({
    ...(typeof rows === 'number' ? { searchPageRows: rows } : {}),
    ...(typeof ids === 'number' ? { retrieveIds: ids } : {}),
  });
}

/** One object of any kind and what it belongs to. A deleted or unknown one is `rejected`. */
export async function readCatalogObject(
  account: SquareAccount,
  id: string,
): Promise<Result<{ object: SquareCatalogObject; related: readonly SquareCatalogObject[] }, RemoteError>> {
  const path = `/v2/catalog/object/${encodeURIComponent(id)}?include_related_objects=true`;
  const answer = await read(account, { method: 'GET', path }, oneCatalogObjectSchema);
  if (!answer.ok) return answer;
  return ok({ object: answer.value.object, related: answer.value.related_objects ?? [] });
}

/** The countable things of these ids, at most a thousand; what is not there is left out. */
export async function readItems(
  account: SquareAccount,
  ids: readonly string[],
): Promise<Result<ItemPage, RemoteError>> {
  const body = JSON.stringify({ object_ids: ids, include_related_objects: true });
  const page = await read(account, { method: 'POST', path: '/v2/catalog/batch-retrieve', body }, catalogPageSchema);
  if (!page.ok) return page;
  const items = await itemsOf(account, page.value.objects ?? [], page.value.related_objects ?? []);
  return items.ok ? ok({ items: items.value }) : items;
}

/** Things whose name, SKU or barcode holds the text, a hundred items a page (contracts: Square 3). */
export async function searchItems(
  account: SquareAccount,
  query: { text: string; cursor?: string },
): Promise<Result<ItemPage, RemoteError>> {
  const body = JSON.stringify({ text_filter: query.text, limit: 100, cursor: query.cursor });
  const call = {
    method: 'POST',
    path: '/v2/catalog/search-catalog-items',
    body,
    paged: query.cursor !== undefined,
  } as const;
  const page = await read(account, call, itemsPageSchema);
  if (!page.ok) return page;
  const items = await itemsOf(account, page.value.items ?? []);
  if (!items.ok) return items;
  const matched = page.value.matched_variation_ids;
  return ok({
    // An item comes with all its variations; the ids say which of them were meant.
    items: matched ? items.value.filter(({ id }) => matched.includes(id)) : items.value,
    ...(page.value.cursor ? { cursor: page.value.cursor } : {}),
  });
}
