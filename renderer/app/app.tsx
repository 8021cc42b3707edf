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
import { ScansProvider } from '../scan/scans.tsx';
import { TallybookContext, type Tallybook } from '../tallybook/tallybook-context.tsx';
import { useOthers } from './use-others.ts';
import { useIdleLock } from './use-idle-lock.ts';
import { useAppearanceEffects } from './use-appearance-effects.ts';
import { useOpened } from './use-opened.ts';
import { watchHost } from './watch-host.ts';
import type { Started, Wiring } from './wiring.ts';

/** The whole page: asks who is there, opens the ledger for them, then shows the screens. */
export function App({ wiring }: { wiring: Wiring }): ReactElement {
  useAppearanceEffects();
  const { i18n } = useTranslation();
  const [locked, setLocked] = useState(false);
  const host = useMemo(() => watchHost(wiring.host, () => setLocked(true)), [wiring]);
  const starting = useOpened(wiring, 'start', (onProgress) => wiring.start(host, onProgress));
  return (
    <ScansProvider
      scans={wiring.scans}
      onNews={(news) => {
        wiring.sounds.look();
        if (news.kind === 'torn')
          warn(() =>
            i18n.t(`frame:${news.part === '' ? 'tornInField' : 'torn'}`, { part: news.part, text: news.text }),
          );
        else notify(() => i18n.t('frame:scannedOrTyped', { text: news.text }));
      }}
    >
      {/* oxlint-disable-next-line react/hooks -- wouter takes its way of reading the address as a hook */}
      <Router hook={useHashLocation}>
        <Live />
        <Notice />
        {starting.state === 'open' ? (
          <SignedIn
            wiring={wiring}
            host={host}
            started={starting.opened}
            locked={locked}
            onLocked={setLocked}
            onJoined={starting.again}
          />
        ) : (
          <OpeningScreen opening={starting} />
        )}
      </Router>
    </ScansProvider>
  );
}

type SignedInProps = {
  wiring: Wiring;
  /** Tells of a lock. */
  host: Wiring['host'];
  started: Started;
  locked: boolean;
  onLocked: (locked: boolean) => void;
  /** This laptop belongs to a site now: who there is, is asked anew. */
  onJoined: () => void;
};

/**
 * Who is there, and what they see. A lock covers the screens and keeps them, so nothing typed is lost. One piece: opening,
 * locking and leaving follow each other here and nowhere else.
 */
function SignedIn({ wiring, host, started, locked, onLocked, onJoined }: SignedInProps): ReactElement {
  const { sounds } = wiring;
  const { laptop } = started;
  const [people, setPeople] = useState(started.people);
  const [person, setPerson] = useState<Person | null>(started.signedIn);
  const opening = useOpened(
    wiring,
    'open',
    person === null ? undefined : (onProgress) => wiring.open(host, started, person, onProgress),
  );
  const opened = opening.state === 'open' ? opening.opened : undefined;

  const enter = useCallback(
    (next: Person) => {
      opened?.personChanged(next);
      // Another person starts at their own first screen: what was open may be hidden from them.
      if (person !== null && person.id !== next.id) navigate('/count');
      setPerson(next);
      onLocked(false);
    },
    [opened, onLocked, person],
  );

  const reloadPeople = useCallback(async () => {
    const here = await host.whoIsHere({});
    if (!here.ok) return;
    setPeople(here.value.people);
    const me = here.value.people.find(({ id }) => id === person?.id);
    if (me !== undefined && here.value.signedIn?.id === me.id) {
      opened?.personChanged(me);
      setPerson(me);
    }
  }, [host, opened, person?.id]);

  const signOut = useCallback(async () => {
    // The screens go first: whatever the host says, nobody reads on.
    onLocked(true);
    opened?.personChanged(null);
    await host.signOut({});
  }, [host, opened, onLocked]);
  useIdleLock(host, person !== null && !locked, () => void signOut());

  useOthers(host, { ledger: person === null || locked ? undefined : opened?.ledger, reloadPeople });

  const tallybook = useMemo<Tallybook | null>(
    () =>
      person === null || opened === undefined
        ? null
        : {
            host,
            ledger: opened.ledger,
            sounds,
            sending: opened.sending,
            person,
            people,
            laptop,
            signOut,
            reloadPeople,
          },
    [host, opened, sounds, person, people, laptop, signOut, reloadPeople],
  );

  useEffect(() => {
    // Whoever came or went while the ledger was opened.
    opened?.personChanged(locked ? null : person);
    // oxlint-disable-next-line react/exhaustive-deps -- later changes are told when they are made
  }, [opened]);

  useEffect(() => {
    if (!locked) return;
    // Whoever unlocks may be somebody else.
    useCounting.getState().setTyped('');
    useMoving.getState().setTyped('');
  }, [locked]);

  useEffect(() => {
    if (person === null) onLocked(false);
  }, [person, onLocked]);

  if (people.length === 0 && started.entry === 'records_missing') return <RecordsMissing laptop={laptop} />;
  if (people.length === 0) {
    return (
      <FirstPerson
        host={host}
        laptop={laptop}
        asked={started.asked}
        sounds={sounds}
        onJoined={onJoined}
        onMade={(made) => {
          setPeople([made]);
          enter(made);
        }}
      />
    );
  }
  if (person === null)
    return (
      <SignIn
        {...{ host, sounds, people }}
        ledger={undefined}
        entry={started.entry}
        here={started.here}
        onSignedIn={enter}
      />
    );
  const lock = locked && (
    <SignIn
      {...{ host, sounds, people }}
      ledger={opened?.ledger}
      entry="open"
      onSignedIn={enter}
      suggested={person.id}
      layer
    />
  );
  if (tallybook === null || opened === undefined) {
    return (
      <>
        {opening.state !== 'open' && <OpeningScreen opening={opening} />}
        {lock}
      </>
    );
  }
  return (
    <TallybookContext.Provider value={tallybook} key={tallybook.person.id}>
      <Frame
        screens={opened.screens}
        locked={locked}
        loadSample={(onProgress) => wiring.loadSample(opened, host, onProgress)}
      />
      {lock}
    </TallybookContext.Provider>
  );
}
