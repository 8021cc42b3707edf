export type Headers = Readonly<Record<string, string>>;

/**
 * How long an answer asks to wait, in ms: `Retry-After` as seconds or as an HTTP date, else `X-RateLimit-Reset` (seconds
 * since 1970; contracts: Square 5). Dates are compared with the answer's own `Date`, so this laptop's clock plays no part.
 */
export function retryAfterMs(headers: Headers): number | undefined {
  const after = headers['retry-after']?.trim();
  if (after !== undefined && /^\d{1,9}$/.test(after)) return Number(after) * 1000;
  const answeredAt = Date.parse(headers['date'] ?? '');
  const until = after === undefined ? Number(headers['x-ratelimit-reset'] ?? Number.NaN) * 1000 : Date.parse(after);
  const waitMs = until - answeredAt;
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : undefined;
}
