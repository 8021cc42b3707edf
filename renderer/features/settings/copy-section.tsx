import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { hasRole } from '../../../shared/domain/person.ts';
import type { DailyCopy } from '../../../shared/ports/host.ts';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { Button } from '../../ui/button.tsx';
import { useFormats } from '../../ui/format.ts';
import { announce } from '../../ui/live.tsx';
import { Banner } from '../../ui/states.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';

/**
 * Copies of everything: one now, and one every day. Only an admin makes them, for they hold what others may not see. One
 * piece: both ways of copying share what went on last.
 */
export function CopySection(): ReactElement {
  const { t } = useTranslation('settings');
  const { host, person } = useTallybook();
  const formats = useFormats();
  const errorText = useErrorText();
  const [daily, setDaily] = useState<DailyCopy | null>(null);
  const [copying, setCopying] = useState(false);
  const [made, setMade] = useState<{ folder: string; entries: number }>();
  const [problem, setProblem] = useState<string>();
  const [now] = useState(() => new Date().toISOString());
  const busy = useRef(false);

  useEffect(() => {
    let wanted = true;
    void host.copyStatus({}).then((answer) => {
      if (wanted && answer.ok) setDaily(answer.value.daily);
    });
    return () => {
      wanted = false;
    };
  }, [host]);

  async function once(work: () => Promise<void>): Promise<void> {
    if (busy.current) return;
    busy.current = true;
    setCopying(true);
    setProblem(undefined);
    setMade(undefined);
    await work();
    busy.current = false;
    setCopying(false);
  }

  async function copy(): Promise<void> {
    const answer = await host.copyEverything({});
    if (!answer.ok) setProblem(errorText(answer.error));
    else if (answer.value.outcome === 'copied') {
      setMade(answer.value);
      announce(t('copy.made', { folder: answer.value.folder, count: answer.value.entries }));
    }
  }

  async function keepDaily(on: boolean): Promise<void> {
    const answer = await host.keepDailyCopy({ on });
    if (answer.ok) setDaily(answer.value.daily);
    else setProblem(errorText(answer.error));
  }

  return (
    <section aria-labelledby="settings-copy">
      <h2 id="settings-copy">{t('copy.title')}</h2>
      <p>{t('copy.explain')}</p>
      {!hasRole(person, ['admin']) && <p className="muted">{t('copy.onlyAdmins')}</p>}
      {hasRole(person, ['admin']) && (
        <div className="row">
          <Button onClick={() => void once(copy)} disabled={copying}>
            {t('copy.now')}
          </Button>
          <Button onClick={() => void once(() => keepDaily(true))} disabled={copying}>
            {t(daily === null ? 'copy.daily' : 'copy.dailyElsewhere')}
          </Button>
          {daily !== null && (
            <Button onClick={() => void once(() => keepDaily(false))} disabled={copying}>
              {t('copy.dailyStop')}
            </Button>
          )}
          {copying && (
            <span className="muted" role="status">
              {t('copy.copying')}
            </span>
          )}
        </div>
      )}
      {made !== undefined && (
        <p data-testid="copy-made">{t('copy.made', { folder: made.folder, count: made.entries })}</p>
      )}
      {daily !== null && (
        <p className="muted" data-testid="daily-copy">
          {t('copy.dailyTo', { folder: daily.folder })}{' '}
          {daily.lastAt === null ? t('copy.never') : t('copy.last', { when: formats.moment(daily.lastAt, now) })}{' '}
          {daily.copies > 0 && t('copy.kept', { number: formats.whole(daily.copies) })}
        </p>
      )}
      {daily?.problem != null && problem === undefined && (
        <Banner tone="attention" word={t('copy.title')}>
          {t('copy.dailyFailed')}
        </Banner>
      )}
      {problem !== undefined && (
        <Banner tone="stop" word={t('copy.title')}>
          {problem}
        </Banner>
      )}
    </section>
  );
}
