import type { Fact, ObservedCount } from '../../domain/ledger-entry.ts';
import { ENGINE } from '../../domain/person.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { HostError, HostInput, HostOutput } from '../../ports/host.ts';
import { refuse, remoteFailed, stillHeld, type DeskTools, type Sealed } from './desk-ports.ts';
import { mappedPlaces } from './desk-state.ts';
import { inPieces } from './frozen-facts.ts';

/** One entry holds this many figures or movements. */
const ENTRY_ROWS = 1_000;

export type Reads = {
  /** One page of figures, sealed as observations. */
  pull(input: HostInput<'pullCounts'>): Promise<Result<HostOutput<'pullCounts'>, HostError>>;
  /** One page of what others changed in a closed window. */
  pullMovements(input: HostInput<'pullMovements'>): Promise<Result<HostOutput<'pullMovements'>, HostError>>;
  /** Starts tracking, and seals the figures that come to light. */
  startTracking(input: HostInput<'startTracking'>): Sealed;
};

/** The part of the desk that reads. One piece: a table of readings over the same tools. */
export function createReads({ ports, seen, now, heard, heldUntil, seal }: DeskTools): Reads {
  async function sealFigures(
    connection: string,
    found: { requestedAt: string; reading: number; counts: readonly ObservedCount[]; isEnd: boolean },
  ): Sealed {
    const { requestedAt, counts } = found;
    const pieces = counts.length === 0 ? [[]] : inPieces(counts, ENTRY_ROWS);
    const facts = pieces.map((some, index): Fact => {
      const complete = found.isEnd && index === pieces.length - 1;
      return { kind: 'remote_observed', connection, requestedAt, counts: [...some], complete };
    });
    const sealed = await seal(ENGINE, facts);
    if (sealed.ok) seen.keep(connection, found.reading, counts);
    return sealed;
  }

  async function pull(input: HostInput<'pullCounts'>): Promise<Result<HostOutput<'pullCounts'>, HostError>> {
    const { connection, updatedAfter, items, cursor } = input;
    const opened = await ports.open(connection);
    if (!opened.ok) return opened;
    const locations = mappedPlaces(ports.state(), connection);
    if (locations.length === 0) return err({ code: 'not_found', what: 'location' });
    const requestedAt = input.requestedAt ?? now();
    if (Date.parse(requestedAt) > ports.now()) return refuse('requestedAt is later than now');
    const held = heldUntil(connection);
    if (held !== undefined) return err(stillHeld(opened.value.name, held, ports.now()));
    const reading = seen.beginReading();
    const asked = await opened.value.remote.counts({
      locations,
      ...(items === undefined ? {} : { items }),
      ...(updatedAfter === undefined ? {} : { updatedAfter }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    const page = heard(connection, asked);
    if (!page.ok) return err(remoteFailed(opened.value.name, page.error));
    const { counts, cursor: next } = page.value;
    // A pull of chosen items says nothing about the others, so it is never the whole picture.
    const isEnd = next === undefined && items === undefined;
    const sealed = await sealFigures(connection, { requestedAt, reading, counts, isEnd });
    if (!sealed.ok) return sealed;
    const clockAheadMs = opened.value.clockAheadMs?.();
    return ok({
      ...sealed.value,
      requestedAt,
      ...(next === undefined ? {} : { cursor: next }),
      ...(clockAheadMs === undefined ? {} : { clockAheadMs }),
    });
  }

  async function pullMovements(
    input: HostInput<'pullMovements'>,
  ): Promise<Result<HostOutput<'pullMovements'>, HostError>> {
    const { connection, run, from, to, cursor } = input;
    const opened = await ports.open(connection);
    if (!opened.ok) return opened;
    if (opened.value.remote.movements === undefined) return refuse('this remote tells no movements');
    if (Date.parse(to) > ports.now() || Date.parse(from) >= Date.parse(to)) return refuse('the window is not closed');
    const held = heldUntil(connection);
    if (held !== undefined) return err(stillHeld(opened.value.name, held, ports.now()));
    const window = { from, to, ...(cursor !== undefined && { cursor }) };
    const page = heard(connection, await opened.value.remote.movements(window));
    if (!page.ok) return err(remoteFailed(opened.value.name, page.error));
    const { movements, cursor: next } = page.value;
    const pieces = movements.length === 0 ? [[]] : inPieces(movements, ENTRY_ROWS);
    const clockAheadMs = opened.value.clockAheadMs?.();
    // A window that ends in the remote's future is not closed there: it does not count as read.
    const isOpenThere = Date.parse(to) > ports.now() - (clockAheadMs ?? 0);
    const facts = pieces.map((some, index): Fact => {
      const complete = next === undefined && !isOpenThere && index === pieces.length - 1;
      return { kind: 'remote_moved', connection, run, from, to, movements: [...some], complete };
    });
    const sealed = await seal(ENGINE, facts);
    if (!sealed.ok) return sealed;
    return ok({
      ...sealed.value,
      ...(next === undefined ? {} : { cursor: next }),
      ...(clockAheadMs === undefined ? {} : { clockAheadMs }),
    });
  }

  async function startTracking({ connection, items, location }: HostInput<'startTracking'>): Sealed {
    const opened = await ports.open(connection);
    if (!opened.ok) return opened;
    if (opened.value.remote.startTracking === undefined) return refuse('this remote tracks everything');
    const requestedAt = now();
    const reading = seen.beginReading();
    const found = heard(connection, await opened.value.remote.startTracking({ items, location }));
    if (!found.ok) return err(remoteFailed(opened.value.name, found.error));
    return sealFigures(connection, { requestedAt, reading, counts: found.value.counts, isEnd: false });
  }

  return { pull, pullMovements, startTracking };
}
