import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Decision } from '../../../shared/domain/ledger-entry.ts';
import { TWO_PILES } from '../../../shared/domain/reason.ts';
import type { ReviewLine } from '../../../shared/domain/variance.ts';
import { useTallybook } from '../../tallybook/tallybook-context.tsx';
import { Button } from '../../ui/button.tsx';
import { announce } from '../../ui/live.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import type { Figures } from './figures.ts';

type OverlapProps = {
  batch: string;
  line: ReviewLine;
  figures: Figures;
  unit: string | undefined;
  nameOf: (person: string) => string;
  onDecide: (decision: Decision, reason?: string) => void;
};

/** What several people counted of one line, and what may be said about it: two piles, the same pile, or whose count stands. */
export function Overlap({ batch, line, figures, unit, nameOf, onDecide }: OverlapProps): ReactElement | null {
  const { t } = useTranslation('review');
  const { ledger } = useTallybook();
  const errorText = useErrorText();
  const [refused, setRefused] = useState<string>();
  if (line.people.length < 2 || line.posted) return null;
  const tallies = (
    <dl className="big tallies">
      {line.people.map(({ person, quantity }) => (
        <div key={person}>
          <dd className="num">{figures.quantity(quantity, unit)}</dd>
          <dt>{nameOf(person)}</dt>
        </div>
      ))}
    </dl>
  );
  if (line.settled !== undefined)
    return (
      <section className="finding">
        <h3>{t('evidence.tallies')}</h3>
        {tallies}
        <p>{t('evidence.settled', { person: nameOf(line.settled.person), by: nameOf(line.settled.by) })}</p>
      </section>
    );

  async function settle(person: string): Promise<void> {
    const done = await ledger.settleOverlap(batch, line, person);
    setRefused(done.ok ? undefined : errorText(done.error));
    if (done.ok) announce(t('evidence.settledSaid', { person: nameOf(person) }));
  }

  const sum = line.people.reduce((total, { quantity }) => total + quantity, 0n);
  return (
    <section className="finding stop">
      <h3>{t('evidence.tallies')}</h3>
      {tallies}
      <Button compact onClick={() => onDecide('approve', TWO_PILES)}>
        {t('evidence.twoPiles', { quantity: figures.quantity(sum, unit) })}
      </Button>
      <Button compact onClick={() => onDecide('recount')}>
        {t('evidence.samePile')}
      </Button>
      {line.people.map(({ person, quantity }) => (
        <Button key={person} compact onClick={() => void settle(person)}>
          {t('evidence.onePile', { person: nameOf(person), quantity: figures.quantity(quantity, unit) })}
        </Button>
      ))}
      {refused !== undefined && <p role="alert">{refused}</p>}
    </section>
  );
}
