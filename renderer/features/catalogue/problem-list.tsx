import type { TFunction } from 'i18next';
import { useMemo, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportProblem, ProblemCode } from '../../../shared/domain/import/problem.ts';
import { Button, Tag } from '../../ui/button.tsx';
import { DataGrid, type Column } from '../../ui/data-grid.tsx';
import { useFormats, type Formats } from '../../ui/format.ts';
import { columnHeads } from './column-list.tsx';
import { MendRow } from './mend-row.tsx';
import { useProblemText } from './problem-text.ts';
import { SaveProblems } from './save-problems.tsx';
import type { CheckStep, ImportWork } from './use-import.ts';

type Row = ImportProblem & { readonly key: string };

/** Three lines of text: no sentence is cut. */
const ROW_HEIGHT = 60;

function problemColumns(
  t: TFunction<'catalogue'>,
  formats: Formats,
  sentence: (problem: ImportProblem) => string,
  suggests: boolean,
): readonly Column<Row>[] {
  return [
    {
      id: 'row',
      header: t('import.row'),
      align: 'end',
      width: '68px',
      cell: ({ row }) => <span className="num">{row === 0 ? '–' : formats.whole(row)}</span>,
    },
    { id: 'column', header: t('import.column'), width: 'minmax(84px, 0.8fr)', cell: ({ column }) => column },
    {
      id: 'severity',
      header: t('import.severity'),
      width: '118px',
      cell: ({ severity }) => (
        <Tag tone={severity === 'stop' ? 'stop' : 'look'}>{t(`import.severities.${severity}`)}</Tag>
      ),
    },
    {
      id: 'problem',
      header: t('import.problem'),
      width: 'minmax(240px, 3fr)',
      cell: (row) => <span className="import-sentence">{sentence(row)}</span>,
    },
    {
      id: 'value',
      header: t('import.value'),
      width: 'minmax(130px, 1fr)',
      cell: ({ value }) => (
        <span className="code" title={value}>
          {value}
        </span>
      ),
    },
    ...(suggests ? [suggestionColumn(t)] : []),
  ];
}

function suggestionColumn(t: TFunction<'catalogue'>): Column<Row> {
  return {
    id: 'suggestion',
    header: t('import.suggestion'),
    width: 'minmax(100px, 0.8fr)',
    cell: ({ suggestion }) => (
      <span className="code" title={suggestion}>
        {suggestion ?? ''}
      </span>
    ),
  };
}

/** Rows with keys that stay the same while the problem does, so that the place in the list outlives a new look. */
function keyed(problems: readonly ImportProblem[]): readonly Row[] {
  const seen = new Map<string, number>();
  return problems.map((problem) => {
    const name = `${problem.row} ${problem.cell ?? ''} ${problem.code}`;
    const nth = seen.get(name) ?? 0;
    seen.set(name, nth + 1);
    return { ...problem, key: nth === 0 ? name : `${name} ${nth}` };
  });
}

export type ProblemListProps = {
  readonly state: CheckStep;
  readonly work: ImportWork;
  readonly problems: readonly ImportProblem[];
  readonly onTyping: (typing: boolean) => void;
};

/**
 * Every problem of the file in one list, by row; the kinds are filters, and a row's cells are mended below it. One piece:
 * filters, rows and the row being mended are one state.
 */
