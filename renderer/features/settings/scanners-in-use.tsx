import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useScanners } from '../../stores/scanners.ts';
import { Button } from '../../ui/button.tsx';
import { useFormats } from '../../ui/format.ts';
import { announce } from '../../ui/live.tsx';
import { learnedSentences } from './scanner-words.ts';

/** The scanners that were set up on this laptop, in a line each or with all that was learned, and the way to forget one. */
export function ScannersInUse({ details = false }: { details?: boolean }): ReactElement {
  const { t, i18n } = useTranslation('settings');
  const { scanners, forget } = useScanners();
  const formats = useFormats();
  if (scanners.length === 0) return <p className="muted">{t('scanner.none')}</p>;
  return (
    <ul className="scanners" aria-label={t('scanner.inUse')}>
      {scanners.map((scanner) => {
        const [, , ...more] = learnedSentences(scanner, t, i18n.language);
        const ms = Math.max(1, Math.round(scanner.keyMs));
        return (
          <li key={scanner.id} data-testid="scanner-in-use">
            <div>
              <p>{t(`scanner.summary.${scanner.ending}`, { ms })}</p>
              {details && <p className="muted small">{more.join(' ')}</p>}
              <p className="muted small">{t('scanner.since', { when: formats.moment(scanner.learnedAt) })}</p>
            </div>
            <Button
              compact
              onClick={() => {
                forget(scanner.id);
                announce(t('scanner.forgotten'));
              }}
            >
              {t('scanner.forget')}
            </Button>
          </li>
        );
      })}
    </ul>
  );
}
