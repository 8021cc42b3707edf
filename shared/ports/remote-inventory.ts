import { z } from 'zod';
import type { DoubtfulLine, FrozenRequest, ObservedCount, RemoteMovement, SendLine } from '../domain/ledger-entry.ts';
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
  /** The same bytes may be sent again and again: the remote knows them by their key. */
  idempotencyKeys: z.boolean(),
  /** How a request whose answer was lost is looked up: by our reference, or by the figures before and after it. */
  readBack: z.enum(['reference', 'figures', 'none']),
  binLevel: z.boolean(),
  readOnly: z.boolean(),
  /** An item has no figure there until tracking is started for it. */
  tracking: z.boolean(),
  createsLocations: z.boolean(),
  /** It tells what others changed, and when. */
  movements: z.boolean(),
  /** It fetches files of absolute counts from an address that a person gives. */
  files: z.boolean(),
  /** Requests at most, in that time, on the average: the remote's own limit, or what is known to be tolerated. */
  pace: z.object({ requests: z.number().int().min(1), perMs: z.number().int().min(1) }),
});
export type RemoteAbilities = z.infer<typeof remoteAbilitiesSchema>;

/** Why a remote did not do what was asked. The code decides what happens next; `detail` is for people. */
export type RemoteError =
  | { code: 'not_sent'; detail: string }
  | { code: 'unknown_outcome'; detail: string }
  | { code: 'unauthorized'; detail: string }
  | { code: 'forbidden'; detail: string }
  /** `untouched`: the remote refuses before it begins, so nothing of the request was done. */
  | { code: 'rate_limited'; retryAfterMs?: number; untouched?: true; detail: string }
  | { code: 'unavailable'; retryAfterMs?: number; detail: string }
  | { code: 'rejected'; detail: string; refs: readonly string[] }
  | { code: 'cursor_expired'; detail: string }
  | { code: 'bad_answer'; detail: string }
  /** A list whose pages come round again, or are too many. */
  | { code: 'endless_list'; detail: string };

/** A remote's item that ours can be matched with. `cases`: codes that stand for several pieces of it. */
export type RemoteItem = {
  id: string;
  name: string;
  sku?: string;
  barcode?: string;
  precision: number;
  cases?: readonly { code: string; factor: number }[];
  /** False: it has no figure until tracking is started. */
  tracked?: boolean;
};
/** A place that keeps a figure. `site`: what it belongs to, where the remote knows bins. */
export type RemoteLocation = { id: string; name: string; active: boolean; site?: string };

/** A planned line before it has bytes. `occurredAt`: when it was counted, or the moment of planning. */
export type PlannedLine = SendLine & { occurredAt: string };

export type Receipt = { ref: string; remoteId?: string };
/** What reading a request back has shown: lines that arrived, and lines of which the figures say nothing. The others did not arrive. */
export type ReadBack = { receipts: readonly Receipt[]; doubtful: readonly DoubtfulLine[] };
export type CountPage = { counts: readonly ObservedCount[]; cursor?: string };
export type MovementPage = { movements: readonly RemoteMovement[]; cursor?: string };
/** How far a remote has come with a file. `done` is final: a line that is in none of the lists did not arrive. */
export type FileProgress = {
  done: boolean;
  finished: number;
  total: number;
  arrived: readonly string[];
  refused: readonly { ref: string; detail: string }[];
};

