import { z } from 'zod';
import { tokensSchema } from '../chassis/tokens.ts';
import { worldOf } from '../chassis/world.ts';

const id = z.string().min(1);
const piecesSchema = z.number().int();

const productSchema = z.object({
  sku: id,
  name: z.string().default(''),
  barcode: z.string().optional(),
  active: z.boolean().default(true),
  kit: z.boolean().default(false),
  kit_build: z.boolean().default(false),
  needs_lot_tracking: z.boolean().default(false),
  cases: z.array(z.object({ case_barcode: z.string(), case_quantity: z.number().int() })).default([]),
  /** A 3PL's client; absent: the account's own. */
  customer: z.string().optional(),
  /** The warehouses that it is assigned to; absent: all of them. */
  warehouses: z.array(id).optional(),
  /** Pieces by location id, or by location id and lot. No entry: no row there, which is not zero. */
  stock: z.record(z.string(), z.union([piecesSchema, z.record(z.string(), piecesSchema)])).default({}),
  /** Pieces by warehouse id, where the warehouse keeps one figure. */
  on_hand: z.record(z.string(), piecesSchema).default({}),
  /** Pieces promised to orders, by warehouse id. */
  allocated: z.record(z.string(), piecesSchema).default({}),
});
export type WorldProduct = z.infer<typeof productSchema>;

/** Members under the vendor's own names, where a world uses those. */
function renamed<Schema extends z.ZodType>(names: Readonly<Record<string, string>>, schema: Schema) {
  return z.preprocess((value) => {
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [names[name] ?? name, member]));
  }, schema);
}

const placeSchema = z.object({
  id,
  warehouse: id,
  name: id,
  zone: z.string().default('A'),
  type: z.string().default('Bin'),
  pickable: z.boolean().default(true),
  sellable: z.boolean().default(true),
  is_cart: z.boolean().default(false),
});
const locationSchema = renamed({ warehouse_id: 'warehouse' }, placeSchema);
export type WorldLocation = z.infer<typeof placeSchema>;

const warehouseSchema = z.object({
  id,
  /** A nullable field of the schema: a warehouse may have no name. */
  identifier: id.nullable().default(null),
  dynamic_slotting: z.boolean().default(true),
});
const userSchema = z.object({
  username: z.string().default('stock@example.com'),
  password: z.string().default('sandbox-password'),
  refreshToken: z.string().default('sandbox-refresh-token'),
  account: z.string().default('QWNjb3VudDozODA1'),
});

/** How the sandbox behaves where the contract says "(unverified)"; each is a guess that a client may not rely on. */
const behaviourSchema = z.object({
  /** The status of an answer that lacks credits, and where its numbers stand. */
  creditsStatus: z.union([z.literal(200), z.literal(429)]).default(200),
  creditsMembers: z.enum(['beside', 'extensions', 'none']).default('beside'),
  /** How a bad or expired token is told. */
  tokenError: z.enum(['401', '403', 'errors']).default('401'),
  /** Whether a refresh gives a new refresh token and ends the old one. */
  refreshRotates: z.boolean().default(false),
  /** After how long a change of stock is in `inventory_changes`. */
  changesLagMs: z.number().int().min(0).default(0),
  /** Whose figure `previous_on_hand` is. */
  previousOnHand: z.enum(['warehouse', 'location']).default('warehouse'),
  /** Whether a replace by the same figure is in the history. */
  logsUnchanged: z.boolean().default(true),
  /** Characters of a `reason` that are kept. */
  reasonLength: z.number().int().min(1).default(1000),
  /** What removing more than there is does. */
  overRemoval: z.enum(['refuse', 'allow', 'clip']).default('refuse'),
  /** Whether refusals of an operation carry a `code`. */
  refusalCodes: z.boolean().default(true),
  /** What a change without `location_id` does where stock lies in locations. */
  withoutLocation: z.enum(['refuse', 'unassigned']).default('refuse'),
  /** The order of a connection without `sort`. */
  order: z.enum(['oldest', 'newest']).default('oldest'),
  /** The words for a batch of rows that waits, runs, or was aborted. */
  syncWords: z
    .object({
      waiting: z.string().default('enqueued'),
      running: z.string().default('processing'),
      aborted: z.string().default('aborted'),
    })
    .prefault({}),
  /** Rows that a step of the background work does, and how long one takes. */
  syncRowsPerStep: z.number().int().min(1).default(100),
  syncStepMs: z.number().int().min(1).default(1000),
  /** What becomes of a file with more than 3000 lines. */
  syncTooLong: z.enum(['refuse', 'accept']).default('refuse'),
  snapshotMs: z.number().int().min(0).default(5000),
  /** The form of a snapshot's file: the exact JSON is not known. */
  snapshotShape: z.enum(['maps', 'lists']).default('maps'),
});
export type ShipheroBehaviour = z.infer<typeof behaviourSchema>;

/** A world of ShipHero, its members under `shiphero` or flat beside `clock` and `tokens`. */
export const shipheroWorldSchema = z.preprocess(
  (world) => worldOf('shiphero', world),
  z.object({
    /** The time at which the sandbox's clock stands until it is advanced; absent: it runs as the machine's does. */
    clock: z.iso.datetime().optional(),
    /** Access tokens that are good from the start; a list of scopes is as good as "ok": none are documented. */
    tokens: tokensSchema.default({}),
    shiphero: z.object({
      user: renamed({ email: 'username', refresh_token: 'refreshToken' }, userSchema).prefault({}),
      credits: z
        .object({ max: z.number().int().min(1).default(4004), perSecond: z.number().min(0).default(60) })
        .prefault({}),
      customers: z.array(id).default([]),
      warehouses: z.array(renamed({ name: 'identifier' }, warehouseSchema)).min(1),
      locations: z.array(locationSchema).default([]),
      products: z.array(productSchema).default([]),
      behaviour: behaviourSchema.prefault({}),
    }),
  }),
);
export type ShipheroWorld = z.infer<typeof shipheroWorldSchema>['shiphero'];
