import { type KeyPress, meaningOf } from './key-meaning.ts';

/** Longer than any scanner waits between two keys, by the keys’ own times and as silence after the last one, ms. */
export const WHOLE_SCAN_SILENCE_MS = 600;

/** What a run of keys came to: a scan of whatever speed, or keys that a person pressed. */
export type WholeScan = { readonly kind: 'scan' | 'typing'; readonly presses: readonly KeyPress[] };

export type WholeScanReader = {
  /** True: the key belongs to the run and the page must not see it. */
  readonly press: (press: KeyPress) => boolean;
  /** Alt went up: the digits pressed with it were one character. */
  readonly releaseAlt: (press: KeyPress) => boolean;
  /** No more keys come. */
  readonly rest: () => WholeScan | undefined;
};

/**
 * Takes whole runs of keys, whatever their speed, where nothing is known of the scanner yet: the set-up. A person still
 * moves about with Tab, Enter, Esc and the arrows. Holds state, reads no clock and no DOM.
 */
export function createWholeScanReader(): WholeScanReader {
  let run: KeyPress[] = [];
  let altDigits = '';

  function press(key: KeyPress): boolean {
    const meaning = meaningOf(key);
    switch (meaning.kind) {
      case 'modifier':
        return run.length > 0 && key.key === 'Alt';
      case 'alt_digit':
        altDigits += meaning.digit;
        return true;
      case 'character':
      case 'dead':
        if (run.length === 0 && key.key === ' ') return false;
        run.push(key);
        return true;
      case 'end':
      case 'control':
      case 'separator_key':
        if (run.length === 0) return false;
        run.push(key);
        return true;
      case 'foreign':
        return false;
    }
  }

  function releaseAlt(key: KeyPress): boolean {
    const point = Number(altDigits);
    altDigits = '';
    if (point <= 0 || point > 255) return false;
    run.push({ ...key, key: String.fromCharCode(point), code: '', altKey: false });
    return true;
  }

  function rest(): WholeScan | undefined {
    const presses = run;
    run = [];
    if (presses.length === 0) return undefined;
    // A single character is a key of the screen; where nothing is asked for, nobody types more, or an Enter behind it.
    return presses.length < 2 ? { kind: 'typing', presses } : { kind: 'scan', presses };
  }

  return { press, releaseAlt, rest };
}
