import type { RemoteMovement } from '../../domain/ledger-entry.ts';
import { formatQuantity, quantityOf } from '../../domain/quantity.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { MovementPage, RemoteError } from '../../ports/remote-inventory.ts';
import type { InventoryEvent } from './events.ts';
import type { DecoSite } from './site.ts';
import { readSpan } from './span.ts';

/** What others changed in [from, to), as `readSpan` reads it. Nothing of the person who did it is handed on. */
export async function listMovements(
  site: DecoSite,
  query: { from: string; to: string; cursor?: string },
): Promise<Result<MovementPage, RemoteError>> {
  const run = await readSpan(site, query);
  if (!run.ok) return run;
  const { events, cursor } = run.value;
  return ok({ movements: events.map(movementOf), ...(cursor === undefined ? {} : { cursor }) });
}

/**
 * An event as a movement. Events have no id of their own: the key is all that tells them apart (contracts: inventory events
 * 3), and two true events of one second may share it. An event without a SKU is filed under its inventory record.
 */
export function movementOf(event: InventoryEvent): RemoteMovement {
  const { inventoryId, createdAt, changeType, before, after, poNumber, poLineId } = event;
  const what = [
    ...(changeType === undefined ? [] : [`type ${changeType}`]),
    ...(poNumber === undefined ? [] : [`PO ${poNumber}`]),
  ];
  return {
    key: [inventoryId, createdAt, changeType ?? '', before, after, poLineId ?? ''].join('|'),
    remoteItem: event.sku ?? `inventory ${inventoryId}`,
    remoteLocation: '',
    quantity: formatQuantity(quantityOf(after) - quantityOf(before)),
    after,
    happenedAt: createdAt,
    what: what.join(', ').slice(0, 120),
  };
}
