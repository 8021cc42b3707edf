import { isDeepStrictEqual } from 'node:util';
import { lineKey } from '../../shared/domain/line-key.ts';
import type { LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import type { Result } from '../../shared/domain/result.ts';
import { createFlush } from '../../shared/sync/flush.ts';
import { foldMappings, NO_MAPPING, type Mappings } from '../../shared/sync/mapping.ts';
import {
  foldSendMarks,
  lastFrozenAt,
  NO_SEND_MARKS,
  openBatches,
  openElsewhere,
  openLines,
  type SendMarks,
} from '../../shared/sync/open-lines.ts';
import { EMPTY_OUTBOX, foldOutbox, type Outbox } from '../../shared/sync/outbox.ts';
import { planSend, type PlanInput } from '../../shared/sync/plan.ts';
import { foldObservations, nextWatermark, NO_OBSERVATIONS, type Observations } from '../../shared/sync/pull.ts';
import type { HostSide } from './host-side.ts';
import type { LaptopParts } from './laptop.ts';
import type { Life } from './life.ts';
import { NO_MUTANT } from './mutants.ts';
import type { Random } from './random.ts';

/** One run of the page: the production folds, the production loop, and the buttons that people press. */
export type Page = {
  takeIn(entries: readonly LedgerEntry[]): Promise<boolean>;
  sendOpen(connection: string, withRejected: boolean): Promise<void>;
  pull(connection: string): Promise<void>;
  settleDoubts(connection: string, findOut: (refs: readonly string[]) => { arrived: string[]; missing: string[] }): Promise<void>;
  /** Nothing on its way, nothing to be sent again, nothing that waits for a person. */
  isQuiet(): boolean;
  describe(): string;
  judge(): Promise<void>;
};

export type PageParts = LaptopParts & {
  readonly host: HostSide;
  readonly life: Life;
  readonly now: () => number;
  readonly label: () => string;
  /** What others changed, as our ledger heard of it. */
  readonly changes: readonly { readonly item: string; readonly bin: string; readonly at: string }[];
  readonly random: Random;
};

type State = { marks: SendMarks; outbox: Outbox; mappings: Mappings; observations: Observations };
const NOTHING: State = { marks: NO_SEND_MARKS, outbox: EMPTY_OUTBOX, mappings: new Map(), observations: NO_OBSERVATIONS };

function foldAll(state: State, entry: LedgerEntry): State {
  return {
    marks: foldSendMarks(state.marks, entry),
    outbox: foldOutbox(state.outbox, entry),
    mappings: foldMappings(state.mappings, entry),
    observations: foldObservations(state.observations, entry),
  };
}

export async function openPage(parts: PageParts): Promise<Page> {
  const { world, name, host, life, connections, shelves } = parts;
  const mutant = parts.mutant ?? NO_MUTANT;
  const { abilities } = parts.model.connector;
  const plan = mutant.plan?.(planSend) ?? planSend;
  let state = NOTHING;
  const taken = new Set<string>();
  const sending = new Set<string>();
  const pulling = new Set<string>();

  /** Asks the host across the process boundary; a page that is loaded anew never hears the answer. */
  async function ask<Value>(label: string, call: () => Promise<Value>): Promise<Value> {
    await life.gate(`ask ${label}`, 1);
    const answer = await call();
    await life.gate(`hear ${label}`, 1);
    return answer;
  }

  async function takeIn(entries: readonly LedgerEntry[]): Promise<boolean> {
    for (const entry of entries) {
      if (taken.has(entry.id)) continue;
      taken.add(entry.id);
      state = foldAll(state, entry);
    }
    return true;
  }

  const { desk } = host;
  const ports = {
    desk: {
      push: (step: { connection: string; request: string }) => ask('push', () => desk.push(step)),
      readBack: (step: { connection: string; request: string }) => ask('read back', () => desk.readBack(step)),
      freezeAgain: (step: { connection: string; request: string }) => ask('freeze again', () => desk.freezeAgain(step)),
    },
    connections: () => connections,
    abilities: () => abilities,
    outbox: () => state.outbox,
    takeIn,
    now: parts.label,
    after: life.after,
  };
  const flush = createFlush(mutant.flush?.(ports) ?? ports);

  function siteOf(bin: string): string | undefined {
    const shelf = shelves.find((one) => one.bin === bin);
    return abilities.binLevel ? shelf?.bin : shelf?.site;
  }

  /** What the page knows of a batch, as the production page gathers it from its ledger. */
  function planInput(connection: string, batch: string, withRejected: boolean): PlanInput {
    const posted = openLines(state.marks, { connection, batch, withRejected }).lines;
    const here = (item: string, site: string) => posted.filter((line) => line.item === item && siteOf(line.bin) === site);
    const binSite = siteOf;
    const figures = state.observations.get(connection)?.figures;
    return {
      connection,
      batch,
      posted,
      mapping: state.mappings.get(connection) ?? NO_MAPPING,
      binSite,
      abilities,
      now: parts.label(),
      wholeLocation(item, site) {
        const counted = new Set(here(item, site).map(lineKey));
        return shelves.every(({ bin }) => siteOf(bin) !== site || counted.has(lineKey({ item, bin })));
      },
      movedDuring(item, site) {
        const lines = here(item, site);
        const times = lines.map((line) => line.countedAt).toSorted();
        const [first = ''] = times;
        const last = times.at(-1) ?? '';
        return (
          lines.length > 1 &&
          parts.changes.some(({ item: moved, bin, at }) => moved === item && siteOf(bin) === site && at >= first && at <= last)
        );
      },
      openElsewhere: openElsewhere(state.marks, { connection, batch, binSite }),
      lastFrozenAt: lastFrozenAt(state.marks, connection),
      ...(figures !== undefined && { remoteNow: figures }),
    };
  }

  async function sendBatch(connection: string, batch: string, withRejected: boolean): Promise<void> {
    const { lines, stopped } = plan(planInput(connection, batch, withRejected));
    if (lines.length === 0) return;
    const frozen = await ask('freeze', () =>
      desk.freeze('approver', { connection, batch, lines: [...lines], stopped: [...stopped] }),
    );
    if (!frozen.ok) {
      world.trace(() => `${name} may not freeze ${batch}: ${JSON.stringify(frozen.error)}`);
      return;
    }
    await takeIn(frozen.value.entries);
  }

  async function readFigures(connection: string): Promise<Result<null, { code: string }>> {
    const updatedAfter = nextWatermark(state.observations, connection);
    let cursor: string | undefined;
    let requestedAt: string | undefined;
    do {
      const asked = { connection, ...(updatedAfter !== undefined && { updatedAfter }), ...(cursor !== undefined && { cursor }), ...(requestedAt !== undefined && { requestedAt }) };
      const page = await ask('pull', () => desk.pull(asked));
      if (!page.ok) return page;
      await takeIn(page.value.entries);
      ({ cursor, requestedAt } = page.value);
    } while (cursor !== undefined);
    return { ok: true, value: null };
  }

  function doubts(connection: string) {
    return [...state.outbox.values()].filter((request) => request.connection === connection && request.doubtful.length > 0);
  }

  await takeIn(await ask('entries', () => host.entries()));
  void flush.all();

  return {
    takeIn,
    async sendOpen(connection, withRejected) {
      if (sending.has(connection)) return;
      sending.add(connection);
      for (const batch of openBatches(state.marks, connection)) await sendBatch(connection, batch, false);
      if (withRejected) for (const batch of state.marks.posted.keys()) await sendBatch(connection, batch, true);
      sending.delete(connection);
      void flush.all();
    },
    async pull(connection) {
      if (pulling.has(connection)) return;
      pulling.add(connection);
      const read = await readFigures(connection);
      if (!read.ok) await readFigures(connection);
      pulling.delete(connection);
    },
    async settleDoubts(connection, findOut) {
      for (const request of doubts(connection)) {
        world.counters.doubts += request.doubtful.length;
        const found = findOut(request.doubtful.map((line) => line.ref));
        const fact = { kind: 'doubt_settled' as const, connection, request: request.id, ...found };
        const sealed = await ask('settle doubt', () => host.record('approver', [fact]));
        if (sealed.ok) await takeIn(sealed.value);
      }
      void flush.all();
    },
    isQuiet: () =>
      !flush.busy() &&
      connections.every(
        (connection) =>
          [...state.outbox.open(connection)].length === 0 &&
          state.outbox.again(connection).size === 0 &&
          doubts(connection).length === 0 &&
          !sending.has(connection),
      ),
    describe: () =>
      connections
        .map((connection) => {
          const open = [...state.outbox.open(connection)].map((request) => `${request.id} ${request.state} ${request.code ?? ''} ${request.notBefore ?? ''}`);
          return `${connection}: open ${open.join(', ')}, again ${state.outbox.again(connection).size}, doubtful ${doubts(connection).length}, flush ${flush.busy()}`;
        })
        .join('; '),
    async judge() {
      const anew = host.sealed().reduce(foldAll, NOTHING);
      const same =
        isDeepStrictEqual([...anew.outbox.values()], [...state.outbox.values()]) &&
        isDeepStrictEqual(anew.marks, state.marks) &&
        isDeepStrictEqual(anew.observations, state.observations);
      if (!same) world.violate('I7', `${name}: the page rebuilt is not the page that ran`);
    },
  };
}
