/**
 * The documents that ShipHero's own developer pages give as examples for inventory, word for word but for line breaks.
 * `isValid` false: the page itself writes one that no GraphQL server takes.
 */
export const SEED_DOCUMENTS: readonly { readonly name: string; readonly text: string; readonly isValid: boolean }[] = [
  {
    name: 'location',
    isValid: true,
    text: `query { location(id: "QmluOjIyNDMwNDY=") { request_id complexity data { legacy_id name warehouse_id type { name } } } }`,
  },
  {
    name: 'locations',
    isValid: true,
    text: `query { locations(warehouse_id: "V2FyZWhvdXNlOjExNzkw") { request_id data { edges { node { id name zone type { name } pickable sellable } } } } }`,
  },
  {
    name: 'product',
    isValid: true,
    text: `query { product(sku: "1122334458") { request_id data { sku name warehouse_products { warehouse_id locations { edges { node { location_id quantity } } } } } } }`,
  },
  {
    name: 'location_create',
    isValid: true,
    text: `mutation { location_create(data: { warehouse_id: "V2FyZWhvdXNlOjExNzkw", name: "Bin-12345" zone: "C2" pickable: false sellable: false }) { request_id location { name zone type { name } pickable sellable } } }`,
  },
  {
    name: 'location_update',
    isValid: true,
    text: `mutation { location_update(data: { location_id: "123BVerb3456jnx" pickable: true sellable: true }) { request_id location { name zone type { name } pickable sellable } } }`,
  },
  {
    name: 'inventory_add',
    isValid: true,
    text: `mutation { inventory_add(data: { sku: "1122334458", warehouse_id: "V2FyZWhvdXNlOjExNzkw", location_id: "QmluOjE0OTQxMDg=" quantity: 1 reason: "Test removing inventory from Public API" }) { request_id warehouse_product { locations { edges { node { location_id quantity } } } } } }`,
  },
  {
    name: 'inventory_replace',
    isValid: false,
    text: `mutation { inventory_replace(data: { sku: "1122334458", warehouse_id: "V2FyZWhvdXNlOjExNzkw", location_id: "QmluOjE0OTQxMDg=" quantity: 5 reason: "Testing replacing inventory from Public API" includes_non_sellable: False }) { request_id warehouse_product { locations { edges { node { location_id quantity } } } } }`,
  },
  {
    name: 'inventory_sync',
    isValid: true,
    text: `mutation{ inventory_sync(data:{ url:"https://some-url.com/inv-sync.csv", warehouse_id:"V2FyZdfhens73hsA=" }){ request_id complexity sync_id } }`,
  },
  {
    name: 'inventory_sync_statuses',
    isValid: true,
    text: `query { inventory_sync_statuses { request_id complexity data(first:3) { edges { node { id url user_id account_id warehouse_id customer_account_id total_count status error created_at updated_at } } } } }`,
  },
  {
    name: 'inventory_sync_status',
    isValid: true,
    text: `query{ inventory_sync_status(id:"5d9624b054de070001fd3132"){ request_id complexity data{ id url user_id account_id warehouse_id customer_account_id total_count status error created_at updated_at } } }`,
  },
  {
    name: 'inventory_sync_items_status',
    isValid: true,
    text: `query { inventory_sync_items_status(id: "5d9625ebd49dd410acb3f554") { request_id data { edges { node { id row sku quantity action reason location status error created_at updated_at } } } } }`,
  },
  {
    name: 'inventory_sync_abort',
    isValid: true,
    text: `mutation { inventory_sync_abort( data: { sync_id: "5e4dac71b50fb5475c7b00d4", reason: "Wrong File" } ) { request_id complexity sync { id url user_id account_id warehouse_id customer_account_id total_count status error created_at updated_at success_count error_count finished_count } } }`,
  },
  {
    name: 'inventory_generate_snapshot',
    isValid: true,
    text: `mutation { inventory_generate_snapshot( data: { warehouse_id: "V2FyZWhvuXNlOjEjUzkw" notification_email: "test@shiphero.com" } ) { request_id complexity snapshot { snapshot_id job_user_id job_account_id warehouse_id customer_account_id notification_email email_error post_url post_error post_url_pre_check status error created_at enqueued_at updated_at snapshot_url snapshot_expiration } } }`,
  },
  {
    name: 'inventory_abort_snapshot',
    isValid: true,
    text: `mutation { inventory_abort_snapshot( data: { snapshot_id: "5e94c048cec17923fcb7ec32", reason: "Wrong endpoint" } ) { request_id complexity snapshot { snapshot_id job_user_id job_account_id warehouse_id customer_account_id notification_email email_error post_url post_error post_url_pre_check status error created_at enqueued_at updated_at snapshot_url snapshot_expiration } } }`,
  },
  {
    name: 'inventory_snapshot',
    isValid: true,
    text: `query { inventory_snapshot(snapshot_id: "5e94c048cec17923fcb7ec32") { request_id complexity snapshot { snapshot_id job_user_id job_account_id warehouse_id customer_account_id notification_email email_error post_url post_error post_url_pre_check status error created_at enqueued_at updated_at snapshot_url snapshot_expiration } } }`,
  },
  {
    name: 'inventory_snapshots',
    isValid: true,
    text: `query { inventory_snapshots(warehouse_id: "V2FyZWhvdXNlOjgwNzU=") { request_id complexity snapshots(first: 1) { edges { node { snapshot_id job_user_id job_account_id warehouse_id customer_account_id notification_email email_error post_url post_error post_url_pre_check status error created_at enqueued_at updated_at snapshot_url snapshot_expiration } } } } }`,
  },
];
