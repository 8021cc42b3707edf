import { guessCodePage } from './code-page.ts';

/** Encodings that spreadsheets and stock programs write, by their names in the Encoding Standard. */
export const TEXT_ENCODINGS = [
  'utf-8',
  'windows-1252',
  'windows-1250',
  'windows-1251',
  'shift_jis',
  'gbk',
  'utf-16le',
  'utf-16be',
] as const;
export type TextEncoding = (typeof TEXT_ENCODINGS)[number];

export type DetectedEncoding = {
  readonly encoding: TextEncoding;
  /** Bytes of the byte order mark to pass over. */
  readonly skip: number;
  /** Nothing but likelihood speaks for it: a person should look at the letters. */
  readonly guessed: boolean;
};

const SAMPLE = 4096;

/** Bytes of this encoding's byte order mark at the beginning; 0 where there is none. */
export function markLength(bytes: Uint8Array, encoding: TextEncoding): number {
  const [first, second, third] = bytes;
  if (encoding === 'utf-8') return first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0;
  if (encoding === 'utf-16le') return first === 0xff && second === 0xfe ? 2 : 0;
  if (encoding === 'utf-16be') return first === 0xfe && second === 0xff ? 2 : 0;
  return 0;
}

/**
 * How the bytes of a text file are encoded: by its byte order mark; else UTF-16 where every second byte of the beginning
 * is zero; else UTF-8 where all of it is, or where letters of UTF-8 outnumber the bytes that are none: one bad byte does
 * not make another file of it. Else one of the code pages, by what the letters would be: a guess, and said to be one.
 */
export function detectEncoding(bytes: Uint8Array): DetectedEncoding {
  for (const encoding of ['utf-8', 'utf-16le', 'utf-16be'] as const) {
    const skip = markLength(bytes, encoding);
    if (skip > 0) return { encoding, skip, guessed: false };
  }
  const wide = withoutMark(bytes);
  if (wide !== null) return { encoding: wide, skip: 0, guessed: false };
  const { letters, strays } = countUtf8(bytes);
  if (letters > strays || strays === 0) return { encoding: 'utf-8', skip: 0, guessed: strays > 0 };
  return { encoding: guessCodePage(bytes), skip: 0, guessed: true };
}

function withoutMark(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const pairs = Math.floor(Math.min(bytes.length, SAMPLE) / 2);
  if (pairs < 4) return null;
  let even = 0;
  let odd = 0;
  for (let at = 0; at < pairs * 2; at += 2) {
    if (bytes[at] === 0) even += 1;
    if (bytes[at + 1] === 0) odd += 1;
  }
  // Digits, separators and line ends have a zero half in UTF-16, whatever the language of the names.
  if (odd > pairs * 0.3 && even < pairs * 0.05) return 'utf-16le';
  if (even > pairs * 0.3 && odd < pairs * 0.05) return 'utf-16be';
  return null;
}

/**
 * Letters of UTF-8 beyond ASCII, and bytes that are no UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above
 * U+10FFFF).
 */
export function countUtf8(bytes: Uint8Array): { readonly letters: number; readonly strays: number } {
  let [letters, strays] = [0, 0];
  for (let at = 0; at < bytes.length;) {
    if ((bytes[at] ?? 0) < 0x80) {
      at += 1;
      continue;
    }
    const length = letterLength(bytes, at);
    if (length === 0) strays += 1;
    else letters += 1;
    at += Math.max(1, length);
  }
  return { letters, strays };
}

/** Bytes of the letter beyond ASCII that begins here; 0 where none does. */
function letterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const more =
    first >= 0xc2 && first <= 0xdf ? 1 : first >= 0xe0 && first <= 0xef ? 2 : first >= 0xf0 && first <= 0xf4 ? 3 : 0;
  if (more === 0 || at + more >= bytes.length) return 0;
  const second = bytes[at + 1] ?? 0;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let next = 2; next <= more; next += 1) {
    if (((bytes[at + next] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return more + 1;
}

/** Windows-1252's own characters at 0x80 to 0x9F; the five it leaves free stay control characters, as browsers read them. */
const HIGH = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** Text of Windows-1252 bytes. Written out because Node 20's decoder of that name reads 0x80 to 0x9F as Latin-1. */
export function decodeWindows1252(bytes: Uint8Array): string {
  const pieces: string[] = [];
  const units = new Uint16Array(8192);
  for (let from = 0; from < bytes.length; from += units.length) {
    const count = Math.min(units.length, bytes.length - from);
    for (let at = 0; at < count; at += 1) {
      const byte = bytes[from + at] ?? 0;
      units[at] = byte >= 0x80 && byte <= 0x9f ? HIGH.charCodeAt(byte - 0x80) : byte;
    }
    pieces.push(String.fromCharCode(...units.subarray(0, count)));
  }
  return pieces.join('');
}
