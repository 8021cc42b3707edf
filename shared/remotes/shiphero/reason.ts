import type { SendLine } from '../../domain/ledger-entry.ts';

/** What is written where nobody gave a reason. */
const DEFAULT_WORD = 'Stock count';
/** How much of a word is sent: how long a reason may be is not known, and the reference must not be cut off. */
const LONGEST_WORD = 60;

/** A reference of ours within a reason. */
export const OUR_REF: RegExp = /(^|\s)tb-/;

/** The text that ShipHero keeps with a change: why, and our reference, the only thing to find it by again. */
export function reasonText(line: Pick<SendLine, 'ref' | 'reason'>): string {
  const word = (line.reason ?? '')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_WORD)
    .trim();
  return `${word || DEFAULT_WORD} ${line.ref}`;
}

/** How many characters of a reference tell it from others. */
const TELLING = 12;

/**
 * What a reason in the history has to do with ours: `ours` bears the reference, or as much of it as a cut reason has left;
 * `maybe` was cut before it; `other` is somebody else's.
 */
export function compareReason(written: string, line: Pick<SendLine, 'ref' | 'reason'>): 'ours' | 'maybe' | 'other' {
  if (written.includes(line.ref)) return 'ours';
  const whole = reasonText(line);
  if (written === '' || !whole.startsWith(written)) return 'other';
  const refStart = whole.length - line.ref.length;
  return written.length >= refStart + TELLING ? 'ours' : 'maybe';
}
