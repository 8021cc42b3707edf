// Every document that is sent. Each connection says how many rows it wants: without `first` the server takes 100, and
// they are paid for whether there are so many or not (contracts: ShipHero 3 and 4).

const LOCATION = 'id warehouse_id name zone type { name } pickable sellable is_cart';
const PAGE = 'pageInfo { hasNextPage endCursor }';
/** Rows of one thing's locations that come with it; the others are asked for by `SHELF`. */
const LOCATION_ROWS = 10;
const shelf = (rows: string) =>
  `sku warehouse_id on_hand updated_at locations(${rows}) { ${PAGE} edges { node { location_id quantity } } }`;
const SHELF_ROW = shelf(`first: ${LOCATION_ROWS}`);
const PRODUCT = 'id sku name barcode active kit kit_build needs_lot_tracking cases { case_barcode case_quantity }';
const CHANGE = 'id warehouse_id sku previous_on_hand change_in_on_hand reason location_id created_at location { name }';
const SYNC =
  'id url warehouse_id total_count success_count error_count finished_count status error created_at updated_at';
const SNAPSHOT = 'snapshot_id warehouse_id status error created_at snapshot_url';

export const ACCOUNT =
  'query { account { data { id email username status dynamic_slotting is_3pl warehouses { id identifier dynamic_slotting } } } }';
export const ME = 'query { me { data { id email } } }';
export const QUOTA = 'query { user_quota { credits_remaining max_available increment_rate } }';
export const UUID =
  'query ($legacy: Int!, $entity: EntityType!) { uuid(legacy_id: $legacy, entity: $entity) { data { id legacy_id } } }';

export const LOCATION_ONE = `query ($id: String, $name: String) { location(id: $id, name: $name) { data { ${LOCATION} } } }`;
export const LOCATIONS = `query ($warehouse: String, $sku: String, $name: String, $pickable: Boolean, $sellable: Boolean, $first: Int, $after: String) { locations(warehouse_id: $warehouse, sku: $sku, name: $name, pickable: $pickable, sellable: $sellable) { data(first: $first, after: $after) { ${PAGE} edges { node { ${LOCATION} } } } } }`;
export const LOCATION_CREATE = `mutation ($data: CreateLocationInput!) { location_create(data: $data) { request_id location { ${LOCATION} } } }`;
export const LOCATION_UPDATE = `mutation ($data: UpdateLocationInput!) { location_update(data: $data) { request_id location { ${LOCATION} } } }`;

const CHANGED = 'request_id complexity warehouse_product { sku on_hand }';
/** Every way to change stock, by the name of its operation. */
export const STOCK = {
  inventory_add: `mutation ($data: UpdateInventoryInput!) { inventory_add(data: $data) { ${CHANGED} } }`,
  inventory_remove: `mutation ($data: UpdateInventoryInput!) { inventory_remove(data: $data) { ${CHANGED} } }`,
  inventory_subtract: `mutation ($data: UpdateInventoryInput!) { inventory_subtract(data: $data) { ${CHANGED} } }`,
  inventory_replace: `mutation ($data: ReplaceInventoryInput!) { inventory_replace(data: $data) { ${CHANGED} } }`,
  inventory_transfer:
    'mutation ($data: TransferInventoryInput!) { inventory_transfer(data: $data) { request_id complexity ok } }',
  warehouse_product_update: `mutation ($data: UpdateWarehouseProductInput!) { warehouse_product_update(data: $data) { ${CHANGED} } }`,
} as const;

export const PRODUCT_ONE = `query ($id: String, $sku: String) { product(id: $id, sku: $sku) { data { ${PRODUCT} warehouse_products { ${shelf('first: 100')} } } } }`;
export const PRODUCTS = `query ($sku: String, $customer: String, $from: ISODateTime, $to: ISODateTime, $kits: Boolean, $first: Int, $after: String) { products(sku: $sku, customer_account_id: $customer, updated_from: $from, updated_to: $to, has_kits: $kits) { data(first: $first, after: $after) { ${PAGE} edges { node { ${PRODUCT} } } } } }`;
export const SHELVES = `query ($warehouse: String, $sku: String, $customer: String, $active: Boolean, $from: ISODateTime, $to: ISODateTime, $first: Int, $after: String) { warehouse_products(warehouse_id: $warehouse, sku: $sku, customer_account_id: $customer, active: $active, updated_from: $from, updated_to: $to) { data(first: $first, after: $after) { ${PAGE} edges { node { ${SHELF_ROW} } } } } }`;
/** One thing in one warehouse, with a further page of its locations. */
export const SHELF = `query ($warehouse: String!, $sku: String!, $customer: String, $after: String) { warehouse_products(warehouse_id: $warehouse, sku: $sku, customer_account_id: $customer) { data(first: 2) { ${PAGE} edges { node { ${shelf('first: 100, after: $after')} } } } } }`;

