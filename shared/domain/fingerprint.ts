/** The prime of 128-bit FNV is 2^88 + 315. */
const FACTOR = 315;
const LIMB = 0xffff;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * A short, stable name for a text: FNV-1a over its UTF-16 units, 128 bits, as 32 hex digits. The same text gives the
 * same name on every machine. It keeps unlike texts apart by chance only, so it must never guard a secret.
 */
export function fingerprint(text: string): string {
  // Eight limbs of 16 bits, lowest first, in whole numbers of 32 bits: big integers, or floats, would make a plan of a
  // hundred thousand lines take seconds.
  let [a, b, c, d, e, f, g, h] = [0xc58d, 0x6295, 0x2175, 0x62b8, 0x0142, 0x07bb, 0x272e, 0x6c62];
  for (let at = 0; at < text.length; at += 1) {
    a ^= text.charCodeAt(at);
    const second = b * FACTOR + ((a * FACTOR) >>> 16);
    const third = c * FACTOR + (second >>> 16);
    const fourth = d * FACTOR + (third >>> 16);
    const fifth = e * FACTOR + (fourth >>> 16);
    // 2^88 moves everything up by five limbs and 8 bits.
    const sixth = f * FACTOR + (fifth >>> 16) + ((a << 8) & LIMB);
    const seventh = g * FACTOR + (sixth >>> 16) + (a >>> 8) + ((b << 8) & LIMB);
    const eighth = h * FACTOR + (seventh >>> 16) + (b >>> 8) + ((c << 8) & LIMB);
    a = (a * FACTOR) & LIMB;
    b = second & LIMB;
    c = third & LIMB;
    d = fourth & LIMB;
    e = fifth & LIMB;
    f = sixth & LIMB;
    g = seventh & LIMB;
    h = eighth & LIMB;
  }
  return hex(h) + hex(g) + hex(f) + hex(e) + hex(d) + hex(c) + hex(b) + hex(a);
}

function hex(limb: number): string {
  return `${HEX[limb >>> 8]}${HEX[limb & 0xff]}`;
}
