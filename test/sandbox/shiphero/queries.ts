import {
  accountNode,
  changeNode,
  placeNode,
  productNode,
  shelfNode,
  snapshotNode,
  syncNode,
  syncRowNode,
} from './nodes.ts';
import { connection, type Connection, type PageArgs } from './paging.ts';
import { refuse } from './refusal.ts';
import { instantText, warehouseOf, type ShipheroState } from './state.ts';
import { opaqueId, type Change } from './stock.ts';

export type Args = Readonly<Record<string, string | number | boolean | null | undefined>>;
/** What one root field answers beside `request_id` and `complexity`; the function gets the field's coerced arguments. */
export type RootFields = Readonly<Record<string, (args: Args) => Readonly<Record<string, unknown>>>>;

const DAY_MS = 24 * 3_600_000;
/** The longest range that a search by reason may cover (contracts: ShipHero 2.6). */
const LONGEST_RANGE_MS = 60 * DAY_MS;

/** Every query of the contract. */
export function createQueries(state: ShipheroState): RootFields {
  const { world, stock, clock } = state;
  const ordered = <Row>(rows: readonly Row[]): readonly Row[] =>
    world.behaviour.order === 'newest' ? rows.toReversed() : rows;
  // Only what a page shows is dressed: a node is made when it is on the page.
  const page = <Row extends object>(rows: readonly Row[], node: (row: Row) => object) => ({
    data: (args: PageArgs) => dress(connection(ordered(rows), args), node),
  });
  return {
    account: () => ({ data: accountNode(state) }),
    me: () => ({ data: { id: 'VXNlcjo5MTIz', email: world.user.username, account: accountNode(state) } }),
    location({ id, name }) {
      if (id == null && name == null) refuse('invalid', 'id or name is required');
      const places = [...stock.places.values()];
      const found = id == null ? places.find((one) => one.name === name) : stock.places.get(String(id));
      if (found === undefined) refuse('not_found', 'Location not found');
      return { data: placeNode(state, found) };
    },
    locations({ warehouse_id: warehouse, sku, name, pickable, sellable }) {
      if (warehouse != null) warehouseOf(world, String(warehouse));
      const holding =
        sku == null
          ? null
          : new Set(stock.shelves.filter((s) => s.product.sku === sku).flatMap((s) => [...s.rows.keys()]));
      const found = [...stock.places.values()].filter(
        (one) =>
          (warehouse == null || one.warehouse === warehouse) &&
          (holding === null || holding.has(one.id)) &&
          (name == null || one.name === name) &&
          (pickable == null || one.pickable === pickable) &&
          (sellable == null || one.sellable === sellable),
      );
      return page(found, (one) => placeNode(state, one));
    },
    inventory_changes: (args) => page(changesOf(state, args), (one) => changeNode(state, one)),
    inventory_sync_status: ({ id }) => ({ data: syncNode(state, state.syncs.byId(String(id))) }),
    inventory_sync_statuses({ warehouse_id: warehouse, customer_account_id: customer, status }) {
      const found = state.syncs
        .all()
        .filter(
          (one) =>
            (warehouse == null || one.warehouse === warehouse) && (customer == null || one.customer === customer),
        )
        .map((one) => syncNode(state, one))
        .filter((one) => status == null || Reflect.get(one, 'status') === status);
      return page(found, (one) => one);
    },
    inventory_sync_items_status({ id, status }) {
      const sync = state.syncs.byId(String(id));
      const rows = sync.rows.filter((row) => status == null || row.status === status);
      return page(rows, (row) => syncRowNode(state, sync, row));
    },
    inventory_snapshot: ({ snapshot_id: id }) => ({ snapshot: snapshotNode(state, state.snapshots.byId(String(id))) }),
    inventory_snapshots({ warehouse_id: warehouse, customer_account_id: customer, status }) {
      const found = state.snapshots
        .all()
        .filter(
          (one) =>
            (warehouse == null || one.warehouse === warehouse) &&
            (customer == null || one.customer === customer) &&
            (status == null || one.state === status),
        );
      return {
        snapshots: (args: PageArgs) => dress(connection(ordered(found), args), (one) => snapshotNode(state, one)),
      };
    },
    product({ id, sku }) {
      if (id == null && sku == null) refuse('invalid', 'id or sku is required');
      const found = id == null ? stock.product(String(sku)) : stock.products.find((one) => one.id === id);
      return found === undefined ? refuse('not_found', 'Product not found') : { data: productNode(state, found) };
    },
    products({ sku, customer_account_id: customer, has_kits: hasKits, updated_from: from }) {
      const found = stock.products.filter(
        (one) =>
          (sku == null || one.sku === sku) &&
          (customer == null || one.customer === customer) &&
          (hasKits == null || one.kit === hasKits) &&
          (from == null || stock.shelves.some((shelf) => shelf.product === one && shelf.updatedAt >= timeOf(from))),
      );
      return page(found, (one) => productNode(state, one));
    },
    warehouse_products({
      warehouse_id: warehouse,
      sku,
      customer_account_id: customer,
      active,
      updated_from,
      updated_to,
    }) {
      if (warehouse != null) warehouseOf(world, String(warehouse));
      const one =
        warehouse == null || sku == null ? undefined : stock.shelf(String(warehouse), String(sku), textOf(customer));
      const found = (one ? [one] : stock.shelves).filter(
        (shelf) =>
          (warehouse == null || shelf.warehouse === warehouse) &&
          (sku == null || shelf.product.sku === sku) &&
          (customer == null || shelf.product.customer === customer) &&
          (active == null || shelf.isActive === active) &&
          (updated_from == null || shelf.updatedAt >= timeOf(updated_from)) &&
          (updated_to == null || shelf.updatedAt <= timeOf(updated_to)),
      );
      return page(found, (shelf) => shelfNode(state, shelf));
    },
    user_quota: () => ({
      credits_remaining: state.credits.remaining(),
      max_available: state.credits.max,
      increment_rate: state.credits.perSecond,
      is_expired: false,
      expiration_date: instantText(clock.now() + 365 * DAY_MS),
    }),
    uuid: ({ legacy_id: legacy, entity }) => ({
      data: { legacy_id: legacy, id: opaqueId(String(entity), Number(legacy)) },
    }),
    webhooks: () => page([], (one) => one),
    expiration_lots: () => refuse('not_simulated', 'lots are not simulated'),
  };
}