/** One remote, opened with its settings and secrets. Every call is one or more plain attempts; nothing is retried inside. */
export type RemoteInventory = {
  /** Reads something harmless, to prove that the settings and the secrets work. */
  test(): Promise<Result<{ account: string }, RemoteError>>;
  locations(cursor?: string): Promise<Result<{ locations: readonly RemoteLocation[]; cursor?: string }, RemoteError>>;
  items(cursor?: string): Promise<Result<{ items: readonly RemoteItem[]; cursor?: string }, RemoteError>>;
  /** Sends frozen bytes. The same request may be sent again and again where `abilities.idempotencyKeys`. */
  push(request: FrozenRequest): Promise<Result<readonly Receipt[], RemoteError>>;
  /**
   * Which of the request's lines the remote already holds. `since`: before the first attempt. `before`: the figures that
   * were read just before the last attempt, given where `abilities.readBack` is "figures".
   */
  readBack(
    request: FrozenRequest,
    known: { since: string; before?: readonly ObservedCount[] },
  ): Promise<Result<ReadBack, RemoteError>>;
  /** Figures changed after `updatedAfter` (all when absent), one page a call. Named items without a row come as null. */
  counts(query: {
    locations: readonly string[];
    items?: readonly string[];
    updatedAfter?: string;
    cursor?: string;
  }): Promise<Result<CountPage, RemoteError>>;
  /** Starts tracking and answers with the figures that come to light. Doing it twice is harmless. `abilities.tracking`. */
  startTracking?(query: { items: readonly string[]; location: string }): Promise<Result<CountPage, RemoteError>>;
  /** Makes a place of that name beside those of `site`. `abilities.createsLocations`. */
  createLocation?(wanted: { name: string; site: string }): Promise<Result<RemoteLocation, RemoteError>>;
  /** What others changed in [from, to), one page a call, oldest first where the remote allows. `abilities.movements`. */
  movements?(query: { from: string; to: string; cursor?: string }): Promise<Result<MovementPage, RemoteError>>;
  /** Lets the remote fetch the file from `url`; answers with its job. `abilities.files`. */
  startFile?(request: FrozenRequest, url: string): Promise<Result<{ job: string }, RemoteError>>;
  followFile?(request: FrozenRequest, job: string): Promise<Result<FileProgress, RemoteError>>;
  /** Stops the job; what is done stays done. */
  abortFile?(job: string): Promise<Result<null, RemoteError>>;
};

/** What goes only where another field of the connection holds a certain word. */
export type FieldIs = { field: string; is: string };

/** Whether it goes for a connection with these settings; without a condition it always does. */
export function goesFor(only: FieldIs | undefined, settings: Readonly<Record<string, string>>): boolean {
  return only === undefined || settings[only.field] === only.is;
}

/** A field of a connection's form. `secret` fields go to the vault and never come back to the page. */
export type ConnectionField = {
  name: string;
  label: string;
  secret: boolean;
  required: boolean;
  initial?: string;
  /** One of these, where the value is a choice. */
  choices?: readonly string[];
  only?: FieldIs;
};

/** Tokens that a remote gives and takes back while it is used. Kept as secrets are; saved before they are used. */
export type TokenStore = {
  read(): Promise<Readonly<Record<string, string>>>;
  save(tokens: Readonly<Record<string, string>>): Promise<boolean>;
};

/** What a connector is given to work with. `now`: ms since 1970. */
export type RemoteMeans = {
  readonly http: HttpClient;
  readonly tokens: TokenStore;
  readonly now: () => number;
  /** Unguessable text of that many characters out of [A-Za-z0-9_-]. */
  readonly secretText: (length: number) => string;
};

/** Signing in at the vendor in the person's own browser. */
export type VendorSignIn = {
  only?: FieldIs;
  /** The page to open; keeps what finishing needs among the tokens. */
  begin(settings: Readonly<Record<string, string>>, means: RemoteMeans): Promise<{ url: string }>;
  /** `answer`: the code, or the whole address that the browser was sent to. */
  finish(
    settings: Readonly<Record<string, string>>,
    means: RemoteMeans,
    answer: string,
  ): Promise<Result<null, RemoteError>>;
};

/** What one vendor's folder offers. */
export type RemoteConnector = {
  id: string;
  title: string;
  abilities: RemoteAbilities;
  fields: readonly ConnectionField[];
  /** The words it takes for why stock changed: a list to choose from, any text, or none. */
  reasons: readonly string[] | 'text' | 'none';
  /** Turns planned lines into one request, byte for byte; the same input gives the same bytes. At most `maxLinesPerRequest` lines. */
  freeze(lines: readonly PlannedLine[]): FrozenRequest;
  /** Turns planned lines into one file of absolute figures, `from` + `quantity`; as many lines as it takes. */
  freezeFile?(lines: readonly PlannedLine[]): FrozenRequest;
  maxLinesPerFile?: number;
  /** Only lines whose places give the same text may stand in one file; absent: any may. */
  fileGroup?(remoteLocation: string): string;
  /** The origins that a connection with these settings asks, "https://host[:port]"; none when the address cannot be read. */
  origins(settings: Readonly<Record<string, string>>): readonly string[];
  signIn?: VendorSignIn;
  open(settings: Readonly<Record<string, string>>, means: RemoteMeans): RemoteInventory;
};
