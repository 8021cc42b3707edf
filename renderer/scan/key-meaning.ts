/** A key going down, freed from the DOM. `timeMs` is when the machine saw it, not when the page got round to it. */
export type KeyPress = {
  readonly key: string;
  /** The position on the keyboard, `''` when unknown. */
  readonly code: string;
  readonly timeMs: number;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly repeat: boolean;
  readonly composing: boolean;
  /** Whether the focus is in a field that would take the character. */
  readonly editable: boolean;
  /** Whether that field is there to take codes (`data-codes`): typed or scanned, Enter means the same in it. */
  readonly takesCodes: boolean;
};

export type KeyMeaning =
  | { readonly kind: 'character'; readonly text: string }
  /** A digit of Alt+029: part of one character that comes out when Alt is let go. */
  | { readonly kind: 'alt_digit'; readonly digit: string }
  /** A control character of a scanner, named like `^B`; nothing to a person unless a burst is on. */
  | { readonly kind: 'control'; readonly name: string }
  /** F8 set up as the stand-in for FNC1; outside a burst it is the key F8. */
  | { readonly kind: 'separator_key' }
  /** A dead key: gives nothing now, but its position is known. */
  | { readonly kind: 'dead' }
  | { readonly kind: 'end'; readonly by: 'Enter' | 'Tab' }
  | { readonly kind: 'modifier' }
  /** Nothing that a scanner sends. */
  | { readonly kind: 'foreign' };

const GS = '\u001D';
const MODIFIERS = new Set(['Shift', 'CapsLock', 'Control', 'Alt', 'AltGraph', 'Meta', 'NumLock', 'Fn', 'ScrollLock']);

/** Whether a key's name is the character it types, and not a word like `Enter`. */
export function isCharacter(key: string): boolean {
  return Array.from(key).length === 1;
}

/** What a key is to a scan. GS arrives as Ctrl+] (in any layout), as itself, as F8 or as Alt+029. */
export function meaningOf(press: KeyPress): KeyMeaning {
  const { key, code, ctrlKey, altKey, metaKey } = press;
  if (press.composing || press.repeat || key === 'Process' || metaKey) return { kind: 'foreign' };
  if (MODIFIERS.has(key)) return { kind: 'modifier' };
  if (altKey && !ctrlKey && /^Numpad\d$/.test(code)) return { kind: 'alt_digit', digit: code.slice(-1) };
  if (ctrlKey && !altKey) return controlMeaning(key, code);
  // Ctrl and Alt together are AltGr on Windows: an ordinary character of that layout.
  if (altKey !== ctrlKey) return { kind: 'foreign' };
  if (key === 'Enter') return { kind: 'end', by: 'Enter' };
  if (key === 'Tab') return press.shiftKey ? { kind: 'foreign' } : { kind: 'end', by: 'Tab' };
  if (key === 'F8') return { kind: 'separator_key' };
  if (key === 'Dead') return { kind: 'dead' };
  return isCharacter(key) ? characterMeaning(key) : { kind: 'foreign' };
}

function controlMeaning(key: string, code: string): KeyMeaning {
  if (key === ']' || key === GS || code === 'BracketRight') return { kind: 'character', text: GS };
  const letter = key.toUpperCase();
  if (letter === 'J' || letter === 'M') return { kind: 'control', name: letter === 'J' ? '^J' : '^M' };
  return /^[A-Z[\\^_@]$/.test(letter) ? { kind: 'control', name: `^${letter}` } : { kind: 'foreign' };
}

function characterMeaning(key: string): KeyMeaning {
  const point = key.codePointAt(0) ?? 0;
  if (key === GS) return { kind: 'character', text: key };
  if (key === '\r' || key === '\n') return { kind: 'end', by: 'Enter' };
  if (point < 0x20 || point === 0x7f) return { kind: 'control', name: `^${String.fromCharCode((point + 64) % 128)}` };
  return { kind: 'character', text: key };
}

const SHIFTED: Readonly<Record<string, string>> = {
  Minus: '-_',
  Equal: '=+',
  BracketLeft: '[{',
  BracketRight: ']}',
  Semicolon: ';:',
  Quote: '\'"',
  Backquote: '`~',
  Backslash: '\\|',
  IntlBackslash: '\\|',
  Comma: ',<',
  Period: '.>',
  Slash: '/?',
  Space: '  ',
  NumpadDecimal: '..',
  NumpadAdd: '++',
  NumpadSubtract: '--',
  NumpadMultiply: '**',
  NumpadDivide: '//',
};

/**
 * The character that this position has on a US keyboard, which is the one that scanners leave the factory with: what
 * the label says even when the computer's layout or Caps Lock says otherwise. Null when the position is unknown.
 */
export function usCharacter(code: string, shiftKey: boolean): string | null {
  const [, group = '', name = ''] = /^(Key|Digit|Numpad)([A-Z]|\d)$/.exec(code) ?? [];
  if (group === 'Key') return shiftKey ? name : name.toLowerCase();
  if (group === 'Numpad') return name;
  if (group === 'Digit') return shiftKey ? ')!@#$%^&*('.charAt(Number(name)) : name;
  return SHIFTED[code]?.charAt(shiftKey ? 1 : 0) ?? null;
}
