import type { RemoteAbilities } from '../../ports/remote-inventory.ts';
import { CANNOT_READ_BACK, NOT_THERE } from './outcomes.ts';
import { goesAgain } from './goes-again.ts';
import type { Outbox, OutboxRequest } from './outbox.ts';
import { needsReadBack } from './settle.ts';
import { LONGEST_WAIT_MS, SETTLE_WAIT_MS } from './waits.ts';
import { figureKey } from '../../ports/figure-key.ts';

/** What to do now for one connection. `wait`: nothing before that instant. */
export type NextDue =
  | { readonly do: 'push' | 'read_back'; readonly request: OutboxRequest }
  /** `lines` names what would go again, so that a refusal is remembered for just that. */
  | { readonly do: 'freeze_again'; readonly request: OutboxRequest; readonly lines: string }
  | { readonly do: 'wait'; readonly until: string }
  | { readonly do: 'nothing' };

/** `now`: this laptop's clock. `inFlight`: the request that this very process is sending, if any. */
export type DueContext = {
  readonly connection: string;
  /** This laptop: what others froze is theirs to send, and holds nothing here. Absent: all of it is ours. */
  readonly laptop?: string | undefined;
  /** False: another laptop sends over the connection now, and puts into new requests what goes again. */
  readonly holds?: boolean | undefined;
  readonly now: string;
  readonly idempotent: boolean;
  readonly inFlight?: string | undefined;
  /** How old a count may be that goes again; absent: none may. */
  readonly abilities?: Pick<RemoteAbilities, 'backDatingMs'> | undefined;
  /** Somebody has asked, signed in anew, or the network is back: what waits for that alone is tried without waiting. */
  readonly eager?: boolean | undefined;
  /** `lines` that are not put into new requests by this process any more: it was refused. */
  readonly notAgain?: ReadonlySet<string> | undefined;
};

/**
 * The next step of one connection's queue. Lines that go again are put into new requests first. Requests go strictly in
 * the order in which they were frozen, one at a time: a request that must wait holds the ones behind it, so an absolute
 * count never overtakes a change frozen before it. After an attempt that may have taken effect the remote is read first,
 * and asked again only for what is not there. A file waits for a person and holds only what changes the same places.
 */
export function nextDue(outbox: Outbox, context: DueContext): NextDue {
  const again = context.holds === false ? undefined : dueAgain(outbox, context);
  if (again !== undefined) return again;
  const heldByFiles = new Set<string>();
  let look: string | undefined;
  for (const request of outbox.open(context.connection)) {
    if (isOthers(request, context)) continue;
    if (context.inFlight !== undefined) return { do: 'nothing' };
    const until = waitsUntil(request, context);
    if (request.request.delivery === 'file') {
      if (request.job !== undefined && until === undefined) return { do: 'read_back', request };
      if (until !== undefined && request.job !== undefined && (look === undefined || until < look)) look = until;
      for (const place of touchedPlaces(request)) heldByFiles.add(place);
      continue;
    }
    if (heldByFiles.size > 0 && touchedPlaces(request).some((place) => heldByFiles.has(place))) break;
    if (until !== undefined) return { do: 'wait', until: look !== undefined && look < until ? look : until };
    return { do: isInDoubt(request) ? 'read_back' : 'push', request };
  }
  return look === undefined ? { do: 'nothing' } : { do: 'wait', until: look };
}

function isOthers({ laptop }: OutboxRequest, context: DueContext): boolean {
  return context.laptop !== undefined && context.laptop !== laptop;
}

function dueAgain(outbox: Outbox, { connection, abilities, notAgain, now }: DueContext): NextDue | undefined {
  const left = outbox.again(connection);
  for (const id of new Set([...left.values()].map((line) => line.request))) {
    const request = outbox.get(id);
    // What is left of a file is planned anew by a person: they may have stopped it.
    if (request === undefined || request.request.delivery === 'file') continue;
    const go = request.request.lines.filter(
      (line) => left.get(line.ref)?.request === id && goesAgain(line, abilities ?? { backDatingMs: 0 }, now),
    );
    const lines = `${id} ${go.length}`;
    if (go.length > 0 && notAgain?.has(lines) !== true) return { do: 'freeze_again', request, lines };
  }
  return undefined;
}

/** The instant before which nothing is to be done about a request; nothing when it is due. */
function waitsUntil(request: OutboxRequest, { now, idempotent, eager }: DueContext): string | undefined {
  if (eager === true && waitsForPeople(request)) return undefined;
  const due = dueAt(request, idempotent);
  // A wait longer than any that is ever set was set under a clock that has been put back since.
  return due !== undefined && now < due && due < later(now, LONGEST_WAIT_MS) ? due : undefined;
}

/** Nobody was reached, or let in: only people mend that, and may have done so just now. The remote has asked for no patience. */
function waitsForPeople({ state, code }: OutboxRequest): boolean {
  if (state === 'queued') return code === 'not_sent' || code === 'unauthorized';
  return state === 'unknown' && (code === 'unauthorized' || code === CANNOT_READ_BACK);
}

/** Whether a request may have taken effect. One found in `sending` outlived the process that sent it: its answer is lost. */
export function isInDoubt(request: { readonly state: string; readonly code?: string | undefined }): boolean {
  if (request.state === 'sending' || request.state === 'unknown') return true;
  return needsReadBack(request.code);
}

function dueAt(request: OutboxRequest, idempotent: boolean): string | undefined {
  // Its time says when it was looked for, and is no wait: under a clock put back it would seem to be one.
  if (request.state === 'queued' && request.code === NOT_THERE) return undefined;
  if (request.state !== 'sending' || idempotent || request.attemptedAt === undefined) return request.notBefore;
  return later(request.attemptedAt, SETTLE_WAIT_MS);
}

function touchedPlaces({ request }: OutboxRequest): string[] {
  return request.lines.map((line) => figureKey(line.remoteItem, line.remoteLocation));
}

function later(instant: string, byMs: number): string {
  return new Date(Date.parse(instant) + byMs).toISOString();
}

/** How far before the first attempt a read-back looks: the laptop's clock may be wrong by days. */
const READ_BACK_MARGIN_MS = 72 * 3_600_000;

/** The `since` of a request's read-back. */
export function readBackSince(request: { readonly firstAttemptAt?: string; readonly frozenAt: string }): string {
  return later(request.firstAttemptAt ?? request.frozenAt, -READ_BACK_MARGIN_MS);
}
