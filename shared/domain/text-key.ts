const BLANK = 0x20;
const SMALL_A = 0x61;
const SMALL_Z = 0x7a;

/**
 * The form under which two texts of a label are the same: without blanks at the edges, in capitals, composed (NFC). So the
 * state of Caps Lock, and whether ö came as one sign or as o and dots, make no second bin, item, lot or serial. Letters that
 * would become others in capitals stay as they are: ı is not I, ß is not SS.
 */
export function textKey(text: string): string {
  // Folding a ledger asks this for each entry, and nearly every code is plain ASCII, in capitals already.
  if (isOwnKey(text)) return text;
  return isAscii(text)
    ? text.trim().toUpperCase()
    : text
        .normalize('NFC')
        .trim()
        .replace(/./gsu, (letter) => capital(letter));
}

/** Whether a text is ASCII without small letters, and without blanks or control signs at its edges. */
function isOwnKey(text: string): boolean {
  if (text.charCodeAt(0) <= BLANK || text.charCodeAt(text.length - 1) <= BLANK) return false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 127 || (code >= SMALL_A && code <= SMALL_Z)) return false;
  }
  return true;
}

/**
 * The form under which a code is the same when it is printed without its dashes: letters and digits only. Two codes may
 * share it ("A-11", "A1-1"), so it is looked up only when nothing is called so, and asks where it is not alone.
 */
export function looseKey(text: string): string {
  return textKey(text).replace(/[^\p{L}\p{N}]/gu, '');
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 127) return false;
  return true;
}

function capital(letter: string): string {
  const upper = letter.toUpperCase();
  return upper.toLowerCase() === letter ? upper : letter;
}
