/** The 8-bit and double-byte encodings that are told apart by what their letters would be. */
export type CodePage = 'windows-1252' | 'windows-1250' | 'windows-1251' | 'shift_jis' | 'gbk';

const SAMPLE = 2_000_000;

/**
 * The code page of bytes that are no UTF-8. Cyrillic comes in whole words of high bytes; Shift-JIS and GBK in pairs that
 * leave none over; of Central and Western Europe the one that puts no sign (¹ ³ ¿ ¾) inside a word. Western without a sign
 * of anything else.
 */
export function guessCodePage(bytes: Uint8Array): CodePage {
  const sample = bytes.subarray(0, SAMPLE);
  const counts = countHigh(sample);
  if (counts.high === 0) return 'windows-1252';
  const japanese = pairs(sample, isShiftJisPair);
  if (japanese.left === 0 && looksJapanese(sample)) return 'shift_jis';
  // In a word of a Western language a high byte stands alone or in twos.
  if (counts.inRuns / counts.high > 0.5) {
    const chinese = pairs(sample, isGbkPair);
    const cyrillic = counts.letters / counts.high > 0.9 && counts.upper / counts.high < 0.6 && isCyrillicCase(sample);
    if (cyrillic) return 'windows-1251';
    if (chinese.left === 0 && chinese.pairs > 0) return 'gbk';
    if (japanese.left === 0 && japanese.pairs > 0) return 'shift_jis';
    if (counts.letters / counts.high > 0.8) return 'windows-1251';
  }
  return counts.signsInWords > 0 && counts.signsInWords * 20 >= counts.high ? 'windows-1250' : 'windows-1252';
}

type HighCounts = {
  readonly high: number;
  /** High bytes with two more beside them. */
  readonly inRuns: number;
  /** Bytes of 0xC0 and above, where code page 1251 has its letters. */
  readonly letters: number;
  readonly upper: number;
  /** Bytes between letters that are signs in Windows-1252 and letters in 1250: ą ł ľ ś ź ż ť. */
  readonly signsInWords: number;
};

const isHigh = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x80;
const isAsciiLetter = (byte: number | undefined): boolean =>
  byte !== undefined && ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a));
const isLetter = (byte: number | undefined): boolean => isAsciiLetter(byte) || (byte !== undefined && byte >= 0xc0);
/** Letters of Windows-1250 at places where 1252 has signs. */
const SIGNS = new Set([0x8d, 0x8f, 0x9d, 0xa3, 0xa5, 0xaf, 0xb3, 0xb9, 0xbc, 0xbe, 0xbf]);

function countHigh(bytes: Uint8Array): HighCounts {
  let [high, inRuns, letters, upper, signsInWords] = [0, 0, 0, 0, 0];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) continue;
    high += 1;
    const [before, after] = [bytes[at - 1], bytes[at + 1]];
    if (
      (isHigh(before) && isHigh(after)) ||
      (isHigh(after) && isHigh(bytes[at + 2])) ||
      (isHigh(before) && isHigh(bytes[at - 2]))
    )
      inRuns += 1;
    if (byte >= 0xc0) letters += 1;
    if (byte >= 0xc0 && byte <= 0xdf) upper += 1;
    if (SIGNS.has(byte) && (isLetter(before) || isLetter(after)) && !isDigit(before)) signsInWords += 1;
  }
  return { high, inRuns, letters, upper, signsInWords };
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** Whether capitals of 1251 (0xC0 to 0xDF) begin words, or whole words are of them, as in Russian; Chinese knows no case. */
function isCyrillicCase(bytes: Uint8Array): boolean {
  let [fits, strange] = [0, 0];
  for (let at = 1; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    const before = bytes[at - 1] ?? 0;
    if (byte < 0xc0 || before < 0xc0) continue;
    if (byte <= 0xdf && before >= 0xe0) strange += 1;
    else fits += 1;
  }
  return fits > strange * 10;
}

type Pair = (lead: number, trail: number) => boolean;
const isShiftJisPair: Pair = (lead, trail) =>
  ((lead >= 0x81 && lead <= 0x9f) || (lead >= 0xe0 && lead <= 0xfc)) &&
  trail >= 0x40 &&
  trail <= 0xfc &&
  trail !== 0x7f;
const isGbkPair: Pair = (lead, trail) =>
  lead >= 0x81 && lead <= 0xfe && trail >= 0x40 && trail <= 0xfe && trail !== 0x7f;

/** How many pairs of this encoding there are, and how many high bytes belong to none. */
function pairs(bytes: Uint8Array, isPair: Pair): { readonly pairs: number; readonly left: number } {
  let [found, left] = [0, 0];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) continue;
    if (at + 1 < bytes.length && isPair(byte, bytes[at + 1] ?? 0)) {
      found += 1;
      at += 1;
    } else if (isPair === isShiftJisPair && byte >= 0xa1 && byte <= 0xdf) continue;
    // The sample may end within a pair.
    else if (at + 1 < bytes.length) left += 1;
  }
  return { pairs: found, left };
}

/** Japanese text has kana: in Shift-JIS they lead with 0x82 and 0x83, bytes that begin no common word elsewhere. */
function looksJapanese(bytes: Uint8Array): boolean {
  let [kana, pairsSeen] = [0, 0];
  for (let at = 0; at + 1 < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x80) continue;
    if (!isShiftJisPair(byte, bytes[at + 1] ?? 0)) continue;
    pairsSeen += 1;
    if (byte === 0x82 || byte === 0x83) kana += 1;
    at += 1;
  }
  return kana > 0 && kana * 12 >= pairsSeen;
}
