import { ok, type Result } from '../../domain/result.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import type { ZettleAccount } from './account.ts';
import { attempt, read } from './call.ts';
import { userSchema } from './schemas.ts';

/** Whose token it is: the user and the organization, as UUIDs. */
export async function readUser(
  account: ZettleAccount,
): Promise<Result<{ user: string; organization: string }, RemoteError>> {
  const answer = await read(account, { host: 'oauth', method: 'GET', path: '/users/self' }, userSchema);
  if (!answer.ok) return answer;
  return ok({ user: answer.value.value.uuid ?? '', organization: answer.value.value.organizationUuid ?? '' });
}

/** Takes this application's access away; every token that it has is dead afterwards. */
export async function disconnect(account: ZettleAccount): Promise<Result<null, RemoteError>> {
  const call = { host: 'oauth', method: 'DELETE', path: '/application-connections/self', effect: 'read' } as const;
  const answer = await attempt(account, call);
  return answer.ok ? ok(null) : answer;
}
