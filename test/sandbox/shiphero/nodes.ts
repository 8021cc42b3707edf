import { connection, type PageArgs } from './paging.ts';
import { instantText, type ShipheroState } from './state.ts';
import { filePath, type Snapshot } from './snapshots.ts';
import type { Change, Place, Product, Shelf } from './stock.ts';
import type { Sync, SyncRow } from './syncs.ts';
import type { ShipheroWorld } from './world.ts';

// What the sandbox remembers, as the schema names it. Members that only some questions need are functions.

export function accountNode(state: ShipheroState): object {
  const { user, warehouses, customers } = state.world;
  return {
    id: user.account,
    legacy_id: 3805,
    email: user.username,
    username: user.username,
    status: 'active',
    dynamic_slotting: warehouses.some((one) => one.dynamic_slotting),
    is_multi_warehouse: warehouses.length > 1,
    is_3pl: customers.length > 0,
    customers: (args: PageArgs) =>
      connection(
        customers.map((id) => ({ id, status: 'active' })),
        args,
      ),
    warehouses: () => warehouses.map((one) => warehouseNode(state, one)),
  };
}

export function warehouseNode(state: ShipheroState, warehouse: ShipheroWorld['warehouses'][number]): object {
  return {
    ...warehouse,
    account_id: state.world.user.account,
    products: (args: PageArgs) => {
      const shelves = state.stock.shelves.filter((shelf) => shelf.warehouse === warehouse.id);
      return connection(
        shelves.map((shelf) => productNode(state, shelf.product)),
        args,
      );
    },
  };
}

export function placeNode(state: ShipheroState, place: Place): object {
  const { id, legacyId, warehouse, name, zone, type, pickable, sellable, is_cart, createdAt } = place;
  return {
    id,
    legacy_id: legacyId,
    account_id: state.world.user.account,
    warehouse_id: warehouse,
    type: { name: type },
    name,
    zone,
    pickable,
    sellable,
    is_cart,
    created_at: instantText(createdAt),
    expiration_lots: (args: PageArgs) => connection([], args),
  };
}

export function productNode(state: ShipheroState, product: Product): object {
  const { id, legacyId, sku, name, barcode, active, kit, kit_build, needs_lot_tracking, cases } = product;
  return {
    id,
    legacy_id: legacyId,
    account_id: product.customer ?? state.world.user.account,
    sku,
    name,
    barcode: barcode ?? null,
    active,
    kit,
    kit_build,
    needs_lot_tracking,
    cases,
    warehouse_products: () =>
      state.stock.shelves.filter((shelf) => shelf.product === product).map((shelf) => shelfNode(state, shelf)),
  };
}

export function shelfNode(state: ShipheroState, shelf: Shelf): object {
  const { product, warehouse, legacyId, onHand } = shelf;
  const allocated = product.allocated[warehouse] ?? 0;
  const at = state.world.warehouses.find((one) => one.id === warehouse);
  return {
    id: `WarehouseProduct ${legacyId}`,
    legacy_id: legacyId,
    account_id: product.customer ?? state.world.user.account,
    sku: product.sku,
    warehouse_id: warehouse,
    warehouse_identifier: at?.identifier ?? null,
    on_hand: onHand,
    inventory_bin: shelf.bin,
    allocated,
    available: onHand - allocated,
    active: shelf.isActive,
    in_tote: 0,
    updated_at: instantText(shelf.updatedAt),
    warehouse: () => (at ? warehouseNode(state, at) : null),
    product: () => productNode(state, product),
    locations: (args: PageArgs) => connection(itemRows(state, shelf), args),
  };
}

