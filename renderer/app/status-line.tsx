import { useSyncExternalStore, type ReactElement } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { useFormats } from '../ui/format.ts';
import { useErrorText } from '../ui/use-error-text.ts';
import { useLedger, useTallybook } from '../tallybook/tallybook-context.tsx';

function subscribeOnline(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

/** The truth about saving, always on screen and always text. */
export function StatusLine(): ReactElement {
  const { t } = useTranslation('frame');
  const formats = useFormats();
  const errorText = useErrorText();
  const { person, laptop } = useTallybook();
  const status = useLedger((ledger) => ledger.status());
  const items = useLedger((ledger) => ledger.state().catalogue.get('items')?.at);
  const online = useSyncExternalStore(subscribeOnline, () => navigator.onLine);
  const strong = { b: <b />, n: <b className="num" /> };
  return (
    <footer className="status" aria-label={t('status.label')}>
      <span>
        <Trans t={t} i18nKey="status.who" values={{ name: person.name, laptop }} components={strong} />
      </span>
      <span data-testid="saved-at">
        {status.problem !== undefined ? (
          <strong className="problem">{errorText(status.problem)}</strong>
        ) : status.pending > 0 ? (
          <Trans
            t={t}
            i18nKey="status.saving"
            values={{ count: status.pending, pending: formats.whole(status.pending) }}
            count={status.pending}
            components={strong}
          />
        ) : status.savedAt === undefined ? (
          t(status.entries === 0 ? 'status.nothing' : 'status.kept')
        ) : (
          <Trans t={t} i18nKey="status.saved" values={{ time: formats.time(status.savedAt) }} components={strong} />
        )}
      </span>
      <span data-testid="waiting">
        <Trans
          t={t}
          i18nKey="status.waiting"
          values={{ waiting: formats.whole(status.waitingToSend) }}
          components={strong}
        />
      </span>
      {status.pulledAt !== undefined && (
        <span>
          <Trans t={t} i18nKey="status.pulled" values={{ time: formats.moment(status.pulledAt) }} components={strong} />
        </span>
      )}
      {items !== undefined && (
        <span className="items-from">
          <Trans t={t} i18nKey="status.items" values={{ time: formats.moment(items) }} components={strong} />
        </span>
      )}
      <span className="push">{online ? t('status.online') : t('status.offline')}</span>
    </footer>
  );
}
