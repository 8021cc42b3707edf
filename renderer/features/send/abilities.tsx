import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConnectorCard } from '../../../shared/ports/host.ts';
import { abilityWords, type AbilityWord } from './ability-words.ts';

/** What a remote can and cannot do, in words: the reasons for what a plan will say. */
export function Abilities({ card }: { card: ConnectorCard }): ReactElement {
  const { t } = useTranslation('send');
  const words = abilityWords(card);
  return (
    <div className="abilities">
      <Words title={t('ability.can', { remote: card.title })} words={words.filter(({ can }) => can)} />
      <Words title={t('ability.cannot', { remote: card.title })} words={words.filter(({ can }) => !can)} />
    </div>
  );
}

function Words({ title, words }: { title: string; words: readonly AbilityWord[] }): ReactElement | null {
  const { t } = useTranslation('send');
  if (words.length === 0) return null;
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <ul>
        {words.map(({ word, values }) => (
          <li key={word}>{t(`ability.${word}`, { ...values })}</li>
        ))}
      </ul>
    </section>
  );
}
