import { useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import type { Batch } from '../../../shared/domain/batch.ts';
import { MatchCode } from '../../shelf/match-code.tsx';
import { useMayMatch } from '../../shelf/use-may-match.ts';
import { useLedger, useTallybook } from '../../tallybook/tallybook-context.tsx';
import type { CodeAt } from '../../ledger/ledger.ts';
import { Button } from '../../ui/button.tsx';
import { DataGrid, type Column } from '../../ui/data-grid.tsx';
import { useFormats } from '../../ui/format.ts';
import { ItemName } from '../../ui/item-name.tsx';
import { announce } from '../../ui/live.tsx';
import { Banner, EmptyState } from '../../ui/states.tsx';
import { useErrorText } from '../../ui/use-error-text.ts';
import { useKeys } from '../../ui/use-keys.ts';
import type { Figures } from './figures.ts';
import type { UnknownRow } from './unknown-rows.ts';

type Props = { batch: Batch; rows: readonly UnknownRow[]; figures: Figures };

const NOTHING: ReadonlySet<string> = new Set();

/**
 * Codes that nobody knew: said what they are, one or many at a time, and taken back. A match counts as of the scans. One
 * piece: list, keys and dialogs act on one selection.
 */
export function UnknownTab({ batch, rows, figures }: Props): ReactElement {
  const { t } = useTranslation(['review', 'ui']);
  const { ledger } = useTallybook();
  const errorText = useErrorText();
  const mayMatch = useMayMatch();
  const [activeKey, setActive] = useState<string>();
  const [selected, setSelected] = useState(NOTHING);
  const [isMatching, setMatching] = useState(false);
  const [problem, setProblem] = useState<string>();
  const columns = useColumns(figures);

  const active = rows.find(({ key }) => key === activeKey) ?? rows[0];
  const chosen = rows.filter(({ key }) => selected.has(key));
  const targets = chosen.length > 0 ? chosen : active ? [active] : [];
  const { stocktake, pass } = batch;
  const at = ({ bin, code }: UnknownRow): CodeAt => ({ place: { stocktake, pass, bin }, code });

  async function run(what: ReturnType<typeof ledger.matchUnknown>, said: string): Promise<void> {
    const done = await what;
    setProblem(done.ok ? undefined : errorText(done.error));
    if (!done.ok) return;
    setSelected(NOTHING);
    announce(said);
  }

  function accept(): void {
    const suggested = targets.flatMap((row) =>
      row.suggestion
        ? [{ ...at(row), item: row.suggestion.item, lot: row.suggestion.lot, factor: row.suggestion.factor }]
        : [],
    );
    if (suggested.length > 0)
      void run(ledger.matchUnknown(suggested), t('unknown.said.matched', { count: suggested.length }));
  }

  function takeBack(): void {
    const matched = targets.filter(({ match }) => match !== undefined);
    const proposed = targets.filter(({ match, proposals }) => match === undefined && proposals.length > 0);
    if (matched.length > 0)
      void run(ledger.withdrawMatch(matched.map(at), 'match'), t('unknown.said.takenBack', { count: matched.length }));
    else if (proposed.length > 0)
      void run(
        ledger.withdrawMatch(proposed.map(at), 'proposals'),
        t('unknown.said.declined', { count: proposed.length }),
      );
  }

  function toggle(key: string): void {
    setSelected((before) =>
      before.has(key) ? new Set([...before].filter((one) => one !== key)) : new Set([...before, key]),
    );
  }

  const open = () => targets.length > 0 && setMatching(true);
  const once = (act: () => void) => (event: KeyboardEvent) => {
    if (!event.repeat && mayMatch) act();
  };
  useKeys([
    { key: 'F3', label: t('unknown.match'), run: once(open) },
    { key: 'A', label: t('unknown.accept'), run: once(accept) },
    { key: 'U', label: t('unknown.takeBack'), run: once(takeBack) },
    { key: 'Space', label: t('act.select'), run: () => active && toggle(active.key) },
    { key: 'Ctrl+A', label: t('act.selectAll'), run: () => setSelected(new Set(rows.map(({ key }) => key))) },
    { key: 'Escape', label: t('act.clear'), run: () => setSelected(NOTHING) },
  ]);

  if (rows.length === 0) return <EmptyState>{t('emptyTab.unknown')}</EmptyState>;
  return (
    <>
      <p className="review-note">{t('note.unknown')}</p>
      {problem !== undefined && (
        <Banner tone="stop" word={t('ui:scan.not-taken')}>
          {problem}
        </Banner>
      )}
      {mayMatch && (
        <div className="unknown-acts">
          <Button compact keyCap="F3" variant="main" onClick={open}>
            {t('unknown.matchCount', { count: targets.length })}
          </Button>
          <Button compact keyCap="A" disabled={!targets.some(({ suggestion }) => suggestion)} onClick={accept}>
            {t('unknown.accept')}
          </Button>
          <Button
            compact
            keyCap="U"
            disabled={!targets.some(({ match, proposals }) => match ?? proposals.length > 0)}
            onClick={takeBack}
          >
            {t('unknown.takeBack')}
          </Button>
        </div>
      )}
      <DataGrid
        label={t('tab.unknown')}
        columns={columns}
        rows={rows}
        rowKey={({ key }) => key}
        active={active?.key}
        onActive={setActive}
        selected={selected}
        onSelect={toggle}
        onOpen={() => mayMatch && open()}
        rowTestId="unknown-row"
        rowProps={({ match }) => ({ 'data-done': String(match !== undefined) })}
        rowHeight={56}
        autoFocus
      />
      {active && <Scans row={active} figures={figures} />}
      {isMatching && (
        <MatchCode
          codes={targets.map((row) => ({ ...at(row), quantity: row.quantity }))}
          onClose={() => {
            setMatching(false);
            setSelected(NOTHING);
          }}
        />
      )}
    </>
  );
}

/** The scans themselves: who read this code, when and how many. */
function Scans({ row, figures }: { row: UnknownRow; figures: Figures }): ReactElement {
  const { t } = useTranslation('review');
  const { people } = useTallybook();
  const formats = useFormats();
  const nameOf = (id: string) => people.find((person) => person.id === id)?.name ?? id;
  return (
    <p className="review-note" data-testid="raw-scans">
      <span className="code">{row.code}</span>:{' '}
      {row.scans
        .map(({ at, by, quantity }) =>
          t('unknown.scan', { quantity: figures.quantity(quantity), time: formats.time(at), name: nameOf(by) }),
        )
        .join(' · ')}
    </p>
  );
}

function useColumns(figures: Figures): readonly Column<UnknownRow>[] {
  const { t } = useTranslation('review');
  const { people } = useTallybook();
  const catalogue = useLedger((ledger) => ledger.catalogue());
  const nameOf = (id: string) => people.find((person) => person.id === id)?.name ?? id;
  return [
    { id: 'code', header: t('column.code'), width: '180px', cell: ({ code }) => <span className="code">{code}</span> },
    {
      id: 'bin',
      header: t('column.bin'),
      width: '100px',
      cell: ({ bin }) => <span className="code">{catalogue.binName(bin)}</span>,
    },
    {
      id: 'counted',
      header: t('column.counted'),
      align: 'end',
      width: '80px',
      cell: ({ quantity }) => figures.quantity(quantity),
    },
    { id: 'times', header: t('column.times'), align: 'end', width: '64px', cell: ({ times }) => times },
    {
      id: 'who',
      header: t('column.who'),
      width: 'minmax(90px, 1fr)',
      cell: (row) => row.people.map(nameOf).join(', '),
    },
    {
      id: 'between',
      header: t('column.between'),
      width: 'minmax(180px, 3fr)',
      cell: ({ where }) => <span className="two-lines">{where}</span>,
    },
    {
      id: 'is',
      header: t('column.is'),
      width: 'minmax(180px, 3fr)',
      cell: ({ match, suggestion }) => {
        const one = match ?? suggestion;
        if (one === undefined) return <span className="muted small">{t('unknown.open')}</span>;
        if (match) return <span className="two-lines">{catalogue.name(one.item)}</span>;
        return (
          <>
            <span className="muted small">
              {suggestion?.by === undefined
                ? t('unknown.nowKnown')
                : t('unknown.proposedBy', { name: nameOf(suggestion.by) })}
            </span>{' '}
            <ItemName name={catalogue.named(one.item)} />
          </>
        );
      },
    },
  ];
}
