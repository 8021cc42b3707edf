import type { Result } from '../../shared/domain/result.ts';
import type { RemoteItem, RemoteLocation } from '../../shared/ports/remote-inventory.ts';
import type { Mapping } from '../../shared/sync/seen/mapping.ts';
import type { OutboxRequest } from '../../shared/sync/outbox/outbox.ts';
import type { SendPlan } from '../../shared/sync/plan/plan.ts';
import type { PlanDifference } from '../../shared/sync/plan/plan-difference.ts';
import type { DriftRow } from '../../shared/sync/seen/reconcile.ts';
import type { LedgerError, Outcome } from '../ledger/ledger.ts';
import type { Connection } from '../ledger/sending-state.ts';

export type { Connection };

/** What a remote offers to match with, read once and kept until it is read again. */
export type RemoteCatalogue = {
  readonly readAt: string;
  readonly items: readonly RemoteItem[];
  readonly locations: readonly RemoteLocation[];
};

/** A match that the codes suggest; a person may still choose another. */
export type ProposedMatch = {
  readonly item: string;
  readonly remoteItem: string;
  readonly precision: number;
  readonly by: 'sku' | 'barcode' | 'case';
};

/** What reading the remote's lists against ours has shown. `several`: codes that more than one of theirs carries. */
export type MatchProposal = {
  readonly items: readonly ProposedMatch[];
  readonly unmatched: readonly string[];
  readonly several: readonly { readonly item: string; readonly remoteItems: readonly string[] }[];
  readonly sites: readonly { readonly site: string; readonly remoteLocation: string }[];
  readonly bins: readonly { readonly bin: string; readonly remoteLocation: string }[];
  /** Bins that have no place of the same name there. */
  readonly binsMissing: readonly string[];
};

/** Newer matches replace older ones one by one; an empty remote id takes a match away. */
export type MappingChange = {
  readonly items?: readonly { item: string; remoteItem: string; precision: number }[];
  readonly sites?: readonly { site: string; remoteLocation: string }[];
  readonly bins?: readonly { bin: string; remoteLocation: string }[];
  readonly reasons?: readonly { reason: string; word: string }[];
};

/** A movement that others made at a remote, and what became of it in our ledger. */
export type MovementRow = {
  readonly key: string;
  /** How many movements of that key there were before this one. */
  readonly nth: number;
  readonly item?: string;
  readonly remoteItem: string;
  readonly remoteLocation: string;
  readonly quantity: string;
  readonly happenedAt: string;
  readonly what: string;
  /** Bins of ours that hold the item at that place; one alone is where it belongs, several are for a person. */
  readonly bins: readonly string[];
  readonly taken: boolean;
  /** Their figure was taken after it, and holds it: it may not be taken any more. */
  readonly covered: boolean;
};

/** `withRejected`: lines that the remote refused are planned again too, once what was wrong has been put right. */
export type PlanOptions = {
  readonly delivery?: 'request' | 'file';
  readonly withRejected?: boolean;
  /** Our figure takes the place of theirs where that is not known ever to have been ours. */
  readonly setFigures?: boolean;
};
/** `shown`: the plan that the person looked at. Absent: nobody looked at one. */
export type SendOptions = PlanOptions & { readonly shown?: SendPlan };
/** What would be frozen now is not what was shown: the new plan, and where it differs. Nothing was frozen. */
export type PlanChanged = {
  readonly code: 'plan_changed';
  readonly plan: SendPlan;
  readonly differences: readonly PlanDifference[];
};
export type Sent = {
  readonly requests: number;
  readonly files: readonly { request: string; name: string; text: string }[];
};
/** `seen`: on the figures that were seen last, without asking the remote. `signal`: nobody waits for it any more. */
export type PlanLook = PlanOptions & { readonly seen?: boolean; readonly signal?: AbortSignal };

/** Plans, sends and pulls. Everything it learns is an entry of the ledger; it keeps nothing that a reload may not forget. */
export type Sending = {
  connections(): readonly Connection[];
  mapping(connection: string): Mapping;
  /** Reads the remote's items and places, all pages. */
  readRemote(connection: string): Outcome<RemoteCatalogue>;
  /** What the last reading suggests, by SKU, barcode and case code, places by name. Saves nothing. */
  proposeMatches(connection: string): MatchProposal;
  saveMapping(connection: string, change: MappingChange): Outcome<null>;
  /** Reads the remote and saves every proposal that is beyond doubt. */
  matchItems(
    connection: string,
  ): Outcome<{ matched: number; unmatched: readonly string[]; sites: number; bins: number }>;
  /** Makes places for bins that have none, and maps them; one after another. */
  createLocations(connection: string, bins: readonly string[], site: string): Outcome<{ created: number }>;
  /** Starts tracking of remote items at a place and takes in what it then holds. */
  startTracking(connection: string, items: readonly string[], location: string): Outcome<{ figures: number }>;
  /** What sending a posted batch would do, on figures read just now where the network allows. Nothing is sent. */
  plan(connection: string, batch: string, look?: PlanLook): Outcome<SendPlan>;
  /**
   * Freezes the plan that was shown; from here on it is sent, whatever happens to this laptop. Resolves when frozen. It is
   * planned once more on what is known now: where that makes another plan, nothing is frozen and the new one comes back.
   */
  send(connection: string, batch: string, options?: SendOptions): Promise<Result<Sent, LedgerError | PlanChanged>>;
  /** Gives the remote the address where a file was put. */
  startFile(connection: string, request: string, url: string): Outcome<null>;
  abortFile(connection: string, request: string): Outcome<null>;
  /** Says of lines in doubt what a person found out. */
  settleDoubt(
    connection: string,
    request: string,
    found: { arrived: readonly string[]; missing: readonly string[] },
  ): Outcome<null>;
  /** Pulls the remote's figures, and its movements where it tells them. */
  pull(connection: string): Outcome<{ figures: number; movements: number }>;
  drift(connection: string): readonly DriftRow[];
  sendOurs(connection: string, rows: readonly DriftRow[]): Outcome<{ requests: number }>;
  /** `bin`: where the correction of a row goes when several bins hold the item. */
  takeTheirs(connection: string, rows: readonly { row: DriftRow; bin: string }[]): Outcome<null>;
  movements(connection: string): readonly MovementRow[];
  /** Books movements of others in our ledger, at the time they happened. */
  takeMovements(connection: string, rows: readonly { row: MovementRow; bin: string }[]): Outcome<{ taken: number }>;
  /** Every request, in the order of freezing. */
  outbox(): readonly OutboxRequest[];
  /** Sends whatever is due now, one request after another; runs by itself after `send`, at start and when the network is back. */
  flush(): Promise<void>;
  /** Whether a request is on its way. */
  busy(): boolean;
};
