import { useDeferredValue, useState, type ReactElement, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../ui/button.tsx';
import { DataGrid, type Column } from '../../../ui/data-grid.tsx';
import { TextInput } from '../../../ui/field.tsx';
import { useFormats } from '../../../ui/format.ts';
import { EmptyState } from '../../../ui/states.tsx';
import { ChoiceRow } from '../choice-row.tsx';
import { useKeptOrder } from '../use-kept-order.ts';
import type { BinFilter } from './bin-rows.ts';
import type { ItemFilter } from './item-rows.ts';

type AnyFilter = BinFilter | ItemFilter;
type MatchRow = { readonly key: string; readonly state: Exclude<AnyFilter, 'all'> };

/** Which matches are in sight, and which one a person stands on. */
export type MatchView<Row, Filter> = {
  readonly filter: Filter;
  setFilter(filter: Filter): void;
  readonly typed: string;
  setTyped(typed: string): void;
  readonly active: string | undefined;
  setActive(key: string | undefined): void;
  readonly shown: readonly Row[];
  readonly row: Row | undefined;
};

/** Filters and searches matches; what was dealt with stays in its place until another filter, text or reading. */
export function useMatchView<Row extends MatchRow, Filter extends AnyFilter>(
  rows: readonly Row[],
  /** The filter that is on at first. */
  first: Filter,
  /** When theirs were read. */
  readAt: string | undefined,
  find: (wanted: { filter: Filter; text: string }) => readonly Row[],
): MatchView<Row, Filter> {
  const [filter, setFilter] = useState<Filter>(first);
  const [typed, setTyped] = useState('');
  const text = useDeferredValue(typed);
  const [active, setActive] = useState<string>();
  const shown = useKeptOrder(`${filter} ${readAt ?? ''} ${text}`, rows, () => find({ filter, text }));
  const row = shown.find(({ key }) => key === active);
  return { filter, setFilter, typed, setTyped, active, setActive, shown, row };
}

export type MatchTableProps<Row, Filter extends AnyFilter> = {
  readonly view: MatchView<Row, Filter>;
  readonly words: {
    readonly label: string;
    readonly search: string;
    /** Why nothing is in sight. */
    readonly nothing: string;
    /** What can be done with the row one stands on. */
    readonly hint: string;
  };
  readonly filters: readonly Filter[];
  readonly counts: Readonly<Record<Filter, number>>;
  /** What can be done with all of them. */
  readonly acts: ReactNode;
  /** What else can be done with the row one stands on. */
  readonly rowActs?: ReactNode;
  readonly columns: readonly Column<Row>[];
  readonly rowTestId: string;
  /** Theirs were read: one of them can be chosen. */
  readonly mayPick: boolean;
  readonly onPick: () => void;
  readonly onTakeAway: () => void;
};

/** Ours and theirs, row by row: filter, search, choose, take away. */
export function MatchTable<Row extends MatchRow, Filter extends AnyFilter>({
  view,
  words,
  filters,
  counts,
  acts,
  rowActs,
  columns,
  rowTestId,
  mayPick,
  onPick,
  onTakeAway,
}: MatchTableProps<Row, Filter>): ReactElement {
  const { t } = useTranslation('mapping');
  const formats = useFormats();
  const { row } = view;
  const filterName = (id: AnyFilter) => t(`filter.${id}`);
  return (
    <>
      <div className="row head">
        <TextInput
          type="search"
          label={words.search}
          value={view.typed}
          onChange={(event) => view.setTyped(event.target.value)}
        />
        <ChoiceRow
          label={t('filter.label')}
          choices={filters.map((id) => ({ id, name: filterName(id), count: formats.whole(counts[id]) }))}
          chosen={view.filter}
          onChoose={view.setFilter}
        />
        <span className="push row">{acts}</span>
      </div>
      {view.shown.length === 0 ? (
        <EmptyState>{words.nothing}</EmptyState>
      ) : (
        <DataGrid
          label={words.label}
          columns={columns}
          rows={view.shown}
          rowKey={({ key }) => key}
          active={view.active}
          onActive={view.setActive}
          onOpen={onPick}
          rowTestId={rowTestId}
          rowProps={({ state }) => ({ 'data-state': state })}
        />
      )}
      <footer className="acts">
        <span className="muted" role="status">
          {words.hint}
        </span>
        {rowActs}
        <Button compact keyCap="Enter" disabled={row === undefined || !mayPick} onClick={onPick}>
          {t('items.choose')}
        </Button>
        <Button compact variant="quiet" keyCap="Delete" disabled={row?.state !== 'matched'} onClick={onTakeAway}>
          {t('items.takeAway')}
        </Button>
      </footer>
    </>
  );
}
