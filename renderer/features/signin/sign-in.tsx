import { useEffect, useLayoutEffect, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '../../../shared/domain/person.ts';
import type { FilesFound, Host, Team } from '../../../shared/ports/host.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { useScans } from '../../scan/scans.tsx';
import type { Sounds } from '../../sound/sounds.ts';
import { Button } from '../../ui/button.tsx';
import { TextInput } from '../../ui/field.tsx';
import { announce } from '../../ui/live.tsx';
import { notify } from '../../ui/notice.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import { Banner } from '../../ui/states.tsx';
import { findByBadge, personOfBadge } from './badge.ts';
import { FirstPinForm } from './first-pin-form.tsx';
import { RecoverForm } from './recover-form.tsx';
import './signin.css';

export type SignInProps = {
  host: Host;
  /** Undefined before it is open: it then reads what was sealed here. */
  ledger: Pick<Ledger, 'takeIn'> | undefined;
  /** Who can still enter, as far as it was known when the ledger was opened. */
  entry: FilesFound['entry'];
  /** What this laptop is at a site, as far as it was known then. */
  here?: Team['here'];
  sounds: Pick<Sounds, 'noted' | 'notTaken'>;
  people: readonly Person[];
  onSignedIn: (person: Person) => void;
  /** Id of the person who was here last. */
  suggested?: string;
  /** Covers the screens behind it, which stay as they are. */
  layer?: boolean;
};

/** Who is it? A name and a PIN; works without a network and without a mouse. A badge scan chooses the name. */
export function SignIn({ layer = false, ...form }: SignInProps): ReactElement {
  return layer ? (
    <Layer>
      <SignInForm {...form} locked />
    </Layer>
  ) : (
    <main className="signin">
      <SignInForm {...form} locked={false} />
    </main>
  );
}

/** A modal dialog that Esc does not close: on top of everything, other dialogs too. */
function Layer({ children }: { children: ReactNode }): ReactElement {
  const { t } = useTranslation('signin');
  const layer = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = layer.current;
    if (element && !element.open) element.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={layer}
      className="signin layer"
      aria-label={t('title')}
      onCancel={(event) => event.preventDefault()}
      onKeyDown={(event) => event.key === 'Escape' && event.preventDefault()}
    >
      {children}
    </dialog>
  );
}

/** The PIN that could not be checked, and what helps. `isNew`: nothing is lost, this laptop has never had it. */
type Lost = { name: string; cure: 'admin' | 'recovery_code' | 'none'; isNew: boolean };

/** What is said before anybody has tried: on a laptop that counts everybody chooses a PIN, so nothing stands in the way. */
function lostAtFirst(entry: FilesFound['entry'], here: Team['here']): Lost | undefined {
  if (here === 'counting') return undefined;
  const isNew = here === 'supervising';
  if (entry === 'recovery_code') return { name: '', cure: entry, isNew };
  return entry === 'closed' ? { name: '', cure: 'none', isNew } : undefined;
}

