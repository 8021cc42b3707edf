import { answered, isRefusal, refused, textsOf, type ApiAnswer, type ApiCall, type Route } from './api-call.ts';
import { catalogOf, type CatalogObject } from './catalog-objects.ts';
import { membersOf } from './check-change.ts';
import { limitOf, type SortedRow } from './paging.ts';
import { refuse } from './refusals.ts';
import type { SquareState } from './state.ts';

const READ = 'ITEMS_READ';

/** List, search and retrieve (contracts: Square 3). */
export function catalogRoutes(state: SquareState): readonly Route[] {
  const objects = catalogOf(state.world);
  const byId = new Map(objects.map((object) => [object.id, object]));
  return [
    {
      method: 'GET',
      path: /^\/v2\/catalog\/info$/,
      scope: READ,
      answer: () => answered({ limits: { search_max_page_limit: 1000, batch_retrieve_max_object_ids: 1000 } }),
    },
    { method: 'GET', path: /^\/v2\/catalog\/list$/, scope: READ, answer: (call) => list(state, call, objects) },
    {
      method: 'POST',
      path: /^\/v2\/catalog\/search$/,
      scope: READ,
      answer: (call) => search(state, call, objects, byId),
    },
    {
      method: 'POST',
      path: /^\/v2\/catalog\/search-catalog-items$/,
      scope: READ,
      answer: (call) => searchItems(state, call, objects),
    },
    { method: 'POST', path: /^\/v2\/catalog\/batch-retrieve$/, scope: READ, answer: (call) => retrieve(call, byId) },
    {
      method: 'GET',
      path: /^\/v2\/catalog\/object\/([^/]+)$/,
      scope: READ,
      answer: (call, [id = '']) => one(call, byId, id),
    },
  ];
}

/** The server sets the page's size. */
function list(state: SquareState, call: ApiCall, objects: readonly CatalogObject[]): ApiAnswer {
  const types = textsOf((call.query.get('types') ?? '').split(',').filter((type) => type !== ''));
  const rows = objects.filter(({ type }) => types === undefined || types.has(type)).map(rowOf);
  return page(
    state,
    {
      filter: `list|${call.query.get('types')}`,
      cursor: call.query.get('cursor'),
      limit: state.world.square.behaviour.catalogPageRows,
      rows,
    },
    {},
  );
}

function search(
  state: SquareState,
  call: ApiCall,
  objects: readonly CatalogObject[],
  byId: ReadonlyMap<string, CatalogObject>,
): ApiAnswer {
  const limit = limitOf(call.body['limit'], state.world.square.behaviour.defaultLimit);
  if (isRefusal(limit)) return refused(limit);
  const types = textsOf(call.body['object_types']);
  const since = call.body['begin_time'];
  const matches = matcher(membersOf(call.body['query']));
  const found = objects.filter(
    (object) =>
      (types === undefined || types.has(object.type)) &&
      matches(object) &&
      (typeof since !== 'string' || Date.parse(object.updated_at) > Date.parse(since)),
  );
  const { cursor, ...filter } = call.body;
  const related =
    call.body['include_related_objects'] === true ? (object: CatalogObject) => relatedTo(object, byId) : () => [];
  return page(
    state,
    { filter: `search|${JSON.stringify(filter)}`, cursor, limit, rows: found.map(rowOf) },
    { latest_time: '2025-01-01T00:00:00.000Z' },
    related,
  );
}

/** Items of which the text is found in a name, a SKU or a barcode, and which variations were meant. */
function searchItems(state: SquareState, call: ApiCall, objects: readonly CatalogObject[]): ApiAnswer {
  const limit = limitOf(call.body['limit'], 100);
  if (isRefusal(limit)) return refused(limit);
  if (limit > 100) return refused(refuse(400, 'INVALID_VALUE', 'The limit must be between 1 and 100', 'limit'));
  if (call.body['stock_levels'] !== undefined)
    return refused(refuse(400, 'INVALID_VALUE', 'This sandbox does not filter by stock level', 'stock_levels'));
  const text = textOf(call.body['text_filter']);
  const holds = (members: unknown, names: readonly string[]) =>
    names.some((name) => textOf(membersOf(members)[name]).includes(text));
  const ofItem = new Map<string, CatalogObject[]>();
  for (const object of objects) {
    const item = membersOf(object['item_variation_data'])['item_id'];
    if (typeof item === 'string') ofItem.set(item, [...(ofItem.get(item) ?? []), object]);
  }
  const matched = new Map<string, readonly string[]>();
  for (const item of objects.filter(({ type }) => type === 'ITEM')) {
    const variations = ofItem.get(item.id) ?? [];
    const meant = holds(item['item_data'], ['name', 'description', 'abbreviation'])
      ? variations
      : variations.filter((one) => holds(one['item_variation_data'], ['name', 'sku', 'upc']));
    if (meant.length > 0)
      matched.set(
        item.id,
        meant.map(({ id }) => id),
      );
  }
  const { cursor, ...filter } = call.body;
  const rows = objects.filter(({ id }) => matched.has(id)).map(rowOf);
  const found = state.pager.page({ filter: `items|${JSON.stringify(filter)}`, cursor, limit, rows });
  if (isRefusal(found)) return refused(found);
  const items = found.rows.filter(isObject);
  const ids = items.flatMap(({ id }) => matched.get(id) ?? []);
  return answered({ items, matched_variation_ids: ids, cursor: found.cursor });
}

