import { z } from 'zod';

// Only what is used is named; members and words that are not known here are let through (contracts: ShipHero 5).

const text = z.string().nullish();
const whole = z.number().int().nullish();
const flag = z.boolean().nullish();
const pageInfo = z.object({ hasNextPage: z.boolean().nullish(), endCursor: text });

/** A Relay connection. Edges and nodes may be null. */
function connectionOf<Node extends z.ZodType>(node: Node) {
  return z.object({
    pageInfo: pageInfo.nullish(),
    edges: z.array(z.object({ node: node.nullish() }).nullish()).nullish(),
  });
}

/** One entry of `errors`; the numbers of a lack of credits may stand beside `message` or under `extensions`. */
export const shipheroErrorSchema = z.looseObject({
  message: z.string().catch(''),
  code: z.union([z.number(), z.string()]).optional().catch(undefined),
  path: z.array(z.unknown()).nullish().catch(undefined),
  locations: z.array(z.unknown()).nullish().catch(undefined),
  extensions: z.record(z.string(), z.unknown()).nullish().catch(undefined),
});
export type ShipheroError = z.infer<typeof shipheroErrorSchema>;
export const envelopeSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(shipheroErrorSchema).nullish(),
});

export const grantSchema = z.object({
  access_token: z.string().min(1),
  refresh_token: text,
  expires_in: z.number().nullish(),
});

export const warehouseSchema = z.object({ id: z.string(), identifier: text, dynamic_slotting: flag });
export type ShipheroWarehouse = z.infer<typeof warehouseSchema>;
export const accountSchema = z.object({
  account: z.object({
    data: z.object({
      id: text,
      email: text,
      username: text,
      status: text,
      dynamic_slotting: flag,
      is_3pl: flag,
      warehouses: z.array(warehouseSchema.nullish()).nullish(),
    }),
  }),
});
export const meSchema = z.object({ me: z.object({ data: z.object({ id: text, email: text }) }) });
export const quotaSchema = z.object({
  user_quota: z.object({ credits_remaining: whole, max_available: whole, increment_rate: whole }),
});
export type ShipheroQuota = z.infer<typeof quotaSchema>['user_quota'];
export const uuidSchema = z.object({ uuid: z.object({ data: z.object({ id: z.string(), legacy_id: whole }) }) });

export const locationSchema = z.object({
  id: z.string(),
  warehouse_id: text,
  name: text,
  zone: text,
  // The vendor's own sample shows a text where the schema has an object (contracts: ShipHero 2.1).
  type: z.union([z.object({ name: text }), z.string()]).nullish(),
  pickable: flag,
  sellable: flag,
  is_cart: flag,
});
export type ShipheroLocation = z.infer<typeof locationSchema>;
export const locationAnswer = z.object({ location: z.object({ data: locationSchema }) });
export const locationsAnswer = z.object({ locations: z.object({ data: connectionOf(locationSchema) }) });
export const locationCreateAnswer = z.object({ location_create: z.object({ location: locationSchema }) });
export const locationUpdateAnswer = z.object({ location_update: z.object({ location: locationSchema }) });

const itemLocation = z.object({ location_id: z.string(), quantity: z.number().int() });
export const shelfSchema = z.object({
  sku: z.string(),
  warehouse_id: z.string(),
  on_hand: whole,
  allocated: whole,
  available: whole,
  inventory_bin: text,
  active: flag,
  updated_at: text,
  locations: connectionOf(itemLocation).nullish(),
});
export type ShipheroShelf = z.infer<typeof shelfSchema>;
export const shelvesConnection = connectionOf(shelfSchema);
export const shelvesAnswer = z.object({ warehouse_products: z.object({ data: shelvesConnection }) });
/** Several questions for shelves in one document, each under a name of its own. */
export const manyShelvesAnswer = z.record(z.string(), z.object({ data: shelvesConnection }));

