import { useTranslation } from 'react-i18next';
import type { ImportProblem } from '../../../shared/domain/import/problem.ts';

/** What is wrong, in a sentence. */
export function useProblemText(): (problem: ImportProblem) => string {
  const { t } = useTranslation('catalogue');
  return (problem) =>
    t(`problem.${problem.code}`, { other: problem.other ?? '', value: problem.value, name: problem.name ?? '' });
}
