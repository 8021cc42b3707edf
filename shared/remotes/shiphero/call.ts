import type { z } from 'zod';
import { err, ok, type Result } from '../../domain/result.ts';
import type { HttpClient } from '../../ports/http-client.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import type { ShipheroAccess } from './access.ts';
import { creditsError } from './credits.ts';
import { QUOTA } from './documents.ts';
import { failureOf, outcomeOf, type Effect } from '../http/outcome.ts';
import { creditsEntry, errorOf, isTokenRefusal } from './errors.ts';
import { envelopeSchema, quotaSchema, type ShipheroError, type ShipheroQuota } from './schemas.ts';

/** One account: where it is, what opens it, and for which client of it. */
export type ShipheroAccount = {
  readonly baseUrl: string;
  readonly access: ShipheroAccess;
  readonly http: HttpClient;
  readonly now: () => number;
  /** `customer_account_id`, where the account belongs to a 3PL (contracts: ShipHero 1). */
  readonly customer: string | undefined;
  /** What has been heard of the account's credits. */
  readonly heard: { quota?: ShipheroQuota };
};

/** One document and what comes of it. `paged`: it carries a cursor, which may be dead. */
export type ShipheroCall = {
  readonly body: string;
  readonly effect: Effect;
  readonly refs?: readonly string[];
  readonly paged?: boolean;
};

/** A whole answer that was neither credits nor the token. `errors` may be there beside `data` (contracts: ShipHero 5). */
export type ShipheroAnswer = {
  readonly data: Readonly<Record<string, unknown>> | undefined;
  readonly errors: readonly ShipheroError[];
};

/** The one path of everything that is asked. */
export const PATH = '/graphql';

/** The bytes of one request. Members that are undefined are left out. */
export function bodyOf(query: string, variables: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ query, variables });
}

/** One attempt; where the token's time is over, a new one is fetched and the same bytes go once more: they were not run. */
export async function attempt(
  account: ShipheroAccount,
  call: ShipheroCall,
): Promise<Result<ShipheroAnswer, RemoteError>> {
  const token = await account.access.token();
  if (!token.ok) return token;
  const first = await post(account, call, token.value);
  if (first.ok || (first.error.code !== 'unauthorized' && first.error.code !== 'forbidden')) return first;
  const renewed = await account.access.renew(token.value);
  return renewed.ok ? post(account, call, renewed.value) : renewed;
}

/** Reads: any error fails the call, one within a 200 too. */
export async function read<Schema extends z.ZodType>(
  account: ShipheroAccount,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  schema: Schema,
): Promise<Result<z.output<Schema>, RemoteError>> {
  const paged = typeof variables['after'] === 'string';
  const call = { body: bodyOf(query, variables), effect: 'read', paged } as const;
  return understood(await attempt(account, call), call, schema);
}

/** Changes something: an answer that is lost leaves open whether it was done. */
export async function change<Schema extends z.ZodType>(
  account: ShipheroAccount,
  query: string,
  data: Readonly<Record<string, unknown>>,
  schema: Schema,
): Promise<Result<z.output<Schema>, RemoteError>> {
  const call = { body: bodyOf(query, { data }), effect: 'change' } as const;
  return understood(await attempt(account, call), call, schema);
}

/** The members of an answer; errors fail it, whatever came beside them. */
export function understood<Schema extends z.ZodType>(
  answer: Result<ShipheroAnswer, RemoteError>,
  call: ShipheroCall,
  schema: Schema,
): Result<z.output<Schema>, RemoteError> {
  if (!answer.ok) return answer;
  const { data, errors } = answer.value;
  if (errors.length > 0) {
    const isPartly = call.effect === 'change' && Object.values(data ?? {}).some((member) => member !== null);
    const error = errorOf(errors, call);
    return err(isPartly ? { code: 'unknown_outcome', detail: error.detail } : error);
  }
  const parsed = schema.safeParse(data);
  if (parsed.success) return ok(parsed.data);
  const where = parsed.error.issues[0]?.path.join('.') ?? '';
  return err({ code: 'bad_answer', detail: `unexpected answer at ${where}` });
}

async function post(
  account: ShipheroAccount,
  call: ShipheroCall,
  token: string,
): Promise<Result<ShipheroAnswer, RemoteError>> {
  const answer = await account.http({
    method: 'POST',
    url: account.baseUrl + PATH,
    headers: { authorization: `Bearer ${token}`, accept: 'application/json', 'content-type': 'application/json' },
    body: call.body,
  });
  if (!answer.ok) return err(failureOf(answer.error, call.effect));
  const parsed = envelopeSchema.safeParse(parseJson(answer.value.body));
  const errors = (parsed.success ? parsed.data.errors : null) ?? [];
  const lacking = creditsEntry(errors);
  if (lacking) return err(await withoutCredits(account, call, lacking, token));
  if (isTokenRefusal(errors, parsed.data?.data)) return err({ code: 'unauthorized', detail: 'the token was refused' });
  const problem = outcomeOf({
    ...answer.value,
    effect: call.effect,
    detail: `HTTP ${answer.value.status}`,
    refs: call.refs ?? [],
  });
  if (problem) return err(problem.code === 'rejected' && errors.length > 0 ? errorOf(errors, call) : problem);
  if (!parsed.success) return err({ code: 'bad_answer', detail: 'the answer is not what ShipHero writes' });
  return ok({ data: parsed.data.data ?? undefined, errors });
}

/** An operation may need more than the bucket ever holds: how much that is is asked for once. */
async function withoutCredits(
  account: ShipheroAccount,
  call: ShipheroCall,
  lacking: ShipheroError,
  token: string,
): Promise<RemoteError> {
  if (account.heard.quota === undefined && call.body !== bodyOf(QUOTA)) {
    const quota = await post(account, { body: bodyOf(QUOTA), effect: 'read' }, token);
    const parsed = quotaSchema.safeParse(quota.ok ? quota.value.data : undefined);
    if (parsed.success) account.heard.quota = parsed.data.user_quota;
  }
  return creditsError(lacking, account.heard.quota, call.refs ?? []);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
