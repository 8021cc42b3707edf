import { create } from 'zustand';

export type ScanOutcome = 'taken' | 'look' | 'not-taken';

/** What became of the last scan, in words already: what the hero card shows and the live region says. */
export type LastScan = {
  readonly outcome: ScanOutcome;
  /** The item's name, or the code or bin it was about. */
  readonly title: string;
  /** The title is a code. */
  readonly isCode?: boolean;
  readonly code?: string | undefined;
  readonly lot?: string | undefined;
  readonly serial?: string | undefined;
  readonly expiresOn?: string | undefined;
  /** Quantities as `formatQuantity` writes them. */
  readonly added?: string;
  readonly total?: string;
  readonly unit?: string;
  /** How the quantity came about: "1 case (12)", "3*12+7". */
  readonly entered?: string | undefined;
  /** What to do, in one sentence. */
  readonly message?: string;
};

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
  show: (last: LastScan | undefined) => void;
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
  show: (last) => set({ last }),
  setWaiting: (waiting) => set({ waiting }),
}));
