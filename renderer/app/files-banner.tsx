import { useEffect, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { hasRole } from '../../shared/domain/person.ts';
import type { FilesFound, Host, Mended } from '../../shared/ports/host.ts';
import { Button } from '../ui/button.tsx';
import { Banner } from '../ui/states.tsx';
import { useLedger, useTallybook } from '../tallybook/tallybook-context.tsx';

/** Files that a person has to do something about when they are lost. */
const CURED = ['people', 'keys', 'vault', 'catalogue', 'laptop', 'chain'] as const;

function isGone({ what }: Mended): boolean {
  return what === 'lost' || what === 'foreign';
}

/** Asks what was found of the files, `after` things that change it: another recovery code, a list that was read. */
function askAfter(host: Pick<Host, 'filesFound'>, _after: readonly unknown[]): ReturnType<Host['filesFound']> {
  return host.filesFound({});
}

/** What was found of the profile's small files, in plain words: what was mended, what is lost, and what is missing. */
export function FilesBanner(): ReactElement | null {
  const { t } = useTranslation('frame');
  const { host, person, people } = useTallybook();
  const catalogue = useLedger((ledger) => ledger.catalogue());
  const problem = useLedger((ledger) => ledger.catalogueProblem());
  const [found, setFound] = useState<FilesFound>();
  const [read, setRead] = useState('');

  const [location] = useLocation();

  // Some files are looked at only when they are first used: the lists of items, for one, and what decisions are judged by.
  useEffect(() => {
    let stale = false;
    void askAfter(host, [people, catalogue, problem, location]).then((answer) => {
      if (!stale && answer.ok) setFound(answer.value);
    });
    return () => {
      stale = true;
    };
  }, [host, people, catalogue, problem, location]);

  const mended = found?.mended ?? [];
  const key = mended.map(({ file, what }) => `${file} ${what}`).join();
  const cure = (file: Mended['file']) => CURED.find((one) => one === file);
  const mayMakeCode = found !== undefined && !found.hasRecoveryCode && hasRole(person, ['admin']);
  return (
    <>
      {problem !== undefined && (
        <div className="healing">
          <Banner tone="stop" word={t('catalogueLostWord')}>
            {t('catalogueLost')}
          </Banner>
        </div>
      )}
      {mended.length > 0 && read !== key && (
        <div className="healing">
          <Banner
            tone={mended.some(isGone) ? 'stop' : 'attention'}
            word={t(mended.some(isGone) ? 'files.stop' : 'files.word')}
            action={<Button onClick={() => setRead(key)}>{t('files.read')}</Button>}
          >
            {mended.map((one) => {
              const help = isGone(one) ? cure(one.file) : undefined;
              return (
                <p key={`${one.file} ${one.what}`}>
                  {t(`files.${one.what}`, { file: t(`files.name.${one.file}`) })}
                  {help !== undefined && ` ${t(`files.cure.${help}`)}`}
                </p>
              );
            })}
          </Banner>
        </div>
      )}
      {mayMakeCode && (
        <div className="healing">
          <Banner
            word={t('recovery.noneWord')}
            action={
              <Link className="button quiet compact" href="/settings/people">
                {t('recovery.make')}
              </Link>
            }
          >
            {t('recovery.none')}
          </Banner>
        </div>
      )}
    </>
  );
}
