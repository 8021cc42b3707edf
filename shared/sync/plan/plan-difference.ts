import type { SendPlan } from './plan.ts';
import type { PlanRow } from './plan-summary.ts';

/** What a plan would do with one thing: change the remote, leave it since it agrees, hold it back; null: nothing at all. */
export type PlanVerdict =
  | { readonly change: PlanRow['change']; readonly quantity: string; readonly reason: string }
  | { readonly stopped: string }
  | null;

/** One thing that two plans of a batch treat differently. */
export type PlanDifference = {
  readonly item: string;
  /** Bins it concerns. */
  readonly bins: readonly string[];
  readonly shown: PlanVerdict;
  readonly now: PlanVerdict;
};

type Judged = { readonly item: string; readonly bins: readonly string[]; readonly verdict: PlanVerdict; said: string };

function judged({ lines, stopped, summary }: SendPlan): ReadonlyMap<string, Judged> {
  const words = new Map(lines.map((line) => [line.ref, line.reason ?? '']));
  const found = new Map<string, Judged>();
  for (const { ref, item, bins, change, quantity, reason, remoteItem, remoteLocation } of summary.rows) {
    const verdict = { change, quantity, reason };
    const said = JSON.stringify([change, quantity, reason, remoteItem, remoteLocation, words.get(ref), bins]);
    found.set(ref, { item, bins, verdict, said });
  }
  for (const { item, bin, lot, code } of stopped)
    found.set(JSON.stringify([item, bin, lot]), { item, bins: [bin], verdict: { stopped: code }, said: code });
  return found;
}

/**
 * Where the plan that would be frozen now is not the one a person was shown: other lines, amounts, places or reasons. What
 * is only read beside a line, such as the figure that the remote holds just now, is no difference. Empty: they are one plan.
 */
export function planDifference(shown: SendPlan, now: SendPlan): readonly PlanDifference[] {
  const before = judged(shown);
  const after = judged(now);
  const differences = [...new Set([...before.keys(), ...after.keys()])].flatMap((key): PlanDifference[] => {
    const [old, fresh] = [before.get(key), after.get(key)];
    const one = fresh ?? old;
    if (one === undefined || old?.said === fresh?.said) return [];
    return [{ item: one.item, bins: one.bins, shown: old?.verdict ?? null, now: fresh?.verdict ?? null }];
  });
  return joined(differences);
}

/** A change is told of once: a line that is held back now, or no more, is one difference and not two. */
function joined(differences: readonly PlanDifference[]): readonly PlanDifference[] {
  const rest = new Set(differences);
  for (const one of differences) {
    if (one.shown !== null && one.now !== null) continue;
    const others = [...rest].filter((other) => other !== one && isRestOf(one, other));
    const [other] = others;
    if (other === undefined || !rest.has(one) || one.bins.length < other.bins.length) continue;
    for (const gone of [one, ...others]) rest.delete(gone);
    rest.add({ ...one, shown: one.shown ?? other.shown, now: one.now ?? other.now });
  }
  return [...rest];
}

function isRestOf(one: PlanDifference, other: PlanDifference): boolean {
  const isOther = one.now === null ? other.shown === null : other.now === null;
  return isOther && one.item === other.item && other.bins.some((bin) => one.bins.includes(bin));
}
