import { FIRST_PREV, LEDGER_VERSION, entryId, type Fact, type LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { err, ok } from '../../shared/domain/result.ts';
import type { PlannedLine, RemoteConnector, RemoteInventory } from '../../shared/ports/remote-inventory.ts';
import { createDesk, type Desk } from '../../shared/sync/desk/desk.ts';
import { emptyDesk, foldDesk } from '../../shared/sync/desk/desk-state.ts';
import { nextDue } from '../../shared/sync/outbox/next-due.ts';
import { foldSendMarks, NO_SEND_MARKS } from '../../shared/sync/outbox/open-lines.ts';
import { EMPTY_OUTBOX, foldOutbox, type Outbox } from '../../shared/sync/outbox/outbox.ts';

/** Where the power may go: before a step, when the attempt is on record, or when the answer is in and not yet on record. */
export type CrashPoint = 'none' | 'after_attempt' | 'before_settle';

/** A laptop's delivery with nothing but its entries: after a crash only these are left. */
export type Delivery = {
  readonly entries: LedgerEntry[];
  add(fact: Fact): void;
  /** Freezes what was planned of a posted batch; false when the desk refuses. */
  freeze(batch: string, lines: readonly PlannedLine[], delivery?: 'request' | 'file'): Promise<boolean>;
  /** One step of the queue. `nothing` once every request has its final word, and what goes again is frozen again. */
  step(remote: RemoteInventory, crash: CrashPoint): Promise<'worked' | 'waited' | 'nothing'>;
  outbox(): Outbox;
  /** The desk as it stands after a restart. */
  desk(remote: RemoteInventory): Desk;
};

export type DeliveryParts = {
  connector: RemoteConnector;
  now: () => string;
  random: () => number;
  wait: (ms: number) => void;
};

class PowerCut extends Error {}

/** The production desk over nothing but a list of entries; every step is done by a desk that was just started. */
export function createDelivery({ connector, now, random, wait }: DeliveryParts): Delivery {
  const entries: LedgerEntry[] = [];
  const connection = 'c1';
  const outbox = () => entries.reduce(foldOutbox, EMPTY_OUTBOX);
  let crashAt: CrashPoint = 'none';

  function add(fact: Fact, by = 'p1'): LedgerEntry {
    const seq = entries.length + 1;
    const base = { device: 'd1', seq, at: now(), by, v: LEDGER_VERSION, prev: FIRST_PREV, hash: FIRST_PREV };
    const entry = { id: entryId('d1', seq), ...base, fact };
    entries.push(entry);
    return entry;
  }

  function start(remote: RemoteInventory): Desk {
    return createDesk({
      async record(by, facts) {
        if (crashAt === 'before_settle' && facts.some((fact) => fact.kind === 'send_settled')) throw new PowerCut();
        const sealed = facts.map((fact) => add(fact, by));
        if (crashAt === 'after_attempt' && facts.some((fact) => fact.kind === 'send_attempted')) throw new PowerCut();
        return ok(sealed);
      },
      state() {
        const state = emptyDesk();
        for (const entry of entries) foldDesk(state, entry.fact, entry);
        return state;
      },
      marks: async () => ok(entries.reduce(foldSendMarks, NO_SEND_MARKS)),
      async frozenBytes(id, { seq, index }) {
        const fact = entries[seq - 1]?.fact;
        const request = fact?.kind === 'send_frozen' ? fact.requests[index] : undefined;
        return request?.id === id ? ok(request) : err({ code: 'not_found', what: 'request' });
      },
      open: async () => ok({ name: connector.title, connector, remote }),
      now: () => Date.parse(now()),
      random,
    });
  }

  return {
    entries,
    add: (fact) => void add(fact),
    outbox,
    desk: start,
    async freeze(batch, lines, delivery = 'request') {
      crashAt = 'none';
      const desk = start(connector.open({}, neverAsked));
      return (await desk.freeze('p1', { connection, batch, lines: [...lines], stopped: [], delivery })).ok;
    },
    async step(remote, crash) {
      const { abilities } = connector;
      const due = nextDue(outbox(), { connection, now: now(), idempotent: abilities.idempotencyKeys, abilities });
      if (due.do === 'nothing') return 'nothing';
      if (due.do === 'wait') {
        wait(Date.parse(due.until) - Date.parse(now()));
        return 'waited';
      }
      crashAt = crash;
      const desk = start(remote);
      const call = { push: desk.push, read_back: desk.readBack, freeze_again: desk.freezeAgain }[due.do];
      const before = entries.length;
      try {
        const done = await call({ connection, request: due.request.id });
        if (!done.ok) throw new Error(`${due.do}: ${done.error.code}`);
      } catch (problem) {
        if (!(problem instanceof PowerCut)) throw problem;
        return 'worked';
      }
      return entries.length === before ? 'nothing' : 'worked';
    },
  };
}

const neverAsked = {
  http: () => Promise.resolve(err({ code: 'not_allowed' as const, detail: 'nothing is asked while freezing' })),
  tokens: { read: async () => ({}), save: async () => false },
  now: () => 0,
  secretText: () => '',
};
