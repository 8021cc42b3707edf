import type { TFunction } from 'i18next';
import { useMemo, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportProblem, ProblemCode, ProblemCounts } from '../../../shared/domain/import/problem.ts';
import { Tag } from '../../ui/button.tsx';
import { DataGrid, type Column } from '../../ui/data-grid.tsx';
import { useFormats, type Formats } from '../../ui/format.ts';

type Row = ImportProblem & { readonly key: string };

function problemColumns(t: TFunction<'catalogue'>, formats: Formats): readonly Column<Row>[] {
  const sentence = (row: Row): string =>
    t(`problem.${row.code}`, { other: row.other ?? '', value: row.value, name: row.name ?? '' });
  return [
    {
      id: 'row',
      header: t('import.row'),
      align: 'end',
      width: '72px',
      cell: ({ row }) => <span className="num">{row === 0 ? '–' : formats.whole(row)}</span>,
    },
    { id: 'column', header: t('import.column'), width: 'minmax(90px, 160px)', cell: ({ column }) => column },
    {
      id: 'severity',
      header: t('import.severity'),
      width: '112px',
      cell: ({ severity }) => (
        <Tag tone={severity === 'stop' ? 'stop' : 'look'}>{t(`import.severities.${severity}`)}</Tag>
      ),
    },
    {
      id: 'problem',
      header: t('import.problem'),
      width: 'minmax(300px, 3fr)',
      cell: (row) => <span title={sentence(row)}>{sentence(row)}</span>,
    },
    {
      id: 'value',
      header: t('import.value'),
      width: 'minmax(140px, 1fr)',
      cell: ({ value }) => <span className="code">{value}</span>,
    },
    {
      id: 'suggestion',
      header: t('import.suggestion'),
      width: 'minmax(130px, 200px)',
      cell: ({ suggestion }) => <span className="code">{suggestion ?? ''}</span>,
    },
  ];
}

/** Every problem of the file in one list, by row; the kinds are filters with their counts. */
export function ProblemList({
  problems,
  counts,
}: {
  problems: readonly ImportProblem[];
  counts: ProblemCounts;
}): ReactElement {
  const { t } = useTranslation('catalogue');
  const formats = useFormats();
  const [only, setOnly] = useState<ProblemCode>();
  const [active, setActive] = useState<string>();
  const stops = useMemo(
    () => new Set(problems.filter((problem) => problem.severity === 'stop').map((problem) => problem.code)),
    [problems],
  );
  const kinds = useMemo(() => {
    const present = [...new Set(problems.map((problem) => problem.code))];
    return present.toSorted(
      (left, right) => Number(stops.has(right)) - Number(stops.has(left)) || (counts[right] ?? 0) - (counts[left] ?? 0),
    );
  }, [problems, counts, stops]);
  // A filter whose kind is gone after a choice shows everything again.
  const shown = only !== undefined && kinds.includes(only) ? only : undefined;
  const rows = useMemo<readonly Row[]>(
    () =>
      problems
        .filter((problem) => shown === undefined || problem.code === shown)
        .map((problem, at) => ({ ...problem, key: String(at) })),
    [problems, shown],
  );
  const columns = problemColumns(t, formats);

  if (problems.length === 0) return <p className="import-clean">{t('import.noProblems')}</p>;
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <section className="import-problems" aria-label={t('import.problems')}>
      <h2>{t('import.problems')}</h2>
      <div className="import-filters" role="group" aria-label={t('import.filter')}>
        <button type="button" aria-pressed={shown === undefined} onClick={() => setOnly(undefined)}>
          {t('import.all')} <span className="num">{formats.whole(all)}</span>
        </button>
        {kinds.map((code) => (
          <button
            key={code}
            type="button"
            aria-pressed={shown === code}
            data-stop={stops.has(code)}
            onClick={() => setOnly(code)}
          >
            {t(`problemName.${code}`)} <span className="num">{formats.whole(counts[code] ?? 0)}</span>
          </button>
        ))}
      </div>
      {all > problems.length && (
        <p className="muted">
          {t('import.shownOnly', { shown: formats.whole(problems.length), all: formats.whole(all) })}
        </p>
      )}
      <div className="import-grid">
        <DataGrid
          label={t('import.problems')}
          columns={columns}
          rows={rows}
          rowKey={(row) => row.key}
          active={active}
          onActive={setActive}
          rowTestId="import-problem"
        />
      </div>
    </section>
  );
}
