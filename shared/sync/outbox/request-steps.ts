import type { FactOf, LedgerEntry, Outcome } from '../../domain/ledger-entry.ts';
import { isFinal, lineOutcome, type FinalOutcome, type LineEnding } from './line-outcome.ts';

/**
 * `queued`: to be sent. `sending`: an attempt was begun and nothing is known of its end. `unknown`: it may have taken
 * effect. `confirmed`, `rejected` and `split` are final for the request, not for its lines: some may go again in a new
 * one, and some may wait for a person.
 */
export type RequestState = 'queued' | 'sending' | 'unknown' | FinalOutcome['state'];

/** How far one frozen request has come: what whoever sends it and whoever watches it both know. */
export type Progress = {
  readonly state: RequestState;
  readonly attempts: number;
  readonly firstAttemptAt?: string;
  readonly attemptedAt?: string;
  /** What the last attempt ended with, where that was not success. */
  readonly code?: string | undefined;
  /** Set while the remote works through a file. */
  readonly job?: string;
};

/** A request that was just frozen. */
export const FROZEN: Progress = { state: 'queued', attempts: 0 };

/** Whether a request has its final word. */
export function isDone({ state }: Pick<Progress, 'state'>): boolean {
  return state === 'confirmed' || state === 'rejected' || state === 'split';
}

/**
 * The one machine of a request: its progress after a fact about it; undefined where the fact changes nothing. A final word
 * stands: an attempt that another laptop had under way cannot open it again.
 */
export function stepped<Request extends Progress>(
  before: Request,
  { fact, at }: Pick<LedgerEntry, 'fact' | 'at'>,
): Request | undefined {
  if (isDone(before)) return undefined;
  switch (fact.kind) {
    case 'file_job_started':
      return { ...before, job: fact.job };
    case 'send_attempted': {
      const attempts = Math.max(before.attempts, fact.attempt);
      const firstAttemptAt = before.firstAttemptAt ?? at;
      return { ...before, state: 'sending', attempts, firstAttemptAt, attemptedAt: at };
    }
    case 'send_settled':
      return { ...before, ...ended(fact.outcome) };
    default:
      return undefined;
  }
}

function ended(outcome: Outcome): Pick<Progress, 'state' | 'code'> {
  const code = outcome.state === 'confirmed' || outcome.state === 'split' ? undefined : outcome.code;
  if (isFinal(outcome)) return { state: outcome.state, code };
  return { state: outcome.state === 'retry' ? 'queued' : 'unknown', code };
}

/** The lines of a finished request by what became of them. */
export function byEnding<Line extends { readonly ref: string }>(
  outcome: FinalOutcome,
  lines: readonly Line[],
): Readonly<Record<LineEnding, readonly Line[]>> {
  const found: Record<LineEnding, Line[]> = { confirmed: [], again: [], rejected: [], doubtful: [] };
  for (const line of lines) found[lineOutcome(outcome, line.ref)].push(line);
  return found;
}

/** A person's word on lines in doubt, among those that are; about other lines it says nothing. */
export function toldOf(
  doubtful: readonly string[],
  fact: Pick<FactOf<'doubt_settled'>, 'arrived' | 'missing'>,
): { readonly arrived: readonly string[]; readonly missing: readonly string[]; readonly left: readonly string[] } {
  const arrived = doubtful.filter((ref) => fact.arrived.includes(ref));
  const missing = doubtful.filter((ref) => fact.missing.includes(ref) && !fact.arrived.includes(ref));
  return { arrived, missing, left: doubtful.filter((ref) => !arrived.includes(ref) && !missing.includes(ref)) };
}
