/** The first 32 bits of the fraction of `root(prime)` (FIPS 180-4, 4.2.2 and 5.3.3), worked out in whole numbers. */
function fractionOf(prime: number, power: 2 | 3): number {
  const wanted = BigInt(prime) << BigInt(32 * power);
  let root = 0n;
  for (let bit = 1n << 40n; bit > 0n; bit >>= 1n) if ((root | bit) ** BigInt(power) <= wanted) root |= bit;
  return Number(BigInt.asUintN(32, root));
}

const PRIMES: readonly number[] = Array.from({ length: 310 }, (_, one) => one + 2).filter((one) => {
  for (let by = 2; by * by <= one; by += 1) if (one % by === 0) return false;
  return true;
});
const ROUNDS: readonly number[] = PRIMES.slice(0, 64).map((prime) => fractionOf(prime, 3));
const START: readonly number[] = PRIMES.slice(0, 8).map((prime) => fractionOf(prime, 2));

/**
 * SHA-256 (FIPS 180-4) of ASCII text, as base64url without padding: the code challenge of a sign-in (RFC 7636, 4.2).
 * @throws for text beyond ASCII.
 */
export function sha256Base64Url(text: string): string {
  return base64Url(sha256(Array.from(text, asciiOf)));
}

function asciiOf(character: string): number {
  const code = character.charCodeAt(0);
  if (character.length !== 1 || code > 127) throw new Error('sha256: beyond ASCII');
  return code;
}

function sha256(message: readonly number[]): readonly number[] {
  const padded = [...message, 0x80, ...Array.from({ length: (119 - (message.length % 64)) % 64 }, () => 0)];
  const bits = BigInt(message.length) * 8n;
  for (let shift = 56n; shift >= 0n; shift -= 8n) padded.push(Number((bits >> shift) & 0xffn));
  let state = START;
  for (let at = 0; at < padded.length; at += 64) state = compress(state, padded.slice(at, at + 64));
  return state.flatMap((word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]);
}

function compress(state: readonly number[], block: readonly number[]): readonly number[] {
  const words = new Uint32Array(64);
  const word = (at: number) => words[at] ?? 0;
  for (let at = 0; at < 16; at += 1)
    words[at] = block.slice(at * 4, at * 4 + 4).reduce((sum, byte) => (sum << 8) | byte, 0);
  for (let at = 16; at < 64; at += 1) {
    const early = turn(word(at - 15), 7) ^ turn(word(at - 15), 18) ^ (word(at - 15) >>> 3);
    const late = turn(word(at - 2), 17) ^ turn(word(at - 2), 19) ^ (word(at - 2) >>> 10);
    words[at] = word(at - 16) + early + word(at - 7) + late;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let at = 0; at < 64; at += 1) {
    const big = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const first = (h + big + ((e & f) ^ (~e & g)) + (ROUNDS[at] ?? 0) + word(at)) | 0;
    const small = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const second = (small + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [a, b, c, d, e, f, g, h] = [(first + second) | 0, a, b, c, (d + first) | 0, e, f, g];
  }
  return [a, b, c, d, e, f, g, h].map((one, at) => (one + (state[at] ?? 0)) >>> 0);
}

function turn(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function base64Url(bytes: readonly number[]): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const some = bytes.slice(at, at + 3);
    const whole = ((some[0] ?? 0) << 16) | ((some[1] ?? 0) << 8) | (some[2] ?? 0);
    for (let place = 0; place <= some.length; place += 1) text += ALPHABET[(whole >>> (18 - 6 * place)) & 63] ?? '';
  }
  return text;
}
