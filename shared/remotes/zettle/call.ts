import type { z } from 'zod';
import { err, ok, type Result } from '../../domain/result.ts';
import type { HttpResponse } from '../../ports/http-client.ts';
import { watchPages } from '../../ports/pages.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import type { ZettleAccount } from './account.ts';
import { failureOf, type Effect } from '../http/outcome.ts';
import { errorOf, wordsOf } from './errors.ts';
import type { ZettleHosts } from './hosts.ts';
import { nextPath } from './link.ts';
import { errorIn, parseError, parseJson } from './parse.ts';
import type { ZettleError } from './schemas.ts';

export type ZettleCall = {
  readonly host: keyof ZettleHosts;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly effect: Effect;
  /** The path is a cursor that an earlier answer gave. */
  readonly paged?: boolean;
  /** Statuses that are answers of their own beside 2xx. */
  readonly accepted?: readonly number[];
};

/** `refsOf` finds the lines that a refusal names. */
export type RefsOf = (error: ZettleError | null) => readonly string[];

/**
 * One attempt at one request; 2xx and the accepted statuses give the answer as it came. A token that is refused is
 * renewed and the request sent once more: with 401 it has certainly not taken effect.
 */
export async function attempt(
  account: ZettleAccount,
  call: ZettleCall,
  refsOf: RefsOf = () => [],
): Promise<Result<HttpResponse, RemoteError>> {
  const token = await account.tokens.current();
  if (!token.ok) return token;
  let answer = await send(account, call, token.value);
  if (answer.ok && answer.value.status === 401) {
    const renewed = await account.tokens.renew(token.value);
    if (!renewed.ok) return renewed;
    answer = await send(account, call, renewed.value);
  }
  if (!answer.ok) return answer;
  const { status, headers, body } = answer.value;
  if ((status >= 200 && status <= 299) || call.accepted?.includes(status) === true) return answer;
  const error = parseError(body);
  const paged = call.paged === true;
  return err(errorOf({ status, headers, error, effect: call.effect, paged, refs: refsOf(error) }));
}

/** What a read gives; `next` is the path of the page after it. */
export type ReadAnswer<Value> = {
  readonly value: Value;
  readonly next?: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** A request that changes nothing, or that may be repeated without harm, and whose answer must be readable. */
export async function read<Schema extends z.ZodType>(
  account: ZettleAccount,
  call: Omit<ZettleCall, 'effect'>,
  schema: Schema,
): Promise<Result<ReadAnswer<z.output<Schema>>, RemoteError>> {
  const answer = await attempt(account, { ...call, effect: 'read' });
  if (!answer.ok) return answer;
  const { body, headers } = answer.value;
  const value = parseJson(body);
  const error = errorIn(value);
  if (error !== null) return err({ code: 'unavailable', detail: wordsOf(answer.value.status, error) });
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') ?? '';
    return err({ code: 'bad_answer', detail: `${withoutQuery(call.path)}: unexpected answer at ${where}` });
  }
  const next = nextPath(headers['link'], account.hosts[call.host]);
  if (!next.ok) return next;
  return ok({ value: parsed.data, headers, ...(next.value === null ? {} : { next: next.value }) });
}

/** All pages of a list, one after another. */
export async function readAll<Schema extends z.ZodType<readonly unknown[]>>(
  account: ZettleAccount,
  call: Omit<ZettleCall, 'effect'>,
  schema: Schema,
): Promise<Result<z.output<Schema>[number][], RemoteError>> {
  const rows: z.output<Schema>[number][] = [];
  const endless = watchPages();
  for (let page = call; ;) {
    const answer = await read(account, page, schema);
    if (!answer.ok) return answer;
    rows.push(...answer.value.value);
    const { next } = answer.value;
    if (next === undefined) return ok(rows);
    const refused = endless(next);
    if (refused) return refused;
    page = { host: call.host, method: 'GET', path: next, paged: true };
  }
}

async function send(
  { hosts, http }: ZettleAccount,
  call: ZettleCall,
  token: string,
): Promise<Result<HttpResponse, RemoteError>> {
  const answer = await http({
    method: call.method,
    url: hosts[call.host] + call.path,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...call.headers,
    },
    ...(call.body === undefined ? {} : { body: call.body }),
  });
  return answer.ok ? answer : err(failureOf(answer.error, call.effect));
}

function withoutQuery(path: string): string {
  return path.split('?')[0] ?? '';
}
