import { useEffect, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { isSameScanner } from '../../../shared/domain/scanner.ts';
import { useWholeScans } from '../../scan/scans.tsx';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { learnScanner, type Learned, type LearnProblem } from '../../scan/learn-scanner.ts';
import { useScanners } from '../../stores/scanners.ts';
import { Button } from '../../ui/button.tsx';
import { announce } from '../../ui/live.tsx';
import { Banner } from '../../ui/states.tsx';
import { Where } from '../../ui/where.tsx';
import { learnedSentences } from './scanner-words.ts';
import { ScannersInUse } from './scanners-in-use.tsx';
import { TestCard } from './test-card.tsx';
import './scanner.css';

type SetUp =
  | { readonly state: 'waiting'; readonly problem?: LearnProblem }
  | { readonly state: 'learned'; readonly learned: Learned }
  | { readonly state: 'kept' };

/** /settings/scanner: one scan of the test card tells what a scanner does; kept, the next scan is read by it. */
export function ScannerScreen(): ReactElement {
  const { t, i18n } = useTranslation('settings');
  const { sounds } = useTallybook();
  const { scanners, keep } = useScanners();
  const [setUp, setSetUp] = useState<SetUp>({ state: 'waiting' });

  useWholeScans((presses) => {
    const learned = learnScanner(presses);
    if (learned.ok) {
      sounds.noted();
      announce(learnedSentences(learned.value, t, i18n.language).join(' '));
      setSetUp({ state: 'learned', learned: learned.value });
    } else {
      sounds.notTaken();
      setSetUp({ state: 'waiting', problem: learned.error });
    }
  }, true);

  // At 200 % the answer lies below the card: whoever looks at the screen sees it.
  const answer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (setUp.state !== 'waiting' || setUp.problem !== undefined) answer.current?.scrollIntoView({ block: 'nearest' });
  }, [setUp]);

  function use(learned: Learned): void {
    const known = scanners.find((scanner) => isSameScanner(learned, scanner));
    keep({ ...learned, id: known?.id ?? crypto.randomUUID(), learnedAt: new Date().toISOString() });
    sounds.taken();
    announce(t('scanner.kept'));
    setSetUp({ state: 'kept' });
  }

  return (
    <div className="page">
      <Where
        title={t('scanner.screen')}
        right={
          <Link className="button quiet compact" href="/settings">
            {t('scanner.back')}
          </Link>
        }
      />
      <div className="scanner-body">
        <div className="scanner-columns">
          <section aria-labelledby="scanner-card">
            <h2 id="scanner-card">{t('scanner.scanCard')}</h2>
            <p className="muted">{t('scanner.how')}</p>
            <TestCard />
            <Button compact onClick={() => window.print()}>
              {t('scanner.print')}
            </Button>
          </section>
          <div>
            <div ref={answer}>
              <Outcome setUp={setUp} onUse={use} onDiscard={() => setSetUp({ state: 'waiting' })} />
            </div>
            <section aria-labelledby="scanner-in-use">
              <h2 id="scanner-in-use">{t('scanner.inUse')}</h2>
              <ScannersInUse details />
            </section>
          </div>
        </div>
      </div>
    </div>
  );
}

function Outcome({
  setUp,
  onUse,
  onDiscard,
}: {
  setUp: SetUp;
  onUse: (learned: Learned) => void;
  onDiscard: () => void;
}): ReactElement | null {
  const { t, i18n } = useTranslation('settings');
  switch (setUp.state) {
    case 'waiting':
      return setUp.problem === undefined ? null : (
        <Banner tone="attention" word={t('scanner.notLearned')}>
          <p data-testid="scanner-problem">{problemText(setUp.problem)}</p>
        </Banner>
      );
    case 'kept':
      return (
        <Banner word={t('scanner.inUseWord')}>
          <p>{t('scanner.kept')}</p>
        </Banner>
      );
    case 'learned': {
      const { learned } = setUp;
      return (
        <section className="learned" aria-labelledby="scanner-learned" data-testid="scanner-learned">
          <h2 id="scanner-learned">{t('scanner.learned')}</h2>
          <ul>
            {learnedSentences(learned, t, i18n.language).map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
          <div className="row">
            <Button variant="main" autoFocus onClick={() => onUse(learned)}>
              {t('scanner.use')}
            </Button>
            <Button onClick={onDiscard}>{t('scanner.discard')}</Button>
          </div>
        </section>
      );
    }
  }

  function problemText(problem: LearnProblem): string {
    switch (problem.code) {
      case 'not_the_card':
        return t('scanner.problem.not_the_card', { text: problem.text });
      case 'too_slow':
        return t('scanner.problem.too_slow', { ms: problem.keyMs });
      case 'uneven':
        return t('scanner.problem.uneven');
    }
  }
}