/** Rows of a shelf: one a location, or one a lot; what is in no lot stands last. */
function itemRows(state: ShipheroState, shelf: Shelf): object[] {
  return [...shelf.rows].flatMap(([location, total]) => {
    const place = state.stock.places.get(location);
    const row = (quantity: number, lot: string | null) => ({
      id: `${shelf.legacyId} ${location} ${lot ?? ''}`,
      account_id: state.world.user.account,
      warehouse_id: shelf.warehouse,
      location_id: location,
      sku: shelf.product.sku,
      quantity,
      location: () => (place ? placeNode(state, place) : null),
      expiration_lot: lot === null ? null : { id: lot, name: lot, sku: shelf.product.sku, is_active: true },
    });
    let left = total;
    const rows = Object.entries(shelf.lots.get(location) ?? {}).map(([lot, pieces]) => {
      const here = Math.min(pieces, Math.max(0, left));
      left -= here;
      return row(here, lot);
    });
    return rows.length === 0 || left !== 0 ? [...rows, row(left, null)] : rows;
  });
}

export function changeNode(state: ShipheroState, change: Change): object {
  const place = change.location === null ? undefined : state.stock.places.get(change.location);
  return {
    id: change.id,
    legacy_id: change.legacyId,
    user_id: 'VXNlcjo5MTIz',
    account_id: change.customer ?? state.world.user.account,
    warehouse_id: change.warehouse,
    sku: change.sku,
    previous_on_hand: change.previous,
    change_in_on_hand: change.change,
    reason: change.reason,
    cycle_counted: false,
    location_id: change.location,
    created_at: instantText(change.at),
    location: () => (place ? placeNode(state, place) : null),
  };
}

export function syncNode(state: ShipheroState, sync: Sync): object {
  const { syncWords } = state.world.behaviour;
  const words = { waiting: syncWords.waiting, running: syncWords.running, aborted: syncWords.aborted };
  const failed = sync.rows.filter((row) => row.status === 'error').length;
  return {
    id: sync.id,
    url: sync.url,
    user_id: 'VXNlcjo5MTIz',
    account_id: state.world.user.account,
    warehouse_id: sync.warehouse,
    customer_account_id: sync.customer ?? null,
    total_count: sync.rows.length,
    status: sync.state === 'success' || sync.state === 'error' ? sync.state : words[sync.state],
    error: sync.error,
    created_at: instantText(sync.createdAt),
    updated_at: instantText(sync.updatedAt),
    success_count: sync.done - failed,
    error_count: failed,
    finished_count: sync.done,
  };
}

/** All rows of a batch share its id, as in the vendor's sample. */
export function syncRowNode(state: ShipheroState, sync: Sync, row: SyncRow): object {
  return {
    id: sync.id,
    row: row.row,
    sku: row.sku,
    quantity: /^\d{1,9}$/.test(row.quantity) ? Number(row.quantity) : null,
    action: row.action,
    reason: row.reason,
    location: state.stock.placeNamed(sync.warehouse, row.location)?.legacyId ?? null,
    status: row.status,
    error: row.error,
    created_at: instantText(sync.createdAt),
    updated_at: instantText(sync.updatedAt),
  };
}

export function snapshotNode(state: ShipheroState, snapshot: Snapshot): object {
  const isReady = snapshot.state === 'success';
  return {
    snapshot_id: snapshot.id,
    job_user_id: 'VXNlcjo5MTIz',
    job_account_id: state.world.user.account,
    warehouse_id: snapshot.warehouse ?? null,
    customer_account_id: snapshot.customer ?? null,
    notification_email: snapshot.email,
    email_error: null,
    post_url: snapshot.postUrl,
    post_error: null,
    post_url_pre_check: snapshot.preCheck,
    status: snapshot.state,
    error: null,
    created_at: instantText(snapshot.createdAt),
    enqueued_at: new Date(snapshot.createdAt).toISOString().replace('Z', '000+00:00'),
    updated_at: instantText(snapshot.createdAt),
    snapshot_url: isReady ? snapshot.origin + filePath(snapshot) : null,
    // Null although it is finished, as in the vendor's sample.
    snapshot_expiration: null,
    new_format: snapshot.newFormat,
  };
}
