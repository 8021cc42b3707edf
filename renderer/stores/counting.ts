import { create } from 'zustand';
import type { LastScan } from '../ui/scan-card.tsx';

/** Where the counter stands and what a reload may forget. Rows are never kept here. */
export type Counting = {
  /** The quantity typed for the next scan or for the selected line. */
  typed: string;
  /** What was typed is complete, though it waits: the next digit begins another number. */
  ended: boolean;
  selected: string | undefined;
  last: LastScan | undefined;
  /** Scans taken from the scanner and not yet dealt with. */
  waiting: number;
  type: (text: string) => void;
  erase: () => void;
  setTyped: (typed: string) => void;
  endTyped: () => void;
  select: (line: string | undefined) => void;
  /** Shows what became of a scan, and the line it was about where it was about one: in one go. */
  show: (last: LastScan | undefined, line?: string) => void;
  setWaiting: (waiting: number) => void;
};

const LONGEST_TYPED = 60;

export const useCounting = create<Counting>()((set) => ({
  typed: '',
  ended: false,
  selected: undefined,
  last: undefined,
  waiting: 0,
  type: (text) =>
    set(({ typed, ended }) => ({ typed: `${ended ? '' : typed}${text}`.slice(0, LONGEST_TYPED), ended: false })),
  erase: () => set(({ typed }) => ({ typed: typed.slice(0, -1), ended: false })),
  setTyped: (typed) => set({ typed, ended: false }),
  endTyped: () => set({ ended: true }),
  select: (selected) => set({ selected }),
  show: (last, line) => set(line === undefined ? { last } : { last, selected: line }),
  setWaiting: (waiting) => set({ waiting }),
}));