/** Who is it, and their PIN. One piece: what a refusal leaves open decides what the form shows next. */
function SignInForm({
  host,
  ledger,
  entry,
  here = 'none',
  sounds,
  people,
  onSignedIn,
  suggested,
  locked,
}: Omit<SignInProps, 'layer'> & { locked: boolean }): ReactElement {
  const { t, i18n } = useTranslation('signin');
  const errorText = useErrorText();
  const active = people.filter((person) => person.active);
  const [chosen, setChosen] = useState(
    () => active.find(({ id }) => id === suggested)?.id ?? (active.length === 1 ? active[0]?.id : undefined),
  );
  const [pin, setPin] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [lost, setLost] = useState<Lost | undefined>(() => lostAtFirst(entry, here));
  const [recovering, setRecovering] = useState(false);
  const [choosing, setChoosing] = useState<Person>();
  const field = useRef<HTMLInputElement>(null);
  const person = active.find(({ id }) => id === chosen);

  useEffect(() => {
    if (chosen !== undefined) field.current?.focus();
  }, [chosen]);

  function choose(id: string): void {
    setChosen(id);
    setPin('');
    setProblem(undefined);
    field.current?.focus();
  }

  function refuse(text: string): void {
    setProblem(text);
    announce(text);
  }

  useScans(({ text, usText }) => {
    // On a keyboard of another layout the colons arrive as other signs.
    const id = personOfBadge(text) ?? personOfBadge(usText);
    const found = id === undefined ? undefined : findByBadge(id, active);
    if (found) {
      sounds.noted();
      notify(() => i18n.t('signin:badgeOf', { name: found.name }));
      choose(found.id);
      return;
    }
    sounds.notTaken();
    notify(() => (id === undefined ? i18n.t('signin:nothingCounted', { text }) : i18n.t('signin:badgeUnknown')));
  });

  async function enter(): Promise<void> {
    if (person === undefined) refuse(t('chooseName'));
    if (person === undefined || busy) return;
    setBusy(true);
    const signedIn = await host.signIn({ person: person.id, pin });
    // Asked only now: it may have joined a site since the start.
    const team = !signedIn.ok && signedIn.error.code === 'pin_lost' ? await host.team({}) : undefined;
    setBusy(false);
    setPin('');
    if (signedIn.ok) onSignedIn(signedIn.value.person);
    else if (signedIn.error.code === 'pin_lost') {
      const { cure } = signedIn.error;
      const is = team?.ok === true ? team.value.here : here;
      if (is === 'counting') return setChoosing(person);
      const isNew = is === 'supervising';
      setLost({ name: person.name, cure, isNew });
      announce(t(isNew ? `lostHere.${cure}` : `lost.${cure}`, { name: person.name }));
    } else {
      refuse(errorText(signedIn.error));
      field.current?.focus();
    }
  }

  if (choosing !== undefined) {
    return <FirstPinForm {...{ host, ledger, onSignedIn }} person={choosing} onBack={() => setChoosing(undefined)} />;
  }
  if (recovering) {
    return <RecoverForm {...{ host, ledger, people }} onSignedIn={onSignedIn} onBack={() => setRecovering(false)} />;
  }
  const mayRecover = lost?.cure === 'recovery_code' || person?.roles.includes('admin') === true;
  return (
    <form
      className="signin-form"
      onSubmit={(event) => {
        event.preventDefault();
        void enter();
      }}
    >
      <h1>{locked ? t('lockedTitle') : t('title')}</h1>
      <p className="muted">{locked ? t('lockedText') : t('text')}</p>
      {lost !== undefined && (
        <Banner tone={lost.isNew ? 'attention' : 'stop'} word={t(lost.isNew ? 'lostHere.word' : 'lost.word')}>
          {t(lost.isNew ? `lostHere.${lost.cure}` : `lost.${lost.cure}`, { name: lost.name })}
        </Banner>
      )}
      <Names people={active} chosen={chosen} onChoose={setChosen} />
      <div className="field-row">
        <Pin
          label={person === undefined ? t('pin') : t('pinOf', { name: person.name })}
          field={field}
          pin={pin}
          error={problem}
          onPin={setPin}
        />
        <Button type="submit" variant="main" keyCap="Enter" disabled={busy}>
          {t('enter')}
        </Button>
      </div>
      {mayRecover && (
        <div className="row">
          <Button variant={lost === undefined ? 'quiet' : 'plain'} onClick={() => setRecovering(true)}>
            {t('forgotten')}
          </Button>
        </div>
      )}
    </form>
  );
}

function Names({
  people,
  chosen,
  onChoose,
}: {
  people: readonly Person[];
  chosen: string | undefined;
  onChoose: (id: string) => void;
}): ReactElement {
  const { t } = useTranslation('signin');
  return (
    <div className="names" role="radiogroup" aria-label={t('names')}>
      {people.map(({ id, name }) => (
        <label key={id} className="name">
          <input
            type="radio"
            name="person"
            value={id}
            checked={id === chosen}
            autoFocus={chosen === undefined && id === people[0]?.id}
            onChange={() => onChoose(id)}
          />
          <span>{name}</span>
        </label>
      ))}
    </div>
  );
}

function Pin({
  label,
  field,
  pin,
  error,
  onPin,
}: {
  label: string;
  field: React.RefObject<HTMLInputElement | null>;
  pin: string;
  error: string | undefined;
  onPin: (pin: string) => void;
}): ReactElement {
  return (
    <TextInput
      label={label}
      ref={field}
      type="password"
      inputMode="numeric"
      value={pin}
      error={error}
      onChange={(event) => onPin(event.target.value)}
    />
  );
}
