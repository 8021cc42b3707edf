import type { ObservedCount } from '../../domain/ledger-entry.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { CountPage, RemoteError } from '../../ports/remote-inventory.ts';
import type { ZettleAccount } from './account.ts';
import { MAX_PRODUCTS, readAllFigures, readFigures, type Figures } from './figures.ts';
import { readPlaceId, readVariantId, variantId, type Place } from './ids.ts';
import { listProducts } from './library.ts';

export type CountQuery = {
  readonly locations: readonly string[];
  readonly items?: readonly string[];
  readonly cursor?: string;
};

/**
 * The figures of one place, or of some products of it, a call. A tracked variant without a row stands at zero; an untracked
 * one has no figure, and is told only when it is asked for. Zettle cannot be asked for what changed since a time in a way
 * that is written down, so that everything is read each time.
 */
export async function listCounts(account: ZettleAccount, query: CountQuery): Promise<Result<CountPage, RemoteError>> {
  const at = readCursor(query);
  if (at === null) return err({ code: 'cursor_expired', detail: 'this cursor is none of ours' });
  const location = query.locations[at.location];
  if (location === undefined) return ok({ counts: [] });
  const place = readPlaceId(location);
  if (place === null)
    return err({ code: 'rejected', detail: `${location.slice(0, 200)} is no place of Zettle`, refs: [] });
  if (query.items === undefined) {
    const counts = await wholePlace(account, place, location);
    return counts.ok ? ok(pageOf(counts.value, nextOf(query, at.location, 0, 0))) : counts;
  }
  const products = productsOf(query.items);
  const some = products.slice(at.product, at.product + MAX_PRODUCTS);
  const figures = await readFigures(account, place, some);
  if (!figures.ok) return figures;
  const named = new Set(some);
  const items = query.items.filter((item) => named.has(readVariantId(item).product));
  const counts = items.map((item) => figureOf(figures.value, item, location));
  return ok(pageOf(counts, nextOf(query, at.location, at.product + MAX_PRODUCTS, products.length)));
}

/** The figure of one variant, as we keep it. */
export function figureOf(figures: Figures, item: string, location: string): ObservedCount {
  const what = { remoteItem: item, remoteLocation: location };
  if (!figures.tracked.has(readVariantId(item).product)) return { ...what, quantity: null, tracked: false };
  return { ...what, quantity: figures.balances.get(item) ?? '0', tracked: true };
}

/** The products of variants, each once, in the order in which they are first named. */
export function productsOf(items: readonly string[]): string[] {
  return [...new Set(items.map((item) => readVariantId(item).product))];
}

async function wholePlace(
  account: ZettleAccount,
  place: Place,
  location: string,
): Promise<Result<readonly ObservedCount[], RemoteError>> {
  // Rows of zero are left out by Zettle: which variants stand at zero only the library tells.
  const library = await listProducts(account);
  if (!library.ok) return library;
  const products = library.value.map((product) => product.uuid);
  const figures = await readAllFigures(account, place, products);
  if (!figures.ok) return figures;
  const known = library.value.flatMap((product) =>
    figures.value.tracked.has(product.uuid)
      ? product.variants.map((variant) => variantId({ product: product.uuid, variant: variant.uuid }))
      : [],
  );
  const items = [...new Set([...known, ...figures.value.balances.keys()])];
  return ok(items.map((item) => figureOf(figures.value, item, location)).filter((count) => count.quantity !== null));
}

function pageOf(counts: readonly ObservedCount[], cursor: string | null): CountPage {
  return cursor === null ? { counts } : { counts, cursor };
}

function nextOf(query: CountQuery, location: number, product: number, products: number): string | null {
  if (product < products) return `place:${location}:${product}`;
  return location + 1 < query.locations.length ? `place:${location + 1}:0` : null;
}

function readCursor(query: CountQuery): { location: number; product: number } | null {
  if (query.cursor === undefined) return { location: 0, product: 0 };
  const match = /^place:(\d{1,6}):(\d{1,9})$/.exec(query.cursor);
  return match === null ? null : { location: Number(match[1]), product: Number(match[2]) };
}
