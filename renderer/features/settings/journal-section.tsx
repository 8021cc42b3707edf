import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { hasRole } from '../../../shared/domain/person.ts';
import type { Dispute, JournalStatus } from '../../../shared/ports/host.ts';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { Button } from '../../ui/button.tsx';
import { useFormats } from '../../ui/format.ts';
import { Banner } from '../../ui/states.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';

type Found = { readonly journal: JournalStatus } | { readonly problem: string };

/** Where the second copy is, and whether it is whole: asked for now, answered in words. */
export function JournalSection(): ReactElement {
  const { t } = useTranslation('settings');
  const { host } = useTallybook();
  const errorText = useErrorText();
  const [checking, setChecking] = useState(false);
  const [found, setFound] = useState<Found>();
  const busy = useRef(false);

  async function check(): Promise<void> {
    if (busy.current) return;
    busy.current = true;
    setChecking(true);
    const answer = await host.checkJournal({});
    busy.current = false;
    setChecking(false);
    setFound(answer.ok ? { journal: answer.value.journal } : { problem: errorText(answer.error) });
  }

  return (
    <section aria-labelledby="settings-journal">
      <h2 id="settings-journal">{t('journal.title')}</h2>
      <p>{t('journal.explain')}</p>
      <Disputed />
      <div className="row">
        <Button onClick={() => void check()} disabled={checking}>
          {t('journal.check')}
        </Button>
        {checking && (
          <span className="muted" role="status">
            {t('journal.checking')}
          </span>
        )}
      </div>
      {found && 'problem' in found && (
        <Banner tone="stop" word={t('journal.title')}>
          {found.problem}
        </Banner>
      )}
      {found && 'journal' in found && <Status journal={found.journal} />}
    </section>
  );
}

/** A history that was rewritten, and the admin's word that somebody has looked at it. */
function Disputed(): ReactElement | null {
  const { t } = useTranslation('settings');
  const { host, person } = useTallybook();
  const errorText = useErrorText();
  const formats = useFormats();
  const [dispute, setDispute] = useState<Dispute | null>(null);
  const [problem, setProblem] = useState<string>();

  useEffect(() => {
    let wanted = true;
    void host.whoIsHere({}).then((here) => {
      if (wanted && here.ok) setDispute(here.value.dispute);
    });
    return () => {
      wanted = false;
    };
  }, [host]);

  async function settle(): Promise<void> {
    const settled = await host.settleHistory({});
    if (settled.ok) setDispute(null);
    else setProblem(errorText(settled.error));
  }

  if (dispute === null) return null;
  const { fromSeq, entries, foundAt, file } = dispute;
  return (
    <Banner
      tone="stop"
      word={t('journal.title')}
      action={hasRole(person, ['admin']) && <Button onClick={() => void settle()}>{t('journal.settle')}</Button>}
    >
      <p>{t('journal.disputed', { when: formats.moment(foundAt), from: formats.whole(fromSeq) })}</p>
      <p>
        {file === null
          ? t('journal.disputedNoFile')
          : t('journal.disputedFile', { file, number: formats.whole(entries) })}
      </p>
      <p>{t('journal.disputedMeanwhile')}</p>
      {!hasRole(person, ['admin']) && <p>{t('journal.onlyAdmin')}</p>}
      {problem !== undefined && <p role="alert">{problem}</p>}
    </Banner>
  );
}

function Status({ journal }: { journal: JournalStatus }): ReactElement {
  const { t } = useTranslation('settings');
  const formats = useFormats();
  const { damage, entries, state, tornBytes } = journal;
  const sound = state === 'whole' || state === 'new';
  return (
    <Banner tone={sound ? 'info' : 'stop'} word={t(`journal.word.${state}`)}>
      <p data-testid="journal-status">
        {state === 'damaged'
          ? t('journal.damaged', { from: damage?.fromSeq ?? 1, segment: damage?.segment ?? '' })
          : t(`journal.${state}`, { count: entries, number: formats.whole(entries) })}
      </p>
      {tornBytes > 0 && <p>{t('journal.torn', { bytes: tornBytes })}</p>}
    </Banner>
  );
}
