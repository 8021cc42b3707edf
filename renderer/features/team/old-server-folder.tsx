import { useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { teamSource, useTeam } from '../../tallybook/team.ts';
import { Button } from '../../ui/button.tsx';
import { announce } from '../../ui/live.tsx';
import { Banner } from '../../ui/states.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import { useKeys } from '../../ui/use-keys.ts';

/**
 * The server’s folder that was saved here does not say of its laptops what is so now: which ones, and the one thing to do about
 * it. `maySave`: an admin is there, on a laptop that supervises.
 */
export function OldServerFolder({ maySave }: { maySave: boolean }): ReactElement | null {
  const { t, i18n } = useTranslation('team');
  const { host } = useTallybook();
  const { server } = useTeam();
  const errorText = useErrorText();
  const [isSaved, setSaved] = useState(false);
  const [problem, setProblem] = useState<string>();
  const busy = useRef(false);
  const list = new Intl.ListFormat(i18n.language);
  const listed = (names: readonly string[]) =>
    list.format(names.toSorted((left, right) => left.localeCompare(right, i18n.language)));
  const laid = server?.laidOut ?? undefined;
  const isOld = laid !== undefined && laid.unknown.length + laid.revoked.length > 0;
  useKeys(maySave && isOld ? [{ key: 'N', label: t('server.saveAgain'), run: () => void saveAgain() }] : []);

  async function saveAgain(): Promise<void> {
    if (busy.current || laid === undefined) return;
    busy.current = true;
    setProblem(undefined);
    const saved = await host.saveServerFolder({ host: laid.host, port: laid.port });
    busy.current = false;
    if (!saved.ok) return setProblem(errorText(saved.error));
    if (saved.value.outcome === 'cancelled') return undefined;
    teamSource(host).tellServer(saved.value.server);
    setSaved(true);
    return announce(t('server.savedAgain'));
  }

  if (!isOld && !isSaved) return null;
  return (
    <div className="team-said">
      {isOld ? (
        <Banner
          tone="attention"
          word={t('server.oldFolder')}
          action={
            maySave && (
              <Button keyCap="N" onClick={() => void saveAgain()}>
                {t('server.saveAgain')}
              </Button>
            )
          }
        >
          {laid.unknown.length > 0 && (
            <p data-testid="server-folder-unknown">
              {t('server.unknown', { count: laid.unknown.length, names: listed(laid.unknown) })}
            </p>
          )}
          {laid.revoked.length > 0 && (
            <p data-testid="server-folder-revoked">
              {t('server.stillIn', { count: laid.revoked.length, names: listed(laid.revoked) })}
            </p>
          )}
          {!maySave && <p>{t('server.askAdmin')}</p>}
          {problem !== undefined && <p className="error-text">{problem}</p>}
        </Banner>
      ) : (
        <Banner word={t('server.word')}>
          <p data-testid="server-folder-saved">{t('server.savedAgain')}</p>
        </Banner>
      )}
    </div>
  );
}
