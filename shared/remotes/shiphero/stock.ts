import { err, ok, type Result } from '../../domain/result.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import { change, type ShipheroAccount } from './call.ts';
import { STOCK } from './documents.ts';
import { stockAnswer } from './schemas.ts';

/** What is changed, where, and why. `quantity`: whole pieces. */
export type StockWish = {
  readonly sku: string;
  readonly warehouse: string;
  readonly location: string;
  readonly quantity: number;
  readonly reason: string;
};

/** Adds to one location, takes from it (two operations whose difference is not known), or sets its figure. */
export function changeStock(
  account: ShipheroAccount,
  operation: 'inventory_add' | 'inventory_remove' | 'inventory_subtract' | 'inventory_replace',
  { sku, warehouse, location, quantity, reason }: StockWish,
): Promise<Result<null, RemoteError>> {
  const least = operation === 'inventory_replace' ? 0 : 1;
  if (!Number.isInteger(quantity) || quantity < least)
    return Promise.resolve(refused('only whole pieces, and not below'));
  if (location === '') return Promise.resolve(refused('a location is needed'));
  return done(account, operation, { sku, warehouse_id: warehouse, location_id: location, quantity, reason });
}

/** Moves pieces from one location to another of the same warehouse. */
export function transferStock(
  account: ShipheroAccount,
  wanted: { sku: string; warehouse: string; from: string; to: string; quantity: number; reason: string },
): Promise<Result<null, RemoteError>> {
  const { sku, warehouse, from, to, quantity, reason } = wanted;
  if (!Number.isInteger(quantity) || quantity < 1) return Promise.resolve(refused('only whole pieces can be moved'));
  const where = { warehouse_id: warehouse, location_from_id: from, location_to_id: to };
  return done(account, 'inventory_transfer', { sku, ...where, quantity, reason });
}

/**
 * Sets the one figure of a product in a warehouse without locations (static slotting), and the bin that is noted with it.
 * It bears no reason, so nothing of ours can be found again: not used by a plan.
 */
export function setWarehouseProduct(
  account: ShipheroAccount,
  wanted: { sku: string; warehouse: string; onHand?: number; bin?: string },
): Promise<Result<null, RemoteError>> {
  const { sku, warehouse, onHand, bin } = wanted;
  if (onHand !== undefined && (!Number.isInteger(onHand) || onHand < 0))
    return Promise.resolve(refused('only whole pieces, and not below zero'));
  const data = { sku, warehouse_id: warehouse, on_hand: onHand, inventory_bin: bin };
  return done(account, 'warehouse_product_update', data);
}

async function done(
  account: ShipheroAccount,
  operation: keyof typeof STOCK,
  data: Readonly<Record<string, unknown>>,
): Promise<Result<null, RemoteError>> {
  const input = { ...data, customer_account_id: account.customer };
  const answer = await change(account, STOCK[operation], input, stockAnswer);
  if (!answer.ok) return answer;
  const result = answer.value[operation];
  const isDone = result?.ok === true || result?.warehouse_product != null;
  return isDone ? ok(null) : err({ code: 'bad_answer', detail: `${operation} does not say that it was done` });
}

function refused(detail: string): Result<null, RemoteError> {
  return err({ code: 'rejected', detail, refs: [] });
}
