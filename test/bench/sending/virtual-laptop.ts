import {
  entryId,
  FIRST_PREV,
  LEDGER_VERSION,
  type Fact,
  type LedgerEntry,
  type PostedLine,
} from '../../../shared/domain/ledger-entry.ts';
import { err, ok } from '../../../shared/domain/result.ts';
import type { HttpClient } from '../../../shared/ports/http-client.ts';
import type { RemoteConnector } from '../../../shared/ports/remote-inventory.ts';
import { createDesk } from '../../../shared/sync/desk/desk.ts';
import { emptyDesk, foldDesk } from '../../../shared/sync/desk/desk-state.ts';
import { createFlush } from '../../../shared/sync/outbox/flush.ts';
import {
  foldSendMarks,
  lastFrozenAt,
  NO_SEND_MARKS,
  openElsewhere,
  openLines,
} from '../../../shared/sync/outbox/open-lines.ts';
import { EMPTY_OUTBOX, foldOutbox } from '../../../shared/sync/outbox/outbox.ts';
import { paced } from '../../../shared/sync/seen/pace.ts';
import { planSend, type SendPlan } from '../../../shared/sync/plan/plan.ts';
import { memoryTokens } from '../../contracts/remote-means.ts';

const CONNECTION = 'bench';
const BATCH = 'bench-batch';
const POSTING_LINES = 1000;

/** What a laptop of the bench sends: one line an item, each in a bin of its own, mapped to the places given. */
export type Job = {
  readonly connector: RemoteConnector;
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** The way to the remote; given the clock, since a sandbox stands on the same one. */
  readonly http: HttpClient;
  readonly items: readonly { readonly sku: string; readonly remoteItem: string; readonly remoteLocation: string }[];
  readonly clock: VirtualClock;
  /** Without it whatever is asked goes at once. */
  readonly isPaced: boolean;
  /** Told after each sealed step, with the number of requests that have their final word. */
  readonly onSettled?: (settled: number) => void;
};

/** Time that stands still while anything can be done, and then goes to whatever is waited for next. Ms since 1970. */
export type VirtualClock = {
  now(): number;
  after(ms: number, run: () => void): () => void;
  /** Runs until nothing is waited for any more. */
  rest(): Promise<void>;
};

export function createVirtualClock(startAt: string): VirtualClock {
  let now = Date.parse(startAt);
  let alarms: { readonly at: number; readonly run: () => void }[] = [];
  return {
    now: () => now,
    after(ms, run) {
      const alarm = { at: now + ms, run };
      alarms.push(alarm);
      return () => {
        alarms = alarms.filter((one) => one !== alarm);
      };
    },
    async rest() {
      for (;;) {
        // Everything that waits for nothing but other work is done when the next turn of Node's loop comes.
        await new Promise((resolve) => setImmediate(resolve));
        const [next] = alarms.toSorted((left, right) => left.at - right.at);
        if (next === undefined) return;
        alarms = alarms.filter((one) => one !== next);
        now = Math.max(now, next.at);
        next.run();
      }
    },
  };
}

/** The engine as host and page run it, over a ledger in memory that keeps no more than sending needs. */
export function createVirtualLaptop(job: Job) {
  const { connector, clock } = job;
  const desk = emptyDesk();
  let outbox = EMPTY_OUTBOX;
  let marks = NO_SEND_MARKS;
  let seq = 0;
  let settled = 0;
  const frozen = new Map<number, Extract<Fact, { kind: 'send_frozen' }>>();
  const iso = () => new Date(clock.now()).toISOString();

  function seal(by: string, fact: Fact): LedgerEntry {
    seq += 1;
    const base = { device: 'd1', seq, at: iso(), by, v: LEDGER_VERSION, prev: FIRST_PREV, hash: FIRST_PREV };
    const entry = { id: entryId('d1', seq), ...base, fact };
    if (fact.kind === 'send_frozen') frozen.set(seq, fact);
    foldDesk(desk, fact, entry);
    outbox = foldOutbox(outbox, entry);
    marks = foldSendMarks(marks, entry);
    if (fact.kind === 'send_settled') job.onSettled?.((settled += 1));
    return entry;
  }

  const http = job.isPaced
    ? paced(job.http, connector.abilities.pace, {
        now: clock.now,
        wait: (ms) => new Promise<void>((resolve) => void clock.after(ms, resolve)),
      })
    : job.http;
  let given = 0;
  const remote = connector.open(
    { ...job.settings, ...job.secrets },
    { http, tokens: memoryTokens(), now: clock.now, secretText: (length) => `${(given += 1)}`.padEnd(length, 'x') },
  );
  const tools = createDesk({
    record: (by, facts) => Promise.resolve(ok(facts.map((fact) => seal(by, fact)))),
    state: () => desk,
    marks: () => Promise.resolve(ok(marks)),
    frozenBytes(id, { seq: at, index }) {
      const request = frozen.get(at)?.requests[index];
      return Promise.resolve(request?.id === id ? ok(request) : err({ code: 'not_found' as const, what: 'request' }));
    },
    open: () => Promise.resolve(ok({ name: connector.title, connector, remote })),
    now: clock.now,
    random: () => 0.5,
  });
  const flush = createFlush({
    desk: tools,
    connections: () => [CONNECTION],
    abilities: () => connector.abilities,
    outbox: () => outbox,
    takeIn: () => Promise.resolve(true),
    now: iso,
    after: clock.after,
  });

  function post(): void {
    const countedAt = iso();
    const lines = job.items.map(({ sku }, at): PostedLine => {
      const figures = { counted: '7', bookThen: '5', variance: '2' };
      return { item: sku, bin: `B${at}`, ...figures, anchor: entryId('d1', at + 1), countedAt };
    });
    for (let from = 0; from < lines.length; from += POSTING_LINES)
      seal('p1', { kind: 'lines_posted', batch: BATCH, lines: lines.slice(from, from + POSTING_LINES) });
  }

  function plan(): SendPlan {
    const binSite = (bin: string) => bin;
    return planSend({
      connection: CONNECTION,
      batch: BATCH,
      posted: openLines(marks, { connection: CONNECTION, batch: BATCH }).lines,
      mapping: {
        items: new Map(job.items.map(({ sku, remoteItem }) => [sku, { item: sku, remoteItem, precision: 0 }])),
        sites: new Map(job.items.map(({ remoteLocation }, at) => [`B${at}`, remoteLocation])),
        bins: new Map(job.items.map(({ remoteLocation }, at) => [`B${at}`, remoteLocation])),
        reasons: new Map(),
      },
      binSite,
      abilities: connector.abilities,
      now: iso(),
      wholeLocation: () => false,
      movedDuring: () => false,
      openElsewhere: openElsewhere(marks, { connection: CONNECTION, batch: BATCH, binSite }),
      lastFrozenAt: lastFrozenAt(marks, CONNECTION),
    });
  }

  return {
    post,
    plan,
    async freeze({ lines, stopped }: SendPlan): Promise<void> {
      const done = await tools.freeze('p1', {
        connection: CONNECTION,
        batch: BATCH,
        lines: [...lines],
        stopped: [...stopped],
      });
      if (!done.ok) throw new Error(JSON.stringify(done.error));
    },
    async send(): Promise<void> {
      void flush.all();
      await clock.rest();
      const states = [...outbox.values()].filter((request) => request.state !== 'confirmed');
      if (states.length > 0) throw new Error(`${states.length} requests are ${states[0]?.state}: ${states[0]?.code}`);
    },
    requests: () => outbox.size,
  };
}
