/**
 * How long an answer asks to wait, in ms: `Retry-After` as seconds or as an HTTP date. Whether Zettle sends it is not
 * written anywhere (contracts: Zettle 1). A date is compared with the answer's own `Date`, so this laptop's clock plays
 * no part.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>): number | undefined {
  const after = headers['retry-after']?.trim();
  if (after === undefined) return undefined;
  if (/^\d{1,9}$/.test(after)) return Number(after) * 1000;
  const waitMs = Date.parse(after) - Date.parse(headers['date'] ?? '');
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : undefined;
}
