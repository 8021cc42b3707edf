import {
  FIRST_PREV,
  LEDGER_VERSION,
  entryId,
  type Fact,
  type LedgerEntry,
  type PostedLine,
} from '../../../shared/domain/ledger-entry.ts';
import { err, ok } from '../../../shared/domain/result.ts';
import type { PlannedLine } from '../../../shared/ports/remote-inventory.ts';
import { createDesk, type Desk } from '../../../shared/sync/desk/desk.ts';
import { emptyDesk, foldDesk } from '../../../shared/sync/desk/desk-state.ts';
import { createFlush, type Flush } from '../../../shared/sync/outbox/flush.ts';
import { lineRef } from '../../../shared/sync/outbox/line-ref.ts';
import { foldSendMarks, NO_SEND_MARKS } from '../../../shared/sync/outbox/open-lines.ts';
import { EMPTY_OUTBOX, foldOutbox } from '../../../shared/sync/outbox/outbox.ts';
import { posted } from './entries.ts';
import type { PaperRemote } from './paper-remote.ts';

export const CONNECTION = 'c1';
export const BATCH = 'b1';
export const PLACE = 'MAIN';

/** One laptop on a clock that moves only when nothing else can happen: entries, desk and loop as in the product. */
export type Laptop = ReturnType<typeof createLaptop>;

export function createLaptop(papers: Readonly<Record<string, PaperRemote>>, startAt = '2026-03-02T10:00:00.000Z') {
  const entries: LedgerEntry[] = [];
  let now = Date.parse(startAt);
  let alarms: { at: number; run: () => void }[] = [];
  let epoch = 0;
  let aheadMs: number | undefined;
  /** Asked before anything is sealed whether the power goes just then: whoever waits for it waits for ever. */
  let isCutting: (facts: readonly Fact[]) => boolean = () => false;
  let isCut = false;
  const never = <Value>() => new Promise<Value>(() => undefined);
  let state = emptyDesk();
  let outbox = EMPTY_OUTBOX;
  let marks = NO_SEND_MARKS;
  let desk: Desk;
  let flush: Flush;

  function take(entry: LedgerEntry): void {
    foldDesk(state, entry.fact, entry);
    outbox = foldOutbox(outbox, entry);
    marks = foldSendMarks(marks, entry);
  }

  function add(fact: Fact, by = 'p1'): LedgerEntry {
    const seq = entries.length + 1;
    const at = new Date(now).toISOString();
    const base = { device: 'd1', seq, at, by, v: LEDGER_VERSION, prev: FIRST_PREV, hash: FIRST_PREV };
    const entry = { id: entryId('d1', seq), ...base, fact };
    entries.push(entry);
    take(entry);
    return entry;
  }

  function start(): void {
    epoch += 1;
    const mine = epoch;
    alarms = [];
    isCut = false;
    desk = createDesk({
      async record(by, facts) {
        if (mine !== epoch || isCut) return never();
        isCut = isCutting(facts);
        return isCut ? never() : ok(facts.map((fact) => add(fact, by)));
      },
      state: () => state,
      marks: async () => ok(marks),
      async frozenBytes(id, { seq, index }) {
        const fact = entries[seq - 1]?.fact;
        const request = fact?.kind === 'send_frozen' ? fact.requests[index] : undefined;
        return request?.id === id ? ok(request) : err({ code: 'not_found', what: 'request' });
      },
      async open(connection) {
        if (mine !== epoch || isCut) return never();
        const paper = papers[connection];
        if (paper === undefined) return err({ code: 'not_found', what: 'connection' });
        const { connector, remote } = paper;
        return ok({ name: connection, connector, remote, clockAheadMs: () => aheadMs });
      },
      now: () => now,
      random: () => 0.5,
    });
    flush = createFlush({
      desk,
      connections: () => Object.keys(papers),
      abilities: (connection) => papers[connection]?.connector.abilities,
      outbox: () => outbox,
      takeIn: async () => true,
      now: () => new Date(now).toISOString(),
      after(ms, run) {
        const alarm = { at: now + ms, run };
        alarms.push(alarm);
        return () => {
          alarms = alarms.filter((one) => one !== alarm);
        };
      },
    });
  }

  start();
  return {
    entries,
    add,
    desk: () => desk,
    flush: () => flush,
    outbox: () => outbox,
    marks: () => marks,
    state: () => state,
    now: () => now,
    pass(ms: number) {
      now += ms;
    },
    /** What the remote's answers say of this laptop's clock. */
    tellClock(ahead: number) {
      aheadMs = ahead;
    },
    /** Cuts the power before facts of this kind are sealed, once. */
    cutBefore(kind: Fact['kind']) {
      isCutting = (facts) => {
        const cuts = facts.some((fact) => fact.kind === kind);
        if (cuts) isCutting = () => false;
        return cuts;
      };
    },
    /** The power comes back: only the entries are left. */
    restart() {
      state = emptyDesk();
      outbox = EMPTY_OUTBOX;
      marks = NO_SEND_MARKS;
      for (const entry of entries) take(entry);
      start();
    },
    /** Lets everything happen that is due within the time, waking at each alarm. Answers whether the laptop came to rest. */
    async run(forMs = 30 * 24 * 3_600_000): Promise<boolean> {
      const until = now + forMs;
      void flush.all();
      for (;;) {
        const isStill = () => isCut || !flush.busy();
        while (!isStill()) await Promise.resolve();
        if (isCut) return false;
        const next = alarms.toSorted((left, right) => left.at - right.at)[0];
        if (next === undefined) return true;
        if (next.at > until) return false;
        now = Math.max(now, next.at);
        alarms = alarms.filter((one) => one !== next);
        next.run();
      }
    },
    /** Posts one line an item, one more than there was, and freezes them; the plan asks for pieces of the remote's size. */
    async send(items: readonly string[], { connection = CONNECTION, batch = BATCH, quantity = '1' } = {}) {
      const lines = items.map((item) => posted(item, 'A', '5', quantity, { anchor: `d1-${batch}-${item}` }));
      add({ kind: 'lines_posted', batch, lines });
      return desk.freeze('p1', {
        connection,
        batch,
        lines: lines.map((line) => plannedOf(line, new Date(now).toISOString(), { connection, batch })),
        stopped: [],
      });
    },
  };
}

export const refOf = (line: PostedLine, at = { connection: CONNECTION, batch: BATCH }): string =>
  lineRef(at.connection, at.batch, [line]);

/** A line of a plan made of one posted line: its item is the remote's too. */
export function plannedOf(
  line: PostedLine,
  occurredAt: string,
  at = { connection: CONNECTION, batch: BATCH },
): PlannedLine {
  const { item, bin, variance } = line;
  const where = { item, remoteItem: item, remoteLocation: PLACE };
  return { ref: refOf(line, at), ...where, change: 'adjust', quantity: variance, bins: [bin], occurredAt };
}
