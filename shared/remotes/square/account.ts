import { ok, type Result } from '../../domain/result.ts';
import type { RemoteError, RemoteLocation } from '../../ports/remote-inventory.ts';
import { read, type SquareAccount } from './call.ts';
import { locationsSchema, merchantSchema, oneLocationSchema, type SquareLocation } from './schemas.ts';

/** Every place of the merchant, closed ones included: only active ones can be counted. Not paged. */
export async function listLocations(
  account: SquareAccount,
): Promise<Result<{ locations: readonly RemoteLocation[] }, RemoteError>> {
  const answer = await read(account, { method: 'GET', path: '/v2/locations' }, locationsSchema);
  if (!answer.ok) return answer;
  return ok({ locations: (answer.value.locations ?? []).map(locationOf) });
}

/** One place; "main" is the merchant's main one. */
export async function readLocation(account: SquareAccount, id: string): Promise<Result<RemoteLocation, RemoteError>> {
  const path = `/v2/locations/${encodeURIComponent(id)}`;
  const answer = await read(account, { method: 'GET', path }, oneLocationSchema);
  return answer.ok ? ok(locationOf(answer.value.location)) : answer;
}

function locationOf({ id, name, status }: SquareLocation): RemoteLocation {
  return { id, name: name ?? id, active: status === 'ACTIVE' };
}

/** Whose account the token opens. */
export async function readMerchant(account: SquareAccount): Promise<Result<{ name: string }, RemoteError>> {
  const answer = await read(account, { method: 'GET', path: '/v2/merchants/me' }, merchantSchema);
  if (!answer.ok) return answer;
  const { id, business_name: name } = answer.value.merchant;
  return ok({ name: name ?? id ?? 'Square' });
}
