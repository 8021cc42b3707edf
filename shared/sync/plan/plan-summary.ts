import type { PlannedLine } from '../../ports/remote-inventory.ts';
import type { PlanReason } from './plan-change.ts';

/** All open lines of one item at one site: one change for the remote, or nothing to send. */
export type PlanRow = {
  readonly ref: string;
  readonly item: string;
  readonly site: string;
  readonly remoteItem: string;
  readonly remoteLocation: string;
  readonly change: 'count' | 'adjust' | 'verified';
  /** Absolute for a count, signed for an adjustment, "0" when verified. */
  readonly quantity: string;
  readonly reason: PlanReason;
  readonly bins: readonly string[];
  /** What the remote holds just now (null: no record), and what it will hold; only after a fresh read. */
  readonly theirs?: string | null;
  readonly after?: string;
  /** What others changed there: theirs less our book at the place as it was before posting; only where they differ. */
  readonly drift?: string;
};

export type PlanTally = { readonly code: string; readonly lines: number };

/** What the preview says before anything is sent. */
export type PlanSummary = {
  readonly counts: number;
  readonly adjustments: number;
  /** Counted and found right: nothing to send, and kept here as verified. */
  readonly verified: number;
  readonly requests: number;
  /** Why changes are sent as they are, most frequent first. */
  readonly reasons: readonly PlanTally[];
  /** Why lines are held back, most frequent first. */
  readonly stopped: readonly PlanTally[];
  readonly rows: readonly PlanRow[];
};

/** Counts a plan's rows by kind and reason. `verified` rows carry no reason: nothing is sent for them. */
export function summarizePlan(plan: {
  rows: readonly PlanRow[];
  stopped: readonly { code: string }[];
  maxLinesPerRequest: number;
}): PlanSummary {
  const { rows } = plan;
  const sent = rows.filter((row) => row.change !== 'verified');
  const counts = rows.filter((row) => row.change === 'count').length;
  return {
    counts,
    adjustments: sent.length - counts,
    verified: rows.length - sent.length,
    requests: Math.ceil(sent.length / plan.maxLinesPerRequest),
    reasons: tally(sent.map((row) => row.reason)),
    stopped: tally(plan.stopped.map((line) => line.code)),
    rows,
  };
}

function tally(codes: readonly string[]): PlanTally[] {
  const counts = new Map<string, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts]
    .map(([code, lines]) => ({ code, lines }))
    .toSorted((left, right) => right.lines - left.lines || (left.code < right.code ? -1 : 1));
}

/** Cuts planned lines into requests of at most that many lines, keeping their order. */
export function chunkLines(
  lines: readonly PlannedLine[],
  maxLinesPerRequest: number,
): readonly (readonly PlannedLine[])[] {
  return Array.from({ length: Math.ceil(lines.length / maxLinesPerRequest) }, (_, chunk) =>
    lines.slice(chunk * maxLinesPerRequest, (chunk + 1) * maxLinesPerRequest),
  );
}