/** Attributes of an object by name: an item's own and its variation's. Matching pays no regard to letter case. */
function matcher(query: Readonly<Record<string, unknown>>): (object: CatalogObject) => boolean {
  const exact = membersOf(query['exact_query']);
  const set = membersOf(query['set_query']);
  const prefix = membersOf(query['prefix_query']);
  const text = membersOf(query['text_query']);
  const attribute = (object: CatalogObject, name: unknown) =>
    textOf(membersOf(object['item_variation_data'] ?? object['item_data'])[String(name)]);
  if (exact['attribute_name'] !== undefined)
    return (object) => attribute(object, exact['attribute_name']) === textOf(exact['attribute_value']);
  if (prefix['attribute_name'] !== undefined)
    return (object) => attribute(object, prefix['attribute_name']).startsWith(textOf(prefix['attribute_prefix']));
  if (set['attribute_name'] !== undefined) {
    const wanted = new Set([...(textsOf(set['attribute_values']) ?? [])].map(textOf));
    return (object) => wanted.has(attribute(object, set['attribute_name']));
  }
  const keywords = [...(textsOf(text['keywords']) ?? [])].map(textOf);
  return (object) =>
    keywords.every((word) => ['name', 'sku', 'upc'].some((name) => attribute(object, name).includes(word)));
}

function retrieve(call: ApiCall, byId: ReadonlyMap<string, CatalogObject>): ApiAnswer {
  const ids = textsOf(call.body['object_ids']);
  if (ids === undefined) return refused(refuse(400, 'MISSING_REQUIRED_PARAMETER', 'Field must be set', 'object_ids'));
  if (ids.size > 1000) return refused(refuse(400, 'ARRAY_LENGTH_TOO_LONG', 'At most 1000 ids', 'object_ids'));
  const objects = [...ids].flatMap((id) => byId.get(id) ?? []);
  const related =
    call.body['include_related_objects'] === true ? objects.flatMap((object) => relatedTo(object, byId)) : [];
  return answered({ objects, related_objects: [...new Map(related.map((one) => [one.id, one])).values()] });
}

function one(call: ApiCall, byId: ReadonlyMap<string, CatalogObject>, id: string): ApiAnswer {
  const object = byId.get(decodeURIComponent(id));
  if (object === undefined) return refused(refuse(404, 'NOT_FOUND', `Catalog object ${id} not found`));
  const related = call.query.get('include_related_objects') === 'true' ? relatedTo(object, byId) : [];
  return answered({ object, related_objects: related });
}

function relatedTo(object: CatalogObject, byId: ReadonlyMap<string, CatalogObject>): readonly CatalogObject[] {
  const members = membersOf(object['item_variation_data']);
  return [members['item_id'], members['measurement_unit_id']].flatMap((id) =>
    typeof id === 'string' ? (byId.get(id) ?? []) : [],
  );
}

function page(
  state: SquareState,
  question: { filter: string; cursor: unknown; limit: number; rows: readonly SortedRow[] },
  more: Readonly<Record<string, unknown>>,
  related: (object: CatalogObject) => readonly CatalogObject[] = () => [],
): ApiAnswer {
  const found = state.pager.page(question);
  if (isRefusal(found)) return refused(found);
  const objects = found.rows.filter(isObject);
  const others = new Map(objects.flatMap((object) => related(object)).map((object) => [object.id, object]));
  return answered({ objects, related_objects: [...others.values()], cursor: found.cursor, ...more });
}

function rowOf(object: CatalogObject): SortedRow {
  return { key: object.id, row: () => object };
}

function isObject(row: unknown): row is CatalogObject {
  return typeof row === 'object' && row !== null && 'id' in row && 'type' in row;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}
