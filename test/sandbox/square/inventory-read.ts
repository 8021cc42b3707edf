import { answered, isRefusal, refused, textsOf, type ApiAnswer, type ApiCall, type Route } from './api-call.ts';
import { adjustmentBody, changeBody, countBody, physicalCountBody, transferBody } from './inventory-shapes.ts';
import { limitOf, timeKey, type SortedRow } from './paging.ts';
import { refuse, type Refusal } from './refusals.ts';
import type { SquareState } from './state.ts';
import type { RecordedChange } from './count.ts';

const READ = 'INVENTORY_READ';

/** Operations 2 to 8 (contracts: Square 2.2 to 2.4). */
export function readRoutes(state: SquareState): readonly Route[] {
  return [
    {
      method: 'POST',
      path: /^\/v2\/inventory\/changes\/batch-retrieve$/,
      scope: READ,
      answer: (call) => listChanges(state, call),
    },
    {
      method: 'POST',
      path: /^\/v2\/inventory\/counts\/batch-retrieve$/,
      scope: READ,
      answer: (call) => listCounts(state, call),
    },
    {
      method: 'GET',
      path: /^\/v2\/inventory\/adjustments\/([^/]+)$/,
      scope: READ,
      answer: (_, [id]) => single(state, id, 'ADJUSTMENT', 'adjustment', adjustmentBody),
    },
    {
      method: 'GET',
      path: /^\/v2\/inventory\/physical-counts\/([^/]+)$/,
      scope: READ,
      answer: (_, [id]) => single(state, id, 'PHYSICAL_COUNT', 'count', physicalCountBody),
    },
    {
      method: 'GET',
      path: /^\/v2\/inventory\/transfers\/([^/]+)$/,
      scope: READ,
      answer: (_, [id]) => single(state, id, 'TRANSFER', 'transfer', transferBody),
    },
    {
      method: 'GET',
      path: /^\/v2\/inventory\/([^/]+)\/changes$/,
      scope: READ,
      answer: (call, [id = '']) => itemChanges(state, call, id),
    },
    {
      method: 'GET',
      path: /^\/v2\/inventory\/([^/]+)$/,
      scope: READ,
      answer: (call, [id = '']) => itemCounts(state, call, id),
    },
  ];
}

function listChanges(state: SquareState, call: ApiCall): ApiAnswer {
  const { body } = call;
  const after = timeOf(body['updated_after'], 'updated_after', 0);
  if (isRefusal(after)) return refused(after);
  const before = timeOf(body['updated_before'], 'updated_before', Infinity);
  if (isRefusal(before)) return refused(before);
  const types = textsOf(body['types']) ?? new Set(['PHYSICAL_COUNT', 'ADJUSTMENT']);
  const states = textsOf(body['states']);
  const ids = textsOf(body['catalog_object_ids']);
  const changes = ids === undefined ? state.stock.all() : [...ids].flatMap((id) => state.stock.ofVariation(id));
  const rows = changes
    .filter((change) => types.has(change.type) && change.type !== 'TRANSFER' && named(body, change))
    .filter((change) => change.createdAt > after && change.createdAt < before)
    .filter(
      (change) =>
        change.type !== 'ADJUSTMENT' ||
        states === undefined ||
        states.has(change.fromState ?? '') ||
        states.has(change.toState ?? ''),
    )
    .map((change) => ({ key: timeKey(change.occurredAt, 'ascending', change.order), row: () => changeBody(change) }));
  return paged(state, call, 'changes', rows);
}

function listCounts(state: SquareState, call: ApiCall): ApiAnswer {
  const { body } = call;
  const after = timeOf(body['updated_after'], 'updated_after', 0);
  if (isRefusal(after)) return refused(after);
  const ids = textsOf(body['catalog_object_ids']);
  const locations = textsOf(body['location_ids']);
  const states = textsOf(body['states']);
  const variations = ids === undefined ? state.world.square.variations.map((one) => one.id) : [...ids];
  const rows = variations
    .flatMap((variation) => countRows(state, variation, locations, states))
    .filter(({ calculatedAt }) => calculatedAt > after);
  return paged(state, call, 'counts', rows);
}

