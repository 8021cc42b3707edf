import { useVirtualizer } from '@tanstack/react-virtual';
import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
  type RefObject,
} from 'react';

/** A CSS grid track with a width of its own: what a cell holds never widens its row, so columns stay in line. */
export type Track = `${number}px` | `minmax(${number}px, ${string})`;

export type Column<Row> = {
  id: string;
  header: ReactNode;
  align?: 'start' | 'end';
  /** Every row has the same tracks: "120px", "minmax(160px, 2fr)". */
  width: Track;
  cell: (row: Row) => ReactNode;
  /** Present: the header is a button. The caller sorts. */
  onSort?: () => void;
  sorted?: 'ascending' | 'descending' | undefined;
};

export type DataGridProps<Row> = {
  label: string;
  columns: readonly Column<Row>[];
  /** Sorted and filtered by the caller. */
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Key of the row the keyboard stands on. */
  active: string | undefined;
  onActive: (key: string) => void;
  /** Space. */
  selected?: ReadonlySet<string>;
  onSelect?: (key: string) => void;
  /** Enter, or a double click. */
  onOpen?: (row: Row) => void;
  rowTestId?: string;
  /** Extra attributes of a row's element, e.g. `{ 'data-state': 'done' }`. */
  rowProps?: (row: Row) => Readonly<Record<`data-${string}`, string>>;
  rowHeight?: number;
  autoFocus?: boolean;
};

const STEP: Readonly<Record<string, number>> = { ArrowDown: 1, j: 1, J: 1, ArrowUp: -1, k: -1, K: -1 };

/** Where a key leads from `at` in `count` rows of which `page` are in sight; undefined when the key is not one of ours. */
export function gridStep(key: string, at: number, count: number, page: number): number | undefined {
  if (count === 0) return undefined;
  const clamp = (to: number): number => Math.min(count - 1, Math.max(0, to));
  const step = STEP[key];
  if (step !== undefined) return at < 0 ? clamp(step > 0 ? 0 : count - 1) : clamp(at + step);
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  if (key === 'PageDown') return clamp(Math.max(at, 0) + page);
  if (key === 'PageUp') return clamp(Math.max(at, 0) - page);
  return undefined;
}

/** The least room that all tracks take together, in px: below it the grid scrolls sideways. */
export function leastWidth(tracks: readonly Track[]): number {
  return tracks.reduce((sum, track) => sum + Number(/\d+(\.\d+)?/.exec(track)?.[0] ?? 0), 0);
}

/** Where rows are seen, in px: the head stays on top of them, a sideways bar may take the foot. */
export type Sight = { readonly scrollTop: number; readonly clientHeight: number; readonly headHeight: number };

/** Where the list must be scrolled to for the row at `index` to be wholly in sight; undefined when it is. */
export function scrollTopFor(
  index: number,
  rowHeight: number,
  { scrollTop, clientHeight, headHeight }: Sight,
): number | undefined {
  const top = index * rowHeight;
  if (top < scrollTop) return top;
  const least = top + rowHeight + headHeight - clientHeight;
  return least > scrollTop ? Math.min(top, least) : undefined;
}

/**
 * Keeps the current row wholly in sight: whenever it is another one, and, unless the person scrolled away from it by hand,
 * whenever it stands elsewhere (sorted, decided, new rows) or the list has another size (a banner, a drawer, the window).
 */
function useRowInSight(
  scroller: RefObject<HTMLDivElement | null>,
  { row, index, rowHeight }: { row: string | undefined; index: number; rowHeight: number },
): void {
  const isAway = useRef(false);
  const latest = useRef({ index, rowHeight });
  const shown = useRef<string>(undefined);

  useLayoutEffect(() => {
    latest.current = { index, rowHeight };
    const isOther = shown.current !== row;
    shown.current = row;
    if (isOther || !isAway.current) isAway.current = keepInSight(scroller.current, latest.current);
  }, [scroller, row, index, rowHeight]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const resized = new ResizeObserver(() => {
      if (!isAway.current) keepInSight(element, latest.current);
    });
    const scrolled = () => {
      isAway.current = wantedTop(element, latest.current) !== undefined;
    };
    resized.observe(element);
    element.addEventListener('scroll', scrolled);
    return () => {
      resized.disconnect();
      element.removeEventListener('scroll', scrolled);
    };
  }, [scroller]);
}

type CurrentRow = { readonly index: number; readonly rowHeight: number };

