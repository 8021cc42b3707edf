import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** More scans than this in the queue are worth a word. */
export const WORTH_SAYING = 3;

/**
 * The quantity typed for the next scan. It is no field: digits land here from anywhere on the screen, and neither the
 * wheel nor an arrow can change it. `hint` says what the quantity is for; buttons stand beside it.
 */
export function QuantityStrip({
  typed,
  hint,
  waiting = 0,
  children,
}: {
  typed: string;
  hint: string;
  waiting?: number;
  children: ReactNode;
}): ReactElement {
  const { t } = useTranslation('ui');
  return (
    <div className="strip">
      <output className={typed === '' ? 'qty' : 'qty typed'} aria-label={t('strip.label')}>
        <b className="num" data-testid="quantity-strip">
          {typed === '' ? '1' : typed}
        </b>
        <span>{typed === '' ? t('strip.one') : hint}</span>
      </output>
      {waiting > WORTH_SAYING && (
        <span className="queue" role="status">
          {t('strip.queue', { count: waiting })}
        </span>
      )}
      <span className="gap" />
      {children}
    </div>
  );
}
