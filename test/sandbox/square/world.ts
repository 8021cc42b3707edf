import { z } from 'zod';
import { tokensSchema } from '../chassis/tokens.ts';

const variationSchema = z.object({
  id: z.string().min(1).max(100),
  /** Variations with the same text belong to one item. */
  item: z.string().min(1),
  name: z.string().optional(),
  sku: z.string().optional(),
  upc: z.string().optional(),
  precision: z.number().int().min(0).max(5).default(0),
  /** Opening stock by location id, decimal text. No entry: no record there, which is not zero. */
  stock: z.record(z.string(), z.string()).optional(),
});
export type WorldVariation = z.infer<typeof variationSchema>;

/** An application that merchants may let in. No `secret`: it proves itself by the code verifier alone. */
const applicationSchema = z.object({
  id: z.string().min(1).max(191),
  secret: z.string().optional(),
  redirectUrl: z.string().optional(),
});
export type WorldApplication = z.infer<typeof applicationSchema>;

/** A transfer between two places that somebody made at the till. It can only be read. */
const transferSchema = z.object({
  variation: z.string(),
  from: z.string(),
  to: z.string(),
  quantity: z.string(),
  occurredAt: z.iso.datetime().optional(),
});

/** How the sandbox behaves where the vendor's documentation is silent; each is a guess that a client may not rely on. */
const behaviourSchema = z.object({
  /** What "unchanged" means for `ignore_unchanged_counts`. */
  unchanged: z.enum(['calculated', 'last_count']).default('calculated'),
  /** Whether one bad change fails the whole request. */
  atomicBatches: z.boolean().default(true),
  idempotencyKeyLifeMs: z.number().int().min(0).optional(),
  /** A fault of the remote, seen in the field: the same key applied twice. */
  ignoresIdempotencyKeys: z.boolean().default(false),
  /** Rows that a page holds at most, whatever `limit` says, and an empty page with a cursor before each full one. */
  pageRows: z.number().int().min(1).default(1000),
  emptyPages: z.boolean().default(false),
  catalogPageRows: z.number().int().min(1).default(100),
  cursorLifeMs: z
    .number()
    .int()
    .min(0)
    .default(15 * 60_000),
  /** Whether `changes` (beta) is in the answer to a batch change. */
  answersChanges: z.boolean().default(true),
  /** Whether counts below zero, and changes between any two states, are taken. */
  negativeCounts: z.boolean().default(false),
  anyStates: z.boolean().default(false),
  /** Rows of a page when no `limit` is given, and ids that a filter may name. */
  defaultLimit: z.number().int().min(1).default(100),
  maxFilterIds: z.number().int().min(1).default(1000),
  /** The merchant says no on the page of the sign-in. */
  deniesSignIn: z.boolean().default(false),
});
export type SquareBehaviour = z.infer<typeof behaviourSchema>;

export const worldSchema = z.object({
  /** The time at which the sandbox's clock stands until it is advanced; absent: it runs as the machine's does. */
  clock: z.iso.datetime().optional(),
  /** Token → its scopes; "ok" = all of them. */
  tokens: tokensSchema.default({ 'sandbox-token': 'ok' }),
  square: z.object({
    merchant: z.string().default('Sandbox merchant'),
    locations: z
      .array(
        z.object({
          id: z.string().min(1).max(32),
          name: z.string(),
          status: z.enum(['ACTIVE', 'INACTIVE']).default('ACTIVE'),
        }),
      )
      .min(1),
    variations: z.array(variationSchema),
    transfers: z.array(transferSchema).default([]),
    applications: z
      .array(applicationSchema)
      .default([{ id: 'sandbox-application', secret: 'sandbox-application-secret' }]),
    behaviour: behaviourSchema.prefault({}),
  }),
});
export type World = z.infer<typeof worldSchema>;
export type WorldInput = z.input<typeof worldSchema>;
