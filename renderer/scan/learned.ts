import { type KeyedText, labelOf, type Scanner } from '../../shared/domain/scanner.ts';
import { LONGEST_GAP_MS, meanGapOf } from './rhythm.ts';

/** How the keys of one run came, as far as a learned scanner is told by it. */
export type Came = KeyedText & {
  /** From key to key, to the Enter or Tab that ended the run too. */
  readonly gaps: readonly number[];
  readonly endedBy: 'Enter' | 'Tab' | 'silence' | 'key';
};

/** Around the learned pace, ms: a person who happens to type at it is rarely so near twice in a row. */
const NEAR_MS = 4;
const LEAST_NEAR_MS = 6;
const MOST_NEAR_MS = 14;

/** The longest pause between two keys of one scan, ms; longer ones than usual for a scanner that is slower than that. */
export function longestGapMs(scanners: readonly Scanner[]): number {
  return Math.max(LONGEST_GAP_MS, ...scanners.map((scanner) => (scanner.keyMs + nearMs(scanner)) * 1.1));
}

function nearMs({ spreadMs }: Scanner): number {
  return Math.min(MOST_NEAR_MS, Math.max(LEAST_NEAR_MS, spreadMs + NEAR_MS));
}

/**
 * How much says that a run came from one of these scanners: each gap at its pace counts one, its prefix or suffix and a
 * Tab at the end count more. 0: nothing says so, or something speaks against all of them.
 */
export function evidenceOf(came: Came, scanners: readonly Scanner[], inField: boolean): number {
  return Math.max(0, ...scanners.map((scanner) => evidenceFor(came, scanner, inField)));
}

function evidenceFor(came: Came, scanner: Scanner, inField: boolean): number {
  if (!endsAs(came, scanner) || labelOf(came, scanner) === undefined) return 0;
  const near = nearMs(scanner);
  if (!came.gaps.every((gap) => Math.abs(gap - scanner.keyMs) <= near)) return 0;
  const tab = scanner.ending === 'Tab' && !inField ? 2 : 0;
  return came.gaps.length + tab + 2 * (scanner.prefix.length + scanner.suffix.length);
}

function endsAs({ endedBy }: Came, { ending }: Scanner): boolean {
  return endedBy === ending || (ending === 'none' && (endedBy === 'silence' || endedBy === 'key'));
}

/** A scan as its label says it, with what is known of how its scanner sends the separators of GS1 labels. */
export type Recognised = KeyedText & Pick<Partial<Scanner>, 'separators'>;

/**
 * Puts a scan right by the scanner that it came from: keyboard layout, prefix and suffix. Several may have sent it: then a
 * known code decides, else the pace does. Nobody's: it stays as it came.
 */
export function recognise(
  came: Came,
  scanners: readonly Scanner[],
  isKnown: (text: string, usText: string) => boolean,
): Recognised {
  const readings = scanners
    .filter((scanner) => cameFrom(came, scanner))
    .toSorted((left, right) => affixes(right) - affixes(left) || off(came, left) - off(came, right))
    .map((scanner) => readingOf(came, scanner));
  return readings.find(({ text, usText }) => isKnown(text, usText)) ?? readings[0] ?? asItCame(came);
}

function asItCame({ text, usText }: Came): Recognised {
  return { text, usText };
}

function cameFrom(came: Came, scanner: Scanner): boolean {
  // An Enter that came late ends nothing any more.
  if (!endsAs(came, scanner) && came.endedBy !== 'silence') return false;
  return labelOf(came, scanner) !== undefined && off(came, scanner) <= Math.max(8, scanner.keyMs / 2);
}

function affixes({ prefix, suffix }: Scanner): number {
  return prefix.length + suffix.length;
}

function off({ gaps }: Came, { keyMs }: Scanner): number {
  let sum = 0;
  const times = [0, ...gaps.map((gap) => (sum += gap))];
  return gaps.length === 0 ? 0 : Math.abs(meanGapOf(times) - keyMs);
}

function readingOf(came: Came, scanner: Scanner): Recognised {
  const { keyboard, prefix, suffix, separators } = scanner;
  const text = labelOf(came, scanner) ?? came.text;
  // The other reading is for a scanner that was set up for this laptop’s layout since.
  const usText =
    keyboard.kind === 'fits' && came.usText.length === came.text.length
      ? came.usText.slice(prefix.length, came.usText.length - suffix.length)
      : text;
  return { text, usText, separators };
}
