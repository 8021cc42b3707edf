import type { FrozenRequest, SendLine } from '../../domain/ledger-entry.ts';
import { formatQuantity, quantityOf } from '../../domain/quantity.ts';
import type { PlannedLine } from '../../ports/remote-inventory.ts';
import { fingerprint } from '../../domain/fingerprint.ts';

/** At most that many changes in one request (contracts: Square 2.1). */
export const MAX_CHANGES = 100;

/**
 * Planned lines as one batch change, byte for byte. The key is made from the changes themselves. Counts that change
 * nothing are recorded too: a count that was found right leaves its trace at Square.
 * @throws for what a plan never holds: too many lines, a count below zero, an adjustment by nothing.
 */
export function freeze(lines: readonly PlannedLine[]): FrozenRequest {
  if (lines.length === 0 || lines.length > MAX_CHANGES) throw new Error(`freeze: ${lines.length} lines`);
  const changes = JSON.stringify(lines.map(changeOf));
  const key = fingerprint(changes);
  return {
    id: `square-${key}`,
    idempotencyKey: key,
    method: 'POST',
    path: '/v2/inventory/changes/batch-create',
    body: `{"idempotency_key":"${key}","changes":${changes},"ignore_unchanged_counts":false}`,
    lines: lines.map(sendLine),
  };
}

function changeOf(line: PlannedLine): unknown {
  const quantity = quantityOf(line.quantity);
  const what = { reference_id: line.ref, catalog_object_id: line.remoteItem, location_id: line.remoteLocation };
  const occurred = { occurred_at: line.occurredAt };
  switch (line.change) {
    case 'count':
      if (quantity < 0n) throw new Error('freeze: a count below zero');
      return {
        type: 'PHYSICAL_COUNT',
        physical_count: { ...what, state: 'IN_STOCK', quantity: line.quantity, ...occurred },
      };
    case 'adjust': {
      if (quantity === 0n) throw new Error('freeze: an adjustment by nothing');
      const states =
        quantity > 0n
          ? { from_state: 'NONE', to_state: 'IN_STOCK' }
          : { from_state: 'IN_STOCK', to_state: shortageState(line.reason) };
      const amount = formatQuantity(quantity < 0n ? -quantity : quantity);
      return { type: 'ADJUSTMENT', adjustment: { ...what, ...states, quantity: amount, ...occurred } };
    }
  }
}

/** The states that stock may be written off to (contracts: Square 2.6); a shortage without a word goes to the first. */
export const SHORTAGE_STATES: readonly string[] = ['WASTE', 'SOLD'];

function shortageState(reason: string | undefined): string {
  return SHORTAGE_STATES.find((state) => state === reason) ?? 'WASTE';
}

function sendLine({ occurredAt: _, ...line }: PlannedLine): SendLine {
  return line;
}
