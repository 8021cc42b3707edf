import { FIRST_PREV, LEDGER_VERSION, entryId, type Fact, type LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import type { PlannedLine, RemoteConnector, RemoteInventory } from '../../shared/ports/remote-inventory.ts';
import { nextDue, readBackSince } from '../../shared/sync/next-due.ts';
import { EMPTY_OUTBOX, foldOutbox, type Outbox } from '../../shared/sync/outbox.ts';
import { chunkLines } from '../../shared/sync/plan-summary.ts';
import { settlePush, settleReadBack } from '../../shared/sync/settle.ts';

/** Where the power may go: before a step, when the attempt is on record, or when the answer is in and not yet on record. */
export type CrashPoint = 'none' | 'after_attempt' | 'before_settle';

/** A laptop's delivery with nothing but its entries: after a crash only these are left. */
export type Delivery = {
  readonly entries: LedgerEntry[];
  add(fact: Fact): void;
  freeze(batch: string, lines: readonly PlannedLine[]): void;
  /** One step of the queue. `nothing` once every request has its final word. */
  step(remote: RemoteInventory, crash: CrashPoint): Promise<'worked' | 'waited' | 'nothing'>;
  outbox(): Outbox;
};

export type DeliveryParts = {
  connector: RemoteConnector;
  now: () => string;
  random: () => number;
  wait: (ms: number) => void;
};

/** The driver of the outbox as host and page make it together, without their machinery. */
export function createDelivery({ connector, now, random, wait }: DeliveryParts): Delivery {
  const entries: LedgerEntry[] = [];
  const connection = 'c1';
  const idempotent = connector.abilities.idempotencyKeys;
  const outbox = () => entries.reduce(foldOutbox, EMPTY_OUTBOX);
  const add = (fact: Fact) => {
    const seq = entries.length + 1;
    entries.push({
      id: entryId('d1', seq),
      device: 'd1',
      seq,
      at: now(),
      by: 'p1',
      v: LEDGER_VERSION,
      prev: FIRST_PREV,
      hash: FIRST_PREV,
      fact,
    });
  };
  return {
    entries,
    add,
    outbox,
    freeze(batch, lines) {
      const requests = chunkLines(lines, connector.abilities.maxLinesPerRequest).map((chunk) =>
        connector.freeze(chunk),
      );
      if (requests.length > 0) add({ kind: 'send_frozen', connection, batch, requests, stopped: [] });
    },
    async step(remote, crash) {
      const next = nextDue(outbox(), { connection, now: now(), idempotent });
      if (next.do === 'nothing') return 'nothing';
      if (next.do === 'wait') {
        wait(Date.parse(next.until) - Date.parse(now()));
        return 'waited';
      }
      const { request } = next;
      const context = { lines: request.request.lines, random: random(), idempotent };
      if (next.do === 'push') {
        const attempt = request.attempts + 1;
        add({ kind: 'send_attempted', connection, request: request.id, attempt });
        if (crash === 'after_attempt') return 'worked';
        const answer = await remote.push(request.request);
        if (crash === 'before_settle') return 'worked';
        add({
          kind: 'send_settled',
          connection,
          request: request.id,
          attempt,
          outcome: settlePush(answer, { ...context, attempt, now: now() }),
        });
        return 'worked';
      }
      const answer = await remote.readBack(request.request, readBackSince(request));
      if (crash !== 'none') return 'worked';
      const attempt = request.attempts;
      const outcome = settleReadBack(answer, {
        ...context,
        attempt,
        now: now(),
        attemptedAt: request.attemptedAt ?? request.frozenAt,
      });
      add({ kind: 'send_settled', connection, request: request.id, attempt, outcome });
      return 'worked';
    },
  };
}
