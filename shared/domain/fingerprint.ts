const OFFSET = 0x6c62272e07bb014262b821756295c58dn;
const PRIME = 0x0000000001000000000000000000013bn;

/**
 * A short, stable name for a text: FNV-1a over its UTF-16 units, 128 bits, as 32 hex digits. The same text gives the
 * same name on every machine. It keeps unlike texts apart by chance only, so it must never guard a secret.
 */
export function fingerprint(text: string): string {
  let hash = OFFSET;
  for (let at = 0; at < text.length; at += 1) hash = BigInt.asUintN(128, (hash ^ BigInt(text.charCodeAt(at))) * PRIME);
  return hash.toString(16).padStart(32, '0');
}
