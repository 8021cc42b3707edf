import { useTranslation } from 'react-i18next';
import type { ReactElement } from 'react';
import type { PlanDifference, PlanVerdict } from '../../../../shared/sync/plan/plan-difference.ts';
import { useLedger } from '../../../tallybook/tallybook-context.tsx';
import { useFormats } from '../../../ui/format.ts';
import { Banner } from '../../../ui/states.tsx';
import { reasonWord, stopWord } from './plan-columns.tsx';

/** Differences named one by one; the list below shows them all anyway. */
const LISTED = 5;

/** Where the plan has become another one since a person pressed Send on what they were shown. */
export function PlanDifferences({ differences }: { differences: readonly PlanDifference[] }): ReactElement | null {
  const { t, i18n } = useTranslation('send');
  const formats = useFormats();
  const catalogue = useLedger((ledger) => ledger.catalogue());
  if (differences.length === 0) return null;

  function say(item: string, verdict: PlanVerdict): string {
    if (verdict === null) return t('plan.verdict.none');
    if ('stopped' in verdict) return t('plan.verdict.stopped', { reason: stopWord(t, verdict.stopped) });
    const { change, quantity, reason } = verdict;
    if (change === 'verified') return t('plan.verdict.agrees');
    return t('plan.verdict.line', {
      change: t(`plan.change.${change}`),
      quantity: formats.quantity(quantity, { signed: change === 'adjust', unit: catalogue.unit(item) }),
      reason: reasonWord(t, reason),
    });
  }

  return (
    <Banner tone="attention" word={t('plan.differsLabel')}>
      <ul data-testid="plan-differences">
        {differences.slice(0, LISTED).map(({ item, bins, shown, now }) => (
          <li key={`${item} ${bins.join(' ')} ${JSON.stringify(shown)}`}>
            {t('plan.differs', {
              item: catalogue.name(item),
              bins: new Intl.ListFormat(i18n.language, { type: 'unit' }).format(bins.map(catalogue.binName)),
              shown: say(item, shown),
              now: say(item, now),
            })}
          </li>
        ))}
        {differences.length > LISTED && <li>{t('plan.differsMore', { count: differences.length - LISTED })}</li>}
      </ul>
    </Banner>
  );
}
