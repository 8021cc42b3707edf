import { z } from 'zod';
import { tokensSchema } from '../chassis/tokens.ts';
import { worldOf } from '../chassis/world.ts';

/** "2022-01-19T03:34:18" in UTC; a zone mark is taken off. */
const time = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z?$/)
  .transform((text) => text.slice(0, 19));

const userSchema = z.object({
  user_id: z.number().int().nullable().optional(),
  salutation: z.string().nullable().optional(),
  firstname: z.string().nullable().optional(),
  lastname: z.string().nullable().optional(),
  company_id: z.number().int().nullable().optional(),
  street: z.string().nullable().optional(),
  city: z.string().nullable().optional(),
  state: z.string().nullable().optional(),
  ph_number: z.string().nullable().optional(),
  country_code: z.string().nullable().optional(),
  postcode: z.string().nullable().optional(),
  email: z.string().nullable().optional(),
  company: z.string().nullable().optional(),
});
export type EventUser = z.infer<typeof userSchema>;

/** An event as it is given: what is missing is filled in, so that the levels of a record follow from one another. */
export const givenEventSchema = z.object({
  inventory_id: z.number().int().optional(),
  product_id: z.number().int().optional(),
  dn_sku_id: z.string().optional(),
  created_at: time.optional(),
  change_type: z.number().int().optional(),
  po_number: z.string().nullable().optional(),
  po_line_id: z.number().int().nullable().optional(),
  old_qty: z.number().optional(),
  new_qty: z.number().optional(),
  user: userSchema.nullable().optional(),
});
export type GivenEvent = z.infer<typeof givenEventSchema>;

/** What the sister API says of one SKU; what is missing follows from the events. */
const givenLevelSchema = z.object({
  dn_sku_id: z.string(),
  inventory_id: z.number().int().optional(),
  product_id: z.number().int().optional(),
  product_code: z.string().optional(),
  product_name: z.string().optional(),
  supplier: z.string().nullable().optional(),
  sku: z.string().nullable().optional(),
  vendor_sku: z.string().nullable().optional(),
  product_size: z.object({ name: z.string() }).nullable().optional(),
  product_color: z.object({ name: z.string() }).nullable().optional(),
  inv_on: z.boolean().default(true),
  inv_lvl: z.number().optional(),
  inv_last_modified: time.optional(),
});
export type GivenLevel = z.infer<typeof givenLevelSchema>;

/** How the sandbox behaves where the documentation is silent; each is a guess that a client may not rely on. */
const behaviourSchema = z.object({
  /** Whether Between holds the two values that it is given. */
  betweenIncludesEnds: z.boolean().default(true),
  /** Growing lists shift the pages of a falling order, so that is what a client has to live with. */
  sort: z.enum(['rising', 'falling', 'none']).default('falling'),
  /** What `sortby` 2 does: by inventory id, nothing, or refused as a bad parameter. */
  sortby: z.enum(['fields', 'ignored', 'refused']).default('fields'),
  /** Events of one second come in another order on each page, as of a database that was told nothing more. */
  shufflesTies: z.boolean().default(false),
  /** Where the search is: at ".../find", without that word, at both. */
  path: z.enum(['find', 'bare', 'both']).default('find'),
  /** Whether `conditions[1][field]` is understood without percent-encoding. */
  bareBrackets: z.boolean().default(true),
  /** Whether a site whose API is off says so before it looks at the password. */
  disabledFirst: z.boolean().default(true),
  /** Whether a search for an inventory record that never was is code 40004, or an empty success. */
  unknownInventory: z.enum(['warning', 'empty']).default('warning'),
  /** The code of a success; third parties report 10002 and 10005 as well. */
  successCode: z.number().int().default(10001),
  /** The HTTP status of refusals. */
  refusalStatus: z.number().int().default(200),
  /** The sister API: there, answered with a 404 page, or with a page and 200. */
  sister: z.enum(['there', 'absent', 'page']).default('there'),
  /** Rows of one page at most, whatever `limit` says. */
  pageRows: z.number().int().min(1).max(100).default(100),
});
export type DecoBehaviour = z.infer<typeof behaviourSchema>;

const systemSchema = z.object({
  username: z.string().default('stock'),
  password: z.string().default('sandbox-password'),
  site: z.enum(['normal', 'api-disabled']).default('normal'),
  events: z.array(givenEventSchema).default([]),
  inventory: z.array(givenLevelSchema).default([]),
  behaviour: behaviourSchema.prefault({}),
});

const wholeSchema = z.object({
  /** The time at which the sandbox's clock stands until it is advanced; absent: it runs as the machine's does. */
  clock: z.iso.datetime().optional(),
  tokens: tokensSchema.optional(),
  deconetwork: systemSchema,
});

/** The member `deconetwork`, or its members flat at the top. */
export const worldSchema = z.preprocess((world) => worldOf('deconetwork', world), wholeSchema);
export type World = z.output<typeof wholeSchema>;
export type WorldInput = z.input<typeof wholeSchema> | (z.input<typeof systemSchema> & { clock?: string });
