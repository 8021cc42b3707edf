import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button.tsx';
import { useFormats } from '../ui/format.ts';
import { EmptyState, Loading } from '../ui/states.tsx';
import type { Opening } from './use-opened.ts';

/** Before the ledger is open: how far it is, or why it stays closed and that nothing was changed. */
export function OpeningScreen({ opening }: { opening: Exclude<Opening<unknown>, { state: 'open' }> }): ReactElement {
  const { t } = useTranslation('frame');
  const formats = useFormats();
  if (opening.state === 'refused') {
    const { refusal, again } = opening;
    return (
      <main className="whole">
        <EmptyState
          action={
            <Button variant="main" onClick={again}>
              {t('opening.again')}
            </Button>
          }
        >
          {t(`opening.refused.${refusal.code}`)}
          {refusal.code === 'open_failed' && <span className="detail code">{refusal.detail}</span>}
        </EmptyState>
      </main>
    );
  }
  const { progress } = opening;
  return (
    <main className="whole">
      {progress === undefined ? (
        <Loading>{t('opening.text')}</Loading>
      ) : (
        <Loading part={progress.total > 0 ? progress.done / progress.total : 0}>
          {t('opening.progress', { done: formats.whole(progress.done), total: formats.whole(progress.total) })}
        </Loading>
      )}
    </main>
  );
}
