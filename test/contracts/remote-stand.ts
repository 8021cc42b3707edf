import type { RemoteConnector, RemoteInventory } from '../../shared/ports/remote-inventory.ts';
import type { MemoryTokens } from './remote-means.ts';

/** What can be made to go wrong at the remote's next answer. */
export type RemoteFault =
  | 'lost_before'
  | 'lost_after'
  | 'failed_after'
  | 'unavailable'
  | 'too_many'
  | 'too_many_after_half'
  | 'cut_text'
  | 'errors_in_success'
  | 'no_answer';

/** What a vendor does not have, so that nothing can be shown of it. A fault: it cannot happen there. */
export type RemoteLack =
  | RemoteFault
  /** Rights are not told apart by token. */
  | 'read_only_token'
  /** No token that has ended can be had: there is a name and a password. */
  | 'expired_token'
  /** A test call that a wrong or ended token does not fail. */
  | 'guarded_test'
  /** Figures cannot be asked for by when they changed: all come. */
  | 'changed_since'
  /** Pages have no cursor, or one that never ends. */
  | 'dead_cursors'
  /** Every thing has a figure everywhere. */
  | 'unseen'
  /** A bad line does not stop the others of its request. */
  | 'atomic_requests'
  /** Sales are not among the movements that it tells. */
  | 'sale_movements';

/** A remote of the kind under test, with a switchboard: a local server that keeps to the vendor's contract. */
export type RemoteStand = {
  /** `full` may do everything, `read_only` may not write, `expired` is past its time and cannot be renewed. */
  open(token: 'full' | 'read_only' | 'expired'): RemoteInventory;
  /** Nobody listens there. */
  openNowhere(): RemoteInventory;
  /** Opened with a token that has ended and what it takes to get another; fills `tokens` first. Where tokens are renewed. */
  openEnded?(tokens: MemoryTokens): RemoteInventory;
  /** How often the remote has given out tokens. */
  tokensGiven?(): number;
  /** An active place. */
  readonly place: string;
  /** A second bin of the same site, where the remote knows bins. */
  readonly otherPlace?: string;
  /** Ids of things countable there: two in whole pieces, the first with `stock`, and more where there are such. */
  readonly items: {
    readonly whole: string;
    readonly stock: string;
    readonly other: string;
    /** Has no figure at the place. */
    readonly unseen?: string;
    /** Has three decimals. */
    readonly kilos?: string;
    /** Is not tracked yet. */
    readonly untracked?: string;
    /** Is nothing there, written as the vendor writes ids. */
    readonly missing?: string;
  };
  now(): string;
  advance(byMs: number): void;
  fault(fault: RemoteFault): void;
  /** The wait that `too_many` asks for; 7000 ms unless the remote works it out otherwise. */
  readonly tooManyWaitMs?: number;
  /** Others sell that many of a thing at the place. */
  sale(item: string, quantity: string): void;
  /** The figure as it really is there; undefined: none. */
  quantity(item: string, place?: string): string | undefined;
  close(): Promise<void>;
};

export type RemoteDriver = {
  readonly connector: RemoteConnector;
  readonly lacks?: readonly RemoteLack[];
  /** Whether its tokens are renewed: the stand has `openEnded` and `tokensGiven` then. */
  readonly renews?: boolean;
  start(): Promise<RemoteStand>;
};
