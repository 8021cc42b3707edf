const NOT_ASCII = /[^\u0020-\u007e]/;
const MARKS = /\p{M}+/gu;
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  æ: 'ae',
  œ: 'oe',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};
const SPECIAL = /[ßøæœłđðþı]/g;

/**
 * The form in which texts are compared when a person searches: lower case, accents taken off, white space and control
 * characters as one space. "Véritable PÂTE" and "veritable pate" are one; other scripts keep their letters.
 */
export function foldForSearch(text: string): string {
  if (!NOT_ASCII.test(text)) return text.toLowerCase();
  return text
    .normalize('NFD')
    .replace(MARKS, '')
    .toLowerCase()
    .replace(SPECIAL, (letter) => LETTERS[letter] ?? letter)
    .replace(/[\s\u0000-\u001f]+/g, ' ');
}

/** The words of a search, folded, longest first: the rarest is looked for first. At most eight are used. */
export function searchWords(text: string): readonly string[] {
  const words = foldForSearch(text.slice(0, 200)).split(' ');
  return [...new Set(words)]
    .filter((word) => word !== '')
    .toSorted((left, right) => right.length - left.length)
    .slice(0, 8);
}
