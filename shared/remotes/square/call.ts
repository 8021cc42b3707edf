import type { z } from 'zod';
import { err, ok, type Result } from '../../domain/result.ts';
import type { HttpClient } from '../../ports/http-client.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import { failureOf } from '../http/outcome.ts';
import { errorOf, type SquareCall } from './errors.ts';
import { errorsSchema, type SquareError } from './schemas.ts';

/** The version that this folder is written for; another one means other shapes (contracts: Square 1.1). */
export const SQUARE_VERSION = '2025-08-20';

/** What opens an account: a token that does not change, or one that is renewed as its time ends. */
export type SquareAccess = {
  token(): Promise<Result<string, RemoteError>>;
  /** A token in place of one that was refused; null where there is no other to be had. */
  renew(refused: string): Promise<Result<string, RemoteError> | null>;
};

/** One merchant's account: where it is, what opens it, and the way there. */
export type SquareAccount = { readonly baseUrl: string; readonly access: SquareAccess; readonly http: HttpClient };

/** A whole answer with status 2xx. `errors` may be there all the same. */
export type SquareAnswer = { readonly body: unknown; readonly errors: readonly SquareError[] };

/**
 * One attempt at one request; 2xx gives the parsed body, whatever it says. `refsOf` finds the lines that an error names.
 * Where the token's time is over, a new one is fetched and the same bytes go once more: the first were refused unread.
 */
export async function attempt(
  account: SquareAccount,
  call: SquareCall,
  refsOf: (errors: readonly SquareError[]) => readonly string[],
): Promise<Result<SquareAnswer, RemoteError>> {
  const token = await account.access.token();
  if (!token.ok) return token;
  const first = await post(account, call, `Bearer ${token.value}`, refsOf);
  if (first.ok || first.error.code !== 'unauthorized') return first;
  const renewed = await account.access.renew(token.value);
  if (renewed === null) return first;
  return renewed.ok ? post(account, call, `Bearer ${renewed.value}`, refsOf) : renewed;
}

/** One request as it is, with that authorization or none. */
export async function post(
  { baseUrl, http }: Pick<SquareAccount, 'baseUrl' | 'http'>,
  call: SquareCall,
  authorization: string | undefined,
  refsOf: (errors: readonly SquareError[]) => readonly string[] = () => [],
): Promise<Result<SquareAnswer, RemoteError>> {
  const answer = await http({
    method: call.method,
    url: baseUrl.replace(/\/+$/, '') + call.path,
    headers: {
      ...(authorization === undefined ? {} : { authorization }),
      'square-version': SQUARE_VERSION,
      accept: 'application/json',
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(call.body === undefined ? {} : { body: call.body }),
  });
  if (!answer.ok) return err(failureOf(answer.error, call.effect));
  const body = parseJson(answer.value.body);
  const parsed = errorsSchema.safeParse(body);
  const errors = (parsed.success ? parsed.data.errors : null) ?? [];
  const { status, headers } = answer.value;
  if (status < 200 || status > 299) return err(errorOf({ status, headers, errors, call, refs: refsOf(errors) }));
  if (!parsed.success) return err({ code: 'bad_answer', detail: `${call.path}: the answer is not what Square writes` });
  return ok({ body, errors });
}

/** Reads: any error fails the call, one within a 200 too. */
export async function read<Schema extends z.ZodType>(
  account: SquareAccount,
  call: Omit<SquareCall, 'effect'>,
  schema: Schema,
): Promise<Result<z.output<Schema>, RemoteError>> {
  const reading = { ...call, effect: 'read' as const };
  return understood(await attempt(account, reading, () => []), reading, schema);
}

/** The members of an answer to a reading; an error within a 200 fails it. */
export function understood<Schema extends z.ZodType>(
  answer: Result<SquareAnswer, RemoteError>,
  call: SquareCall,
  schema: Schema,
): Result<z.output<Schema>, RemoteError> {
  if (!answer.ok) return answer;
  const { body, errors } = answer.value;
  if (errors.length > 0) return err(errorOf({ status: 200, headers: {}, errors, call, refs: [] }));
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') ?? '';
    return err({ code: 'bad_answer', detail: `${call.path}: unexpected answer at ${where}` });
  }
  return ok(parsed.data);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
