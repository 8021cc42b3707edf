import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Exchange } from '../../../shared/ports/host.ts';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { teamSource, useTeam } from '../../tallybook/team.ts';
import { Button } from '../../ui/button.tsx';
import { useFormats } from '../../ui/format.ts';
import { announce } from '../../ui/live.tsx';
import { Banner } from '../../ui/states.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import { useKeys } from '../../ui/use-keys.ts';

/** The folder that keeps laptops level by themselves: chosen here, and how it is doing. */
export function SharedFolder(): ReactElement {
  const { t } = useTranslation('team');
  const { host } = useTallybook();
  const { exchange } = useTeam();
  const errorText = useErrorText();
  const [problem, setProblem] = useState<string>();
  useKeys([{ key: 'O', label: t('folder.choose'), run: () => void choose() }]);

  async function choose(): Promise<void> {
    setProblem(undefined);
    const chosen = await host.shareFolder({});
    if (!chosen.ok) setProblem(errorText(chosen.error));
    else if (chosen.value.outcome === 'chosen') teamSource(host).tell(chosen.value.exchange);
  }

  async function leave(): Promise<void> {
    const done = await host.leaveFolder({});
    if (!done.ok) return setProblem(errorText(done.error));
    teamSource(host).tell(null);
    announce(t('folder.left'));
  }

  const isChosen = exchange !== null && exchange !== undefined;
  return (
    <section className="team-folder stack" aria-labelledby="team-folder">
      <h2 id="team-folder">{t('folder.title')}</h2>
      {isChosen ? (
        <HowItDoes exchange={exchange} />
      ) : (
        <>
          <p>{t('folder.explain')}</p>
          <p className="muted">{t('folder.open')}</p>
        </>
      )}
      <div className="row">
        <Button compact keyCap="O" onClick={() => void choose()}>
          {t(isChosen ? 'folder.other' : 'folder.choose')}
        </Button>
        {isChosen && (
          <>
            <Button compact variant="quiet" onClick={() => void host.lookIntoFolder({})}>
              {t('folder.look')}
            </Button>
            <Button compact variant="quiet" onClick={() => void leave()}>
              {t('folder.leave')}
            </Button>
          </>
        )}
      </div>
      {problem !== undefined && (
        <Banner tone="stop" word={t('folder.word')}>
          {problem}
        </Banner>
      )}
    </section>
  );
}

/** Which folder, when it was reached, what is on its way, and what is not taken, each with the one thing to do. */
function HowItDoes({ exchange }: { exchange: Exchange }): ReactElement {
  const { t } = useTranslation('team');
  const formats = useFormats();
  const { folder, state, detail, lastAt, toPut, missing, refused } = exchange;
  const when = lastAt === null ? '' : formats.moment(lastAt);
  const isWell = state === 'reached' || state === 'waiting';
  const isBehind = state === 'reached' && (missing.length > 0 || refused.length > 0);
  return (
    <>
      <p className="team-path" data-testid="shared-folder">
        {folder}
      </p>
      {isWell ? (
        <p data-testid="folder-state">{t(`folder.state.${isBehind ? 'behind' : state}`, { when })}</p>
      ) : (
        <Banner tone="attention" word={t('folder.word')}>
          <p data-testid="folder-state">{t(`folder.state.${state}`, { detail })}</p>
          {lastAt !== null && <p>{t('folder.lastAt', { when })}</p>}
        </Banner>
      )}
      {toPut > 0 && (
        <p className="muted" data-testid="folder-to-put">
          {t('folder.toPut', { count: toPut, number: formats.whole(toPut) })}
        </p>
      )}
      {missing.map(({ laptop, fromSeq }) => (
        <p key={laptop} data-testid="folder-missing">
          {t('folder.missing', { laptop, from: formats.whole(fromSeq) })}
        </p>
      ))}
      {refused.length > 0 && (
        <Banner tone="attention" word={t('folder.refusedWord')}>
          {refused.map(({ file, laptop, why, fromSeq }) => (
            <p key={file} data-testid="folder-refused">
              {t(`folder.refused.${why}`, { laptop, file, from: formats.whole(fromSeq) })}
            </p>
          ))}
        </Banner>
      )}
    </>
  );
}