function wantedTop(element: HTMLDivElement, { index, rowHeight }: CurrentRow): number | undefined {
  if (index < 0) return undefined;
  const headHeight = element.querySelector<HTMLElement>('.grid-head')?.offsetHeight ?? 0;
  const { scrollTop, clientHeight } = element;
  return scrollTopFor(index, rowHeight, { scrollTop, clientHeight, headHeight });
}

/** Scrolls until the row is in sight. False, as then nobody is away from it. */
function keepInSight(element: HTMLDivElement | null, current: CurrentRow): false {
  const to = element === null ? undefined : wantedTop(element, current);
  if (element !== null && to !== undefined) element.scrollTop = to;
  return false;
}

/**
 * A list of any length as an ARIA grid: about forty rows are in the document, the rest is scroll height. The grid holds the
 * focus and points at its active row; J/K, arrows, Home, End and the page keys walk, Space selects, Enter opens. One piece:
 * focus, walking and what is in the document are one state.
 */
export function DataGrid<Row>(props: DataGridProps<Row>): ReactElement {
  const {
    label,
    columns,
    rows,
    rowKey,
    active,
    onActive,
    selected,
    onSelect,
    onOpen,
    rowTestId,
    rowProps,
    rowHeight = 32,
    autoFocus = false,
  } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const gridId = useId();
  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoized on what it returns
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const activeIndex = active === undefined ? -1 : rows.findIndex((row) => rowKey(row) === active);
  const shown = virtual.getVirtualItems();
  const tracks = columns.map(({ width }) => width).join(' ');

  useRowInSight(scroller, { row: active, index: activeIndex, rowHeight });

  useEffect(() => {
    if (autoFocus) scroller.current?.focus();
  }, [autoFocus]);

  function press(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget || event.ctrlKey || event.altKey || event.metaKey) return;
    const row = rows[activeIndex];
    if (event.key === ' ' && row !== undefined && onSelect) onSelect(rowKey(row));
    else if (event.key === 'Enter' && row !== undefined && onOpen) onOpen(row);
    else {
      // One row less than are in sight below the head, so that the eye finds a row it knows.
      const page = Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - rowHeight) / rowHeight) - 1);
      const next = rows[gridStep(event.key, activeIndex, rows.length, page) ?? -1];
      if (next === undefined) return;
      onActive(rowKey(next));
    }
    event.preventDefault();
  }

  return (
    <div
      ref={scroller}
      className="grid"
      style={{ '--tracks': tracks, '--least': `${leastWidth(columns.map(({ width }) => width))}px` }}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      aria-multiselectable={onSelect ? true : undefined}
      aria-activedescendant={shown.some(({ index }) => index === activeIndex) ? `${gridId}${activeIndex}` : undefined}
      onKeyDown={press}
    >
      <div className="grid-row grid-head" role="row" aria-rowindex={1}>
        {columns.map((column, at) => (
          <div
            key={column.id}
            role="columnheader"
            aria-colindex={at + 1}
            aria-sort={column.sorted}
            className={column.align === 'end' ? 'grid-cell end' : 'grid-cell'}
          >
            {column.onSort ? (
              <button type="button" tabIndex={-1} className="grid-sort" onClick={column.onSort}>
                {column.header}
                {column.sorted !== undefined && (
                  <span aria-hidden="true">{column.sorted === 'ascending' ? ' ↑' : ' ↓'}</span>
                )}
              </button>
            ) : (
              column.header
            )}
          </div>
        ))}
      </div>
      <div className="grid-body" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {shown.map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const key = rowKey(row);
          return (
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the grid itself holds the focus and takes the keys
            <div
              key={key}
              id={`${gridId}${index}`}
              className="grid-row"
              role="row"
              aria-rowindex={index + 2}
              aria-selected={selected ? selected.has(key) : key === active}
              data-active={key === active}
              data-selected={selected?.has(key) ?? false}
              data-testid={rowTestId}
              {...rowProps?.(row)}
              style={{ height: rowHeight, transform: `translateY(${start}px)` }}
              onClick={() => onActive(key)}
              onDoubleClick={() => onOpen?.(row)}
            >
              {columns.map((column, at) => (
                <div
                  key={column.id}
                  role="gridcell"
                  aria-colindex={at + 1}
                  className={column.align === 'end' ? 'grid-cell end' : 'grid-cell'}
                >
                  {column.cell(row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}
