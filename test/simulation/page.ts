import { isDeepStrictEqual } from 'node:util';
import type { LedgerEntry, RemoteMovement } from '../../shared/domain/ledger-entry.ts';
import { ok } from '../../shared/domain/result.ts';
import { createPageSending } from '../../renderer/sync/create-page-sending.ts';
import type { ConnectorCard, Host } from '../../shared/ports/host.ts';
import { openBatches, openLines } from '../../shared/sync/outbox/open-lines.ts';
import type { HostSide } from './host-side.ts';
import { judgeFiguresSeen, judgeMovementsSeen } from './judge-page.ts';
import type { LaptopParts, Sold } from './laptop.ts';
import type { Life } from './life.ts';
import { stepsOf } from './steps.ts';
import { createPageLedger, sendingOf, type Books, type PageLedger } from './page-ledger.ts';

/** One run of the page: the production page side of sending, and the buttons that people press. */
export type Page = {
  /** Learns of what it asked the host to seal. */
  takeIn(entries: readonly LedgerEntry[]): Promise<void>;
  sendOpen(connection: string, withRejected: boolean): Promise<void>;
  pull(connection: string): Promise<void>;
  hearSold(connection: string): Promise<void>;
  takeFigure(connection: string, there: TakenThere): Promise<void>;
  /** Whether the last pull of every connection was read to its end. */
  hasPulled(): boolean;
  settleDoubts(
    connection: string,
    findOut: (refs: readonly string[]) => { arrived: string[]; missing: string[] },
  ): Promise<void>;
  /** Nothing on its way, nothing to be sent again, nothing that waits for a person. */
  isQuiet(): boolean;
  describe(): string;
  judge(isExcused: (key: string) => boolean): void;
};

/** A place of theirs that differs from our book by so many steps, and the bin of ours that it is taken into. */
export type TakenThere = {
  readonly remoteItem: string;
  readonly place: string;
  readonly bin: string;
  readonly steps: number;
};

export type PageParts = LaptopParts & {
  readonly host: HostSide;
  readonly life: Life;
  readonly label: () => string;
  readonly books: () => Books;
  readonly sold: () => Sold;
  /** A ledger that is there already; absent: one over the books of the world. */
  readonly pageLedger?: PageLedger;
};

