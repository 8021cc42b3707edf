import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { ShownCode } from '../../tallybook/shown-code.tsx';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';

/** Makes a new recovery code, after a question, and shows it once. */
export function RecoveryDialog({ onClose }: { onClose: () => void }): ReactElement {
  const { t } = useTranslation('people');
  const { t: frame } = useTranslation('frame');
  const { host, ledger, laptop, reloadPeople } = useTallybook();
  const errorText = useErrorText();
  const [code, setCode] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function make(): Promise<void> {
    if (busy) return;
    setBusy(true);
    const made = await host.renewRecoveryCode({});
    setBusy(false);
    if (!made.ok) return setProblem(errorText(made.error));
    setCode(made.value.recoveryCode);
    await ledger.takeIn(made.value.entries);
  }

  function close(): void {
    onClose();
    void reloadPeople();
  }

  if (code !== undefined) {
    return (
      // Esc must not put away what is shown only once.
      <Dialog title={frame('recovery.title')} onClose={() => undefined}>
        <ShownCode code={code} host={host} laptop={laptop} onDone={close} />
      </Dialog>
    );
  }
  return (
    <Dialog
      title={t('recoveryAsk')}
      onClose={onClose}
      onConfirm={() => void make()}
      actions={
        <>
          <Button keyCap="Esc" onClick={onClose}>
            {t('form.cancel')}
          </Button>
          <Button type="submit" variant="main" keyCap="Enter" disabled={busy}>
            {t('recoveryMake')}
          </Button>
        </>
      }
    >
      <p>{t('recoveryAskText')}</p>
      {problem !== undefined && (
        <p className="error-text" role="alert">
          {problem}
        </p>
      )}
    </Dialog>
  );
}
