import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { Host } from '../../shared/ports/host.ts';
import { watchPages } from '../../shared/ports/pages.ts';
import { nextWindow } from '../../shared/sync/seen/movements.ts';
import { nextWatermark } from '../../shared/sync/seen/pull.ts';
import { isReadAfter } from '../../shared/sync/seen/stamp.ts';
import { createPatience, type After } from './patient.ts';
import type { Ledger, LedgerError } from '../ledger/ledger.ts';

/** What readings stand on. */
export type Parts = {
  readonly host: Host;
  readonly ledger: Ledger;
  readonly after: After;
  /** Told by how much this laptop's clock is ahead of a remote's, ms. */
  readonly heardClock: (connection: string, aheadMs: number | undefined) => void;
  /** By how much it is ahead, as far as that is known. */
  readonly clockAhead: (connection: string) => number | undefined;
  /** Once it is aborted, no more pages are asked for: nobody waits for the reading. */
  readonly signal?: AbortSignal | undefined;
};
type Read = Promise<Result<{ figures: number }, LedgerError>>;

/** Items asked for in one reading. */
const ASKED_ITEMS = 100;
/** Places asked for once more by name after a pull. */
const MOST_ASKED = 1_000;

/** Runs a reading; one whose cursor died is begun again, once: rows are kept by key, so reading twice is harmless. */
export async function againIfExpired<Value>(
  read: () => Promise<Result<Value, LedgerError>>,
): Promise<Result<Value, LedgerError>> {
  const first = await read();
  const expired = !first.ok && first.error.code === 'remote_failed' && first.error.problem === 'cursor_expired';
  return expired ? read() : first;
}

/** A list without an end, as a remote's refusal. */
export function endlessAt(
  ledger: Pick<Ledger, 'sending'>,
  connection: string,
  { code, detail }: { code: string; detail: string },
): { readonly ok: false; readonly error: LedgerError } {
  const remote = ledger.sending().connections.get(connection)?.name ?? connection;
  return err({ code: 'remote_failed', remote, problem: code, detail });
}

async function readPages(
  { host, ledger, after, heardClock, signal }: Parts,
  query: { connection: string; updatedAfter?: string; items?: string[] },
): Read {
  let cursor: string | undefined;
  let requestedAt: string | undefined;
  let figures = 0;
  const ask = createPatience(after, signal);
  const endless = watchPages();
  for (;;) {
    const asked = {
      ...query,
      ...(cursor !== undefined && { cursor }),
      ...(requestedAt !== undefined && { requestedAt }),
    };
    const page = await ask(() => host.pullCounts(asked));
    if (!page.ok) return page;
    heardClock(query.connection, page.value.clockAheadMs);
    const taken = await ledger.takeIn(page.value.entries);
    if (!taken.ok) return taken;
    for (const { fact } of page.value.entries) if (fact.kind === 'remote_observed') figures += fact.counts.length;
    ({ cursor, requestedAt } = page.value);
    if (cursor === undefined || signal?.aborted === true) return ok({ figures });
    const refused = endless(cursor);
    if (refused) return endlessAt(ledger, query.connection, refused.error);
  }
}

/** Takes in the figures that changed since the last pull, page by page. */
export function readChangedFigures(parts: Parts, connection: string): Read {
  const updatedAfter = nextWatermark(parts.ledger.sending().observations, connection);
  return againIfExpired(() => readPages(parts, { connection, ...(updatedAfter !== undefined && { updatedAfter }) }));
}

/**
 * Takes in the figures that changed since the last pull, and those of places where a change of ours arrived after the
 * figure that is known: a remote need not say again what came out as it was.
 */
export async function readAllFigures(parts: Parts, connection: string): Read {
  const changed = await readChangedFigures(parts, connection);
  if (!changed.ok) return changed;
  const { observations, outbox } = parts.ledger.sending();
  const figures = observations.get(connection)?.figures;
  const stale = [...outbox.arrivedAt(connection)].flatMap(([place, arrived]) => {
    const figure = figures?.get(place);
    return figure && isReadAfter(figure, arrived) ? [] : [place.split('\u001F')[0] ?? ''];
  });
  const asked = await readFiguresOf(parts, connection, [...new Set(stale)].slice(0, MOST_ASKED));
  return asked.ok ? ok({ figures: changed.value.figures + asked.value.figures }) : asked;
}

/** Takes in the newest figures of these remote items, each asked for by name, so that the host knows them too. */
export async function readFiguresOf(parts: Parts, connection: string, items: readonly string[]): Read {
  let figures = 0;
  for (let from = 0; from < items.length && parts.signal?.aborted !== true; from += ASKED_ITEMS) {
    const some = items.slice(from, from + ASKED_ITEMS);
    const read = await againIfExpired(() => readPages(parts, { connection, items: some }));
    if (!read.ok) return read;
    figures += read.value.figures;
  }
  return ok({ figures });
}

/**
 * Takes in what is needed to show these items as they are now. Where everything was read before, what has changed since is
 * enough, and costs the remote far less than asking for each.
 */
export function readFiguresToShow(parts: Parts, connection: string, items: readonly string[]): Read {
  const isKnown = nextWatermark(parts.ledger.sending().observations, connection) !== undefined;
  return isKnown || items.length > MOST_ASKED
    ? readChangedFigures(parts, connection)
    : readFiguresOf(parts, connection, items);
}

/** The remote's present, never later than ours: no window may end after either. */
function presentThere(now: string, aheadMs = 0): string {
  return new Date(Date.parse(now) - Math.max(0, aheadMs)).toISOString();
}

/**
 * Takes in what others have changed since the last whole reading, over one closed window of time. A reading whose cursor
 * died is begun again as a run of its own.
 */
export async function readMovements(
  { host, ledger, after, heardClock, clockAhead }: Parts,
  query: { connection: string; now: string; since: string; newRun: () => string },
): Promise<Result<{ movements: number }, LedgerError>> {
  const { connection } = query;
  const now = presentThere(query.now, clockAhead(connection));
  const window = nextWindow(ledger.sending().movements, { ...query, now });
  if (window === undefined) return ok({ movements: 0 });
  return againIfExpired(async () => {
    const run = query.newRun();
    let cursor: string | undefined;
    let movements = 0;
    const ask = createPatience(after);
    const endless = watchPages();
    do {
      const asked = { connection, run, ...window, ...(cursor !== undefined && { cursor }) };
      const page = await ask(() => host.pullMovements(asked));
      if (!page.ok) return page;
      heardClock(connection, page.value.clockAheadMs);
      const taken = await ledger.takeIn(page.value.entries);
      if (!taken.ok) return taken;
      for (const { fact } of page.value.entries) if (fact.kind === 'remote_moved') movements += fact.movements.length;
      ({ cursor } = page.value);
      const refused = cursor === undefined ? undefined : endless(cursor);
      if (refused) return endlessAt(ledger, connection, refused.error);
    } while (cursor !== undefined);
    return ok({ movements });
  });
}
