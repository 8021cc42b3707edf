import { ok, type Result } from '../../domain/result.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import { read, type ShipheroAccount } from './call.ts';
import { QUOTA, UUID } from './documents.ts';
import { quotaSchema, uuidSchema, type ShipheroQuota } from './schemas.ts';

/** Credits left, the most there are, and how many come a second (contracts: ShipHero 4). */
export async function readQuota(account: ShipheroAccount): Promise<Result<ShipheroQuota, RemoteError>> {
  const answer = await read(account, QUOTA, {}, quotaSchema);
  if (!answer.ok) return answer;
  account.heard.quota = answer.value.user_quota;
  return ok(answer.value.user_quota);
}

/** The opaque id of something that is known by its number: only the remote may make one from the other. */
export async function readOpaqueId(
  account: ShipheroAccount,
  wanted: { number: number; entity: 'Bin' | 'Warehouse' | 'Product' | 'WarehouseProduct' | 'Account' },
): Promise<Result<string, RemoteError>> {
  const answer = await read(account, UUID, { legacy: wanted.number, entity: wanted.entity }, uuidSchema);
  return answer.ok ? ok(answer.value.uuid.data.id) : answer;
}
