const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** What makes an nkey a user's: it begins with U. */
const USER = 20 << 3;

function base32(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31] ?? '';
    held &= 31;
  }
  return bits === 0 ? text : text + (ALPHABET[(held << (5 - bits)) & 31] ?? '');
}

/** CRC-16/XMODEM. */
function crc16(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) {
    sum ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) sum = ((sum << 1) ^ (sum & 0x8000 ? 0x1021 : 0)) & 0xffff;
  }
  return sum;
}

/** A laptop's public key (base64url of 32 bytes) as NATS writes the name of a user. */
export function nkeyOf(key: string): string {
  const bytes = Uint8Array.of(USER, ...Buffer.from(key, 'base64url'));
  const sum = crc16(bytes);
  return base32(Uint8Array.of(...bytes, sum & 0xff, sum >> 8));
}