export const productSchema = z.object({
  id: text,
  sku: text,
  name: text,
  barcode: text,
  active: flag,
  kit: flag,
  kit_build: flag,
  needs_lot_tracking: flag,
  cases: z.array(z.object({ case_barcode: text, case_quantity: whole }).nullish()).nullish(),
});
export type ShipheroProduct = z.infer<typeof productSchema>;
export const productsAnswer = z.object({ products: z.object({ data: connectionOf(productSchema) }) });
export const productAnswer = z.object({
  product: z.object({
    data: z.object({
      ...productSchema.shape,
      warehouse_products: z.array(shelfSchema.partial({ sku: true }).nullish()).nullish(),
    }),
  }),
});

export const changeSchema = z.object({
  id: text,
  warehouse_id: text,
  sku: text,
  previous_on_hand: whole,
  change_in_on_hand: whole,
  reason: text,
  location_id: text,
  created_at: text,
  location: z.object({ name: text }).nullish(),
});
export type ShipheroChange = z.infer<typeof changeSchema>;
export const changesAnswer = z.object({ inventory_changes: z.object({ data: connectionOf(changeSchema) }) });
export const lookBackAnswer = z.object({ ...changesAnswer.shape, ...shelvesAnswer.shape });

/** What every change of stock answers; the member is named after the operation. */
export const stockAnswer = z.record(
  z.string(),
  z
    .object({ request_id: text, warehouse_product: z.object({ sku: text, on_hand: whole }).nullish(), ok: flag })
    .nullish(),
);

export const syncSchema = z.object({
  id: z.string(),
  url: text,
  warehouse_id: text,
  total_count: whole,
  success_count: whole,
  error_count: whole,
  finished_count: whole,
  status: text,
  error: text,
  created_at: text,
  updated_at: text,
});
export type ShipheroSync = z.infer<typeof syncSchema>;
export const syncRowSchema = z.object({ row: whole, sku: text, quantity: whole, status: text, error: text });
export type ShipheroSyncRow = z.infer<typeof syncRowSchema>;
export const syncStartAnswer = z.object({ inventory_sync: z.object({ sync_id: z.string().min(1) }) });
export const syncAnswer = z.object({ inventory_sync_status: z.object({ data: syncSchema }) });
export const syncsAnswer = z.object({ inventory_sync_statuses: z.object({ data: connectionOf(syncSchema) }) });
export const syncRowsAnswer = z.object({
  inventory_sync_items_status: z.object({ data: connectionOf(syncRowSchema) }),
});
export const syncAbortAnswer = z.object({ inventory_sync_abort: z.object({ sync: syncSchema.nullish() }) });

export const snapshotSchema = z.object({
  snapshot_id: z.string(),
  warehouse_id: text,
  status: text,
  error: text,
  created_at: text,
  snapshot_url: text,
});
export type ShipheroSnapshot = z.infer<typeof snapshotSchema>;
export const snapshotStartAnswer = z.object({ inventory_generate_snapshot: z.object({ snapshot: snapshotSchema }) });
export const snapshotAbortAnswer = z.object({ inventory_abort_snapshot: z.object({ snapshot: snapshotSchema }) });
export const snapshotAnswer = z.object({ inventory_snapshot: z.object({ snapshot: snapshotSchema }) });
export const snapshotsAnswer = z.object({ inventory_snapshots: z.object({ snapshots: connectionOf(snapshotSchema) }) });

/** The rows of a page, and the cursor of the next one. */
export function pageOf<Node>(connection: {
  pageInfo?: { hasNextPage?: boolean | null | undefined; endCursor?: string | null | undefined } | null | undefined;
  edges?: readonly ({ node?: Node | null | undefined } | null | undefined)[] | null | undefined;
}): { readonly rows: readonly Node[]; readonly next: string | undefined } {
  const rows = (connection.edges ?? []).flatMap((edge) => (edge?.node == null ? [] : [edge.node]));
  const next = connection.pageInfo?.hasNextPage === true ? connection.pageInfo.endCursor : null;
  return { rows, next: next ?? undefined };
}
