import { ok, type Result } from '../../domain/result.ts';
import { watchPages } from '../../ports/pages.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import { read, type ShipheroAccount } from './call.ts';
import { SHELF } from './documents.ts';
import { pageOf, shelvesAnswer, type ShipheroShelf } from './schemas.ts';

/** Pieces of one thing by location id. A thing kept by lot has a row for each lot: they are summed. */
export type Figures = ReadonlyMap<string, number>;

/** Every location of one thing: those that came with it, and the pages that did not. */
export async function figuresOf(account: ShipheroAccount, shelf: ShipheroShelf): Promise<Result<Figures, RemoteError>> {
  const figures = new Map<string, number>();
  const add = (rows: readonly { location_id: string; quantity: number }[]) => {
    for (const row of rows) figures.set(row.location_id, (figures.get(row.location_id) ?? 0) + row.quantity);
  };
  const first = pageOf(shelf.locations ?? {});
  add(first.rows);
  const endless = watchPages();
  for (let after = first.next; after !== undefined;) {
    const refused = endless(after);
    if (refused) return refused;
    const page = await readFurther(account, shelf, after);
    if (!page.ok) return page;
    add(page.value.rows);
    after = page.value.next;
  }
  return ok(figures);
}

async function readFurther(account: ShipheroAccount, shelf: ShipheroShelf, after: string) {
  const { sku, warehouse_id: warehouse } = shelf;
  const variables = { sku, warehouse, customer: account.customer, after };
  const answer = await read(account, SHELF, variables, shelvesAnswer);
  if (!answer.ok) return answer;
  const same = pageOf(answer.value.warehouse_products.data).rows.find((one) => isShelfOf(one, { sku, warehouse }));
  return ok(pageOf(same?.locations ?? {}));
}

/** Whether a row is what was asked for: filters may be looser than equality. */
export function isShelfOf(shelf: ShipheroShelf, wanted: { sku: string; warehouse: string }): boolean {
  return shelf.sku === wanted.sku && shelf.warehouse_id === wanted.warehouse;
}