function countRows(
  state: SquareState,
  variation: string,
  locations: ReadonlySet<string> | undefined,
  states: ReadonlySet<string> | undefined,
): (SortedRow & { calculatedAt: number })[] {
  const places = state.stock
    .locationsOf(variation)
    .filter((location) => locations === undefined || locations.has(location));
  return places.flatMap((location) =>
    ['IN_STOCK', 'WASTE', 'RESERVED_FOR_SALE'].flatMap((stockState) => {
      if (states !== undefined && !states.has(stockState)) return [];
      const count = state.stock.count(variation, location, stockState, state.clock.now());
      if (count === undefined) return [];
      const key = timeKey(count.calculatedAt, 'descending', `${variation}|${location}|${stockState}`);
      return [
        {
          key,
          calculatedAt: count.calculatedAt,
          row: () => countBody({ variation, location, state: stockState, count }),
        },
      ];
    }),
  );
}

function itemChanges(state: SquareState, call: ApiCall, id: string): ApiAnswer {
  const locations = locationIds(call);
  const known = knownVariation(state, id);
  if (known !== undefined) return refused(known);
  const rows = state.stock
    .ofVariation(id)
    .filter(
      (change) =>
        change.type !== 'TRANSFER' &&
        change.variation === id &&
        (locations === undefined || locations.has(change.location)),
    )
    .map((change) => ({
      key: timeKey(change.occurredAt, 'descending', 1e11 - change.order),
      row: () => changeBody(change),
    }));
  return paged(state, call, 'changes', rows);
}

function itemCounts(state: SquareState, call: ApiCall, id: string): ApiAnswer {
  const known = knownVariation(state, id);
  if (known !== undefined) return refused(known);
  return paged(state, call, 'counts', countRows(state, id, locationIds(call), undefined));
}

function single(
  state: SquareState,
  id: string | undefined,
  type: RecordedChange['type'],
  member: string,
  bodyOf: (change: RecordedChange) => unknown,
): ApiAnswer {
  const change = state.stock.byId(id ?? '');
  if (change?.type !== type) return refused(refuse(404, 'NOT_FOUND', `${id} not found`));
  return answered({ [member]: bodyOf(change) });
}

function paged(state: SquareState, call: ApiCall, member: string, rows: readonly SortedRow[]): ApiAnswer {
  const limit = limitOf(call.body['limit'], state.world.square.behaviour.defaultLimit);
  if (isRefusal(limit)) return refused(limit);
  for (const name of ['catalog_object_ids', 'location_ids']) {
    const most = state.world.square.behaviour.maxFilterIds;
    if ((textsOf(call.body[name])?.size ?? 0) > most)
      return refused(refuse(400, 'ARRAY_LENGTH_TOO_LONG', `At most ${most} ids`, name));
  }
  const { cursor, ...filter } = call.body;
  const question = {
    filter: JSON.stringify([call.path, filter, call.query.get('location_ids')]),
    cursor: cursor ?? call.query.get('cursor'),
    limit,
    rows,
  };
  const page = state.pager.page(question);
  if (isRefusal(page)) return refused(page);
  return answered({ [member]: page.rows, cursor: page.cursor });
}

function named(body: ApiCall['body'], change: RecordedChange): boolean {
  return (
    (textsOf(body['catalog_object_ids'])?.has(change.variation) ?? true) &&
    (textsOf(body['location_ids'])?.has(change.location) ?? true)
  );
}

function timeOf(value: unknown, field: string, missing: number): number | Refusal {
  if (value === undefined || value === null || value === '') return missing;
  const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? refuse(400, 'INVALID_TIME', 'Not an RFC 3339 timestamp', field) : at;
}

function locationIds(call: ApiCall): ReadonlySet<string> | undefined {
  return textsOf((call.query.get('location_ids') ?? '').split(',').filter((id) => id !== ''));
}

function knownVariation(state: SquareState, id: string): Refusal | undefined {
  return state.world.square.variations.some((one) => one.id === id)
    ? undefined
    : refuse(404, 'NOT_FOUND', `Catalog object ${id} not found`);
}
