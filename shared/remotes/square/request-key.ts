const OFFSET = 0x6c62272e07bb014262b821756295c58dn;
const PRIME = 0x0000000001000000000000000000013bn;

/**
 * A key for a request's content: FNV-1a over its UTF-16 units, 128 bits, as 32 hex digits. The same content gives the same
 * key and other content another one, so a key can never be used again for a body that it did not stand for.
 */
export function requestKey(content: string): string {
  let hash = OFFSET;
  for (let at = 0; at < content.length; at += 1)
    hash = BigInt.asUintN(128, (hash ^ BigInt(content.charCodeAt(at))) * PRIME);
  return hash.toString(16).padStart(32, '0');
}
