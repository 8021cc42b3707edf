import type { OutboxRequest } from '../../shared/sync/outbox.ts';
import type { DriftRow } from '../../shared/sync/reconcile.ts';
import type { Mapping } from '../../shared/sync/mapping.ts';
import type { SendPlan } from '../../shared/sync/plan.ts';
import type { Outcome } from '../ledger/ledger.ts';
import type { Connection } from '../ledger/sending-state.ts';

export type { Connection };

/** Plans, sends and pulls. Everything it learns is an entry of the ledger; it keeps nothing that a reload may not forget. */
export type Sending = {
  connections(): readonly Connection[];
  mapping(connection: string): Mapping;
  /** Reads the remote's items and locations and matches ours by SKU and barcode; saves what matched. Sites match by name, or all go to the only location. */
  matchItems(connection: string): Outcome<{ matched: number; unmatched: readonly string[]; sites: number }>;
  /** What sending a posted batch would do. Nothing is sent. */
  plan(connection: string, batch: string): Outcome<SendPlan>;
  /** Freezes the plan; from here on it is sent, whatever happens to this laptop. Resolves when frozen. */
  send(connection: string, batch: string): Outcome<{ requests: number }>;
  /** Pulls the remote's figures. */
  pull(connection: string): Outcome<{ figures: number }>;
  drift(connection: string): readonly DriftRow[];
  /** Every request, in the order of freezing. */
  outbox(): readonly OutboxRequest[];
  /** Sends whatever is due now, one request after another; runs by itself after `send`, at start and when the network is back. */
  flush(): Promise<void>;
  /** Whether a request is on its way. */
  busy(): boolean;
};
