import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { csvText } from '../../../shared/domain/csv-text.ts';
import { fileName } from '../../../shared/domain/file-name.ts';
import type { ImportProblem } from '../../../shared/domain/import/problem.ts';
import { Button } from '../../ui/button.tsx';
import { useFormats } from '../../ui/format.ts';
import { useErrorText } from '../../ui/use-error-text.ts';
import { useProblemText } from './problem-text.ts';
import type { ImportWork } from './use-import.ts';

export type SaveProblemsProps = {
  /** The imported file's name. */
  readonly name: string;
  readonly problems: readonly ImportProblem[];
  /** How many there are; more than are listed where a file has very many. */
  readonly all: number;
  readonly save: ImportWork['saveFile'];
};

/** The list of problems as a file, for whoever mends the list where it comes from. */
export function SaveProblems({ name, problems, all, save }: SaveProblemsProps): ReactElement {
  const { t } = useTranslation('catalogue');
  const formats = useFormats();
  const sentence = useProblemText();
  const errorText = useErrorText();
  const [said, setSaid] = useState('');

  async function saveList(): Promise<void> {
    const head = ['row', 'column', 'severity', 'problem', 'value', 'suggestion'] as const;
    const rows = problems.map((problem) => [
      problem.row === 0 ? '' : String(problem.row),
      problem.column,
      t(`import.severities.${problem.severity}`),
      sentence(problem),
      problem.value,
      problem.suggestion ?? '',
    ]);
    const rest =
      all > problems.length
        ? [[t('import.shownOnly', { shown: formats.whole(problems.length), all: formats.whole(all) })]]
        : [];
    const saved = await save({
      suggestedName: fileName([name.replace(/\.[a-z]{2,4}$/i, ''), t('import.problems')], 'csv'),
      text: csvText([head.map((one) => t(`import.${one}`)), ...rows, ...rest]),
    });
    setSaid(saved.ok ? t(`import.save.${saved.value.outcome}`) : errorText(saved.error));
  }

  return (
    <div className="import-save">
      <span role="status">{said}</span>
      <Button compact onClick={() => void saveList()}>
        {t('import.save.list')}
      </Button>
    </div>
  );
}
