import { create } from 'zustand';
import type { LastScan } from '../shelf/scan-card.tsx';

/** Where the counter stands and what a reload may forget. Rows are never kept here. */
export type Counting = {
  /** The quantity typed for the next scan or for the selected line. */
  typed: string;
  /** What was typed is complete, though it waits: the next digit begins another number. */
  ended: boolean;
  /** The line that keys act on; undefined: the newest, null: none. */
  selected: string | undefined | null;
  last: LastScan | undefined;
  /** Scans taken from the scanner and not yet dealt with. */
  waiting: number;
  type: (text: string) => void;
  erase: () => void;
  setTyped: (typed: string) => void;
  endTyped: () => void;
  /** The unknown code that the card shows. */
  unknown: string | undefined;
  select: (line: string | undefined) => void;
  /** Shows what became of a scan, and what the keys act on then: in one go. Nothing shown: the newest line. */
  show: (last: LastScan | undefined) => void;
  setWaiting: (waiting: number) => void;
};

const LONGEST_TYPED = 60;

/** The keys act on what the card shows, and on nothing else. */
function subjectOf(last: LastScan | undefined): Pick<Counting, 'selected' | 'unknown'> {
  if (last === undefined) return { selected: undefined, unknown: undefined };
  const { subject } = last;
  if (subject === undefined) return { selected: null, unknown: undefined };
  return 'line' in subject
    ? { selected: subject.line, unknown: undefined }
    : { selected: null, unknown: subject.unknown };
}

export const useCounting = create<Counting>()((set) => ({
  typed: '',
  ended: false,
  selected: undefined,
  unknown: undefined,
  last: undefined,
  waiting: 0,
  type: (text) =>
    set(({ typed, ended }) => ({ typed: `${ended ? '' : typed}${text}`.slice(0, LONGEST_TYPED), ended: false })),
  erase: () => set(({ typed }) => ({ typed: typed.slice(0, -1), ended: false })),
  setTyped: (typed) => set({ typed, ended: false }),
  endTyped: () => set({ ended: true }),
  select: (selected) => set({ selected, unknown: undefined }),
  show: (last) => set({ last, ...subjectOf(last) }),
  setWaiting: (waiting) => set({ waiting }),
}));
