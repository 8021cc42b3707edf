const LIMB = 2 ** 32;
/** The prime of 128-bit FNV is 2^88 + 315. */
const FACTOR = 315;

/**
 * A short, stable name for a text: FNV-1a over its UTF-16 units, 128 bits, as 32 hex digits. The same text gives the
 * same name on every machine. It keeps unlike texts apart by chance only, so it must never guard a secret.
 */
export function fingerprint(text: string): string {
  // Four limbs of 32 bits, lowest first: big integers would make a plan of a hundred thousand lines take seconds.
  let [a, b, c, d] = [0x6295c58d, 0x62b82175, 0x07bb0142, 0x6c62272e];
  for (let at = 0; at < text.length; at += 1) {
    a = (a ^ text.charCodeAt(at)) >>> 0;
    const low = a * FACTOR;
    const second = b * FACTOR + Math.floor(low / LIMB);
    // 2^88 moves everything up by two limbs and 24 bits.
    const third = c * FACTOR + Math.floor(second / LIMB) + ((a << 24) >>> 0);
    const fourth = d * FACTOR + Math.floor(third / LIMB) + (a >>> 8) + ((b << 24) >>> 0);
    a = low >>> 0;
    b = second >>> 0;
    c = third >>> 0;
    d = fourth >>> 0;
  }
  return [d, c, b, a].map((limb) => limb.toString(16).padStart(8, '0')).join('');
}
