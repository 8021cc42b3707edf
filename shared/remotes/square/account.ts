import { ok, type Result } from '../../domain/result.ts';
import type { RemoteError, RemoteLocation } from '../../ports/remote-inventory.ts';
import { read, type SquareAccount } from './call.ts';
import { locationsSchema, merchantSchema } from './schemas.ts';

/** Every place of the merchant, closed ones included: only active ones can be counted. Not paged. */
export async function listLocations(account: SquareAccount): Promise<Result<readonly RemoteLocation[], RemoteError>> {
  const answer = await read(account, { method: 'GET', path: '/v2/locations' }, locationsSchema);
  if (!answer.ok) return answer;
  return ok(
    (answer.value.locations ?? []).map(({ id, name, status }) => ({
      id,
      name: name ?? id,
      active: status === 'ACTIVE',
    })),
  );
}

/** Whose account the token opens. */
export async function readMerchant(account: SquareAccount): Promise<Result<{ name: string }, RemoteError>> {
  const answer = await read(account, { method: 'GET', path: '/v2/merchants/me' }, merchantSchema);
  if (!answer.ok) return answer;
  const { id, business_name: name } = answer.value.merchant;
  return ok({ name: name ?? id ?? 'Square' });
}
