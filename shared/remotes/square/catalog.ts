import { ok, type Result } from '../../domain/result.ts';
import type { RemoteError, RemoteItem } from '../../ports/remote-inventory.ts';
import { read, type SquareAccount } from './call.ts';
import { catalogPageSchema, variationSchema, type SquareCatalogObject, type SquareVariation } from './schemas.ts';

export type ItemPage = { readonly items: readonly RemoteItem[]; readonly cursor?: string };

/** One page of what can be counted: the variations of every item, with name, SKU, barcode and the decimals of their unit. */
export async function listItems(
  account: SquareAccount,
  cursor: string | undefined,
): Promise<Result<ItemPage, RemoteError>> {
  const path = `/v2/catalog/list?types=ITEM${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
  const page = await read(account, { method: 'GET', path, paged: cursor !== undefined }, catalogPageSchema);
  if (!page.ok) return page;
  const items = await itemsOf(account, page.value.objects ?? []);
  if (!items.ok) return items;
  return ok({ items: items.value, ...(page.value.cursor ? { cursor: page.value.cursor } : {}) });
}

/**
 * Finds variations by one attribute's values, at most 250 (contracts: Square 3). Square's match may be looser than ours:
 * the caller compares again.
 */
export async function searchVariations(
  account: SquareAccount,
  query: { attribute: 'upc' | 'sku'; values: readonly string[]; cursor?: string },
): Promise<Result<ItemPage, RemoteError>> {
  const body = JSON.stringify({
    object_types: ['ITEM_VARIATION'],
    include_related_objects: true,
    query: { set_query: { attribute_name: query.attribute, attribute_values: query.values } },
    cursor: query.cursor,
    limit: 1000,
  });
  const call = { method: 'POST', path: '/v2/catalog/search', body, paged: query.cursor !== undefined } as const;
  const page = await read(account, call, catalogPageSchema);
  if (!page.ok) return page;
  const items = await itemsOf(account, page.value.objects ?? [], page.value.related_objects ?? []);
  if (!items.ok) return items;
  return ok({ items: items.value, ...(page.value.cursor ? { cursor: page.value.cursor } : {}) });
}

/** Finds variations by barcode; UPC-A and EAN-13 of one product are the same code. None and several are both normal. */
export async function findByBarcode(
  account: SquareAccount,
  barcode: string,
): Promise<Result<readonly RemoteItem[], RemoteError>> {
  const digits = barcode.replace(/^0+/, '');
  const spellings = [8, 12, 13, 14].map((length) => digits.padStart(length, '0')).filter((text) => text.length <= 14);
  const found = await searchVariations(account, { attribute: 'upc', values: [...new Set([barcode, ...spellings])] });
  if (!found.ok) return found;
  return ok(found.value.items.filter((item) => item.barcode?.replace(/^0+/, '') === digits));
}

/** The countable things among catalogue objects; `related` holds the items that variations belong to. */
export async function itemsOf(
  account: SquareAccount,
  objects: readonly SquareCatalogObject[],
  related: readonly SquareCatalogObject[] = [],
): Promise<Result<readonly RemoteItem[], RemoteError>> {
  const names = new Map([...objects, ...related].map((one) => [one.id, one.item_data?.name ?? '']));
  const variations = objects.filter((one) => one.is_deleted !== true).flatMap(variationsOf);
  const units = await readPrecisions(account, variations);
  if (!units.ok) return units;
  return ok(variations.map((variation) => itemOf(variation, names, units.value)));
}

/** An item carries its variations; a search gives them alone. */
function variationsOf(object: SquareCatalogObject): SquareVariation[] {
  const own = { type: object.type, id: object.id, item_variation_data: object.item_variation_data };
  return [own, ...(object.item_data?.variations ?? [])].flatMap((one) => {
    const parsed = variationSchema.safeParse(one);
    return parsed.success && parsed.data.is_deleted !== true ? [parsed.data] : [];
  });
}

/** Decimals by measurement unit. A variation without a unit is counted in whole pieces, and so is one whose unit is gone. */
async function readPrecisions(
  account: SquareAccount,
  variations: readonly SquareVariation[],
): Promise<Result<ReadonlyMap<string, number>, RemoteError>> {
  const ids = [...new Set(variations.flatMap((one) => one.item_variation_data.measurement_unit_id ?? []))];
  if (ids.length === 0) return ok(new Map());
  const call = {
    method: 'POST',
    path: '/v2/catalog/batch-retrieve',
    body: JSON.stringify({ object_ids: ids }),
  } as const;
  const page = await read(account, call, catalogPageSchema);
  if (!page.ok) return page;
  return ok(
    new Map(
      (page.value.objects ?? []).map((unit) => [
        unit.id,
        Math.min(5, Math.max(0, unit.measurement_unit_data?.precision ?? 0)),
      ]),
    ),
  );
}

function itemOf(
  variation: SquareVariation,
  names: ReadonlyMap<string, string>,
  precisions: ReadonlyMap<string, number>,
): RemoteItem {
  const { item_id: itemId, name, sku, upc, measurement_unit_id: unit } = variation.item_variation_data;
  const words = [names.get(itemId ?? ''), name === 'Regular' ? '' : name].filter(
    (word) => word !== undefined && word !== null && word !== '',
  );
  return {
    id: variation.id,
    name: words.join(' · ').slice(0, 512),
    ...(sku ? { sku: sku.slice(0, 128) } : {}),
    ...(upc ? { barcode: upc.slice(0, 128) } : {}),
    precision: precisions.get(unit ?? '') ?? 0,
  };
}
