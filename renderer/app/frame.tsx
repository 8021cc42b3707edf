import { useCallback, useState, useSyncExternalStore, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { hasRole } from '../../shared/domain/person.ts';
import { isSampleCutShort } from '../import/load-sample.ts';
import { EmptyState } from '../ui/states.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { FilesBanner } from './files-banner.tsx';
import { FirstStock, type LoadSample, type SampleState } from './first-run.tsx';
import { HealingBanner } from './healing-banner.tsx';
import { Rail } from './rail.tsx';
import { isKnownCode } from '../shelf/known-code.ts';
import { useAnsweredScans } from '../shelf/use-unused-scans.ts';
import { useKnownCodes } from '../scan/scans.tsx';
import { StatusLine } from './status-line.tsx';
import { useTallybook } from '../tallybook/tallybook-context.tsx';
import type { Screen } from './wiring.ts';

const HOME = '/count';

/** The frame of every screen: the rail, the one screen, and the line that says what is saved. `locked` keeps it from being reached. */
export function Frame({
  screens,
  locked,
  loadSample,
}: {
  screens: readonly Screen[];
  locked: boolean;
  loadSample: LoadSample;
}): ReactElement {
  const { t } = useTranslation('frame');
  const { host, person, ledger } = useTallybook();
  useKnownCodes(useCallback((text, usText) => isKnownCode({ text, usText }, ledger), [ledger]));
  useAnsweredScans();
  const [location] = useLocation();
  const [sample, setSample] = useState<SampleState>({ state: 'none' });
  // Asked after every scan: only another answer draws the frame again.
  const empty = useSyncExternalStore(ledger.subscribe, () => {
    const state = ledger.state();
    return ledger.catalogueReady() && (!state.catalogue.has('items') || isSampleCutShort(state));
  });
  const atHome = location === '/' || location === HOME;
  const first = (empty || sample.state !== 'none') && atHome;

  // Whoever went elsewhere has read that the sample is in: from then on home is the work again.
  if (!atHome && sample.state === 'loaded') setSample({ state: 'none' });

  async function load(): Promise<void> {
    setSample({ state: 'loading', part: 0 });
    const loaded = await loadSample((part) => setSample({ state: 'loading', part }));
    setSample(loaded.ok ? { state: 'loaded' } : { state: 'failed', error: loaded.error });
  }

  return (
    <div className="frame" inert={locked}>
      <a className="skip" href="#screen" onClick={(event) => skipToScreen(event)}>
        {t('skip')}
      </a>
      <Rail />
      <main id="screen" className="screen" tabIndex={-1}>
        <HealingBanner />
        <FilesBanner />
        <ErrorBoundary
          key={location.split('/')[1] ?? ''}
          onError={(detail) =>
            void host.log({ level: 'error', event: 'screen_broke', facts: { location, detail: detail.slice(0, 2000) } })
          }
        >
          {first ? (
            <FirstStock
              sample={sample}
              onLoad={() => void load()}
              mayImport={hasRole(person, ['admin', 'lead'])}
              onDone={() => setSample({ state: 'none' })}
            />
          ) : (
            <Switch>
              {screens.map(({ path, show }) => (
                <Route key={path} path={path}>
                  {show()}
                </Route>
              ))}
              <Route path="/">
                <Redirect to={HOME} replace />
              </Route>
              <Route>
                <EmptyState>{t('noScreen')}</EmptyState>
              </Route>
            </Switch>
          )}
        </ErrorBoundary>
      </main>
      <StatusLine />
    </div>
  );
}

/** The hash is the route, so the skip link moves the focus by itself. */
function skipToScreen(event: { preventDefault: () => void }): void {
  event.preventDefault();
  document.getElementById('screen')?.focus();
}
