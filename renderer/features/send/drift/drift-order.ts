import { quantityOf } from '../../../../shared/domain/quantity.ts';
import type { DriftRow, DriftState } from '../../../../shared/sync/seen/reconcile.ts';

const RANK: Readonly<Record<DriftState, number>> = { differs: 0, waiting: 1, hidden: 2, not_seen: 3, reconciled: 4 };

/** What differs first, the largest difference on top; then what is waiting, what was not seen, what agrees. */
export function sortDrift(rows: readonly DriftRow[]): readonly DriftRow[] {
  const keyed = rows.map((row, at) => ({ row, at, size: Math.abs(Number(quantityOf(row.difference))) }));
  return keyed
    .toSorted(
      (left, right) => RANK[left.row.state] - RANK[right.row.state] || right.size - left.size || left.at - right.at,
    )
    .map(({ row }) => row);
}

/** How many rows are in each state. */
export function countDrift(rows: readonly DriftRow[]): Record<DriftState, number> {
  const counts = { reconciled: 0, differs: 0, not_seen: 0, waiting: 0, hidden: 0 };
  for (const { state } of rows) counts[state] += 1;
  return counts;
}
