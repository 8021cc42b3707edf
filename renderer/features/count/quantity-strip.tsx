import type { ReactElement, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/**
 * The quantity typed for the next scan or for the selected line. It is no field: digits land here from anywhere, and
 * neither the wheel nor an arrow can change it.
 */
export function QuantityStrip({ typed, line, waiting, children }: { typed: string; line: string | undefined; waiting: number; children: ReactNode }): ReactElement {
  const { t } = useTranslation('count');
  return (
    <div className="strip">
      <output className={typed === '' ? 'qty' : 'qty typed'} aria-label={t('strip.label')}>
        <b className="num" data-testid="quantity-strip">
          {typed === '' ? '1' : typed}
        </b>
        <span>{typed === '' ? t('strip.one') : line === undefined ? t('strip.next') : t('strip.nextOrLine', { line })}</span>
      </output>
      {waiting > 3 && (
        <span className="queue" role="status">
          {t('strip.queue', { count: waiting })}
        </span>
      )}
      <span className="gap" />
      {children}
    </div>
  );
}
