import { z } from 'zod';
import type { FrozenRequest } from '../../domain/ledger-entry.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { Receipt, RemoteError } from '../../ports/remote-inventory.ts';
import { attempt, bodyOf, understood, type ShipheroAccount, type ShipheroAnswer } from './call.ts';
import { isSureRefusal, wordsOf } from './errors.ts';
import { lineProblem } from './freeze.ts';
import { readBackLines } from './read-back.ts';
import { stockAnswer } from './schemas.ts';

const frozenBody = z.object({ query: z.string(), variables: z.object({ data: z.record(z.string(), z.unknown()) }) });
/** How far back a change that was just refused is looked for: this laptop's clock may be days ahead. */
const JUST_NOW_MS = 72 * 3_600_000;

/**
 * Sends frozen bytes. The remote knows no key: sending them twice does them twice (contracts: ShipHero 2.2). Only the
 * client of a 3PL is added, which the settings name and a plan does not know.
 */
export async function pushLines(
  account: ShipheroAccount,
  request: FrozenRequest,
): Promise<Result<readonly Receipt[], RemoteError>> {
  const refs = request.lines.map((line) => line.ref);
  const bad = request.lines.find((line) => lineProblem(line) !== null);
  if (bad) return err({ code: 'rejected', detail: lineProblem(bad) ?? '', refs: [bad.ref] });
  const body = bodyFor(account, request);
  if (body === null) return err({ code: 'rejected', detail: 'the request cannot be read', refs });
  const call = { body, effect: 'change', refs } as const;
  const answer = await attempt(account, call);
  if (isUnsureRefusal(answer)) return lookAfterRefusal(account, request, wordsOf(answer.value.errors));
  const done = understood(answer, call, stockAnswer);
  if (!done.ok) return done;
  const [changed] = Object.values(done.value);
  if (changed?.warehouse_product == null) return err({ code: 'bad_answer', detail: 'the answer holds no product' });
  const { request_id: id } = changed;
  return ok(refs.map((ref) => (id ? { ref, remoteId: id } : { ref })));
}

/** An operation's own refusal that bears no code: it has run, and only the stock can tell how far. */
function isUnsureRefusal(
  answer: Result<ShipheroAnswer, RemoteError>,
): answer is { readonly ok: true; readonly value: ShipheroAnswer } {
  if (!answer.ok) return false;
  const { errors } = answer.value;
  return errors.length > 0 && !isSureRefusal(errors) && errors.every((error) => (error.path?.length ?? 0) > 0);
}

/** The answer came whole, so nothing is on its way any more: what the history has now is what was done. */
async function lookAfterRefusal(
  account: ShipheroAccount,
  request: FrozenRequest,
  words: string,
): Promise<Result<readonly Receipt[], RemoteError>> {
  const since = new Date(account.now() - JUST_NOW_MS).toISOString();
  const past = await readBackLines(account, request, { since, waits: new Map() });
  if (!past.ok || past.value.doubtful.length > 0 || past.value.receipts.length > 0)
    return err({ code: 'unknown_outcome', detail: words });
  return err({ code: 'rejected', detail: words, refs: request.lines.map((line) => line.ref) });
}

function bodyFor(account: ShipheroAccount, request: FrozenRequest): string | null {
  if (account.customer === undefined) return request.body;
  try {
    const { query, variables } = frozenBody.parse(JSON.parse(request.body));
    return bodyOf(query, { data: { ...variables.data, customer_account_id: account.customer } });
  } catch {
    return null;
  }
}
