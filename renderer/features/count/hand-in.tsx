import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { binsToHandIn, passCoverage } from '../../../shared/domain/pass.ts';
import type { Stocktake } from '../../../shared/domain/stocktake.ts';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { Button } from '../../ui/button.tsx';
import { openCodes } from './open-codes.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { announce } from '../../ui/live.tsx';
import { Banner } from '../../ui/states.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';

/** What is handed in and what is not, in one sentence, before it is done. */
export function HandIn({
  stocktake,
  pass,
  onClose,
}: {
  stocktake: Stocktake;
  pass: number;
  onClose: () => void;
}): ReactElement {
  const { t, i18n } = useTranslation(['count', 'ui']);
  const { ledger } = useTallybook();
  const errorText = useErrorText();
  const [, go] = useLocation();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const counts = passCoverage(stocktake, pass);
  const ready = binsToHandIn(stocktake, pass);
  const codes = openCodes(stocktake, pass, ledger.catalogue());

  async function submit(): Promise<void> {
    if (busy) return;
    setBusy(true);
    const submitted = await ledger.submit(stocktake.id, pass, ready);
    setBusy(false);
    if (!submitted.ok) {
      setProblem(errorText(submitted.error));
      return;
    }
    announce(t('handIn.done'));
    onClose();
    go('/count');
  }

  return (
    <Dialog
      title={t('handIn.title')}
      onClose={onClose}
      onConfirm={() => void submit()}
      actions={
        <>
          <Button keyCap="Esc" onClick={onClose}>
            {t('ui:back')}
          </Button>
          <Button type="submit" variant="main" keyCap="Enter" autoFocus disabled={busy}>
            {t('handIn.button')}
          </Button>
        </>
      }
    >
      <p>{t('handIn.sentence', { ...counts, counted: counts.finished })}</p>
      <p className="muted">{t('handIn.text')}</p>
      {codes.length > 0 && (
        <p data-testid="hand-in-unknown">
          {t('handIn.unknown', { count: codes.length, codes: new Intl.ListFormat(i18n.language).format(codes) })}
        </p>
      )}
      {problem !== undefined && (
        <Banner tone="stop" word={t('ui:scan.not-taken')}>
          {problem}
        </Banner>
      )}
    </Dialog>
  );
}
