import { useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '../../../shared/domain/person.ts';
import type { Host } from '../../../shared/ports/host.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { Button } from '../../ui/button.tsx';
import { TextInput } from '../../ui/field.tsx';
import { announce } from '../../ui/live.tsx';
import { Banner } from '../../ui/states.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';

const SHORTEST_PIN = 4;

type FirstPinFormProps = {
  host: Pick<Host, 'setFirstPin'>;
  ledger: Pick<Ledger, 'takeIn'> | undefined;
  person: Person;
  onSignedIn: (person: Person) => void;
  onBack: () => void;
};

/** For the first time on this laptop: a person chooses their PIN, typed twice, and is signed in. */
export function FirstPinForm({ host, ledger, person, onSignedIn, onBack }: FirstPinFormProps): ReactElement {
  const { t } = useTranslation('signin');
  const errorText = useErrorText();
  const [pin, setPin] = useState('');
  const [again, setAgain] = useState('');
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<string>();
  const busy = useRef(false);

  async function set(): Promise<void> {
    setTried(true);
    if (busy.current || pin.length < SHORTEST_PIN || pin !== again) return;
    busy.current = true;
    const chosen = await host.setFirstPin({ person: person.id, pin });
    const taken = chosen.ok && ledger ? await ledger.takeIn(chosen.value.entries) : chosen;
    busy.current = false;
    if (chosen.ok && taken.ok) return onSignedIn(chosen.value.person);
    if (taken.ok) return;
    const text = errorText(taken.error);
    setProblem(text);
    announce(text);
  }

  return (
    <form
      className="signin-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void set();
      }}
    >
      <h1>{t('firstPin.title')}</h1>
      <p className="muted">{t('firstPin.text', { name: person.name })}</p>
      {problem !== undefined && (
        <Banner tone="stop" word={t('lostHere.word')}>
          {problem}
        </Banner>
      )}
      <TextInput
        label={t('firstPin.pin')}
        type="password"
        autoComplete="new-password"
        autoFocus
        value={pin}
        error={tried && pin.length < SHORTEST_PIN ? t('firstPin.pinShort') : undefined}
        onChange={(event) => setPin(event.target.value)}
      />
      <TextInput
        label={t('firstPin.again')}
        type="password"
        autoComplete="new-password"
        value={again}
        error={tried && pin !== again ? t('firstPin.differs') : undefined}
        onChange={(event) => setAgain(event.target.value)}
      />
      <div className="row">
        <Button onClick={onBack}>{t('firstPin.back')}</Button>
        <Button type="submit" variant="main" keyCap="Enter">
          {t('firstPin.do')}
        </Button>
      </div>
    </form>
  );
}
