import type { BookLine } from './balance.ts';
import { retell } from './count-line.ts';
import type { FactKind, LedgerEntry } from './ledger-entry.ts';
import { correctClock } from './statement.ts';
import type { Emptied, Sheet } from './stocktake.ts';

/**
 * What a device's own entries tell about its clock. Times are ms since 1970 as the entries bear them. `pauses`: times with
 * no entry, before and after, newest last; a clock that was set ahead hides in one of them.
 */
export type Clock = {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly pauses: readonly (readonly [before: number, after: number])[];
};

/** Shorter pauses are work, and a clock that steps back by less was only adjusted. */
const PAUSE_MS = 5 * 60_000;
const PAUSES_KEPT = 500;
/** A clock that is set back by more was not ahead: its battery is dead. */
const AHEAD_MOST_MS = 30 * 24 * 60 * 60_000;

/** What the host seals while it sends may come in late, so it tells nothing about the clock. */
const SEALED_BY_HOST: ReadonlySet<FactKind> = new Set<FactKind>([
  'send_attempted',
  'send_settled',
  'remote_observed',
  'remote_moved',
]);

/** A device's clock turned out to have been `fastMs` ahead: what it said at `fromMs` or later can have been said as much earlier. */
export type ClockCorrection = { readonly device: string; readonly fromMs: number; readonly fastMs: number };

/**
 * Reads the time of a device's next entry. When it is earlier than the one before, the clock was put right or put wrong. It
 * was put right where the work since some pause fits between that pause and now: what bears times of that stretch can have
 * been said as early as the pause began. Movements recorded late then come before it only if they happened before that;
 * otherwise the order of the ledger stands. Where the work fits nowhere, the new time is the wrong one and nothing changes.
 */
export function readClock(
  known: Clock | undefined,
  { device, at, fact }: LedgerEntry,
): { readonly clock: Clock; readonly correction?: ClockCorrection } {
  const ms = Date.parse(at);
  if (known === undefined) return { clock: { firstMs: ms, lastMs: ms, pauses: [] } };
  if (SEALED_BY_HOST.has(fact.kind)) return { clock: known };
  const { firstMs, lastMs, pauses } = known;
  if (ms - lastMs > PAUSE_MS)
    return { clock: { firstMs, lastMs: ms, pauses: [...pauses, [lastMs, ms] as const].slice(-PAUSES_KEPT) } };
  const clock = { firstMs, lastMs: ms, pauses };
  if (ms >= lastMs) return { clock };
  if (lastMs - ms <= PAUSE_MS) return { clock, correction: { device, fromMs: ms, fastMs: lastMs - ms } };
  if (lastMs - ms > AHEAD_MOST_MS) return { clock };
  const pause = pauses.findLast(([before, after]) => after - before >= lastMs - ms);
  if (pause !== undefined) {
    const [before, after] = pause;
    const earlier = pauses.slice(0, pauses.indexOf(pause));
    return {
      clock: { firstMs, lastMs: ms, pauses: ms - before > PAUSE_MS ? [...earlier, [before, ms]] : earlier },
      correction: { device, fromMs: after, fastMs: after - before },
    };
  }
  // Nothing was said before that clock ran ahead: whatever it says of the first entry may be wrong by anything.
  if (ms < firstMs)
    return {
      clock: { firstMs: ms, lastMs: ms, pauses: [] },
      correction: { device, fromMs: firstMs, fastMs: firstMs },
    };
  return { clock };
}

/** Puts right what was said by a clock that ran ahead, on these lines of the books and these sheets. */
export function correctFigures(lines: Iterable<BookLine>, sheets: Iterable<Sheet>, wrong: ClockCorrection): void {
  const { device, fromMs, fastMs } = wrong;
  for (const line of lines) {
    for (const watcher of line.watchers) {
      watcher.runs = correctClock(watcher.runs, wrong, line.late);
      watcher.takenBack = correctClock(watcher.takenBack, wrong, line.late);
    }
    line.counts = line.counts.map((count) => {
      const ms = Date.parse(count.anchor.at);
      if (count.fastMs > 0 || ms < fromMs || !count.anchor.id.startsWith(`${device}-`)) return count;
      const since = line.late.filter(
        ({ order, happenedMs }) => order > count.order && happenedMs <= ms && happenedMs > ms - fastMs,
      );
      const movedBefore = since.reduce((sum, { delta }) => sum - delta, count.movedBefore);
      return { ...count, movedBefore, fastMs };
    });
  }
  const correctEmpty = (emptied: Emptied): Emptied => {
    const { standsAt } = emptied;
    const isWrong = standsAt.device === device && !standsAt.fastMs && Date.parse(standsAt.at) >= fromMs;
    return isWrong ? { ...emptied, standsAt: { ...standsAt, fastMs } } : emptied;
  };
  for (const sheet of sheets) {
    sheet.empties = sheet.empties.map(correctEmpty);
    sheet.emptiesTakenBack = sheet.emptiesTakenBack.map(correctEmpty);
    sheet.emptyAt = sheet.empties.at(-1);
    for (const kept of [sheet.lines, sheet.quiet, sheet.withdrawn]) for (const line of kept.values()) retell(line);
  }
}