/** That many things at once, each in a warehouse: variables `sku0`, `warehouse0`, …, and `customer`. */
export function manyShelves(count: number): string {
  const places = Array.from({ length: count }, (_, at) => at);
  const variables = places.map((at) => `$warehouse${at}: String!, $sku${at}: String!`).join(', ');
  const fields = places.map(
    (at) =>
      `r${at}: warehouse_products(warehouse_id: $warehouse${at}, sku: $sku${at}, customer_account_id: $customer) { data(first: 2) { edges { node { ${SHELF_ROW} } } } }`,
  );
  return `query ($customer: String, ${variables}) { ${fields.join(' ')} }`;
}

export const CHANGES = `query ($sku: String, $warehouse: String, $location: String, $locationName: String, $reason: String, $customer: String, $from: ISODateTime, $to: ISODateTime, $first: Int, $after: String) { inventory_changes(sku: $sku, warehouse_id: $warehouse, location_id: $location, location_name: $locationName, reason: $reason, customer_account_id: $customer, date_from: $from, date_to: $to) { data(first: $first, after: $after) { ${PAGE} edges { node { ${CHANGE} } } } } }`;
/** The history of one thing in one warehouse beside its figures, so that it shows whether the history is complete. */
export const LOOK_BACK = `query ($sku: String!, $warehouse: String!, $customer: String, $from: ISODateTime!, $to: ISODateTime!, $after: String) { inventory_changes(sku: $sku, warehouse_id: $warehouse, customer_account_id: $customer, date_from: $from, date_to: $to) { data(first: 50, after: $after) { ${PAGE} edges { node { ${CHANGE} } } } } warehouse_products(warehouse_id: $warehouse, sku: $sku, customer_account_id: $customer) { data(first: 2) { edges { node { ${SHELF_ROW} } } } } }`;

export const SYNC_START =
  'mutation ($data: InventorySyncInput!) { inventory_sync(data: $data) { request_id complexity sync_id } }';
export const SYNC_ONE = `query ($id: String!) { inventory_sync_status(id: $id) { data { ${SYNC} } } }`;
export const SYNCS = `query ($warehouse: String, $customer: String, $status: String, $first: Int, $after: String) { inventory_sync_statuses(warehouse_id: $warehouse, customer_account_id: $customer, status: $status) { data(first: $first, after: $after) { ${PAGE} edges { node { ${SYNC} } } } } }`;
export const SYNC_ROWS = `query ($id: String!, $status: String, $first: Int, $after: String) { inventory_sync_items_status(id: $id, status: $status) { data(first: $first, after: $after) { ${PAGE} edges { node { row sku quantity status error } } } } }`;
export const SYNC_ABORT = `mutation ($data: AbortInventorySyncInput!) { inventory_sync_abort(data: $data) { request_id sync { ${SYNC} } } }`;

export const SNAPSHOT_START = `mutation ($data: InventoryGenerateSnapshotInput!) { inventory_generate_snapshot(data: $data) { request_id complexity snapshot { ${SNAPSHOT} } } }`;
export const SNAPSHOT_ABORT = `mutation ($data: InventoryAbortSnapshotInput!) { inventory_abort_snapshot(data: $data) { request_id snapshot { ${SNAPSHOT} } } }`;
export const SNAPSHOT_ONE = `query ($id: String!) { inventory_snapshot(snapshot_id: $id) { snapshot { ${SNAPSHOT} } } }`;
export const SNAPSHOTS = `query ($warehouse: String, $customer: String, $status: String, $first: Int, $after: String) { inventory_snapshots(warehouse_id: $warehouse, customer_account_id: $customer, status: $status) { snapshots(first: $first, after: $after) { ${PAGE} edges { node { ${SNAPSHOT} } } } } }`;

/** Documents of one operation each, for a test that asks the schema about every one. */
export const EVERY_DOCUMENT: readonly string[] = [
  [ACCOUNT, ME, QUOTA, UUID, LOCATION_ONE, LOCATIONS, LOCATION_CREATE, LOCATION_UPDATE],
  Object.values(STOCK),
  [PRODUCT_ONE, PRODUCTS, SHELVES, SHELF, manyShelves(1), manyShelves(20), CHANGES, LOOK_BACK],
  [SYNC_START, SYNC_ONE, SYNCS, SYNC_ROWS, SYNC_ABORT],
  [SNAPSHOT_START, SNAPSHOT_ABORT, SNAPSHOT_ONE, SNAPSHOTS],
].flat();
