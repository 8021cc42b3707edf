import { useId, useSyncExternalStore, type ReactElement } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { useFormats } from '../ui/format.ts';
import { useErrorText } from '../ui/use-error-text.ts';
import { useLedger, useTallybook } from '../tallybook/tallybook-context.tsx';
import { lastHeard, otherLaptops, useTeam } from '../tallybook/team.ts';

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
  const { person, laptop: machine } = useTallybook();
  const { team } = useTeam();
  const laptop = team?.laptops.find(({ isHere }) => isHere)?.name ?? machine;
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
      <HeardFrom />
      <NotReached online={online} />
    </footer>
  );
}

/** Whether there is a network, and what carries between laptops and does not just now: that says more than “online”. */
function NotReached({ online }: { online: boolean }): ReactElement {
  const { t } = useTranslation('frame');
  const { exchange, server } = useTeam();
  const isFolderAway = isTroubled(exchange);
  const isServerAway = isTroubled(server);
  return (
    <>
      {isFolderAway && (
        <strong className="trouble" data-testid="folder-trouble">
          {t(exchange.state === 'away' ? 'status.folderAway' : 'status.folderTrouble')}
        </strong>
      )}
      {isServerAway && (
        <strong className="trouble" data-testid="server-trouble">
          {t(server.state === 'away' ? 'status.serverAway' : 'status.serverTrouble')}
        </strong>
      )}
      {!online && <span className="push">{t('status.offline')}</span>}
      {online && !isFolderAway && !isServerAway && <span className="push">{t('status.online')}</span>}
    </>
  );
}

/** Not reached, and not just about to be. */
function isTroubled<Carried extends { readonly state: string }>(
  carried: Carried | null | undefined,
): carried is Carried {
  return carried !== null && carried !== undefined && carried.state !== 'reached' && carried.state !== 'waiting';
}

/** How many of the site's other laptops were heard here, and the newest of them; each with its time for whoever asks. */
function HeardFrom(): ReactElement | null {
  const { t } = useTranslation('frame');
  const formats = useFormats();
  const id = useId();
  const { team } = useTeam();
  const others = team === undefined ? [] : otherLaptops(team);
  if (others.length === 0) return null;
  const newest = lastHeard(others);
  const strong = { n: <b className="num" /> };
  const all = formats.whole(others.length);
  const each = others.map(({ name, heardAt }) =>
    heardAt === null
      ? t('status.heardNever', { laptop: name })
      : t('status.heardOf', { laptop: name, when: formats.moment(heardAt) }),
  );
  return (
    <span role="group" aria-describedby={id} title={each.join('\n')} data-testid="heard-from">
      {newest === undefined ? (
        <Trans t={t} i18nKey="status.heardNobody" values={{ all }} components={strong} />
      ) : (
        <Trans
          t={t}
          i18nKey="status.heard"
          values={{
            heard: formats.whole(others.filter(({ heardAt }) => heardAt !== null).length),
            all,
            laptop: newest.name,
            when: formats.moment(newest.heardAt),
          }}
          components={strong}
        />
      )}
      <span id={id} hidden>
        {each.join('; ')}
      </span>
    </span>
  );
}
