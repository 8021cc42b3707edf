import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Catalogue } from '../../../shared/domain/catalogue.ts';
import { decisionOn, sheetsOf, type Batch } from '../../../shared/domain/batch.ts';
import { lineKey } from '../../../shared/domain/line-key.ts';
import type { Result } from '../../../shared/domain/result.ts';
import type { LedgerState } from '../../../shared/domain/ledger-state.ts';
import { useLedger } from '../../tallybook/tallybook-context.tsx';
import type { LedgerError } from '../../ledger/ledger.ts';
import type { ReviewView } from '../../ledger/review-views.ts';
import type { NotCountedRow } from './review-columns.tsx';
import { reviewRows, type LineTab, type ReviewRows } from './review-rows.ts';
import { unknownRows, type UnknownRow } from './unknown-rows.ts';

export type Review = {
  readonly review: ReviewRows;
  readonly counts: Readonly<Record<LineTab, number>>;
  readonly notCounted: readonly NotCountedRow[];
  readonly unknown: readonly UnknownRow[];
  /** Bins of the batch whose lines are left out: the person is counting them blind. */
  readonly hidden: readonly string[];
};

/** The rows of a batch; after a change those of other lines are the same objects. `hidden` passes through. */
export function useReview(batch: string): Result<Review, LedgerError> {
  const answer = useLedger((asked) => asked.review(batch));
  const catalogue = useLedger((asked) => asked.catalogue());
  const { t } = useTranslation('count');
  const view = answer.ok ? answer.value : undefined;
  const [made, setMade] = useState<Made>();
  let current = made;
  if (view && (made?.view !== view || made.catalogue !== catalogue)) {
    current = reviewOf(view, catalogue, t, made?.catalogue === catalogue ? made : undefined);
    setMade(current);
  }
  if (!answer.ok) return answer;
  return current ? { ok: true, value: current.review } : { ok: false, error: { code: 'not_found', what: 'batch' } };
}

type Made = { readonly view: ReviewView; readonly catalogue: Catalogue; readonly review: Review };

function reviewOf(view: ReviewView, catalogue: Catalogue, t: TFunction<'count'>, before: Made | undefined): Made {
  const review = reviewRows(view.lines, catalogue, before?.review.review);
  return {
    view,
    catalogue,
    review: {
      review,
      counts: review.counts,
      hidden: view.hidden ?? [],
      notCounted:
        before?.view.notCounted === view.notCounted
          ? before.review.notCounted
          : view.notCounted.map((row) => ({
              ...row,
              key: lineKey(row),
              named: catalogue.named(row.item),
              unit: catalogue.unit(row.item),
            })),
      unknown:
        before?.view.unknown === view.unknown
          ? before.review.unknown
          : unknownRows(view.unknown, catalogue, t, new Date().getFullYear()),
    },
  };
}

/** What a batch holds and how far its decisions are, without any figure that a counter may not see. */
export type BatchStanding = {
  readonly lines: number;
  readonly toDecide: number;
  readonly toPost: number;
  readonly posted: number;
  /** Of those posted: taken back. */
  readonly reversed: number;
  readonly counted: number;
  readonly empty: number;
  readonly skipped: number;
};

/** Counts a batch's lines by where they stand, and its bins by what was said of them. */
export function batchStanding(state: LedgerState, batch: Batch): BatchStanding {
  const sheets = sheetsOf(state.stocktakes, batch);
  const lines = sheets.reduce((sum, sheet) => sum + sheet.lines.size, 0);
  let decided = 0;
  let toPost = 0;
  let posted = 0;
  let reversed = 0;
  for (const sheet of sheets) {
    posted += sheet.posted.size;
    for (const one of sheet.posted.values()) if (one.reversed) reversed += 1;
    for (const line of sheet.lines.values()) {
      const decision = sheet.posted.has(line.key) ? undefined : decisionOn(sheet, line)?.decision;
      if (decision !== undefined) decided += 1;
      if (decision === 'approve') toPost += 1;
    }
  }
  const skipped = sheets.filter((sheet) => sheet.skipReason !== undefined && sheet.lines.size === 0).length;
  const empty = sheets.filter((sheet) => sheet.emptyAt !== undefined).length;
  return {
    lines,
    toDecide: lines - posted - decided,
    toPost,
    posted,
    reversed,
    counted: sheets.length - skipped - empty,
    empty,
    skipped,
  };
}
