import { useVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import { useRef, type CSSProperties, type RefCallback, type RefObject } from 'react';

/** A row that is in the document, or about to be. */
export type LongListRow = Pick<VirtualItem, 'index' | 'start'>;

/** What a row's element needs: where it stands, and to be measured. */
type Placed = { readonly ref: RefCallback<HTMLElement>; readonly 'data-index': number; readonly style: CSSProperties };

export type LongList = {
  /** Belongs to the element that scrolls. */
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** Of all rows together, in px: of the element that holds them. */
  readonly height: number;
  /** The rows in sight, and a few around them, from place `from` up to `to`. */
  rows(from: number, to: number): readonly LongListRow[];
  /** Places a row of a part of `size` rows that begins at `from`; a screen reader hears which of how many it is. */
  row(
    row: LongListRow,
    from: number,
    size: number,
  ): Placed & { readonly 'aria-posinset': number; readonly 'aria-setsize': number };
  /** Places a head, which is in the document always. */
  head(at: number): Placed;
  /** Scrolls to a row unless it is in sight. */
  show(at: number): void;
};

/** Rows up to which a list is drawn whole. */
const SHORT = 40;

/**
 * A list of any length whose rows differ in height: those in sight are in the document, the rest is scroll height. Rows
 * stand absolutely in an element of `height`; each is measured once it is drawn, until then it has its `heightOf`.
 * `keyOf` must be another function when the rows are others, and the same one otherwise.
 */
export function useLongList(options: {
  count: number;
  keyOf: (at: number) => string;
  heightOf: (at: number) => number;
}): LongList {
  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- nothing here is memoized on what it returns
  const virtual = useVirtualizer<HTMLDivElement, HTMLElement>({
    count: options.count,
    getScrollElement: () => scroller.current,
    getItemKey: options.keyOf,
    estimateSize: options.heightOf,
    // A short list is drawn whole: nothing in it waits for a scroll to be found or heard.
    overscan: options.count <= SHORT ? SHORT : 6,
  });
  const shown = virtual.getVirtualItems();
  const placed = (at: number, start: number): Placed => ({
    ref: virtual.measureElement,
    'data-index': at,
    style: { transform: `translateY(${start}px)` },
  });
  return {
    scroller,
    height: virtual.getTotalSize(),
    rows: (from, to) => shown.filter(({ index }) => index >= from && index < to),
    row: ({ index, start }, from, size) => ({
      ...placed(index, start),
      'aria-posinset': index - from + 1,
      'aria-setsize': size,
    }),
    head: (at) => placed(at, virtual.measurementsCache[at]?.start ?? 0),
    show(at) {
      const row = virtual.measurementsCache[at];
      const top = virtual.scrollOffset ?? 0;
      const isInSight = row !== undefined && row.start >= top && row.end <= top + (virtual.scrollRect?.height ?? 0);
      if (!isInSight) virtual.scrollToIndex(at, { align: 'auto' });
    },
  };
}
