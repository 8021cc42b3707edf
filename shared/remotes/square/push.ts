import type { FrozenRequest } from '../../domain/ledger-entry.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { Receipt, RemoteError } from '../../ports/remote-inventory.ts';
import { attempt, type SquareAccount } from './call.ts';
import { errorOf } from './errors.ts';
import { batchChangeSchema, type SquareChange, type SquareError } from './schemas.ts';

/** Sends frozen bytes as they are. Repeating it is safe: Square answers the same key and body with its first answer. */
export async function pushChanges(
  account: SquareAccount,
  request: FrozenRequest,
): Promise<Result<readonly Receipt[], RemoteError>> {
  const call = { method: 'POST', path: request.path, body: request.body, effect: 'change' } as const;
  const answer = await attempt(account, call, (errors) => refsNamedBy(errors, request));
  if (!answer.ok) return answer;
  const { body, errors } = answer.value;
  const parsed = batchChangeSchema.safeParse(body);
  if (!parsed.success) return err({ code: 'bad_answer', detail: `${request.path}: unexpected answer` });
  const changes = parsed.data.changes ?? [];
  if (errors.length > 0) {
    const error = errorOf({ status: 200, headers: {}, errors, call, refs: refsNamedBy(errors, request) });
    const somethingDone = changes.length > 0 || (parsed.data.counts ?? []).length > 0;
    return err(somethingDone ? { code: 'unknown_outcome', detail: error.detail } : error);
  }
  // `changes` is beta and may be missing: a 200 without errors is the receipt, the ids are a help.
  const ids = idsByReference(changes);
  return ok(request.lines.map(({ ref }) => receiptOf(ref, ids.get(ref))));
}

/** A receipt with Square's id where it is known. */
export function receiptOf(ref: string, remoteId: string | undefined): Receipt {
  return remoteId === undefined ? { ref } : { ref, remoteId };
}

/** Square's ids by our reference. */
export function idsByReference(changes: readonly SquareChange[]): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const change of changes) {
    const one = change.physical_count ?? change.adjustment;
    if (typeof one?.reference_id === 'string') ids.set(one.reference_id, one.id ?? '');
  }
  return ids;
}

/**
 * The lines that errors speak of (contracts: Square 2.1): by place (`field` = "changes[3].…"), else by an id of ours that
 * `detail` quotes. None found: nobody is named, and the refusal is about the whole request.
 */
export function refsNamedBy(errors: readonly SquareError[], request: FrozenRequest): readonly string[] {
  const named = new Set<string>();
  for (const { field, detail } of errors) {
    const place = /\bchanges(?:\[|\.)(\d{1,4})/.exec(field ?? '');
    const line = place ? request.lines[Number(place[1])] : undefined;
    const words = new Set((line ? '' : (detail ?? '')).split(/[^\w#-]+/));
    for (const one of request.lines) {
      if (one === line || words.has(one.remoteItem) || words.has(one.remoteLocation)) named.add(one.ref);
    }
  }
  return [...named];
}