function changesOf(state: ShipheroState, args: Args): readonly Change[] {
  const { clock, stock, world } = state;
  const {
    sku,
    warehouse_id: warehouse,
    location_id: location,
    location_name: name,
    reason,
    customer_account_id: customer,
  } = args;
  const from = args['date_from'] == null ? -Infinity : timeOf(args['date_from']);
  const to = args['date_to'] == null ? Infinity : timeOf(args['date_to']);
  if (reason != null && !(to - from <= LONGEST_RANGE_MS))
    refuse('invalid', 'A search by reason needs a date range of at most 60 days');
  const shelf =
    sku == null || warehouse == null ? undefined : stock.shelf(String(warehouse), String(sku), textOf(customer));
  const like = reason == null ? null : likePattern(String(reason));
  const seenUntil = clock.now() - world.behaviour.changesLagMs;
  return (shelf?.changes ?? stock.changes).filter(
    (one) =>
      one.at >= from &&
      one.at <= to &&
      one.at <= seenUntil &&
      (sku == null || one.sku === sku) &&
      (warehouse == null || one.warehouse === warehouse) &&
      (customer == null || one.customer === customer) &&
      (location == null || one.location === location) &&
      (name == null || (one.location !== null && stock.places.get(one.location)?.name === name)) &&
      (like === null || like.test(one.reason)),
  );
}

/** SQL LIKE: % is any text, _ any character; the whole reason must match, whatever its case. */
function likePattern(pattern: string): RegExp {
  const source = pattern
    .replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(`^${source}$`, 'is');
}

function dress<Row>({ edges, pageInfo }: Connection<Row>, node: (row: Row) => object): Connection<object> {
  return { pageInfo, edges: edges.map((edge) => ({ cursor: edge.cursor, node: node(edge.node) })) };
}

function timeOf(value: unknown): number {
  const time = Date.parse(String(value));
  return Number.isNaN(time) ? refuse('invalid', 'not a date') : time;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
