import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { matchOf } from '../../shared/domain/unknown-code.ts';
import type { UnknownCode } from '../../shared/domain/unknown-scan.ts';
import type { CodeAt } from '../ledger/ledger.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useFormats } from '../ui/format.ts';
import { announce } from '../ui/live.tsx';
import { useErrorText } from '../ui/use-error-text.ts';
import { useLedger, useTallybook } from '../tallybook/tallybook-context.tsx';
import { useMayMatch } from './use-may-match.ts';

type Props = {
  at: CodeAt;
  title: string;
  unknown: UnknownCode;
  /** It is another item. */
  onOther: () => void;
  onClose: () => void;
};

/** What a code was said to be, and by whom: to be taken back, or said anew. */
export function StandingMatch({ at, title, unknown, onOther, onClose }: Props): ReactElement {
  const { t } = useTranslation(['count', 'ui']);
  const { ledger, people, person } = useTallybook();
  const formats = useFormats();
  const errorText = useErrorText();
  const mayMatch = useMayMatch();
  const catalogue = useLedger((known) => known.catalogue());
  const [problem, setProblem] = useState<string>();
  const match = matchOf(unknown);
  const said = match === undefined ? unknown.proposals : [match];
  // Who may only propose takes back what is their own.
  const mayTakeBack = mayMatch || (match === undefined && said.every(({ by }) => by === person.id));

  async function takeBack(): Promise<void> {
    const done = await ledger.withdrawMatch([at], match === undefined ? 'proposals' : 'match');
    setProblem(done.ok ? undefined : errorText(done.error));
    if (!done.ok) return;
    announce(t('match.takenBack', { code: at.code }));
    onClose();
  }

  return (
    <Dialog
      title={title}
      onClose={onClose}
      onConfirm={onOther}
      actions={
        <>
          <Button keyCap="Esc" onClick={onClose}>
            {t('ui:back')}
          </Button>
          {mayTakeBack && <Button onClick={() => void takeBack()}>{t('match.takeBack')}</Button>}
          <Button type="submit" variant="main" keyCap="Enter" autoFocus>
            {t('match.other')}
          </Button>
        </>
      }
    >
      {said.map(({ id, item, by, at: when }) => (
        <p key={id}>
          {t(match === undefined ? 'match.isProposed' : 'match.isMatched')} <strong>{catalogue.name(item)}</strong>
          <br />
          <span className="muted small">
            {people.find((one) => one.id === by)?.name ?? by}, {formats.moment(when)}
          </span>
        </p>
      ))}
      {problem !== undefined && (
        <p className="error-text" role="alert">
          {problem}
        </p>
      )}
    </Dialog>
  );
}
