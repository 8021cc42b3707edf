import type { Scanner } from '../../shared/domain/scanner.ts';
import { evidenceOf } from './learned.ts';
import { clusterStart, ENOUGH_EQUAL_GAPS, fastTailOf, gapsOf, isCompatible, isEqual } from './rhythm.ts';

/** One run of characters with hardly a pause between them, and what is known about where it came from. */
export type Run = {
  readonly texts: readonly string[];
  /** The same keys on a US keyboard. */
  readonly usTexts: readonly string[];
  /** When the machine saw each key, ms. */
  readonly timesMs: readonly number[];
  /** When Enter or Tab came; absent: silence or another key ended the run. */
  readonly endMs: number | undefined;
  readonly endedBy: 'Enter' | 'Tab' | 'silence' | 'key';
  /** The focus was in a field: what was typed stands there. */
  readonly inField: boolean;
  /** A field that is there to take codes: typed or scanned, Enter means the same. */
  readonly takesCodes: boolean;
};

/** What the page knows about texts and keys. */
export type Knowledge = {
  /** Whether this is a code of an item, a pack or a bin, a command card or a badge. */
  isKnown(text: string, usText: string): boolean;
  /** Whether the character alone does something on the screen as it is now. */
  isHotKey(character: string): boolean;
  /** Scanners that were learned from the test card; none: every pace is a stranger's. */
  scanners?(): readonly Scanner[];
};

/**
 * The first `typed` characters were a person's. The others: `scan`; `doubt`: digits of a known code that a person may
 * have typed as a quantity just as well; `typing`.
 */
export type Verdict = { readonly typed: number; readonly rest: 'scan' | 'doubt' | 'typing' };

/** What can be typed as a quantity. */
const QUANTITY = /^[\d*x×.,+-]+$/i;
const SUM = /[*x×.,+]/i;
/** Fewer quick characters than this may be two fingers of a person. */
export const SURELY_A_BURST = 4;
/** Nobody counts so many of anything. */
const LONGER_THAN_QUANTITIES = 8;
/** So much speaks for a learned scanner that it was one, for a code that is known and for one that is not. */
const ENOUGH_KNOWN = 3;
const ENOUGH_UNKNOWN = 4;

/** Tells a scan from typing: by speed, then by what the characters are, then by how equal the gaps are. Pure. */
export function judge(run: Run, knowledge: Knowledge): Verdict {
  const { timesMs, endMs } = run;
  const length = timesMs.length;
  if (length === 0) return { typed: 0, rest: 'typing' };
  const isKnown = (from: number): boolean =>
    knowledge.isKnown(run.texts.slice(from).join(''), run.usTexts.slice(from).join(''));
  const tail = fastTailOf(timesMs, endMs);
  // Two fingers of a person are as quick, also on the last digit and Enter. In a field nothing is lost by believing so.
  const isChord = length - tail < SURELY_A_BURST && (tail > 0 || (run.inField && endMs === undefined));
  if (tail < length && !isChord) return { typed: startOf(run, tail, isKnown), rest: 'scan' };
  const gaps = gapsOf(endMs === undefined ? timesMs : [...timesMs, endMs]);
  const learned = judgeLearned(run, gaps, isKnown(0), knowledge);
  if (learned !== undefined) return { typed: 0, rest: learned };
  const rest = run.inField ? judgeInField(run, gaps, isKnown(0)) : judgeOutside(run, gaps, isKnown(0), knowledge);
  return { typed: rest === 'typing' ? length : 0, rest };
}

/** Quick typing right before a scan can look like its beginning; then the code that is known is the scan. */
function startOf({ timesMs }: Run, tail: number, isKnown: (from: number) => boolean): number {
  const last = clusterStart(timesMs, timesMs.length - 1);
  return last > tail && !isKnown(tail) && isKnown(last) ? last : tail;
}

/** What the pace of a scanner that was set up says; undefined: nothing, or too little. */
function judgeLearned(
  run: Run,
  gaps: readonly number[],
  isKnown: boolean,
  { isHotKey, scanners }: Knowledge,
): Verdict['rest'] | undefined {
  const { texts, usTexts, endedBy, inField, takesCodes } = run;
  const text = texts.join('');
  const evidence = evidenceOf({ text, usText: usTexts.join(''), gaps, endedBy }, scanners?.() ?? [], inField);
  if (evidence === 0) return undefined;
  if (evidence >= (isKnown || takesCodes ? ENOUGH_KNOWN : ENOUGH_UNKNOWN)) return 'scan';
  if (inField) return undefined;
  // Letters are no quantity; those that do something on the screen are a person's unless they are a code.
  if (!QUANTITY.test(text)) {
    const isMixed = /\d/.test(text) && evidence > 1;
    return isKnown || isMixed || !texts.every(isHotKey) ? 'scan' : undefined;
  }
  // Digits at that pace are never taken for a quantity without a question, but for a single one.
  return isKnown || evidence > 1 ? 'doubt' : undefined;
}

function judgeOutside(
  { texts, endMs }: Run,
  gaps: readonly number[],
  isKnown: boolean,
  { isHotKey }: Knowledge,
): Verdict['rest'] {
  const text = texts.join('');
  const ended = endMs !== undefined;
  if (!isCompatible(gaps)) return 'typing';
  // Nobody types where there is no field, and where these keys do nothing.
  if ((ended || texts.length > 1) && !texts.every(isHotKey)) return 'scan';
  if (!QUANTITY.test(text)) {
    if (isKnown) return ended || texts.length > 1 ? 'scan' : 'typing';
    return isEqual(gaps) ? 'scan' : 'typing';
  }
  if (isKnown) {
    if (isEqual(gaps) || texts.length >= LONGER_THAN_QUANTITIES) return 'scan';
    return ended || texts.length > 1 ? 'doubt' : 'typing';
  }
  return isEqual(gaps, SUM.test(text) ? ENOUGH_EQUAL_GAPS + 2 : ENOUGH_EQUAL_GAPS) ? 'scan' : 'typing';
}

function judgeInField({ texts, endMs, takesCodes }: Run, gaps: readonly number[], isKnown: boolean): Verdict['rest'] {
  if (!isCompatible(gaps)) return 'typing';
  if (isEqual(gaps)) return isKnown || endMs !== undefined ? 'scan' : 'typing';
  if (!isKnown || endMs === undefined) return 'typing';
  if (takesCodes) return 'typing';
  return texts.length >= LONGER_THAN_QUANTITIES ? 'scan' : 'doubt';
}
