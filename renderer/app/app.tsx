import { useCallback, useEffect, useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Router } from 'wouter';
import { navigate, useHashLocation } from 'wouter/use-hash-location';
import type { Person } from '../../shared/domain/person.ts';
import { RecordsMissing } from '../features/signin/records-missing.tsx';
import { SignIn } from '../features/signin/sign-in.tsx';
import { useCounting } from '../stores/counting.ts';
import { useMoving } from '../stores/moving.ts';
import { Live } from '../ui/live.tsx';
import { Notice, notify, warn } from '../ui/notice.tsx';
import { FirstPerson } from './first-run.tsx';
import { Frame } from './frame.tsx';
import { OpeningScreen } from './opening.tsx';
import { ScansProvider } from './scans.tsx';
import { TallybookContext, type Tallybook } from './tallybook-context.tsx';
import { useIdleLock } from './use-idle-lock.ts';
import { useAppearanceEffects } from './use-appearance-effects.ts';
import { useOpened } from './use-opened.ts';
import { watchHost } from './watch-host.ts';
import type { Opened, Wiring } from './wiring.ts';

/** The whole page: opens the ledger, asks who is there, then shows the screens. */
export function App({ wiring }: { wiring: Wiring }): ReactElement {
  useAppearanceEffects();
  const { t } = useTranslation('frame');
  const [locked, setLocked] = useState(false);
  const host = useMemo(() => watchHost(wiring.host, () => setLocked(true)), [wiring]);
  const opening = useOpened(wiring, host);
  return (
    <ScansProvider
      scans={wiring.scans}
      onNews={(news) => {
        wiring.sounds.look();
        if (news.kind === 'torn')
          warn(t(news.part === '' ? 'tornInField' : 'torn', { part: news.part, text: news.text }));
        else notify(t('scannedOrTyped', { text: news.text }));
      }}
    >
      {/* oxlint-disable-next-line react/hooks -- wouter takes its way of reading the address as a hook */}
      <Router hook={useHashLocation}>
        <Live />
        <Notice />
        {opening.state === 'open' ? (
          <SignedIn wiring={{ ...wiring, host }} opened={opening.opened} locked={locked} onLocked={setLocked} />
        ) : (
          <OpeningScreen opening={opening} />
        )}
      </Router>
    </ScansProvider>
  );
}

type SignedInProps = { wiring: Wiring; opened: Opened; locked: boolean; onLocked: (locked: boolean) => void };

/** Who is there, and what they see. A lock covers the screens and keeps them, so nothing typed is lost. */
function SignedIn({ wiring, opened, locked, onLocked }: SignedInProps): ReactElement {
  const { host, sounds } = wiring;
  const { ledger, sending, laptop } = opened;
  const [people, setPeople] = useState(opened.people);
  const [person, setPerson] = useState<Person | null>(opened.signedIn);

  const enter = useCallback(
    (next: Person) => {
      opened.personChanged(next);
      // Another person starts at their own first screen: what was open may be hidden from them.
      if (person !== null && person.id !== next.id) navigate('/count');
      setPerson(next);
      onLocked(false);
    },
    [opened, onLocked, person],
  );

  const reloadPeople = useCallback(async () => {
    const started = await host.start({});
    if (!started.ok) return;
    setPeople(started.value.people);
    const me = started.value.people.find(({ id }) => id === person?.id);
    if (me !== undefined && started.value.signedIn?.id === me.id) {
      opened.personChanged(me);
      setPerson(me);
    }
  }, [host, opened, person?.id]);

  const signOut = useCallback(async () => {
    // The screens go first: whatever the host says, nobody reads on.
    onLocked(true);
    opened.personChanged(null);
    await host.signOut({});
  }, [host, opened, onLocked]);
  useIdleLock(host, person !== null && !locked, () => void signOut());

  const tallybook = useMemo<Tallybook | null>(
    () => (person === null ? null : { host, ledger, sounds, sending, person, people, laptop, signOut, reloadPeople }),
    [host, ledger, sounds, sending, person, people, laptop, signOut, reloadPeople],
  );

  useEffect(() => {
    if (!locked) return;
    // Whoever unlocks may be somebody else.
    useCounting.getState().setTyped('');
    useMoving.getState().setTyped('');
  }, [locked]);

  useEffect(() => {
    if (person === null) onLocked(false);
  }, [person, onLocked]);

  if (people.length === 0 && opened.files.entry === 'records_missing') return <RecordsMissing laptop={laptop} />;
  if (people.length === 0) {
    return (
      <FirstPerson
        host={host}
        laptop={laptop}
        ledger={ledger}
        sounds={sounds}
        onMade={(made) => {
          setPeople([made]);
          enter(made);
        }}
      />
    );
  }
  if (tallybook === null)
    return <SignIn {...{ host, ledger, sounds, people }} entry={opened.files.entry} onSignedIn={enter} />;
  return (
    <TallybookContext.Provider value={tallybook} key={tallybook.person.id}>
      <Frame
        screens={wiring.screens}
        locked={locked}
        loadSample={(onProgress) => wiring.loadSample(opened, host, onProgress)}
      />
      {locked && (
        <SignIn
          {...{ host, ledger, sounds, people }}
          entry="open"
          onSignedIn={enter}
          suggested={tallybook.person.id}
          layer
        />
      )}
    </TallybookContext.Provider>
  );
}