export async function openPage(parts: PageParts): Promise<Page> {
  const { world, name, host, life, connections } = parts;
  const { mutant } = parts;
  const { connector } = parts.model;
  const { desk } = host;
  const busy = new Set<string>();
  const unread = new Set(connections);

  /** Asks the host across the process boundary; a page that is loaded anew never hears the answer. */
  function ask<Input, Value>(label: string, call: (input: Input) => Promise<Value>): (input: Input) => Promise<Value> {
    return async (input) => {
      await life.gate(`ask ${label}`, 1);
      const answer = await call(input);
      await life.gate(`hear ${label}`, 1);
      return answer;
    };
  }

  const procedures = {
    append: ask('append', async ({ facts }: { facts: Parameters<typeof host.record>[1] }) => {
      const sealed = await host.record('approver', facts);
      return sealed.ok ? ok({ entries: sealed.value }) : sealed;
    }),
    readJournal: ask('journal', async ({ fromSeq, limit }: { fromSeq: number; limit: number }) => {
      const all = await host.entries();
      const entries = all.slice(fromSeq - 1, fromSeq - 1 + limit);
      return ok({ entries, ...(fromSeq - 1 + limit < all.length && { nextSeq: fromSeq + limit }) });
    }),
    freezeRequests: ask('freeze', (input: Parameters<typeof desk.freeze>[1]) => desk.freeze('approver', input)),
    freezeAgain: ask('freeze again', desk.freezeAgain),
    pushRequest: ask('push', desk.push),
    readBackRequest: ask('read back', desk.readBack),
    pullCounts: ask('pull', desk.pull),
    pullMovements: ask('movements', desk.pullMovements),
    startTracking: ask('track', desk.startTracking),
    decideDrift: ask('decide', (input: Parameters<typeof desk.decideDrift>[1]) => desk.decideDrift('approver', input)),
  };
  // The procedures that sending asks for, and no others.
  const asked = procedures as unknown as Host;
  const pageHost = mutant?.host?.(asked, parts.label) ?? asked;
  const known = await ask('entries', () => host.entries())(undefined);
  const made =
    parts.pageLedger ??
    createPageLedger({
      host: pageHost,
      device: host.device,
      shelves: parts.shelves,
      books: parts.books,
      remembered: known.filter((entry) => mutant?.remembers?.(entry.fact) !== false),
      newest: known.length,
    });
  const ledger = mutant?.ledger?.(made.ledger) ?? made.ledger;
  const card: ConnectorCard = {
    id: connector.id,
    title: connector.title,
    abilities: connector.abilities,
    fields: [],
    reasons: 'none',
    ...(connector.maxLinesPerFile !== undefined && { maxLinesPerFile: connector.maxLinesPerFile }),
  };
  const sending = createPageSending({
    host: pageHost,
    ledger,
    connectors: [card],
    now: parts.label,
    after: life.after,
  });
  function doubts(connection: string) {
    return sending.outbox().filter((request) => request.connection === connection && request.doubtful.length > 0);
  }

  /** One press of a button at a time. */
  async function once(what: string, work: () => Promise<void>): Promise<void> {
    if (busy.has(what)) return;
    busy.add(what);
    await work();
    busy.delete(what);
  }

  /** Books one movement of others, in the bin that it came out of, or any where our book knows of it by itself. */
  async function take(connection: string, movement: RemoteMovement, other: string): Promise<boolean> {
    const rows = sending.movements(connection).filter((row) => row.key === movement.key && !row.covered);
    const bin = parts.sold().binOf(movement) ?? other;
    const open = rows.filter((row) => !row.taken).map((row) => ({ row, bin }));
    const taken = open.length === 0 ? ok({ taken: 0 }) : await sending.takeMovements(connection, open);
    if (!taken.ok || rows.length === 0) return false;
    parts.sold().heard(movement);
    return true;
  }

  /** What a plan asks is answered by whoever knows the shelf. Answers whether anything was. */
  async function answer(connection: string, batch: string): Promise<boolean> {
    if (connector.abilities.backDatingMs === 0) return false;
    let planned = await sending.plan(connection, batch, { seen: true });
    // What would go by the figures seen last, and did not, was stopped by newer ones: the screen reads those, too.
    if (planned.ok && planned.value.lines.length > 0) planned = await sending.plan(connection, batch);
    if (!planned.ok) return false;
    let isAnswered = false;
    for (const { sold, bins } of planned.value.questions)
      for (const { movement } of sold) isAnswered = (await take(connection, movement, bins[0] ?? '')) || isAnswered;
    return isAnswered;
  }

  /** Where our book and their figure were never made one, our figure takes the place of theirs: a person says so. */
  async function setFigures(connection: string, batch: string, withRejected: boolean): Promise<void> {
    const { lines } = openLines(made.sending().marks, { connection, batch, withRejected });
    const planned = lines.length === 0 ? undefined : await sending.plan(connection, batch, { withRejected });
    if (planned?.ok !== true || !planned.value.questions.some(({ code }) => code !== 'sold_between')) return;
    const sent = await sending.send(connection, batch, { setFigures: true, withRejected });
    if (!sent.ok) world.trace(() => `${name} may not set the figures of ${batch}: ${JSON.stringify(sent.error)}`);
  }

  /** Lines that were refused for a reason that may be gone. */
  async function sendRefused(connection: string): Promise<void> {
    for (const batch of made.sending().marks.posted.keys()) {
      if (openLines(made.sending().marks, { connection, batch, withRejected: true }).lines.length === 0) continue;
      const sent = await sending.send(connection, batch, { withRejected: true });
      if (!sent.ok) world.trace(() => `${name} may not send ${batch} again: ${JSON.stringify(sent.error)}`);
      if (world.faults.rate('unopened') > 0) await setFigures(connection, batch, true);
    }
  }

  const page: Page = {
    async takeIn(entries) {
      await ledger.takeIn(entries);
    },
    sendOpen: (connection, withRejected) =>
      once(`send ${connection}`, async () => {
        for (const batch of openBatches(made.sending().marks, connection)) {
          let sent = await sending.send(connection, batch);
          if (sent.ok && (await answer(connection, batch))) sent = await sending.send(connection, batch);
          if (!sent.ok) world.trace(() => `${name} may not send ${batch}: ${JSON.stringify(sent.error)}`);
          if (world.faults.rate('unopened') > 0) await setFigures(connection, batch, false);
        }
        if (withRejected) await sendRefused(connection);
        void sending.flush();
      }),
    pull: (connection) =>
      once(`pull ${connection}`, async () => {
        const pulled = await sending.pull(connection);
        if (pulled.ok) unread.delete(connection);
        else unread.add(connection);
        world.trace(() => `${connection} pulled: ${pulled.ok ? 'whole' : JSON.stringify(pulled.error)}`);
      }),
    hearSold: (connection) =>
      once(`sold ${connection}`, async () => {
        for (const { movement } of made.sending().movements.connections.get(connection)?.byKey.values() ?? [])
          if (parts.sold().binOf(movement) !== undefined) await take(connection, movement, '');
      }),
    takeFigure: (connection, { remoteItem, place, bin, steps }) =>
      once(`figure ${connection}`, async () => {
        await sending.pull(connection);
        // What a screen still offers when the figure is taken is pressed afterwards.
        const offered = sending.movements(connection).filter((row) => row.remoteItem === remoteItem && !row.taken);
        const row = sending
          .drift(connection)
          .find((one) => one.remoteItem === remoteItem && one.remoteLocation === place);
        if (row?.state !== 'differs' || stepsOf(row.theirs ?? '0') - stepsOf(row.ours) !== steps) return;
        const decided = await sending.takeTheirs(connection, [{ row, bin }]);
        if (decided.ok)
          await sending.takeMovements(
            connection,
            offered.map((one) => ({ row: one, bin })),
          );
      }),
    hasPulled: () => unread.size === 0,
    settleDoubts: (connection, findOut) =>
      once(`doubts ${connection}`, async () => {
        for (const request of doubts(connection)) {
          world.counters.doubts += request.doubtful.length;
          const found = findOut(request.doubtful.map((line) => line.ref));
          await sending.settleDoubt(connection, request.id, found);
        }
      }),
    isQuiet: () =>
      !sending.busy() &&
      busy.size === 0 &&
      connections.every((connection) => {
        const { outbox } = made.sending();
        return [...outbox.open(connection)].length === 0 && doubts(connection).length === 0;
      }),
    describe: () =>
      connections
        .map((connection) => {
          const { outbox } = made.sending();
          const open = [...outbox.open(connection)].map(
            (one) => `${one.id} ${one.state} ${one.code ?? ''} ${one.notBefore ?? ''}`,
          );
          return `${connection}: open ${open.join(', ')}, again ${outbox.again(connection).size}, doubtful ${doubts(connection).length}, busy ${sending.busy()} ${[...busy].join(' ')}`;
        })
        .join('; '),
    judge(isExcused) {
      for (const connection of connections) {
        const drift = sending.drift(connection);
        const view = {
          world,
          connection,
          model: parts.model,
          things: parts.things,
          state: made.sending(),
          drift,
          isExcused,
        };
        judgeFiguresSeen(view);
        judgeMovementsSeen(view);
      }
      const [ran, anew] = [made.sending(), sendingOf(host.sealed())];
      const same =
        isDeepStrictEqual([...anew.outbox.values()], [...ran.outbox.values()]) &&
        isDeepStrictEqual(anew.marks, ran.marks) &&
        isDeepStrictEqual(anew.observations, ran.observations) &&
        isDeepStrictEqual(anew.movements, ran.movements);
      if (!same) world.violate('I7', `${name}: the page rebuilt is not the page that ran`);
    },
  };
  void sending.flush();
  return page;
}
