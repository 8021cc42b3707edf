import { figureKey } from '../../../../shared/ports/figure-key.ts';
import type { DriftRow } from '../../../../shared/sync/seen/reconcile.ts';

/** What a compared figure is known by: one item of theirs at one of their places. */
export function driftKey({ remoteItem, remoteLocation }: Pick<DriftRow, 'remoteItem' | 'remoteLocation'>): string {
  return figureKey(remoteItem, remoteLocation);
}
