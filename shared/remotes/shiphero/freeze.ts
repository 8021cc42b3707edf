import { fingerprint } from '../../domain/fingerprint.ts';
import type { FrozenRequest, SendLine } from '../../domain/ledger-entry.ts';
import { hasPrecision, parseQuantity, quantityOf, UNIT } from '../../domain/quantity.ts';
import type { PlannedLine } from '../../ports/remote-inventory.ts';
import { bodyOf, PATH } from './call.ts';
import { STOCK } from './documents.ts';
import { readPlaceId } from './place-id.ts';
import { reasonText } from './reason.ts';

/** One line a request: nothing can be half done then, and a refusal is about that line. */
export const MAX_LINES = 1;

/** The largest whole number that GraphQL's Int holds. */
const LARGEST = 2_147_483_647n;

/**
 * One planned line as one mutation, byte for byte: a count sets the location's figure, a change adds to it or takes from
 * it (contracts: ShipHero 2.2). The reason carries our reference.
 * @throws for what a plan never holds: several lines, pieces that are not whole, a count below zero, a change by nothing.
 */
export function freeze(lines: readonly PlannedLine[]): FrozenRequest {
  const [line] = lines;
  if (line === undefined || lines.length > MAX_LINES) throw new Error(`freeze: ${lines.length} lines`);
  const problem = lineProblem(line);
  if (problem !== null) throw new Error(`freeze: ${problem}`);
  const operation = operationOf(line);
  const place = readPlaceId(line.remoteLocation);
  const data = {
    sku: line.remoteItem,
    warehouse_id: place?.warehouse,
    location_id: place?.location,
    quantity: Math.abs(Number(line.quantity)),
    reason: reasonText(line),
    ...(operation === 'inventory_replace' ? { includes_non_sellable: false } : {}),
  };
  const key = fingerprint(JSON.stringify([operation, data, line.ref, line.occurredAt]));
  return {
    id: `shiphero-${key}`,
    idempotencyKey: key,
    method: 'POST',
    path: PATH,
    body: bodyOf(STOCK[operation], { data }),
    lines: [sentLine(line)],
  };
}

/** Why a line cannot be sent, or null. Asked before freezing and again before sending: nothing of it may reach the stock. */
export function lineProblem(line: SendLine): string | null {
  const parsed = parseQuantity(line.quantity);
  if (!parsed.ok || !hasPrecision(parsed.value, 0)) return 'only whole pieces can be sent';
  if (line.change === 'count' && parsed.value < 0n) return 'a count below zero';
  if (line.change === 'adjust' && parsed.value === 0n) return 'an adjustment by nothing';
  if (parsed.value > LARGEST * UNIT || parsed.value < -LARGEST * UNIT) return 'more pieces than can be sent';
  const place = readPlaceId(line.remoteLocation);
  return place === null || place.location === '' ? 'a place without a location' : null;
}

/** A line without what only freezing needs. */
export function sentLine({ occurredAt: _, ...line }: PlannedLine): SendLine {
  return line;
}

function operationOf(line: SendLine): 'inventory_add' | 'inventory_remove' | 'inventory_replace' {
  switch (line.change) {
    case 'count':
      return 'inventory_replace';
    case 'adjust':
      return quantityOf(line.quantity) > 0n ? 'inventory_add' : 'inventory_remove';
  }
}
