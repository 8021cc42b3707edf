import type { RemoteMovement } from '../../domain/ledger-entry.ts';
import { formatQuantity, parseQuantity, quantityOf, ZERO, type Quantity } from '../../domain/quantity.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import { watchPages } from '../../ports/pages.ts';
import type { MovementPage, RemoteError } from '../../ports/remote-inventory.ts';
import type { SquareAccount } from './call.ts';
import { listChanges, listItemChanges } from './changes.ts';
import type { SquareChange } from './schemas.ts';

/** Our references begin so; what bears one was sent from a ledger like ours. */
const OURS = 'tb-';
/** What lies on the shelf: stock, and what of it is promised to somebody (contracts: Square 2.6). */
export const ON_SHELF = ['IN_STOCK', 'RESERVED_FOR_SALE'] as const;
const IN_STOCK = ['IN_STOCK'] as const;
/** A count of others costs a look at what was there before it, so pages are short. */
const PAGE_ROWS = 100;

/**
 * What others changed of the stock on hand, by Square's own clock in [from, to), oldest `occurred_at` first. A count of
 * others is told as the difference that it made. Promising stock to somebody moves nothing; handing it over does.
 */
export async function listMovements(
  account: SquareAccount,
  query: { from: string; to: string; cursor?: string },
): Promise<Result<MovementPage, RemoteError>> {
  const page = await listChanges(account, {
    // "Updated after" leaves the instant itself out.
    updatedAfter: new Date(Date.parse(query.from) - 1).toISOString(),
    updatedBefore: query.to,
    limit: PAGE_ROWS,
    ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
  });
  if (!page.ok) return page;
  const movements: RemoteMovement[] = [];
  for (const change of page.value.changes) {
    const movement = await movementOf(account, change);
    if (!movement.ok) return movement;
    if (movement.value !== null) movements.push(movement.value);
  }
  return ok({ movements, ...(page.value.cursor === undefined ? {} : { cursor: page.value.cursor }) });
}

async function movementOf(
  account: SquareAccount,
  change: SquareChange,
): Promise<Result<RemoteMovement | null, RemoteError>> {
  const row = change.adjustment ?? change.physical_count;
  if (!row || row.reference_id?.startsWith(OURS) === true) return ok(null);
  const { id, catalog_object_id: remoteItem, location_id: remoteLocation, occurred_at: occurredAt } = row;
  const happened = Date.parse(occurredAt ?? '');
  if (!id || !remoteItem || !remoteLocation || Number.isNaN(happened) || !parseQuantity(row.quantity ?? '').ok)
    return err({ code: 'bad_answer', detail: `change ${id ?? ''} cannot be read`.slice(0, 300) });
  const base = { key: id, remoteItem, remoteLocation, happenedAt: new Date(happened).toISOString() };
  if (change.adjustment) {
    const by = effectOf(change, ON_SHELF);
    const what = `${change.adjustment.from_state ?? ''} → ${change.adjustment.to_state ?? ''}`.slice(0, 120);
    return ok(by === ZERO ? null : { ...base, quantity: formatQuantity(by), after: null, what });
  }
  if (change.physical_count?.state !== 'IN_STOCK') return ok(null);
  const before = await stockBefore(account, { id, item: remoteItem, location: remoteLocation });
  if (!before.ok) return before;
  const counted = quantityOf(row.quantity ?? '');
  return ok({
    ...base,
    quantity: formatQuantity(counted - before.value),
    after: formatQuantity(counted),
    what: change.type.slice(0, 120),
  });
}

/** What was there just before a count (contracts: Square 2.7): back to the count before it, or to the beginning. */
async function stockBefore(
  account: SquareAccount,
  count: { id: string; item: string; location: string },
): Promise<Result<Quantity, RemoteError>> {
  let sum = ZERO;
  let isBefore = false;
  const endless = watchPages();
  for (let cursor: string | undefined; ;) {
    const question = { item: count.item, locations: [count.location] };
    const page = await listItemChanges(account, cursor === undefined ? question : { ...question, cursor });
    if (!page.ok) return page;
    for (const change of page.value.changes) {
      if (isBefore) {
        const earlier = change.physical_count;
        if (earlier?.state === 'IN_STOCK') return ok(sum + quantityOf(earlier.quantity ?? '0'));
        sum += effectOf(change, IN_STOCK);
      } else isBefore = change.physical_count?.id === count.id;
    }
    cursor = page.value.cursor;
    if (cursor === undefined) return ok(sum);
    const refused = endless(cursor);
    if (refused) return refused;
  }
}

/** What a change does to what is in these states, apart from counts. */
function effectOf({ adjustment }: SquareChange, states: readonly string[]): Quantity {
  const quantity = parseQuantity(adjustment?.quantity ?? '0');
  if (!quantity.ok) return ZERO;
  return (
    (states.includes(adjustment?.to_state ?? '') ? quantity.value : ZERO) -
    (states.includes(adjustment?.from_state ?? '') ? quantity.value : ZERO)
  );
}
