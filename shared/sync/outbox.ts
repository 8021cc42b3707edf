import type { FrozenRequest, LedgerEntry, Outcome } from '../domain/ledger-entry.ts';
import { lineOutcome } from './open-lines.ts';

/**
 * `queued`: to be sent, at `notBefore` at the earliest. `sending`: an attempt was begun and nothing is known of its end.
 * `unknown`: it may have taken effect. `confirmed` and `rejected` are final.
 */
export type OutboxState = 'queued' | 'sending' | 'confirmed' | 'rejected' | 'unknown';

/** One frozen request and how far it has come. A projection of entries: stored nowhere. */
export type OutboxRequest = {
  readonly id: string;
  readonly connection: string;
  readonly batch: string;
  readonly state: OutboxState;
  readonly attempts: number;
  readonly request: FrozenRequest;
  readonly frozenAt: string;
  readonly firstAttemptAt?: string;
  readonly attemptedAt?: string;
  readonly notBefore?: string;
  readonly receipts: readonly { ref: string; remoteId?: string | undefined }[];
  /** Lines that the remote refused by name. */
  readonly rejectedRefs: readonly string[];
  /** Lines that were not refused and did not arrive: they are open again, for a new request with a new key. */
  readonly resendRefs: readonly string[];
  readonly code?: string;
  readonly detail?: string;
};
export type Outbox = ReadonlyMap<string, OutboxRequest>;

export const EMPTY_OUTBOX: Outbox = new Map();

/** Folds `send_frozen`, `send_attempted` and `send_settled`. A request frozen twice (the same plan, the same id) is kept once. */
export function foldOutbox(state: Outbox, entry: LedgerEntry): Outbox {
  const { fact } = entry;
  if (fact.kind === 'send_frozen') {
    const next = new Map(state);
    for (const request of fact.requests) {
      if (next.has(request.id)) continue;
      const lists = { receipts: [], rejectedRefs: [], resendRefs: [] };
      next.set(request.id, {
        id: request.id,
        connection: fact.connection,
        batch: fact.batch,
        state: 'queued',
        attempts: 0,
        request,
        frozenAt: entry.at,
        ...lists,
      });
    }
    return next;
  }
  if (fact.kind !== 'send_attempted' && fact.kind !== 'send_settled') return state;
  const before = state.get(fact.request);
  // A final word stands: an attempt that another laptop had under way cannot open it again.
  if (!before || before.state === 'confirmed' || before.state === 'rejected') return state;
  if (fact.kind === 'send_settled') return new Map(state).set(before.id, settled(before, fact.outcome));
  const { notBefore: _, ...rest } = before;
  const firstAttemptAt = before.firstAttemptAt ?? entry.at;
  return new Map(state).set(before.id, {
    ...rest,
    state: 'sending',
    attempts: Math.max(before.attempts, fact.attempt),
    firstAttemptAt,
    attemptedAt: entry.at,
  });
}

function settled(before: OutboxRequest, outcome: Outcome): OutboxRequest {
  const { notBefore: _when, code: _code, detail: _detail, ...rest } = before;
  switch (outcome.state) {
    case 'confirmed':
      return { ...rest, state: 'confirmed', receipts: outcome.receipts };
    case 'rejected': {
      const refs = before.request.lines.map((line) => line.ref);
      const ending = (word: ReturnType<typeof lineOutcome>) => refs.filter((ref) => lineOutcome(outcome, ref) === word);
      const receipts = ending('confirmed').map((ref) => ({ ref }));
      const { code, detail } = outcome;
      return {
        ...rest,
        state: 'rejected',
        receipts,
        rejectedRefs: ending('rejected'),
        resendRefs: ending('again'),
        code,
        detail,
      };
    }
    case 'retry':
      return { ...rest, state: 'queued', code: outcome.code, notBefore: outcome.notBefore };
    case 'unknown':
      return { ...rest, state: 'unknown', code: outcome.code, notBefore: outcome.notBefore };
  }
}

/** A line of the outbox for the screen: what became of one reference. */
export type LineProgress = 'queued' | 'sending' | 'confirmed' | 'rejected' | 'unknown' | 'again';

/** How far one line of a request has come. `again`: not refused itself, it goes with a new request. */
export function lineProgress(request: OutboxRequest, ref: string): LineProgress {
  if (request.state !== 'rejected') return request.state;
  if (request.rejectedRefs.includes(ref)) return 'rejected';
  return request.resendRefs.includes(ref) ? 'again' : 'confirmed';
}
