import { ok, type Result } from '../../domain/result.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import { read, type ShipheroAccount } from './call.ts';
import { ACCOUNT, ME } from './documents.ts';
import { accountSchema, meSchema, type ShipheroWarehouse } from './schemas.ts';

/** An account's name and its warehouses. `dynamic_slotting` false: one figure a product, no bins to count. */
export async function readAccount(
  account: ShipheroAccount,
): Promise<Result<{ name: string; is3pl: boolean; warehouses: readonly ShipheroWarehouse[] }, RemoteError>> {
  const answer = await read(account, ACCOUNT, {}, accountSchema);
  if (!answer.ok) return answer;
  const { id, email, username, is_3pl: is3pl, warehouses } = answer.value.account.data;
  return ok({
    name: email || username || id || 'ShipHero',
    is3pl: is3pl === true,
    warehouses: (warehouses ?? []).flatMap((one) => (one == null ? [] : [one])),
  });
}

/** Who the token belongs to. */
export async function readMe(account: ShipheroAccount): Promise<Result<{ id: string; email: string }, RemoteError>> {
  const answer = await read(account, ME, {}, meSchema);
  if (!answer.ok) return answer;
  const { id, email } = answer.value.me.data;
  return ok({ id: id ?? '', email: email ?? '' });
}

/** The account in one line: its name, and which of its warehouses keep stock by bin. */
export async function describeAccount(account: ShipheroAccount): Promise<Result<{ account: string }, RemoteError>> {
  const answer = await readAccount(account);
  if (!answer.ok) return answer;
  const { name, warehouses } = answer.value;
  const words = warehouses.map((one) => nameOf(one) + (one.dynamic_slotting === true ? '' : ' (static slotting)'));
  return ok({ account: words.length === 0 ? name : `${name}: ${words.join(', ')}` });
}

/** A warehouse as people call it. */
export function nameOf(warehouse: ShipheroWarehouse): string {
  return warehouse.identifier || warehouse.id;
}
