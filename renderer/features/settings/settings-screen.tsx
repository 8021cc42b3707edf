import type { TFunction } from 'i18next';
import { useEffect, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { HostOutput } from '../../../shared/ports/host.ts';
import { useLedger, useTallybook } from '../../tallybook/tallybook-context.tsx';
import { useTeam } from '../../tallybook/team.ts';
import { useAppearance, type Scheme } from '../../stores/appearance.ts';
import { LANGUAGES, type Language } from '../../texts/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import { useFormats } from '../../ui/format.ts';
import { Where } from '../../ui/where.tsx';
import { CopySection } from './copy-section.tsx';
import { JournalSection } from './journal-section.tsx';
import { ScannersInUse } from './scanners-in-use.tsx';
import './settings.css';

const SCHEMES: readonly Scheme[] = ['system', 'light', 'dark', 'contrast'];
/** Each language is named in itself: whoever looks for it may read no other. */
const OWN_NAMES: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' };
const LEVELS = [0, 0.25, 0.5, 0.7, 1] as const;
const MINUTE_MS = 60_000;

/** /settings: how this laptop looks and sounds, its scanners, its journal, its people, and what it is. */
export function SettingsScreen(): ReactElement {
  const { t } = useTranslation('settings');
  const started = useStarted();
  const { team } = useTeam();
  return (
    <div className="page settings">
      <Where title={t('title')} />
      <div className="settings-body">
        <Look />
        <Sound />
        <section aria-labelledby="settings-scanner">
          <h2 id="settings-scanner">{t('scanner.title')}</h2>
          <ScannersInUse />
          <Link className="button" href="/settings/scanner">
            {t('scanner.setUp')}
          </Link>
        </section>
        <section aria-labelledby="settings-people">
          <h2 id="settings-people">{t('people.title')}</h2>
          <Link className="button" href="/settings/people">
            {t('people.open')}
          </Link>
          {started && <p className="muted">{lockText(t, started.lockAfterMs)}</p>}
          <p className="muted">{t(team?.here === 'counting' ? 'blind.counting' : 'blind.shared')}</p>
        </section>
        <JournalSection />
        <CopySection />
        <About version={started?.appVersion} />
      </div>
    </div>
  );
}

function lockText(t: TFunction<'settings'>, lockAfterMs: number): string {
  return lockAfterMs > 0 ? t('lock.after', { count: Math.round(lockAfterMs / MINUTE_MS) }) : t('lock.never');
}

function useStarted(): HostOutput<'whoIsHere'> | undefined {
  const { host } = useTallybook();
  const [started, setStarted] = useState<HostOutput<'whoIsHere'>>();
  useEffect(() => {
    let wanted = true;
    void host.whoIsHere({}).then((answer) => {
      if (wanted && answer.ok) setStarted(answer.value);
    });
    return () => {
      wanted = false;
    };
  }, [host]);
  return started;
}

function Look(): ReactElement {
  const { t } = useTranslation('settings');
  const { scheme, language, setScheme, setLanguage } = useAppearance();
  return (
    <section aria-labelledby="settings-look">
      <h2 id="settings-look">{t('look.title')}</h2>
      <Select
        label={t('look.scheme')}
        value={scheme}
        options={SCHEMES.map((one) => ({ value: one, label: t(`look.${one}`) }))}
        onChange={(value) => {
          const chosen = SCHEMES.find((one) => one === value);
          if (chosen) setScheme(chosen);
        }}
      />
      <Select
        label={t('look.language')}
        value={language}
        options={[
          { value: 'system', label: t('look.system') },
          ...LANGUAGES.map((one) => ({ value: one, label: OWN_NAMES[one] })),
        ]}
        onChange={(value) => setLanguage(LANGUAGES.find((one) => one === value) ?? 'system')}
      />
    </section>
  );
}

function Sound(): ReactElement {
  const { t } = useTranslation('settings');
  const { sounds } = useTallybook();
  const { soundLevel, setSoundLevel } = useAppearance();
  const nearest = LEVELS.reduce((best, level) =>
    Math.abs(level - soundLevel) < Math.abs(best - soundLevel) ? level : best,
  );
  return (
    <section aria-labelledby="settings-sound">
      <h2 id="settings-sound">{t('sound.title')}</h2>
      <Select
        label={t('sound.level')}
        value={String(nearest)}
        options={LEVELS.map((level) => ({
          value: String(level),
          label: level === 0 ? t('sound.off') : t('sound.percent', { percent: level * 100 }),
        }))}
        onChange={(value) => setSoundLevel(Number(value))}
      />
      <div className="row" role="group" aria-label={t('sound.test')}>
        <Button compact onClick={sounds.taken}>
          {t('sound.taken')}
        </Button>
        <Button compact onClick={sounds.noted}>
          {t('sound.noted')}
        </Button>
        <Button compact onClick={sounds.look}>
          {t('sound.look')}
        </Button>
        <Button compact onClick={sounds.notTaken}>
          {t('sound.notTaken')}
        </Button>
      </div>
      <p className="muted small">{t('sound.hint')}</p>
    </section>
  );
}

function About({ version }: { version: string | undefined }): ReactElement {
  const { t } = useTranslation('settings');
  const { laptop } = useTallybook();
  const formats = useFormats();
  const entries = useLedger((ledger) => ledger.status().entries);
  return (
    <section aria-labelledby="settings-about">
      <h2 id="settings-about">{t('about.title')}</h2>
      <p>{t('about.version', { version: version ?? '', laptop })}</p>
      <p className="muted">{t('about.entries', { count: entries, number: formats.whole(entries) })}</p>
      <h3>{t('about.attribution')}</h3>
      <ul className="muted small">
        <li>{t('about.sample')}</li>
        <li>{t('about.gs1')}</li>
        <li>{t('about.plex')}</li>
      </ul>
    </section>
  );
}
