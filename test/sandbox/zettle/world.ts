import { z } from 'zod';
import { formatQuantity, parseQuantity } from '../../../shared/domain/quantity.ts';
import { tokensSchema } from '../chassis/tokens.ts';
import { worldOf } from '../chassis/world.ts';

const LOCATION_TYPES = ['STORE', 'BIN', 'SOLD', 'SUPPLIER'] as const;
export type LocationType = (typeof LOCATION_TYPES)[number];

/** An amount as a world may write it: decimal text or a number. Inside it is canonical text. */
const amountSchema = z.union([z.string(), z.number()]).transform((amount, context) => {
  const parsed = parseQuantity(String(amount));
  if (parsed.ok) return formatQuantity(parsed.value);
  context.addIssue({ code: 'custom', message: `${amount} is no amount` });
  return z.NEVER;
});

const uuid = z.string().min(1).max(36);

const locationSchema = z.object({
  uuid,
  type: z.enum(LOCATION_TYPES),
  name: z.string().optional(),
  description: z.string().optional(),
  default: z.boolean().optional(),
});

const variantSchema = z.object({
  uuid,
  name: z.string().optional(),
  sku: z.string().optional(),
  barcode: z.string().optional(),
  /** At the default STORE. Of a product that is not tracked: what comes to light when it is. */
  balance: amountSchema.optional(),
  /** At each STORE by its UUID. */
  balances: z.record(z.string(), amountSchema).optional(),
});

const productSchema = z.object({
  uuid,
  name: z.string().optional(),
  unitName: z.string().optional(),
  tracked: z.boolean().default(true),
  variants: z.array(variantSchema).min(1).max(99),
});
export type WorldProduct = z.infer<typeof productSchema>;

/** How the sandbox behaves where the vendor's documentation is silent; each is a guess that a client may not rely on. */
const behaviourSchema = z.object({
  /** Which generations answer. */
  generation: z.enum(['both', 'v2', 'v3']).default('both'),
  readBalances: z.enum(['string', 'number']).default('string'),
  updateBalances: z.enum(['string', 'number']).default('number'),
  /** Rows of zero in reads. */
  zeroRows: z.boolean().default(false),
  /** A till can sell below zero; whether a movement may is not known. */
  negativeStock: z.enum(['allowed', 'refused']).default('allowed'),
  /** Whether one bad change fails the whole request. */
  atomicRequests: z.boolean().default(true),
  /** The sandbox must not know a movement again by its echo, unless this is on. */
  dedupesExternalUuid: z.boolean().default(false),
  /** Starting to track what is tracked already is a conflict. */
  conflictWhenTracked: z.boolean().default(false),
  notTrackedStatus: z.number().int().min(400).max(499).default(400),
  /** Where a refusal says which product it means. */
  namesCulprit: z.enum(['message', 'violations', 'nowhere']).default('message'),
  /** Amounts with decimals of products without a unit. */
  fractions: z.enum(['allowed', 'refused']).default('allowed'),
  /** Movements that one request may hold. */
  maxChanges: z.number().int().min(1).optional(),
  /** A question about several products is refused when one of them is not there. */
  refusesUnknownProducts: z.boolean().default(false),
  /** Above this average the answer is 429. Requests are counted in any case. */
  rateLimit: z
    .object({
      perSecond: z.number().min(0.1).default(4),
      windowMs: z.number().int().min(1).default(5000),
      retryAfterSeconds: z.number().optional(),
    })
    .optional(),
  /** Locations are there before anything was tracked. */
  locationsFromTheStart: z.boolean().default(true),
  /** What asking for the user needs beside a token. */
  userScope: z.string().optional(),
  rotatesRefreshTokens: z.boolean().default(true),
  tokenLifeMs: z.number().int().min(1).default(7_200_000),
  maxDeltaEvents: z.number().int().min(1).default(500),
  /** Rows that a page of the third generation holds at most, whatever `limit` says. */
  pageRows: z.number().int().min(1).default(1000),
  productsPerPage: z.number().int().min(1).default(500),
});
export type ZettleBehaviour = z.infer<typeof behaviourSchema>;

const scopesSchema = z.union([z.array(z.string()), z.literal('ok'), z.literal('expired')]);
export type Scopes = z.infer<typeof scopesSchema>;

const zettleSchema = z.object({
  organization: z
    .union([z.string().min(1), z.object({ uuid: z.string().min(1) })])
    .default('2f5c1f30-5f0e-11ec-bf63-0242ac130002')
    .transform((organization) => (typeof organization === 'string' ? organization : organization.uuid)),
  locations: z.array(locationSchema).min(1),
  products: z.array(productSchema),
  /** API key → its scopes; a list of keys that may do everything will do. */
  apiKeys: z
    .union([z.record(z.string(), scopesSchema), z.array(z.string())])
    .default({})
    .transform((keys): Readonly<Record<string, Scopes>> => {
      return Array.isArray(keys) ? Object.fromEntries(keys.map((key) => [key, 'ok' as const])) : keys;
    }),
  /** Client id → its secret. None: any client may ask. */
  clients: z.record(z.string(), z.string()).optional(),
  /** Codes of finished sign-ins → their scopes; each can be traded once. */
  codes: z.record(z.string(), scopesSchema).default({}),
  behaviour: behaviourSchema.prefault({}),
});

const worldSchema = z.object({
  /** The time at which the sandbox's clock stands until it is advanced; absent: it runs as the machine's does. */
  clock: z.iso.datetime().optional(),
  /** Access tokens that are there from the start. */
  tokens: tokensSchema.default({}),
  zettle: zettleSchema,
});
export type ZettleWorld = z.infer<typeof worldSchema>;
export type WholeZettleWorldInput = z.input<typeof worldSchema>;
export type ZettleWorldInput =
  | WholeZettleWorldInput
  | ({ clock?: string; tokens?: z.input<typeof tokensSchema> } & z.input<typeof zettleSchema>);

/** A world of Zettle, its members in `zettle` or flat at the top. */
export const zettleWorldSchema = z.preprocess((world) => worldOf('zettle', world), worldSchema);
