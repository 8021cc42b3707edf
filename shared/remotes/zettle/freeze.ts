import { fingerprint } from '../../domain/fingerprint.ts';
import type { FrozenRequest, SendLine } from '../../domain/ledger-entry.ts';
import { formatQuantity, quantityOf } from '../../domain/quantity.ts';
import type { PlannedLine } from '../../ports/remote-inventory.ts';
import { readPlaceId, readVariantId, uuidOf, type Place } from './ids.ts';

/** How many movements one request may hold is not documented; this many were never seen refused (contracts: Zettle 3.2). */
export const MAX_MOVEMENTS = 100;

/** Where a shortage goes. The first is where losses belong. */
export const SHORTAGE_PLACES = ['BIN', 'SOLD', 'SUPPLIER'] as const;

/** The path of each generation's movements. */
export const MOVEMENT_PATHS = { v2: '/organizations/self/inventory', v3: '/v3/movements' } as const;

/**
 * Planned changes as one request of movements, byte for byte. A surplus comes from the supplier, a shortage goes to the bin
 * or where its reason says. Amounts are written digit for digit. `externalUuid` is an echo and no key: the same bytes sent
 * twice count twice.
 * @throws for what a plan never holds: too many lines, a count, an adjustment by nothing, places of two generations.
 */
export function freeze(lines: readonly PlannedLine[]): FrozenRequest {
  if (lines.length === 0 || lines.length > MAX_MOVEMENTS) throw new Error(`freeze: ${lines.length} lines`);
  const planned = lines.map((line) => ({ line, place: placeOf(line) }));
  const first = planned[0]?.place;
  if (first === undefined || planned.some(({ place }) => place.generation !== first.generation))
    throw new Error('freeze: places of two generations');
  const movements = planned.map(movementOf).join(',');
  const key = fingerprint(
    JSON.stringify([movements, lines.map(({ ref, remoteLocation, occurredAt }) => [ref, remoteLocation, occurredAt])]),
  );
  const externalUuid = uuidOf(key);
  const ending = JSON.stringify({ returnBalanceForLocationUuid: first.store, externalUuid }).slice(1);
  return {
    id: `zettle-${key}`,
    idempotencyKey: externalUuid,
    method: first.generation === 'v2' ? 'PUT' : 'POST',
    path: MOVEMENT_PATHS[first.generation],
    body: first.generation === 'v2' ? `{"changes":[${movements}],${ending}` : `{"movements":[${movements}]}`,
    lines: lines.map(sendLine),
  };
}

function placeOf(line: PlannedLine): Place {
  const place = readPlaceId(line.remoteLocation);
  if (place === null) throw new Error('freeze: no place of Zettle');
  return place;
}

function movementOf({ line, place }: { line: PlannedLine; place: Place }): string {
  const quantity = quantityOf(line.quantity);
  if (line.change === 'count') throw new Error('freeze: Zettle knows no counts');
  if (quantity === 0n) throw new Error('freeze: an adjustment by nothing');
  const { product, variant } = readVariantId(line.remoteItem);
  const [from, to] = quantity > 0n ? [place.supplier, place.store] : [place.store, shortagePlace(place, line.reason)];
  if (from === '' || to === '') throw new Error('freeze: the place has nowhere to move stock to');
  const amount = formatQuantity(quantity < 0n ? -quantity : quantity);
  const what = JSON.stringify({ productUuid: product, variantUuid: variant }).slice(0, -1);
  const way = place.generation === 'v2' ? { fromLocationUuid: from, toLocationUuid: to } : { from, to };
  return `${what},${JSON.stringify(way).slice(1, -1)},"change":${amount}}`;
}

function shortagePlace(place: Place, reason: string | undefined): string {
  if (reason === 'SOLD') return place.sold;
  return reason === 'SUPPLIER' ? place.supplier : place.bin;
}

function sendLine({ occurredAt: _, ...line }: PlannedLine): SendLine {
  return line;
}
