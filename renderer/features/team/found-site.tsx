import { useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { useTeam } from '../../tallybook/team.ts';
import { Button } from '../../ui/button.tsx';
import { TextInput } from '../../ui/field.tsx';
import { notify } from '../../ui/notice.tsx';
import { Banner } from '../../ui/states.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';

/** This laptop works alone: what a site is for, and, for an admin, the form that founds one. */
export function FoundSite({ mayFound }: { mayFound: boolean }): ReactElement {
  const { t } = useTranslation('team');
  return (
    <div className="team-none stack">
      <p>{t('none.text')}</p>
      {mayFound ? <FoundForm /> : <p className="muted">{t('none.askAdmin')}</p>}
    </div>
  );
}

function FoundForm(): ReactElement {
  const { t, i18n } = useTranslation('team');
  const { host, ledger, laptop: known } = useTallybook();
  const { ask } = useTeam();
  const errorText = useErrorText();
  const [site, setSite] = useState('');
  const [laptop, setLaptop] = useState(known);
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<string>();
  const busy = useRef(false);

  async function found(): Promise<void> {
    setTried(true);
    const names = { site: site.trim(), laptop: laptop.trim() };
    if (busy.current || names.site === '' || names.laptop === '') return;
    busy.current = true;
    const founded = await host.foundSite(names);
    busy.current = false;
    if (!founded.ok) return setProblem(errorText(founded.error));
    await ledger.takeIn(founded.value.entries);
    notify(() => i18n.t('team:none.done', { site: names.site }));
    await ask();
  }

  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void found();
      }}
    >
      {problem !== undefined && (
        <Banner tone="stop" word={t('title')}>
          {problem}
        </Banner>
      )}
      <TextInput
        label={t('none.site')}
        hint={t('none.siteHint')}
        value={site}
        maxLength={80}
        autoFocus
        error={tried && site.trim() === '' ? t('none.siteMissing') : undefined}
        onChange={(event) => setSite(event.target.value)}
      />
      <TextInput
        label={t('none.laptop')}
        hint={t('none.laptopHint')}
        value={laptop}
        maxLength={80}
        error={tried && laptop.trim() === '' ? t('none.laptopMissing') : undefined}
        onChange={(event) => setLaptop(event.target.value)}
      />
      <div className="row">
        <Button type="submit" variant="main" keyCap="Enter">
          {t('none.do')}
        </Button>
      </div>
    </form>
  );
}
