import { z } from 'zod';

// Only what is used is named; other members and values are let through. Amounts were put into quotes before parsing.

const text = z.string().nullish();

export const zettleErrorSchema = z.object({
  errorType: z.string().catch(''),
  developerMessage: z.string().catch(''),
  violations: z
    .array(
      z.object({
        propertyName: z.string().catch(''),
        developerMessage: z.string().catch(''),
        constraintType: z.string().catch(''),
      }),
    )
    .catch([]),
  /** OAuth speaks RFC 6749 instead. */
  error: z.string().catch(''),
  error_description: z.string().catch(''),
});
export type ZettleError = z.infer<typeof zettleErrorSchema>;

export const tokenSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
  refresh_token: z.string().min(1).nullish(),
});
export const userSchema = z.object({ uuid: text, organizationUuid: text });

export const locationsSchema = z.array(
  z.object({ uuid: z.string(), type: z.string(), name: text, default: z.boolean().nullish() }),
);
export type ZettleLocation = z.infer<typeof locationsSchema>[number];

const variantBalanceSchema = z.object({
  locationUuid: text,
  locationType: text,
  productUuid: z.string(),
  variantUuid: z.string(),
  balance: z.string(),
});
export type VariantBalance = z.infer<typeof variantBalanceSchema>;

/** The answers to reads (contracts: Zettle 3.4) and to movements (3.2, 3.3). */
export const inventorySchema = z.object({
  locationUuid: z.string(),
  trackedProducts: z.array(z.string()).nullish(),
  variants: z.array(variantBalanceSchema),
  latest: z.number().nullish(),
});
export type ZettleInventory = z.infer<typeof inventorySchema>;

/** The documents show this shape for writing; for reading none is written, so that it is assumed the same. */
export const lowStockSchema = z.object({
  productUuid: z.string(),
  variantUuid: z.string(),
  lowStockLevel: z.string().nullish(),
  lowStockAlert: z.boolean().nullish(),
});
export const lowStocksSchema = z.array(lowStockSchema);
export type LowStockRow = z.infer<typeof lowStockSchema>;

export const inventoryPlaceSchema = z.object({
  inventoryUuid: z.string(),
  inventoryType: z.string(),
  name: text,
  description: text,
  defaultInventory: z.boolean().nullish(),
});
export const inventoryPlacesSchema = z.array(inventoryPlaceSchema);
export type InventoryPlace = z.infer<typeof inventoryPlaceSchema>;

export const stockRowsSchema = z.array(
  z.object({
    inventoryUuid: z.string(),
    productUuid: z.string(),
    variantUuid: z.string(),
    balance: z.string(),
    lowStockLevel: z.string().nullish(),
    lowStockAlert: z.boolean().nullish(),
    updated: text,
  }),
);
export type StockRow = z.infer<typeof stockRowsSchema>[number];

/** Third-party evidence only (contracts: Zettle 4 names the operation, not its shape). */
export const trackingStatusSchema = z.array(z.object({ productUuid: z.string(), enabled: z.boolean() }));

export const productSchema = z.object({
  uuid: z.string(),
  name: text,
  unitName: text,
  etag: text,
  variants: z.array(z.object({ uuid: z.string(), name: text, sku: text, barcode: text })).catch([]),
});
export type ZettleProduct = z.infer<typeof productSchema>;
export const productsSchema = z.array(productSchema);
export const librarySchema = z.object({
  products: z.array(productSchema).nullish(),
  deletedProducts: z.array(z.string()).nullish(),
  fromEventLogUuid: text,
  untilEventLogUuid: text,
});
