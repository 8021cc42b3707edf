import { err, ok, type Result } from '../../domain/result.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';

/**
 * The path of the next page out of a `Link` header, unread and unchanged; null when this was the last one. An address on
 * another host is not followed: the token would go there.
 */
export function nextPath(link: string | undefined, host: string): Result<string | null, RemoteError> {
  for (const [, target = '', parameters = ''] of (link ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
    if (!/;\s*rel\s*=\s*"?(?:[^"]*\s)?next(?:\s[^"]*)?"?\s*(?:[;,]|$)/i.test(parameters)) continue;
    if (target.startsWith(`${host}/`)) return ok(target.slice(host.length));
    if (/^\/(?!\/)/.test(target)) return ok(target);
    return err({ code: 'bad_answer', detail: 'the next page is said to be on another host' });
  }
  return ok(null);
}
