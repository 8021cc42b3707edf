import type { FrozenRequest, SendLine } from '../../domain/ledger-entry.ts';
import { err, ok, type Result } from '../../domain/result.ts';
import type { Receipt, RemoteError } from '../../ports/remote-inventory.ts';
import type { ZettleAccount } from './account.ts';
import { attempt } from './call.ts';
import { wordsOf } from './errors.ts';
import { MOVEMENT_PATHS } from './freeze.ts';
import { readVariantId } from './ids.ts';
import { parseError, parseJson } from './parse.ts';
import { inventorySchema, type ZettleError } from './schemas.ts';

/**
 * Sends frozen movements as they are, once: Zettle knows no key, so that sending them again would count twice. The second
 * generation answers with the balances afterwards, the third with a bare 204.
 */
export async function pushMovements(
  account: ZettleAccount,
  request: FrozenRequest,
): Promise<Result<readonly Receipt[], RemoteError>> {
  const { method, path, body } = request;
  const call = { host: 'inventory', method, path, body, effect: 'change' } as const;
  const answer = await attempt(account, call, (error) => refsNamedBy(error, request.lines));
  if (!answer.ok) return answer;
  const { status, body: text } = answer.value;
  const error = parseError(text);
  // A success that speaks of an error says nothing about what was done.
  if (error !== null) return err({ code: 'unknown_outcome', detail: wordsOf(status, error) });
  const isBare = path === MOVEMENT_PATHS.v3 && text.trim() === '';
  if (!isBare && !inventorySchema.safeParse(parseJson(text)).success)
    return err({ code: 'bad_answer', detail: `${path}: unexpected answer` });
  return ok(request.lines.map(({ ref }) => ({ ref })));
}

/**
 * The lines that a refusal speaks of: by place ("changes[3].…"), else by a variant's UUID that its words quote, else by a
 * product's. None found: nobody is named, and the refusal is about the whole request.
 */
export function refsNamedBy(error: ZettleError | null, lines: readonly SendLine[]): readonly string[] {
  if (error === null) return [];
  const texts = error.violations.map(({ propertyName, developerMessage }) => `${propertyName} ${developerMessage}`);
  const named = new Set<string>();
  for (const text of texts) {
    const place = /\b(?:changes|movements)(?:\[|\.)(\d{1,4})/.exec(text);
    const line = place === null ? undefined : lines[Number(place[1])];
    if (line !== undefined) named.add(line.ref);
  }
  if (named.size > 0) return [...named];
  const words = new Set(
    [error.developerMessage, ...texts]
      .join(' ')
      .toLowerCase()
      .split(/[^\w-]+/),
  );
  const quoted = (word: string): boolean => word !== '' && words.has(word.toLowerCase());
  const byVariant = lines.filter(({ remoteItem }) => quoted(readVariantId(remoteItem).variant));
  if (byVariant.length > 0) return byVariant.map(({ ref }) => ref);
  return lines.filter(({ remoteItem }) => quoted(readVariantId(remoteItem).product)).map(({ ref }) => ref);
}
