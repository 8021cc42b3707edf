export const SEPARATORS = [',', ';', '\t', '|'] as const;
export type Separator = (typeof SEPARATORS)[number];

const SAMPLE_RECORDS = 60;
const SAMPLE_LENGTH = 200_000;

/** Cells per record for one separator over the first records; quotes hide separators and line ends. */
function recordWidths(text: string, separator: string): readonly number[] {
  const widths: number[] = [];
  let width = 1;
  let written = false;
  let quoted = false;
  let cellStart = true;
  for (let at = 0; at < text.length && widths.length < SAMPLE_RECORDS; at += 1) {
    const letter = text.charAt(at);
    if (quoted) {
      if (letter !== '"') continue;
      if (text.charAt(at + 1) === '"') at += 1;
      else quoted = false;
    } else if (letter === '"' && cellStart) {
      quoted = true;
      written = true;
      cellStart = false;
    } else if (letter === '\n') {
      if (written) widths.push(width);
      width = 1;
      written = false;
      cellStart = true;
    } else if (letter === separator) {
      width += 1;
      written = true;
      cellStart = true;
    } else {
      written = true;
      cellStart = false;
    }
  }
  if (written && widths.length < SAMPLE_RECORDS && !quoted) widths.push(width);
  return widths;
}

/** How convincing a separator is: records of one same width count, wider ones a little more; 0 when it never occurs. */
function confidence(widths: readonly number[]): number {
  const tally = new Map<number, number>();
  for (const width of widths) tally.set(width, (tally.get(width) ?? 0) + 1);
  const [usual = 1, times = 0] =
    [...tally].toSorted((left, right) => right[1] - left[1] || right[0] - left[0])[0] ?? [];
  if (usual < 2) return Math.max(0, ...widths) > 1 ? 0.01 : 0;
  return times / widths.length + Math.min(usual, 20) / 100;
}

/** A first line `sep=;` is Excel's own note of the separator, not a record. */
export function statedSeparator(text: string): Separator | null {
  const stated = /^sep=(.)\r?(?:\n|$)/i.exec(text.slice(0, 8))?.[1];
  return SEPARATORS.find((separator) => separator === stated) ?? null;
}

/**
 * The separator of a text whose line ends are `\n`: the one that cuts most records into the same number of cells.
 * A comma where there is none, for then each line is one cell.
 */
export function sniffSeparator(text: string): Separator {
  const stated = statedSeparator(text);
  if (stated !== null) return stated;
  const sample = text.slice(0, SAMPLE_LENGTH);
  let best: Separator = ',';
  let bestConfidence = 0;
  for (const separator of SEPARATORS) {
    const sure = confidence(recordWidths(sample, separator));
    if (sure > bestConfidence) {
      best = separator;
      bestConfidence = sure;
    }
  }
  return best;
}
