import { z } from 'zod';
import type { FrozenRequest, ObservedCount, SendLine } from '../domain/ledger-entry.ts';
import type { Result } from '../domain/result.ts';
import type { HttpClient } from './http-client.ts';

/** What a remote can do, as plain values: the plan reads them, the connections screen says them in words. */
export const remoteAbilitiesSchema = z.object({
  /** May an absolute count be sent, or only a change? */
  absoluteCounts: z.boolean(),
  /** A count or change may carry a time at most this old; 0 = none may be given. */
  backDatingMs: z.number().int().min(0),
  maxLinesPerRequest: z.number().int().min(1),
  /** Decimals a quantity may have at most; each item's own limit comes with its mapping. */
  maxPrecision: z.number().int().min(0).max(5),
  idempotencyKeys: z.boolean(),
  binLevel: z.boolean(),
  readOnly: z.boolean(),
});
export type RemoteAbilities = z.infer<typeof remoteAbilitiesSchema>;

/** Why a remote did not do what was asked. The code decides what happens next; `detail` is for people. */
export type RemoteError =
  | { code: 'not_sent'; detail: string }
  | { code: 'unknown_outcome'; detail: string }
  | { code: 'unauthorized'; detail: string }
  | { code: 'forbidden'; detail: string }
  | { code: 'rate_limited'; retryAfterMs?: number; detail: string }
  | { code: 'unavailable'; retryAfterMs?: number; detail: string }
  | { code: 'rejected'; detail: string; refs: readonly string[] }
  | { code: 'cursor_expired'; detail: string }
  | { code: 'bad_answer'; detail: string };

/** A remote's item that ours can be matched with. */
export type RemoteItem = { id: string; name: string; sku?: string; barcode?: string; precision: number };
export type RemoteLocation = { id: string; name: string; active: boolean };

/** A planned line before it has bytes. `occurredAt` absent: stamp the moment of freezing. */
export type PlannedLine = SendLine & { occurredAt: string };

export type Receipt = { ref: string; remoteId?: string };
export type CountPage = { counts: readonly ObservedCount[]; cursor?: string };

/** One remote, opened with its settings and secrets. Every call is one or more plain attempts; nothing is retried inside. */
export type RemoteInventory = {
  /** Reads something harmless, to prove that the settings and the secrets work. */
  test(): Promise<Result<{ account: string }, RemoteError>>;
  locations(): Promise<Result<readonly RemoteLocation[], RemoteError>>;
  items(cursor?: string): Promise<Result<{ items: readonly RemoteItem[]; cursor?: string }, RemoteError>>;
  /** Sends frozen bytes. The same request may be sent again and again; see `abilities.idempotencyKeys`. */
  push(request: FrozenRequest): Promise<Result<readonly Receipt[], RemoteError>>;
  /** Which of the request's lines the remote already holds, by our reference. */
  readBack(request: FrozenRequest, since: string): Promise<Result<readonly Receipt[], RemoteError>>;
  /** Figures changed after `updatedAfter` (all when absent), one page a call. */
  counts(query: {
    locations: readonly string[];
    items?: readonly string[];
    updatedAfter?: string;
    cursor?: string;
  }): Promise<Result<CountPage, RemoteError>>;
};

/** A field of a connection's form. `secret` fields go to the vault and never come back to the page. */
export type ConnectionField = { name: string; label: string; secret: boolean; required: boolean; initial?: string };

/** What one vendor's folder offers. */
export type RemoteConnector = {
  id: string;
  title: string;
  abilities: RemoteAbilities;
  fields: readonly ConnectionField[];
  /** Turns planned lines into one request, byte for byte; the same input gives the same bytes. At most `maxLinesPerRequest` lines. */
  freeze(lines: readonly PlannedLine[]): FrozenRequest;
  /** The one origin that a connection with these settings asks, "https://host[:port]"; '' when they name none. */
  origin(settings: Readonly<Record<string, string>>): string;
  open(settings: Readonly<Record<string, string>>, http: HttpClient): RemoteInventory;
};