export function ProblemList({ state, work, problems, onTyping }: ProblemListProps): ReactElement {
  const { t } = useTranslation('catalogue');
  const formats = useFormats();
  const sentence = useProblemText();
  const [only, setOnly] = useState<ProblemCode>();
  /** Where the person stands; after a new look, what moved up into that place. */
  const [place, setPlace] = useState<{ readonly key: string; readonly at: number }>();
  /** A row that stays open while its cells are walked through, whatever became of its problems. */
  const [held, setHeld] = useState<number>();
  const [focus, setFocus] = useState<number>();
  const box = useRef<HTMLDivElement>(null);
  const counts = useMemo(() => state.result?.problemCounts ?? {}, [state.result]);
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
  const rows = useMemo(
    () => keyed(problems).filter((problem) => shown === undefined || problem.code === shown),
    [problems, shown],
  );
  const suggests = useMemo(() => problems.some(({ suggestion }) => suggestion !== undefined), [problems]);
  const active =
    place === undefined
      ? undefined
      : (rows.find(({ key }) => key === place.key) ?? rows[Math.min(place.at, rows.length - 1)]);
  const open = held ?? active?.row;
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);

  function stand(key: string): void {
    setPlace({ key, at: rows.findIndex((row) => row.key === key) });
    setHeld(undefined);
    setFocus(undefined);
  }

  return (
    <section className="import-problems" aria-label={t('import.problems')} ref={box}>
      <div className="import-problems-head">
        <h2>{t('import.problems')}</h2>
        {state.mends.length > 0 && (
          <p>
            {t('import.mend.count', { count: state.mends.length })}{' '}
            <Button variant="quiet" compact onClick={work.dropMends}>
              {t('import.mend.drop')}
            </Button>
          </p>
        )}
        {problems.length > 0 && (
          <SaveProblems name={state.session.table.name} problems={problems} all={all} save={work.saveFile} />
        )}
      </div>
      {problems.length === 0 && <p className="import-clean">{t('import.noProblems')}</p>}
      {problems.length > 0 && (
        <>
          <KindFilters kinds={kinds} stops={stops} counts={counts} all={all} shown={shown} onShow={setOnly} />
          {all > problems.length && (
            <p className="muted">
              {t('import.shownOnly', { shown: formats.whole(problems.length), all: formats.whole(all) })}
            </p>
          )}
          <div className="import-grid">
            <DataGrid
              label={t('import.problems')}
              columns={problemColumns(t, formats, sentence, suggests)}
              rows={rows}
              rowKey={(row) => row.key}
              rowHeight={ROW_HEIGHT}
              active={active?.key}
              onActive={stand}
              onOpen={(row) => {
                stand(row.key);
                setFocus(row.cell ?? -1);
              }}
              rowTestId="import-problem"
            />
          </div>
        </>
      )}
      {open !== undefined && open > 0 && (
        <MendRow
          key={open}
          row={open}
          problems={problems.filter(({ row }) => row === open)}
          heads={columnHeads(state.session.table, state.mapping)}
          taken={state.mapping.columns.flatMap((field, column) => (field === null ? [] : [column]))}
          mends={state.mends}
          cellsOf={work.cellsOf}
          focus={focus}
          onMend={(mend) => {
            setHeld(mend.row);
            work.mend(mend);
          }}
          onTyping={onTyping}
          onLeave={(why) => {
            setFocus(undefined);
            if (why === 'checked') setHeld(undefined);
            box.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();
          }}
        />
      )}
    </section>
  );
}

/** The kinds of problems as filters, with how many there are of each; undefined: all of them. */
function KindFilters({
  kinds,
  stops,
  counts,
  all,
  shown,
  onShow,
}: {
  kinds: readonly ProblemCode[];
  /** Those that stop their row. */
  stops: ReadonlySet<ProblemCode>;
  counts: Readonly<Partial<Record<ProblemCode, number>>>;
  all: number;
  shown: ProblemCode | undefined;
  onShow: (kind: ProblemCode | undefined) => void;
}): ReactElement {
  const { t } = useTranslation('catalogue');
  const formats = useFormats();
  return (
    <div className="import-filters" role="group" aria-label={t('import.filter')}>
      <button type="button" aria-pressed={shown === undefined} onClick={() => onShow(undefined)}>
        {t('import.all')} <span className="num">{formats.whole(all)}</span>
      </button>
      {kinds.map((code) => (
        <button
          key={code}
          type="button"
          aria-pressed={shown === code}
          data-stop={stops.has(code)}
          onClick={() => onShow(code)}
        >
          {t(`problemName.${code}`)} <span className="num">{formats.whole(counts[code] ?? 0)}</span>
        </button>
      ))}
    </div>
  );
}
