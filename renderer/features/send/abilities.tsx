import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConnectorCard } from '../../../shared/ports/host.ts';

const HOUR_MS = 3_600_000;

/** What a remote can do, in words: the reasons for what a plan will say. */
export function Abilities({ card }: { card: ConnectorCard }): ReactElement {
  const { t } = useTranslation('send');
  const { abilities } = card;
  const words = abilities.readOnly
    ? [t('ability.readOnly')]
    : [
        t(abilities.absoluteCounts ? 'ability.absolute' : 'ability.changesOnly'),
        abilities.backDatingMs > 0
          ? t('ability.backDating', { hours: Math.round(abilities.backDatingMs / HOUR_MS) })
          : t('ability.noBackDating'),
        t('ability.linesPerRequest', { count: abilities.maxLinesPerRequest }),
        abilities.maxPrecision > 0 ? t('ability.decimals', { count: abilities.maxPrecision }) : t('ability.wholeOnly'),
        t(abilities.idempotencyKeys ? 'ability.keys' : 'ability.noKeys'),
      ];
  return (
    <section aria-label={t('form.abilities')}>
      <h3>{t('form.abilities')}</h3>
      <ul className="plain-list">
        {[...words, ...(abilities.binLevel ? [t('ability.bins')] : [])].map((word) => (
          <li key={word}>{word}</li>
        ))}
      </ul>
    </section>
  );
}
