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
  /** What has ended: by its Enter or Tab and the key of a next scan, or, with `isOver`, because no more keys come. */
  readonly take: (isOver: boolean) => readonly WholeScan[];
};

/**
 * Takes whole runs of keys, whatever their speed, where nothing is known of the scanner yet: the set-up. A person still
 * moves about with Tab, Enter, Esc and the arrows. Holds state, reads no clock and no DOM.
 */
export function createWholeScanReader(): WholeScanReader {
  let run: KeyPress[] = [];
  let ended: WholeScan[] = [];
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
        if (run.length > 0 && meaningOf(run.at(-1) ?? key).kind === 'end') end();
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

  function end(): void {
    // A single character is a key of the screen; where nothing is asked for, nobody types more, or an Enter behind it.
    if (run.length > 0) ended.push({ kind: run.length < 2 ? 'typing' : 'scan', presses: run });
    run = [];
  }

  function take(isOver: boolean): readonly WholeScan[] {
    if (isOver) end();
    const taken = ended;
    ended = [];
    return taken;
  }

  return { press, releaseAlt, take };
}
