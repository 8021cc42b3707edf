import type { DriftRow } from '../../../../shared/sync/seen/reconcile.ts';
import type { MovementRow } from '../../../sync/sending.ts';
import { figureKey } from '../../../../shared/ports/figure-key.ts';

/**
 * Movements of others that are not in our ledger yet and belong to the rows: a figure taken holds them, and they can
 * be taken no more. A movement without a place belongs to every place of its item.
 */
export function knownMovements(
  movements: readonly MovementRow[],
  rows: readonly Pick<DriftRow, 'remoteItem' | 'remoteLocation'>[],
): number {
  const places = new Set(
    rows.flatMap((row) => [figureKey(row.remoteItem, row.remoteLocation), figureKey(row.remoteItem, '')]),
  );
  return movements.filter(
    (one) => !one.taken && !one.covered && places.has(figureKey(one.remoteItem, one.remoteLocation)),
  ).length;
}
