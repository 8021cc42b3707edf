import { create } from 'zustand';
import type { LastScan } from '../ui/scan-card.tsx';

/** Where the counter stands and what a reload may forget. Rows are never kept here. */
export type Counting = {
  /** The quantity typed for the next scan or for the selected line. */
  typed: string;
  selected: string | undefined;
  last: LastScan | undefined;
  /** Scans taken from the scanner and not yet dealt with. */
  waiting: number;
  type: (text: string) => void;
  erase: () => void;
  setTyped: (typed: string) => void;
  select: (line: string | undefined) => void;
  /** Shows what became of a scan, and the line it was about where it was about one: in one go. */
  show: (last: LastScan | undefined, line?: string) => void;
  setWaiting: (waiting: number) => void;
};

const LONGEST_TYPED = 60;

export const useCounting = create<Counting>()((set) => ({
  typed: '',
  selected: undefined,
  last: undefined,
  waiting: 0,
  type: (text) => set(({ typed }) => ({ typed: `${typed}${text}`.slice(0, LONGEST_TYPED) })),
  erase: () => set(({ typed }) => ({ typed: typed.slice(0, -1) })),
  setTyped: (typed) => set({ typed }),
  select: (selected) => set({ selected }),
  show: (last, line) => set(line === undefined ? { last } : { last, selected: line }),
  setWaiting: (waiting) => set({ waiting }),
}));
