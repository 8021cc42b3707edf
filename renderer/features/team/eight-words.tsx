import type { ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import './team.css';

/** The words that stand for a laptop's key, large and in two rows: two people read them to each other. */
export function EightWords({ laptop, words }: { laptop: string; words: readonly string[] }): ReactElement {
  const { t } = useTranslation('team');
  return (
    <ol className="team-words" aria-label={t('words.label', { name: laptop })} data-testid="words">
      {words.map((word, at) => (
        // A word may come twice: its place is what it is.
        <li key={at}>{word}</li>
      ))}
    </ol>
  );
}
