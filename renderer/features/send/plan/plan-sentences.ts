import type { PlanSummary } from '../../../../shared/sync/plan/plan-summary.ts';

/** One thing a plan says, as a text of `send:plan.says` with its count. */
export type PlanSentence =
  | { readonly says: 'counts' | 'verified' | 'requests'; readonly count: number }
  | { readonly says: 'adjustments' | 'stopped'; readonly count: number; readonly why: string };

/** What a plan says before anything is sent, in the order in which a person wants to know it. Nothing to say: no sentence. */
export function planSentences(summary: PlanSummary): readonly PlanSentence[] {
  const sentences: PlanSentence[] = [
    { says: 'counts', count: summary.counts },
    // A physical count needs no excuse; every adjustment says why it is not one.
    ...summary.reasons
      .filter(({ code }) => code !== 'whole_location')
      .map(({ code, lines }) => ({ says: 'adjustments' as const, count: lines, why: code })),
    { says: 'verified', count: summary.verified },
    { says: 'requests', count: summary.requests },
    ...summary.stopped.map(({ code, lines }) => ({ says: 'stopped' as const, count: lines, why: code })),
  ];
  return sentences.filter(({ count }) => count > 0);
}
