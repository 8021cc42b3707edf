import { useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { CopyFacts, Host } from '../../shared/ports/host.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useFormats } from '../ui/format.ts';
import { Banner } from '../ui/states.tsx';
import { useErrorText } from '../ui/use-error-text.ts';
import { forgetRestored, noteRestored } from './restored.ts';

/** On a laptop that is still empty: everything back from a copy, after a look at what it holds. */
export function RestoreCopy({ host }: { host: Host }): ReactElement {
  const { t } = useTranslation('frame');
  const errorText = useErrorText();
  const [copy, setCopy] = useState<CopyFacts>();
  const [problem, setProblem] = useState<string>();
  const [working, setWorking] = useState(false);
  const busy = useRef(false);

  async function once(work: () => Promise<void>): Promise<void> {
    if (busy.current) return;
    busy.current = true;
    setWorking(true);
    setProblem(undefined);
    await work();
    busy.current = false;
    setWorking(false);
  }

  async function choose(): Promise<void> {
    const answer = await host.chooseCopy({});
    if (!answer.ok) setProblem(errorText(answer.error));
    else if (answer.value.outcome === 'chosen') setCopy(answer.value.copy);
  }

  async function restore(): Promise<void> {
    // The app starts anew once it has the copy: no answer is waited for then.
    noteRestored();
    const answer = await host.restoreCopy({});
    if (answer.ok) return;
    forgetRestored();
    setProblem(errorText(answer.error));
  }

  return (
    <>
      <Button onClick={() => void once(choose)} disabled={working}>
        {t('restore.open')}
      </Button>
      {problem !== undefined && copy === undefined && (
        <Banner tone="stop" word={t('notDone')}>
          {problem}
        </Banner>
      )}
      {copy !== undefined && (
        <Dialog
          title={t('restore.title')}
          onClose={() => setCopy(undefined)}
          onConfirm={() => void once(restore)}
          actions={
            <>
              <Button keyCap="Esc" onClick={() => setCopy(undefined)}>
                {t('restore.not')}
              </Button>
              <Button type="submit" variant="main" keyCap="Enter" autoFocus disabled={working}>
                {t('restore.do')}
              </Button>
            </>
          }
        >
          <Facts copy={copy} />
          <p>
            <b>{t('restore.warning', { laptop: copy.laptop })}</b>
          </p>
          <p className="muted">{t('restore.secrets')}</p>
          {problem !== undefined && (
            <Banner tone="stop" word={t('notDone')}>
              {problem}
            </Banner>
          )}
        </Dialog>
      )}
    </>
  );
}

function Facts({ copy }: { copy: CopyFacts }): ReactElement {
  const { t, i18n } = useTranslation('frame');
  const formats = useFormats();
  const list = (names: readonly string[]) =>
    names.length === 0 ? t('restore.none') : new Intl.ListFormat(i18n.language).format(names);
  // A copy may be of any day: its hour alone would read as today's.
  const moment = (iso: string) => `${formats.day(iso)}, ${formats.time(iso)}`;
  const facts = [
    ['laptop', copy.laptop],
    ['madeAt', moment(copy.madeAt)],
    ['entries', formats.whole(copy.entries)],
    ['newest', copy.newestAt === undefined ? t('restore.none') : moment(copy.newestAt)],
    ['people', list(copy.people)],
    ['stocktakes', list(copy.stocktakes)],
  ] as const;
  return (
    <dl className="copy-facts" data-testid="copy-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt className="muted">{t(`restore.fact.${name}`)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
