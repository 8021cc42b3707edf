import { err, ok, type Result } from '../../domain/result.ts';
import type { CountPage, RemoteError } from '../../ports/remote-inventory.ts';
import type { ZettleAccount } from './account.ts';
import { attempt, type ZettleCall } from './call.ts';
import { listCounts, productsOf } from './counts.ts';
import { wordsOf } from './errors.ts';
import { readPlaceId } from './ids.ts';
import { parseError, parseJson } from './parse.ts';
import { inventorySchema, type ZettleInventory } from './schemas.ts';
import { changeTracking } from './stock.ts';

const INVENTORY = '/organizations/self/inventory';
const BULK = '/organizations/self/v2/inventory/bulk';

/** What becomes of one product in one bulk call: first its tracking, then its movements. Amounts are canonical text above zero. */
export type ProductChange = {
  readonly product: string;
  readonly tracking: 'START_TRACKING' | 'STOP_TRACKING' | 'NO_CHANGE';
  readonly movements: readonly {
    readonly variant: string;
    readonly from: string;
    readonly to: string;
    readonly amount: string;
  }[];
};

/** `done`: somebody had done it before. */
type Changed = Result<'done' | ZettleInventory, RemoteError>;

/**
 * Tracking and movements of several products in one call (contracts: Zettle 3.3). Whether it happens wholly or not at all
 * is not documented. With movements it must not be repeated blindly.
 */
export async function changeInBulk(
  account: ZettleAccount,
  change: { location: string; externalUuid?: string; products: readonly ProductChange[] },
): Promise<Changed> {
  const head = { returnBalanceForLocationUuid: change.location, externalUuid: change.externalUuid };
  const body = `${JSON.stringify(head).slice(0, -1)},"productChanges":[${change.products.map(productText).join(',')}]}`;
  const moves = change.products.some((product) => product.movements.length > 0);
  return changed(account, { host: 'inventory', method: 'POST', path: BULK, body, effect: moves ? 'change' : 'read' });
}

/** Starts tracking of one product; old balances come back to light (contracts: Zettle 3, row 9). */
export async function startTrackingOf(account: ZettleAccount, product: string): Promise<Changed> {
  const body = JSON.stringify({ productUuid: product });
  return changed(account, { host: 'inventory', method: 'POST', path: INVENTORY, body, effect: 'read' });
}

/** Stops tracking of one product: its balances are hidden, not forgotten (row 10). */
export async function stopTrackingOf(account: ZettleAccount, product: string): Promise<Result<null, RemoteError>> {
  const path = `${INVENTORY}/products/${encodeURIComponent(product)}`;
  const answer = await attempt(account, { host: 'inventory', method: 'DELETE', path, effect: 'read' });
  return answer.ok ? ok(null) : answer;
}

/**
 * Starts tracking and reads the figures that come to light, which need not be zero. Doing it twice is harmless: a lost
 * answer is `unavailable`, a product that is tracked already is as it should be.
 */
export async function startTracking(
  account: ZettleAccount,
  query: { items: readonly string[]; location: string },
): Promise<Result<CountPage, RemoteError>> {
  const place = readPlaceId(query.location);
  if (place === null) return err({ code: 'rejected', detail: 'no place of Zettle', refs: [] });
  const products = productsOf(query.items);
  const started =
    place.generation === 'v3'
      ? await changeTracking(account, products, 'enable')
      : await startAll(account, place.store, products);
  return started.ok ? listCounts(account, { locations: [query.location], items: query.items }) : started;
}

async function startAll(
  account: ZettleAccount,
  store: string,
  products: readonly string[],
): Promise<Result<null, RemoteError>> {
  const all = await changeInBulk(account, {
    location: store,
    products: products.map((product) => ({ product, tracking: 'START_TRACKING', movements: [] })),
  });
  if (!all.ok) return all;
  if (all.value !== 'done') return ok(null);
  // One that is tracked already may have kept the others from being started.
  for (const product of products) {
    const one = await startTrackingOf(account, product);
    if (!one.ok) return one;
  }
  return ok(null);
}

async function changed(account: ZettleAccount, call: ZettleCall): Promise<Changed> {
  const answer = await attempt(account, { ...call, accepted: [409] });
  if (!answer.ok) return answer;
  const { status, body } = answer.value;
  if (status === 409) return ok('done');
  const parsed = inventorySchema.safeParse(parseJson(body));
  if (parsed.success) return ok(parsed.data);
  const error = parseError(body);
  if (call.effect === 'change' && error !== null)
    return err({ code: 'unknown_outcome', detail: wordsOf(status, error) });
  return err({ code: 'bad_answer', detail: `${call.path}: unexpected answer` });
}

function productText({ product, tracking, movements }: ProductChange): string {
  const start = JSON.stringify({ productUuid: product, trackingStatusChange: tracking });
  const changes = movements.map(({ variant, from, to, amount }) => {
    const what = JSON.stringify({ variantUuid: variant, fromLocationUuid: from, toLocationUuid: to });
    return `${what.slice(0, -1)},"change":${amount}}`;
  });
  return `${start.slice(0, -1)},"variantChanges":[${changes.join(',')}]}`;
}
