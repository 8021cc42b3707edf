import { create } from 'zustand';
import type { LastScan } from '../shelf/scan-card.tsx';

/** One item on its way from a bin, not recorded yet. `quantity` is decimal text. */
export type MovingLine = { readonly item: string; readonly lot: string | undefined; readonly quantity: string };

/** A move that was recorded: `at` is when its line was, ISO. */
export type DoneMove = {
  readonly from: string;
  readonly to: string;
  readonly lines: readonly (MovingLine & { readonly at: string })[];
};

/** A move that is being put together. Recorded only with the bin it goes to. */
export type Moving = {
  from: string | undefined;
  lines: readonly MovingLine[];
  typed: string;
  last: LastScan | undefined;
  /** Recorded since the screen was opened, newest first: what can still be taken back. */
  done: readonly DoneMove[];
  setFrom: (from: string | undefined) => void;
  setLines: (lines: readonly MovingLine[]) => void;
  setDone: (done: readonly DoneMove[]) => void;
  setTyped: (typed: string) => void;
  type: (text: string) => void;
  show: (last: LastScan | undefined) => void;
};

export const useMoving = create<Moving>()((set) => ({
  from: undefined,
  lines: [],
  typed: '',
  last: undefined,
  done: [],
  setFrom: (from) => set({ from }),
  setLines: (lines) => set({ lines }),
  setDone: (done) => set({ done }),
  setTyped: (typed) => set({ typed }),
  type: (text) => set(({ typed }) => ({ typed: `${typed}${text}`.slice(0, 60) })),
  show: (last) => set({ last }),
}));
