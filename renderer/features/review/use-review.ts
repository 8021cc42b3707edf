import { useMemo } from 'react';
import { sheetsOf, type Batch } from '../../../shared/domain/batch.ts';
import { lineKey } from '../../../shared/domain/line-key.ts';
import type { Result } from '../../../shared/domain/result.ts';
import type { LedgerState } from '../../../shared/domain/ledger-state.ts';
import { useLedger, useTallybook } from '../../app/tallybook-context.tsx';
import type { LedgerError } from '../../ledger/ledger.ts';
import type { NotCountedRow, UnknownRow } from './review-columns.tsx';
import { reviewRows, tabCounts, type LineTab, type ReviewRows } from './review-rows.ts';

export type Review = {
  readonly review: ReviewRows;
  readonly counts: Record<LineTab, number>;
  readonly notCounted: readonly NotCountedRow[];
  readonly unknown: readonly UnknownRow[];
};

/** The rows of a batch, derived once for each change of the ledger; `hidden` passes through. */
export function useReview(batch: string): Result<Review, LedgerError> {
  const { ledger } = useTallybook();
  const version = useLedger((asked) => asked.version());
  return useMemo(() => {
    const answer = ledger.review(batch);
    if (!answer.ok) return answer;
    const catalogue = ledger.catalogue();
    const { lines, notCounted, unknown } = answer.value;
    return {
      ok: true as const,
      value: {
        review: reviewRows(lines, catalogue.item),
        counts: tabCounts(lines),
        notCounted: notCounted.map((row) => ({
          ...row,
          key: lineKey(row),
          name: catalogue.item(row.item)?.name ?? row.item,
        })),
        unknown: unknown.map((row) => {
          const after = row.scans[0]?.after;
          return {
            ...row,
            key: `${row.bin} ${row.code}`,
            afterName: after === undefined ? undefined : (catalogue.item(after)?.name ?? after),
          };
        }),
      },
    };
    // oxlint-disable-next-line react/exhaustive-deps -- `version` stands for all that the ledger knows
  }, [ledger, batch, version]);
}

/** What a batch holds and how far its decisions are, without any figure that a counter may not see. */
export type BatchStanding = {
  readonly lines: number;
  readonly toDecide: number;
  readonly toPost: number;
  readonly posted: number;
  readonly counted: number;
  readonly empty: number;
  readonly skipped: number;
};

/** Counts a batch's lines by where they stand, and its bins by what was said of them. */
export function batchStanding(state: LedgerState, batch: Batch): BatchStanding {
  const sheets = sheetsOf(state.stocktakes, batch);
  const lines = sheets.reduce((sum, sheet) => sum + sheet.lines.size, 0);
  const open = [...batch.decisions].filter(([key]) => !batch.posted.has(key));
  const skipped = sheets.filter((sheet) => sheet.skipReason !== undefined && sheet.lines.size === 0).length;
  const empty = sheets.filter((sheet) => sheet.emptyAt !== undefined).length;
  return {
    lines,
    toDecide: lines - batch.posted.size - open.length,
    toPost: open.filter(([, { decision }]) => decision === 'approve').length,
    posted: batch.posted.size,
    counted: sheets.length - skipped - empty,
    empty,
    skipped,
  };
}
