import type { MouseEvent, ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { useFormats } from '../../ui/format.ts';
import type { Figures } from './figures.ts';
import { reasonWord } from './review-columns.tsx';
import type { LineTab, ReviewTotals } from './review-rows.ts';

export type ReviewFooterProps = {
  /** Lines in the tab. */
  lines: number;
  /** Totals of what a decision would be about. */
  sum: ReviewTotals;
  figures: Figures;
  /** Costs cannot be looked up: a sum without them would be a wrong one. */
  valuesUnknown: boolean;
  reason: string | undefined;
  counts: Record<LineTab, number>;
  toPost: number;
  /** There is nothing to decide about here. */
  idle: boolean;
  /** The tab has lines that are decided about. */
  decides: boolean;
  onDecide: (decision: 'approve' | 'recount' | 'reject' | 'hold') => void;
  onPost: () => void;
  /** Posted lines that would be taken back. */
  toReverse: number;
  onReverse: () => void;
};

/** What is selected, what it comes to, and what can be done with it. The one obvious next thing is the main button. */
export function ReviewFooter({
  lines,
  sum,
  figures,
  valuesUnknown,
  reason,
  counts,
  toPost,
  idle,
  decides,
  onDecide,
  onPost,
  toReverse,
  onReverse,
}: ReviewFooterProps): ReactElement {
  const { t } = useTranslation('review');
  const formats = useFormats();
  // The second click of a double click would decide the next line.
  const first = (run: () => void) => (event: MouseEvent) => {
    if (event.detail < 2) run();
  };
  const postNext = counts.to_decide === 0 && toPost > 0;
  return (
    <footer className="review-foot">
      <dl data-testid="totals" aria-label={t('totals.label')}>
        <Total word={t('totals.lines')} figure={formats.whole(lines)} />
        {decides && (
          <>
            <Total word={t('totals.selected')} figure={formats.whole(sum.lines)} />
            <Total word={t('totals.units')} figure={figures.signed(sum.units)} />
            {valuesUnknown ? (
              <div role="alert">{t('totals.unknownValue')}</div>
            ) : (
              <>
                <Total word={t('totals.net')} figure={figures.signedMoney(sum.net)} />
                <Total word={t('totals.gross')} figure={figures.money(sum.gross)} />
              </>
            )}
            {!valuesUnknown && sum.withoutCost > 0 && sum.lines > 1 && (
              <div className="muted">{t('totals.withoutCost', { count: sum.withoutCost })}</div>
            )}
          </>
        )}
      </dl>
      <span className="reason-next" role="status">
        {reason !== undefined && t('reasonNext', { reason: reasonWord(t, reason) })}
      </span>
      <div className="acts">
        {decides && toReverse > 0 && (
          <Button compact keyCap="V" onClick={first(onReverse)}>
            {t('act.reverseCount', { count: toReverse })}
          </Button>
        )}
        {decides && (
          <>
            <Button compact keyCap="R" disabled={idle} onClick={first(() => onDecide('recount'))}>
              {t('act.recount')}
            </Button>
            <Button compact keyCap="X" disabled={idle} onClick={first(() => onDecide('reject'))}>
              {t('act.reject')}
            </Button>
            <Button compact keyCap="H" disabled={idle} onClick={first(() => onDecide('hold'))}>
              {t('act.hold')}
            </Button>
            <Button
              compact
              keyCap="A"
              variant={postNext ? 'plain' : 'main'}
              disabled={idle}
              onClick={first(() => onDecide('approve'))}
            >
              {t('act.approve')}
            </Button>
          </>
        )}
        <Button compact keyCap="F10" variant={postNext ? 'main' : 'plain'} disabled={toPost === 0} onClick={onPost}>
          {t('act.postCount', { count: toPost })}
        </Button>
      </div>
    </footer>
  );
}

function Total({ word, figure }: { word: string; figure: string }): ReactElement {
  return (
    <div>
      <dt>{word}</dt>
      <dd className="num">{figure}</dd>
    </div>
  );
}
