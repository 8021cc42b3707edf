import type { Outcome } from '../../domain/ledger-entry.ts';

/** An outcome after which a request is never sent again. */
export type FinalOutcome = Extract<Outcome, { state: 'confirmed' | 'rejected' | 'split' }>;

/** What became of one line of a finished request. `again`: it did not arrive, and nobody refused it by name. */
export type LineEnding = 'confirmed' | 'again' | 'rejected' | 'doubtful';

/** The code of an outcome where the remote holds some lines of a request and not the ones named. Older entries have it. */
const PARTLY_APPLIED = 'partly_applied';

/** Whether an outcome is final. */
export function isFinal(outcome: Outcome): outcome is FinalOutcome {
  return outcome.state === 'confirmed' || outcome.state === 'rejected' || outcome.state === 'split';
}

/**
 * What a final outcome means for one line. A refusal that stands fails the whole request (contracts: Square 2.1; where no
 * keys are kept it was read back, see `settleRefused`), so lines that were not named go again in a new one; where none is
 * named, all do, in halves: see `isHalved`.
 */
export function lineOutcome(outcome: FinalOutcome, ref: string): LineEnding {
  switch (outcome.state) {
    case 'confirmed':
      return 'confirmed';
    case 'rejected': {
      const named = outcome.refs.includes(ref);
      if (outcome.code === PARTLY_APPLIED) return named ? 'again' : 'confirmed';
      return named ? 'rejected' : 'again';
    }
    case 'split':
      if (outcome.arrived.includes(ref)) return 'confirmed';
      if (outcome.refused.some((line) => line.ref === ref)) return 'rejected';
      return outcome.doubtful.some((line) => line.ref === ref) ? 'doubtful' : 'again';
  }
}

/** Whether the lines of a refused request go again in two halves, so that the one at fault is found: nobody was named. */
export function isHalved(outcome: FinalOutcome): boolean {
  return outcome.state === 'rejected' && outcome.refs.length === 0;
}
