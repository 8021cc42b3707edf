/**
 * How a spreadsheet shows a number (ECMA-376 part 1, 18.8.30 and 18.8.31), as far as an import must know: whether it is a
 * date, and what text it becomes where the format adds to it: zeros in front, dashes, words. Decimals, grouping and
 * percent change no number, so there the number itself is taken.
 */

/** Formats that have a number and no text in the file; those of dates, and the ones that are dates in East Asia. */
const DATE_IDS = [
  14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 45, 46, 47, 50, 51, 52, 53, 54, 55, 56,
  57, 58,
];

/** Whether a cell of this format holds a date or a time. `code` is the format's text, where the file has one. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return DATE_IDS.includes(id);
  return partsOf(code).some((part) => part.kind === 'letter' && /[dmyhs]/i.test(part.text));
}

type FormatPart = { readonly kind: 'digit' | 'literal' | 'letter' | 'mark'; readonly text: string };

/** The parts of a format's first section, which is the one of positive numbers. */
function partsOf(code: string): readonly FormatPart[] {
  const parts: FormatPart[] = [];
  for (let at = 0; at < code.length && at < 255; at += 1) {
    const letter = code.charAt(at);
    if (letter === ';') break;
    if (letter === '"') {
      const end = code.indexOf('"', at + 1);
      parts.push({ kind: 'literal', text: code.slice(at + 1, end < 0 ? undefined : end) });
      at = end < 0 ? code.length : end;
    } else if (letter === '\\') {
      parts.push({ kind: 'literal', text: code.charAt(at + 1) });
      at += 1;
    } else if (letter === '_' || letter === '*') at += 1;
    else if (letter === '[') {
      const end = code.indexOf(']', at);
      const inside = code.slice(at + 1, end < 0 ? undefined : end);
      // [h], [mm], [ss]: time that goes on beyond a day. [$€-407], [Red]: money and colour.
      if (/^[hms]+$/i.test(inside)) parts.push({ kind: 'letter', text: inside });
      at = end < 0 ? code.length : end;
    } else if (/[0#?]/.test(letter)) parts.push({ kind: 'digit', text: letter });
    else if (/[.,%@]/.test(letter)) parts.push({ kind: 'mark', text: letter });
    else if (/\p{L}/u.test(letter)) parts.push({ kind: 'letter', text: letter });
    else parts.push({ kind: 'literal', text: letter });
  }
  return parts;
}

/** Money is no part of a number's text. */
const isWord = (text: string): boolean =>
  /\p{L}/u.test(text) && !/^\s*(?:EUR|USD|GBP|CHF|kr|zł|Kč|Ft)\s*$/iu.test(text);

/**
 * What a number cell shows where that says more than its number: `0042`, `12-345`, `SKU-0042`, `10 ctn`. Undefined where
 * the number says it all.
 */
export function shownNumber(number: string, code: string): string | undefined {
  // "General" is as many digits and decimals as there are.
  const parts = partsOf(code.replace(/general/i, '#.#'));
  if (!parts.some(({ kind }) => kind === 'digit')) return undefined;
  const hasWords = parts.some(({ kind, text }) => kind === 'literal' && isWord(text));
  const isPlain = parts.every(({ kind }) => kind === 'digit' || kind === 'literal');
  if (isPlain && /^\d{1,15}$/.test(number)) {
    const zeros = parts.filter(({ text }) => text === '0').length;
    const between = betweenDigits(parts).some(({ kind }) => kind === 'literal');
    if (zeros > 1 || hasWords || between) return filled(parts, number);
    return undefined;
  }
  if (!hasWords) return undefined;
  // Decimals or grouping with words beside them: "2.5 kg".
  const [first, last] = [
    parts.findIndex(({ kind }) => kind === 'digit'),
    parts.findLastIndex(({ kind }) => kind === 'digit'),
  ];
  const words = (some: readonly FormatPart[]): string =>
    some
      .map(({ kind, text }) => (kind === 'literal' ? text : ''))
      .join('')
      .trim();
  return [words(parts.slice(0, first)), number, words(parts.slice(last + 1))].filter((text) => text !== '').join(' ');
}

function betweenDigits(parts: readonly FormatPart[]): readonly FormatPart[] {
  return parts.slice(
    parts.findIndex(({ kind }) => kind === 'digit'),
    parts.findLastIndex(({ kind }) => kind === 'digit'),
  );
}

/** Digits put into a format from the right; what is left over stands at its first place. */
function filled(parts: readonly FormatPart[], number: string): string {
  const first = parts.findIndex(({ kind }) => kind === 'digit');
  let left = number.replace(/^0+(?=\d)/, '');
  let text = '';
  for (let at = parts.length - 1; at >= 0; at -= 1) {
    const part = parts[at];
    if (part === undefined) continue;
    if (part.kind === 'literal') text = part.text + text;
    else if (at === first) {
      text = (left === '' && part.text === '0' ? '0' : left) + text;
      left = '';
    } else if (left !== '') {
      text = left.slice(-1) + text;
      left = left.slice(0, -1);
    } else if (part.text === '0') text = `0${text}`;
  }
  return text.trim();
}
