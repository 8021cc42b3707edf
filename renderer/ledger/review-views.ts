import type { LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import type { LedgerState } from '../../shared/domain/ledger-state.ts';
import { lineKey } from '../../shared/domain/line-key.ts';
import { sheetKey } from '../../shared/domain/stocktake.ts';
import {
  flagSwaps,
  notCounted,
  reviewBatch,
  reviewLineAt,
  unknownCodes,
  type NotCounted,
  type ReviewLine,
  type UnknownInBatch,
} from '../../shared/domain/variance.ts';
import { mayChange } from './what-facts-change.ts';

/** What an approver sees of a batch. Each list, and each line, is the same object until it says something else. */
export type ReviewView = {
  readonly lines: readonly ReviewLine[];
  readonly notCounted: readonly NotCounted[];
  readonly unknown: readonly UnknownInBatch[];
  /** Bins of the batch that the person is counting blind: their lines are left out. Absent: none. */
  readonly hidden?: readonly string[];
};

/** What a screen shows of the batch that is being reviewed, kept from decision to decision. */
export type ReviewViews = {
  /** A batch; undefined: there is no such batch. */
  review(batch: string): ReviewView | undefined;
  /** Tells of entries that were just folded. */
  heard(entries: readonly LedgerEntry[]): void;
  /** Tells that everything was computed anew. */
  forget(): void;
};

type Kept = {
  readonly batch: string;
  readonly stocktake: string;
  readonly pass: number;
  /** Its bins, as sheet keys of its pass. */
  readonly sheets: ReadonlySet<string>;
  view: ReviewView;
  /** Where each line stands in `view.lines`. */
  readonly at: ReadonlyMap<string, number>;
  /** Places of lines that were decided or posted since they were worked out. */
  readonly stale: Set<number>;
  hasPosted: boolean;
};

type Fact = LedgerEntry['fact'];

/**
 * Views of the batch that was asked for last: a decision works out the lines that it names and leaves fifty thousand others
 * as they are. Anything else that may concern the batch works all of them out anew when they are asked for. One closure
 * around the view that is kept.
 */
export function createReviewViews(state: () => LedgerState): ReviewViews {
  let kept: Kept | undefined;
  let lastAt = '';

  function open(id: string): Kept | undefined {
    const { batches, stocktakes, books, clocks } = state();
    const batch = batches.get(id);
    if (!batch) return undefined;
    const lines = reviewBatch(batch, stocktakes, books, clocks);
    return {
      batch: id,
      stocktake: batch.stocktake,
      pass: batch.pass,
      sheets: new Set(batch.bins.map((bin) => sheetKey(batch.pass, bin))),
      view: {
        lines,
        notCounted: notCounted(batch, stocktakes, books),
        unknown: unknownCodes(batch, stocktakes),
      },
      at: new Map(lines.map(({ key }, at) => [key, at])),
      stale: new Set(),
      hasPosted: false,
    };
  }

  /** Works out what was decided or posted since. */
  function refresh(known: Kept): ReviewView {
    if (known.stale.size === 0) return known.view;
    const { batches, stocktakes, books, clocks } = state();
    const batch = batches.get(known.batch);
    if (!batch) return known.view;
    const lines = [...known.view.lines];
    for (const at of known.stale) {
      const before = lines[at];
      const now = before && reviewLineAt(batch, stocktakes, books, before, clocks);
      if (!now) continue;
      // Whether it was swapped depends on other lines too, and no decision changes that.
      lines[at] = before.flags.includes('swap') ? { ...now, flags: [...now.flags, 'swap'] } : now;
    }
    known.view = known.hasPosted
      ? { ...known.view, lines: flagSwaps(lines), notCounted: notCounted(batch, stocktakes, books) }
      : { ...known.view, lines };
    known.stale.clear();
    known.hasPosted = false;
    return known.view;
  }

  /** Whether decisions on another batch say what this one was to count again. */
  function asksFor(known: Kept, batch: string): boolean {
    return known.pass > 1 && state().batches.get(batch)?.stocktake === known.stocktake;
  }

  /** Whether the view is right after this fact, once its stale lines are worked out. */
  function takes(known: Kept, fact: Fact): boolean {
    if (!mayChange('review', fact.kind)) return true;
    if (fact.kind === 'counted' || fact.kind === 'unknown_scanned')
      return (
        fact.stocktake !== known.stocktake ||
        fact.pass > known.pass ||
        (fact.pass === known.pass && !known.sheets.has(sheetKey(fact.pass, fact.bin)))
      );
    // What is taken back changes what was counted before and after, in any batch.
    if (fact.kind !== 'lines_decided' && fact.kind !== 'lines_posted') return false;
    if (fact.batch !== known.batch) return fact.kind === 'lines_decided' && !asksFor(known, fact.batch);
    for (const line of fact.lines) {
      const at = known.at.get(lineKey(line));
      if (at !== undefined) known.stale.add(at);
    }
    known.hasPosted ||= fact.kind === 'lines_posted';
    return true;
  }

  return {
    review(batch) {
      if (kept?.batch !== batch) kept = open(batch);
      return kept && refresh(kept);
    },
    forget() {
      kept = undefined;
    },
    heard(entries) {
      for (const { fact, at } of entries) {
        // A clock that is put right changes what counts before it stand on.
        if (kept && (at < lastAt || !takes(kept, fact))) kept = undefined;
        lastAt = at;
      }
    },
  };
}
