import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { Person } from '../../shared/domain/person.ts';
import type { Result } from '../../shared/domain/result.ts';
import type { Host, Team } from '../../shared/ports/host.ts';
import type { LedgerError } from '../ledger/ledger.ts';
import type { Sounds } from '../sound/sounds.ts';
import { Button } from '../ui/button.tsx';
import { TextInput } from '../ui/field.tsx';
import { Icon } from '../ui/icons.tsx';
import { notify } from '../ui/notice.tsx';
import { Banner, Loading } from '../ui/states.tsx';
import { useErrorText } from '../ui/use-error-text.ts';
import { JoinSite } from './join-site.tsx';
import { RestoreCopy } from './restore-copy.tsx';
import { useScans } from '../scan/scans.tsx';
import { ShownCode } from '../tallybook/shown-code.tsx';

const SHORTEST_PIN = 4;

/**
 * The very first screen of a new ledger: one name and one PIN. That person may do everything and make others. One piece: a
 * form is its fields in their order, judged together.
 */
export function FirstPerson({
  host,
  sounds,
  laptop,
  asked,
  onMade,
  onJoined,
}: {
  host: Host;
  laptop: string;
  /** This laptop's request to join a site, if it has made one. */
  asked: Team['asked'];
  sounds: Pick<Sounds, 'notTaken'>;
  onMade: (person: Person) => void;
  /** It belongs to a site now, whose people are here. */
  onJoined: () => void;
}): ReactElement {
  const { t, i18n } = useTranslation('frame');
  const errorText = useErrorText();
  const [name, setName] = useState('');
  const [pin, setPin] = useState('');
  const [again, setAgain] = useState('');
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [made, setMade] = useState<{ person: Person; code: string }>();
  const [joining, setJoining] = useState(asked !== null);

  useScans(({ text }) => {
    sounds.notTaken();
    notify(() => i18n.t('frame:scanned.beforeAnybody', { text }));
  });

  const nameError = tried && name.trim() === '' ? t('first.nameMissing') : undefined;
  const pinError = tried && pin.length < SHORTEST_PIN ? t('first.pinShort') : undefined;
  const againError = tried && pin !== again ? t('first.pinDiffers') : undefined;

  async function make(): Promise<void> {
    setTried(true);
    if (busy || name.trim() === '' || pin.length < SHORTEST_PIN || pin !== again) return;
    setBusy(true);
    const created = await host.createFirstPerson({ name: name.trim(), pin });
    setBusy(false);
    if (created.ok) setMade({ person: created.value.person, code: created.value.recoveryCode });
    else setProblem(errorText(created.error));
  }

  if (made !== undefined) {
    return (
      <main className="whole">
        <div className="card stack">
          <h1>{t('recovery.title')}</h1>
          <ShownCode code={made.code} host={host} laptop={laptop} onDone={() => onMade(made.person)} />
        </div>
      </main>
    );
  }
  if (joining) return <JoinSite {...{ host, laptop, asked, onJoined }} onBack={() => setJoining(false)} />;
  return (
    <main className="whole">
      <div className="with-more">
        <form
          className="card stack"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void make();
          }}
        >
          <h1>{t('first.title')}</h1>
          <p className="muted">{t('first.text')}</p>
          {problem !== undefined && (
            <Banner tone="stop" word={t('notDone')}>
              {problem}
            </Banner>
          )}
          <TextInput
            label={t('first.name')}
            value={name}
            error={nameError}
            autoFocus
            onChange={(event) => setName(event.target.value)}
          />
          <TextInput
            label={t('first.pin')}
            hint={t('first.pinHint')}
            type="password"
            inputMode="numeric"
            value={pin}
            error={pinError}
            onChange={(event) => setPin(event.target.value)}
          />
          <TextInput
            label={t('first.pinAgain')}
            type="password"
            inputMode="numeric"
            value={again}
            error={againError}
            onChange={(event) => setAgain(event.target.value)}
          />
          <div className="row">
            <Button type="submit" variant="main" keyCap="Enter" disabled={busy}>
              {t('first.start')}
            </Button>
          </div>
        </form>
        <div className="row">
          <Button onClick={() => setJoining(true)}>{t('join.open')}</Button>
          <RestoreCopy host={host} />
        </div>
      </div>
    </main>
  );
}

export type LoadSample = (onProgress: (part: number) => void) => Promise<Result<null, LedgerError>>;
export type SampleState =
  | { state: 'none' }
  | { state: 'loading'; part: number }
  | { state: 'loaded' }
  | { state: 'failed'; error: LedgerError };

/** No items yet: bring your own, or try with the sample. Afterwards one obvious next step. */
export function FirstStock({
  sample,
  onLoad,
  mayImport,
  onDone,
}: {
  sample: SampleState;
  onLoad: () => void;
  mayImport: boolean;
  onDone: () => void;
}): ReactElement {
  const { t } = useTranslation('frame');
  const errorText = useErrorText();
  const [, go] = useLocation();
  if (sample.state === 'loading') return <Loading part={sample.part}>{t('sample.loading')}</Loading>;
  if (sample.state === 'loaded') {
    return (
      <div className="empty">
        <h1>{t('sample.loaded')}</h1>
        <p>{t('sample.next')}</p>
        <Button
          variant="main"
          autoFocus
          keyCap="Enter"
          onClick={() => {
            onDone();
            go('/count/bin');
          }}
        >
          {t('sample.count')}
        </Button>
      </div>
    );
  }
  if (!mayImport) return <div className="empty">{t('stock.ask')}</div>;
  return (
    <div className="empty">
      <h1>{t('stock.title')}</h1>
      {sample.state === 'failed' && (
        <Banner tone="stop" word={t('notDone')}>
          {errorText(sample.error)}
        </Banner>
      )}
      <div className="choices">
        <button type="button" className="choice" onClick={() => go('/items/import')}>
          <Icon name="file" />
          <strong>{t('stock.own')}</strong>
          <span>{t('stock.ownText')}</span>
        </button>
        <button type="button" className="choice" onClick={onLoad}>
          <Icon name="bin" />
          <strong>{t('stock.sample')}</strong>
          <span>{t('stock.sampleText')}</span>
        </button>
      </div>
    </div>
  );
}
