import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';

/** The ledger is gone and other files show that there was one: what is missing, and what can be done. */
export function RecordsMissing({ laptop }: { laptop: string }): ReactElement {
  const { t } = useTranslation('signin');
  const { t: frame } = useTranslation('frame');
  return (
    <main className="whole">
      <div className="card stack" role="alert">
        <h1>{t('missing.title')}</h1>
        <p>{t('missing.text')}</p>
        <p>{t('missing.cure')}</p>
        <p className="muted">{t('missing.folder', { laptop })}</p>
        <div className="row">
          <Button variant="main" onClick={() => window.location.reload()}>
            {frame('opening.again')}
          </Button>
        </div>
      </div>
    </main>
  );
}
