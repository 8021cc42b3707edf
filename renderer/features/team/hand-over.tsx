import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { HandOver } from '../../../shared/ports/host.ts';
import { useBinName } from '../../tallybook/bin-name.ts';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { useTeam } from '../../tallybook/team.ts';
import { Button } from '../../ui/button.tsx';
import { useFormats } from '../../ui/format.ts';
import { announce } from '../../ui/live.tsx';
import { Banner } from '../../ui/states.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import { useKeys } from '../../ui/use-keys.ts';
import { TakeInFile } from './take-in.tsx';
import { useSaveHandOver } from './use-save-hand-over.ts';
import type { Taken } from './use-take-in.ts';

/** Everything for the other laptops into one file, and one of theirs taken in. */
export function HandOverSection(): ReactElement {
  const { t } = useTranslation('team');
  const { host, ledger, reloadPeople } = useTallybook();
  const { ask, team } = useTeam();
  const binName = useBinName();
  const formats = useFormats();
  const errorText = useErrorText();
  const { saving, said, problem, save } = useSaveHandOver(host);
  const [came, setCame] = useState<{ text: string; problem: string | undefined }>();
  const hasCounting = team?.laptops.some(({ role, isHere }) => role === 'counting' && !isHere) === true;
  const mayOpen = team?.here === 'supervising' && hasCounting;
  const saveForCounting = { key: 'C', label: t('handOver.saveForCounting'), run: () => save(true) };
  useKeys([{ key: 'S', label: t('handOver.save'), run: () => save(false) }, ...(mayOpen ? [saveForCounting] : [])]);

  async function show(taken: Taken, { from, catalogues }: HandOver): Promise<void> {
    const chains = await ledger.takeChains(taken.journal);
    const shown = chains.ok ? await ledger.takeIn(taken.entries) : chains;
    if (catalogues > 0) await ledger.reloadCatalogue();
    await reloadPeople();
    await ask();
    const { fresh } = taken;
    const text =
      fresh === 0
        ? t('handOver.takenNothing', { from })
        : t('handOver.taken', { count: fresh, number: formats.whole(fresh), from });
    setCame({ text, problem: shown.ok ? undefined : t('handOver.notShown', { problem: errorText(shown.error) }) });
    announce(text);
  }

  return (
    <section className="team-hand-over" aria-labelledby="team-hand-over">
      <div className="stack">
        <h2 id="team-hand-over">{t('handOver.title')}</h2>
        <p>{t('handOver.explain')}</p>
        <div className="row">
          <Button variant="main" keyCap="S" disabled={saving} onClick={() => save(false)}>
            {t('handOver.save')}
          </Button>
          {mayOpen && (
            <Button keyCap="C" disabled={saving} onClick={() => save(true)}>
              {t('handOver.saveForCounting')}
            </Button>
          )}
          {saving && (
            <span className="muted" role="status">
              {t('handOver.saving')}
            </span>
          )}
        </div>
        {mayOpen && <p className="muted">{t('handOver.countingHint')}</p>}
        {said !== undefined && <p data-testid="hand-over-saved">{said}</p>}
        {problem !== undefined && (
          <Banner tone="stop" word={t('handOver.title')}>
            {problem}
          </Banner>
        )}
      </div>
      <div className="stack">
        <TakeInFile
          host={host}
          take={() => host.takeHandOver({})}
          onTaken={show}
          onBegin={() => setCame(undefined)}
          binName={binName}
        />
        {came !== undefined && (
          <Banner tone={came.problem === undefined ? 'info' : 'attention'} word={t('handOver.takenWord')}>
            <p data-testid="hand-over-taken">{came.text}</p>
            {came.problem !== undefined && <p>{came.problem}</p>}
          </Banner>
        )}
      </div>
    </section>
  );
}
