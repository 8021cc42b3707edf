import { z } from 'zod';

// Only what is used is named; members and enum values that are not known here are let through (contracts: Square 1.1).

export const squareErrorSchema = z.object({
  category: z.string().catch('API_ERROR'),
  code: z.string().catch(''),
  detail: z.string().optional().catch(undefined),
  field: z.string().optional().catch(undefined),
});
export type SquareError = z.infer<typeof squareErrorSchema>;

/** Every answer may hold errors, a 200 too. */
export const errorsSchema = z.object({ errors: z.array(squareErrorSchema).nullish() });

const text = z.string().nullish();

const physicalCountSchema = z.object({
  id: text,
  reference_id: text,
  catalog_object_id: text,
  state: text,
  location_id: text,
  quantity: text,
  occurred_at: text,
  created_at: text,
});
const adjustmentSchema = z.object({
  id: text,
  reference_id: text,
  from_state: text,
  to_state: text,
  catalog_object_id: text,
  location_id: text,
  quantity: text,
  occurred_at: text,
  created_at: text,
});
const transferSchema = z.object({
  id: text,
  reference_id: text,
  state: text,
  from_location_id: text,
  to_location_id: text,
  catalog_object_id: text,
  quantity: text,
  occurred_at: text,
  created_at: text,
});
export type SquarePhysicalCount = z.infer<typeof physicalCountSchema>;
export type SquareAdjustment = z.infer<typeof adjustmentSchema>;
export type SquareTransfer = z.infer<typeof transferSchema>;

export const changeSchema = z.object({
  type: z.string(),
  physical_count: physicalCountSchema.nullish(),
  adjustment: adjustmentSchema.nullish(),
  transfer: transferSchema.nullish(),
});
export type SquareChange = z.infer<typeof changeSchema>;

export const countSchema = z.object({
  catalog_object_id: z.string(),
  state: z.string(),
  location_id: text,
  quantity: z.string(),
  calculated_at: text,
});
export type SquareCount = z.infer<typeof countSchema>;

// Empty lists are omitted: a missing list or cursor means empty, or the last page.
export const changesPageSchema = z.object({ changes: z.array(changeSchema).nullish(), cursor: text });
export const countsPageSchema = z.object({ counts: z.array(countSchema).nullish(), cursor: text });
export const batchChangeSchema = z.object({
  counts: z.array(z.unknown()).nullish(),
  changes: z.array(changeSchema).nullish(),
});
export const oneAdjustmentSchema = z.object({ adjustment: adjustmentSchema });
/** The member is named `count`, not `physical_count` (contracts: Square 2.4). */
export const onePhysicalCountSchema = z.object({ count: physicalCountSchema });
export const oneTransferSchema = z.object({ transfer: transferSchema });

export const variationSchema = z.object({
  type: z.literal('ITEM_VARIATION'),
  id: z.string(),
  is_deleted: z.boolean().nullish(),
  item_variation_data: z.object({ item_id: text, name: text, sku: text, upc: text, measurement_unit_id: text }),
});
export type SquareVariation = z.infer<typeof variationSchema>;

/** A catalogue object of any kind; what it is follows from the member that it carries. */
export const catalogObjectSchema = z.object({
  type: z.string(),
  id: z.string(),
  is_deleted: z.boolean().nullish(),
  item_data: z.object({ name: text, variations: z.array(z.unknown()).nullish() }).nullish(),
  item_variation_data: variationSchema.shape.item_variation_data.nullish(),
  measurement_unit_data: z.object({ precision: z.number().int().nullish() }).nullish(),
});
export type SquareCatalogObject = z.infer<typeof catalogObjectSchema>;
export const catalogPageSchema = z.object({
  objects: z.array(catalogObjectSchema).nullish(),
  related_objects: z.array(catalogObjectSchema).nullish(),
  cursor: text,
  latest_time: text,
});

const locationSchema = z.object({ id: z.string(), name: text, status: text });
export type SquareLocation = z.infer<typeof locationSchema>;
export const locationsSchema = z.object({ locations: z.array(locationSchema).nullish() });
export const oneLocationSchema = z.object({ location: locationSchema });
export const merchantSchema = z.object({ merchant: z.object({ id: text, business_name: text }) });

const wholeNumber = z.number().int().nullish();
export const catalogInfoSchema = z.object({
  limits: z.object({ search_max_page_limit: wholeNumber, batch_retrieve_max_object_ids: wholeNumber }).nullish(),
});
export const oneCatalogObjectSchema = z.object({
  object: catalogObjectSchema,
  related_objects: z.array(catalogObjectSchema).nullish(),
});
export const itemsPageSchema = z.object({
  items: z.array(catalogObjectSchema).nullish(),
  matched_variation_ids: z.array(z.string()).nullish(),
  cursor: text,
});

export const obtainedTokenSchema = z.object({
  access_token: z.string().min(1),
  expires_at: text,
  refresh_token: text,
  refresh_token_expires_at: text,
  merchant_id: text,
});
export const tokenStatusSchema = z.object({
  scopes: z.array(z.string()).nullish(),
  expires_at: text,
  client_id: text,
  merchant_id: text,
});
export const revokedSchema = z.object({ success: z.boolean().nullish() });
