import { useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { DataGrid, type Column } from '../../ui/data-grid.tsx';
import { Checkbox } from '../../ui/field.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { useKeptOrder } from './use-kept-order.ts';
import { useSelection, type Selection } from './use-selection.ts';

type PulledRow = { readonly key: string; readonly state: string };

/** What a reading of a remote brought, and what of it a person works on. */
export type PulledView<Row> = {
  /** How many there are, in sight or not. */
  readonly all: number;
  readonly rows: readonly Row[];
  readonly active: string | undefined;
  setActive(key: string): void;
  readonly selection: Selection<Row>;
  /** Those in sight that can be decided on. */
  readonly open: readonly Row[];
  /** Those that a decision is about: the selected ones, or else the one that a person stands on, if it is open. */
  readonly about: readonly Row[];
};

/** `view` changes where another choice of rows is asked for; until then they keep their order, see `useKeptOrder`. */
export function usePulledView<Row extends PulledRow>(
  all: readonly Row[],
  { view, show, isOpen }: { view: string; show: (row: Row) => boolean; isOpen: (row: Row) => boolean },
): PulledView<Row> {
  const [active, setActive] = useState<string>();
  const rows = useKeptOrder(view, all, () => all.filter(show));
  const selection = useSelection(rows);
  const chosen = selection.chosen.length > 0 ? selection.chosen : rows.filter(({ key }) => key === active);
  return {
    all: all.length,
    rows,
    active,
    setActive,
    selection,
    open: rows.filter(isOpen),
    about: chosen.filter(isOpen),
  };
}

export type PulledRowsProps<Row> = {
  readonly view: PulledView<Row>;
  readonly words: {
    readonly label: string;
    readonly pull: string;
    readonly only: string;
    /** Why nothing is in sight. */
    readonly nothing: string;
    readonly hint: string;
    readonly selectOpen: string;
    /** What never happens here. */
    readonly note: string;
  };
  readonly pulling: boolean;
  readonly onPull: () => void;
  readonly only: boolean;
  readonly onOnly: (only: boolean) => void;
  /** What the reading said, and how many are how. */
  readonly said: ReactNode;
  readonly columns: readonly Column<Row>[];
  readonly rowTestId: string;
  readonly onOpen?: () => void;
  /** What can be done with the rows that a decision is about. */
  readonly acts: ReactNode;
};

/** Rows that a reading of a remote brought: read again, narrow, select, decide. */
export function PulledRows<Row extends PulledRow>({
  view: { all, rows, active, setActive, selection, open },
  words,
  pulling,
  onPull,
  only,
  onOnly,
  said,
  columns,
  rowTestId,
  onOpen,
  acts,
}: PulledRowsProps<Row>): ReactElement {
  const { t } = useTranslation('send');
  const isSelected = selection.keys.size > 0;
  return (
    <>
      <div className="row head">
        <Button variant={all === 0 ? 'main' : 'plain'} compact keyCap="P" disabled={pulling} onClick={onPull}>
          {words.pull}
        </Button>
        {said}
        <span className="push">
          <Checkbox label={words.only} checked={only} onChange={onOnly} />
        </span>
      </div>
      {rows.length === 0 ? (
        <EmptyState>{words.nothing}</EmptyState>
      ) : (
        <>
          <DataGrid
            label={words.label}
            columns={columns}
            rows={rows}
            rowKey={({ key }) => key}
            active={active}
            onActive={setActive}
            selected={selection.keys}
            onSelect={selection.toggle}
            {...(onOpen && { onOpen })}
            rowTestId={rowTestId}
            rowProps={({ state }) => ({ 'data-state': state })}
          />
          <footer className="acts">
            <span className="muted" role="status">
              {words.hint}
            </span>
            <Button
              compact
              variant="quiet"
              disabled={open.length === 0}
              onClick={() => (isSelected ? selection.clear() : selection.set(open))}
            >
              {isSelected ? t('select.none') : words.selectOpen}
            </Button>
            {acts}
          </footer>
        </>
      )}
      <p className="muted small note">{words.note}</p>
    </>
  );
}
