import type { Outbox, OutboxRequest } from './outbox.ts';
import { LONGEST_WAIT_MS, SETTLE_WAIT_MS, needsReadBack } from './settle.ts';

/** What to do now for one connection. `wait`: nothing before that instant. */
export type NextDue =
  | { readonly do: 'push' | 'read_back'; readonly request: OutboxRequest }
  | { readonly do: 'wait'; readonly until: string }
  | { readonly do: 'nothing' };

/** `now`: this laptop's clock. `inFlight`: the request that this very process is sending, if any. */
export type DueContext = {
  readonly connection: string;
  readonly now: string;
  readonly idempotent: boolean;
  readonly inFlight?: string | undefined;
};

/**
 * The next step of one connection's queue. Requests go strictly in the order in which they were frozen, one at a time:
 * a request that must wait holds the ones behind it, so an absolute count never overtakes a change frozen before it.
 * After an attempt that may have taken effect the remote is read first, and asked again only for what is not there.
 */
export function nextDue(outbox: Outbox, context: DueContext): NextDue {
  for (const request of outbox.values()) {
    if (request.connection !== context.connection || request.state === 'confirmed' || request.state === 'rejected')
      continue;
    if (context.inFlight !== undefined) return { do: 'nothing' };
    const due = dueAt(request, context.idempotent);
    // A wait longer than any that is ever set was set under a clock that has been put back since.
    if (due !== undefined && context.now < due && due < later(context.now, LONGEST_WAIT_MS))
      return { do: 'wait', until: due };
    return { do: inDoubt(request) ? 'read_back' : 'push', request };
  }
  return { do: 'nothing' };
}

/** A request found in `sending` outlived the process that sent it: its answer, if any, is lost. */
function inDoubt(request: OutboxRequest): boolean {
  if (request.state === 'sending' || request.state === 'unknown') return true;
  return needsReadBack(request.code);
}

function dueAt(request: OutboxRequest, idempotent: boolean): string | undefined {
  if (request.state !== 'sending' || idempotent || request.attemptedAt === undefined) return request.notBefore;
  return later(request.attemptedAt, SETTLE_WAIT_MS);
}

function later(instant: string, byMs: number): string {
  return new Date(Date.parse(instant) + byMs).toISOString();
}

/** How far before the first attempt a read-back looks: the laptop's clock may be wrong by days. */
const READ_BACK_MARGIN_MS = 72 * 3_600_000;

/** The `since` of a request's read-back. */
export function readBackSince(request: OutboxRequest): string {
  return later(request.firstAttemptAt ?? request.frozenAt, -READ_BACK_MARGIN_MS);
}
