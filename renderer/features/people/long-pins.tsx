import { useEffect, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { Checkbox } from '../../ui/field.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';

/** Long enough to be a few words: nobody guesses them, not even with the file at home. */
const LONG = 12;

/** Whether those who decide and those who may change everything need long PINs. Only an admin is shown it. */
export function LongPins(): ReactElement {
  const { t } = useTranslation('people');
  const { host, ledger } = useTallybook();
  const errorText = useErrorText();
  const [asked, setAsked] = useState<boolean>();
  const [problem, setProblem] = useState<string>();

  useEffect(() => {
    let stale = false;
    void host.filesFound({}).then((found) => {
      if (!stale && found.ok) setAsked((found.value.pinLengths.admin ?? 0) >= LONG);
    });
    return () => {
      stale = true;
    };
  }, [host]);

  async function ask(on: boolean): Promise<void> {
    const lengths = on ? { approver: LONG, admin: LONG } : {};
    const said = await ledger.appendFacts([{ kind: 'pin_lengths_set', lengths }]);
    setProblem(said.ok ? undefined : errorText(said.error));
    if (said.ok) setAsked(on);
  }

  return (
    <div className="people-note small">
      {asked !== undefined && (
        <Checkbox label={t('longPins', { count: LONG })} checked={asked} onChange={(on) => void ask(on)} />
      )}
      <p className="muted">{t('longPinsHint')}</p>
      {problem !== undefined && (
        <p className="error-text" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
