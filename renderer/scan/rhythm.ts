/**
 * How keys follow each other, told by their own times. A scanner sends a key every 1 to 120 ms and keeps its pace to a few
 * milliseconds (a USB report every 8); a person's gaps scatter by a third around 60 to 250 ms. All durations in ms.
 */

/** Keys that follow each other this fast on average come from a machine. */
export const FAST_MEAN_MS = 36;
/** A pause inside a fast burst: the machine was kept waiting by the computer. */
export const FAST_PAUSE_MS = 250;
/** Keys nearer than this stand in one cluster, whoever pressed them. */
export const CLUSTER_MS = 60;
/** No gap of a scanner is longer: 120 ms, a third more for what the computer adds. */
export const LONGEST_GAP_MS = 160;
/** A few keys have to be faster: a person rolls some off two fingers. */
const FAST_FEW_MEAN_MS = 30;
const FEW = 6;
/** One key and Enter, or two or three alone: nobody presses them so closely one after another. */
const CHORD_MS = 14;
/** How far the gaps of a machine lie apart. */
const EQUAL_SPREAD_MS = 13;
/** Above this a person paused: no machine's longest gap is so much longer than its shortest. */
const COMPATIBLE_RATIO = 1.7;
const COMPATIBLE_SPREAD_MS = 20;
/** Few gaps are equal by chance. */
export const ENOUGH_EQUAL_GAPS = 6;

/** From key to key; one fewer than there are times. */
export function gapsOf(timesMs: readonly number[]): readonly number[] {
  return timesMs.slice(1).map((timeMs, at) => timeMs - (timesMs[at] ?? timeMs));
}

/** The mean gap of a run of times; infinite for fewer than two. */
export function meanGapOf(timesMs: readonly number[]): number {
  const first = timesMs[0];
  const last = timesMs.at(-1);
  if (first === undefined || last === undefined || timesMs.length < 2) return Number.POSITIVE_INFINITY;
  return Math.max(0, last - first) / (timesMs.length - 1);
}

/** Whether characters pressed at these times are a machine's by their speed alone; `endMs`: when Enter or Tab came. */
export function isFast(timesMs: readonly number[], endMs: number | undefined): boolean {
  if (timesMs.length >= 4) return meanGapOf(timesMs) <= (timesMs.length < FEW ? FAST_FEW_MEAN_MS : FAST_MEAN_MS);
  if (timesMs.length > 1 && Math.max(...gapsOf(timesMs)) <= CHORD_MS) return true;
  const mostMs = timesMs.length > 1 ? FAST_MEAN_MS : CHORD_MS;
  return endMs !== undefined && Math.max(...gapsOf([...timesMs, endMs])) <= mostMs;
}

/** Whether gaps are as equal as a machine's, and enough of them that it is no accident. */
export function isEqual(gaps: readonly number[], enough = ENOUGH_EQUAL_GAPS): boolean {
  return gaps.length >= enough && spreadOf(gaps) <= EQUAL_SPREAD_MS;
}

/** Whether a machine can have sent keys with these gaps. One gap alone always says yes. */
export function isCompatible(gaps: readonly number[]): boolean {
  const shortest = Math.min(...gaps);
  const longest = Math.max(...gaps);
  if (longest > LONGEST_GAP_MS) return false;
  return spreadOf(gaps) <= COMPATIBLE_SPREAD_MS || longest <= shortest * COMPATIBLE_RATIO;
}

function spreadOf(gaps: readonly number[]): number {
  return Math.max(...gaps) - Math.min(...gaps);
}

/**
 * Where the last fast burst of a run begins: a pause parts it from what was typed before, unless the part before the pause
 * was fast itself. Answers the length of the run when its end is not fast.
 */
export function fastTailOf(timesMs: readonly number[], endMs: number | undefined): number {
  let from = clusterStart(timesMs, timesMs.length - 1);
  while (from > 0) {
    const before = clusterStart(timesMs, from - 1);
    const pauseMs = (timesMs[from] ?? 0) - (timesMs[from - 1] ?? 0);
    const isBurst = meanGapOf(timesMs.slice(before, from)) <= FAST_MEAN_MS;
    if (!isBurst || pauseMs > FAST_PAUSE_MS || meanGapOf(timesMs.slice(before)) > FAST_MEAN_MS) break;
    from = before;
  }
  return isFast(timesMs.slice(from), endMs) ? from : timesMs.length;
}

/** The first key of the cluster that the key at `at` stands in. */
export function clusterStart(timesMs: readonly number[], at: number): number {
  let from = at;
  while (from > 0 && (timesMs[from] ?? 0) - (timesMs[from - 1] ?? 0) <= CLUSTER_MS) from -= 1;
  return Math.max(0, from);
}
