import type { LedgerEntry } from '../../domain/ledger-entry.ts';
import type { Result } from '../../domain/result.ts';
import type { RemoteAbilities } from '../../ports/remote-inventory.ts';
import { nextDue, type NextDue } from './next-due.ts';
import type { Outbox } from './outbox.ts';

type Step = { readonly connection: string; readonly request: string };
type Sealed = Promise<Result<{ readonly entries: readonly LedgerEntry[] }, { readonly code: string }>>;

/** What the loop stands on: the desk, the projection of what is sealed, and time. */
export type FlushPorts = {
  readonly desk: {
    push(step: Step): Sealed;
    readBack(step: Step): Sealed;
    freezeAgain(step: Step): Sealed;
  };
  /** Every connection there is. */
  connections(): Iterable<string>;
  abilities(connection: string): RemoteAbilities | undefined;
  /** This laptop, where several send: what others froze is not its own to send. */
  readonly laptop?: string | undefined;
  /** Whether this laptop sends over a connection; absent: over all. */
  holds?(connection: string): boolean;
  outbox(): Outbox;
  /**
   * Takes in what the desk has sealed and nobody has heard of: its answer went to a page that is gone. Answers how many
   * entries there were.
   */
  catchUp?(): Promise<number>;
  /** Folds what the desk has sealed; false when it could not be kept. */
  takeIn(entries: readonly LedgerEntry[]): Promise<boolean>;
  /** This laptop's clock, ISO. */
  now(): string;
  /** Calls back after a time; answers how to call it off. */
  after(ms: number, run: () => void): () => void;
};

export type Flush = {
  /**
   * Does whatever is due, over all connections at once; each goes on by itself when its time has come. What could not be
   * sent for want of a network, or of somebody signed in, is tried at once.
   */
  all(): Promise<void>;
  one(connection: string): Promise<void>;
  busy(): boolean;
};

/** A locked vault, a host that is busy: nothing was sent, and the same step is due again. */
const REFUSED_WAIT_MS = 30_000;

/** Another laptop sends: nothing here changes that before something is heard, so it is not asked again and again. */
const SENT_ELSEWHERE: ReadonlySet<string> = new Set(['held_elsewhere', 'account_known', 'laptop_revoked']);

/**
 * The loop that drives the desk: one step under way per connection, each outcome kept before the next step is chosen. A
 * connection that must wait, or is refused, holds only itself.
 */
export function createFlush(ports: FlushPorts): Flush {
  const flushing = new Set<string>();
  const alarms = new Map<string, () => void>();
  const notAgain = new Set<string>();
  /** Connections that somebody has asked about, and whose next step does not wait for people any more. */
  const asked = new Set<string>();

  function wakeAfter(connection: string, ms: number): void {
    alarms.get(connection)?.();
    alarms.set(
      connection,
      ports.after(ms, () => {
        alarms.delete(connection);
        void one(connection);
      }),
    );
  }

  /** Does one step; answers whether to look for the next. */
  async function step(connection: string, due: Extract<NextDue, { request: unknown }>): Promise<boolean> {
    const { desk } = ports;
    const call = { push: desk.push, read_back: desk.readBack, freeze_again: desk.freezeAgain }[due.do];
    const done = await call({ connection, request: due.request.id });
    if (!done.ok) {
      if (SENT_ELSEWHERE.has(done.error.code)) return false;
      if (due.do === 'freeze_again' && done.error.code === 'bad_request') {
        notAgain.add(due.lines);
        return true;
      }
      const isOutOfStep = done.error.code === 'not_found' || done.error.code === 'bad_request';
      if (isOutOfStep && ((await ports.catchUp?.()) ?? 0) > 0) return true;
      wakeAfter(connection, REFUSED_WAIT_MS);
      return false;
    }
    const { entries } = done.value;
    // Lines that the desk does not freeze again are for a person; asking it once more would change nothing.
    if (due.do === 'freeze_again' && entries.length === 0) notAgain.add(due.lines);
    return (await ports.takeIn(entries)) && (entries.length > 0 || due.do === 'freeze_again');
  }

  async function one(connection: string): Promise<void> {
    const abilities = ports.abilities(connection);
    if (abilities === undefined || flushing.has(connection)) return;
    flushing.add(connection);
    alarms.get(connection)?.();
    alarms.delete(connection);
    try {
      for (;;) {
        const eager = asked.delete(connection);
        const now = ports.now();
        const idempotent = abilities.idempotencyKeys;
        const { laptop } = ports;
        const holds = ports.holds?.(connection);
        const context = { connection, laptop, holds, now, idempotent, abilities, notAgain, eager };
        const due = nextDue(ports.outbox(), context);
        if (due.do === 'nothing') break;
        if (due.do === 'wait') {
          wakeAfter(connection, Math.max(0, Date.parse(due.until) - Date.parse(now)));
          break;
        }
        if (!(await step(connection, due)) && !asked.has(connection)) break;
      }
    } finally {
      flushing.delete(connection);
    }
  }

  return {
    one,
    busy: () => flushing.size > 0,
    async all() {
      const all = [...ports.connections()];
      for (const connection of all) asked.add(connection);
      await Promise.all(all.map(one));
    },
  };
}
