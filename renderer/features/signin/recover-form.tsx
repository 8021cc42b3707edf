import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '../../../shared/domain/person.ts';
import type { Host } from '../../../shared/ports/host.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { Button } from '../../ui/button.tsx';
import { TextInput } from '../../ui/field.tsx';
import { announce } from '../../ui/live.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';

const SHORTEST_PIN = 4;

type RecoverFormProps = {
  host: Pick<Host, 'recoverAccess'>;
  ledger: Pick<Ledger, 'takeIn'> | undefined;
  people: readonly Person[];
  onSignedIn: (person: Person) => void;
  onBack: () => void;
};

/**
 * The way in when no PIN helps: an admin, the recovery code, and a new PIN typed twice. One piece: a form is its fields in
 * their order, judged together.
 */
export function RecoverForm({ host, ledger, people, onSignedIn, onBack }: RecoverFormProps): ReactElement {
  const { t } = useTranslation('signin');
  const errorText = useErrorText();
  const admins = people.filter(({ active, roles }) => active && roles.includes('admin'));
  const [chosen, setChosen] = useState(admins[0]?.id);
  const [code, setCode] = useState('');
  const [pin, setPin] = useState('');
  const [again, setAgain] = useState('');
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  function refuse(text: string): void {
    setProblem(text);
    announce(text);
  }

  async function recover(): Promise<void> {
    setTried(true);
    if (busy || chosen === undefined || code.trim() === '' || pin.length < SHORTEST_PIN || pin !== again) return;
    setBusy(true);
    const recovered = await host.recoverAccess({ person: chosen, code, pin });
    const taken = recovered.ok && ledger ? await ledger.takeIn(recovered.value.entries) : recovered;
    setBusy(false);
    if (recovered.ok && taken.ok) onSignedIn(recovered.value.person);
    else if (!taken.ok) refuse(errorText(taken.error));
  }

  return (
    <form
      className="signin-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void recover();
      }}
    >
      <h1>{t('recover.title')}</h1>
      <p className="muted">{admins.length === 0 ? t('recover.noAdmin') : t('recover.text')}</p>
      <div className="names" role="radiogroup" aria-label={t('recover.who')}>
        {admins.map(({ id, name }) => (
          <label key={id} className="name">
            <input type="radio" name="admin" value={id} checked={id === chosen} onChange={() => setChosen(id)} />
            <span>{name}</span>
          </label>
        ))}
      </div>
      <TextInput
        label={t('recover.code')}
        hint={t('recover.codeHint')}
        mono
        autoFocus
        autoComplete="off"
        spellCheck={false}
        value={code}
        error={tried && code.trim() === '' ? t('recover.codeMissing') : problem}
        onChange={(event) => setCode(event.target.value)}
      />
      <TextInput
        label={t('recover.pin')}
        type="password"
        autoComplete="new-password"
        value={pin}
        error={tried && pin.length < SHORTEST_PIN ? t('recover.pinShort') : undefined}
        onChange={(event) => setPin(event.target.value)}
      />
      <TextInput
        label={t('recover.again')}
        type="password"
        autoComplete="new-password"
        value={again}
        error={tried && pin !== again ? t('recover.differs') : undefined}
        onChange={(event) => setAgain(event.target.value)}
      />
      <div className="row">
        <Button onClick={onBack}>{t('recover.back')}</Button>
        <Button type="submit" variant="main" keyCap="Enter" disabled={busy}>
          {t('recover.do')}
        </Button>
      </div>
    </form>
  );
}
