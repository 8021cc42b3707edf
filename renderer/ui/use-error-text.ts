import { useTranslation } from 'react-i18next';
import { textOr } from '../texts/keys.ts';
import { formatsIn } from './format.ts';

/** A refusal as a value: its code, and the facts that its sentence may name. */
export type Coded = { readonly code: string };

/** Facts of a refusal as a sentence may show them: instants as the time on the wall. */
function factsOf(error: Coded, language: string): Record<string, unknown> {
  const shown = Object.entries(error).map(([name, value]: [string, unknown]): [string, unknown] =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*Z$/.test(value)
      ? [name, formatsIn(language).time(value)]
      : [name, value],
  );
  return Object.fromEntries(shown);
}

/**
 * One sentence for a refusal, with the one thing to do: the text `errors:<code>`, or `errors:<code>_<why>` where there is
 * one for the `why` that the refusal names.
 */
export function useErrorText(): (error: Coded) => string {
  const { t, i18n } = useTranslation('errors');
  return (error) => {
    const facts = factsOf(error, i18n.language);
    const values = { ...facts, code: error.code, ...(typeof facts['why'] === 'string' && { context: facts['why'] }) };
    return textOr(t, error.code, t('other', values), values);
  };
}
