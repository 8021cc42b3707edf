import type { Quantity } from './quantity.ts';
import type { Saying } from './statement.ts';

/** One scan of a code nobody knew, with its neighbours on that person's way along the shelf, so that it can be found again. */
export type UnknownScan = Saying & {
  readonly quantity: Quantity;
  /** The item this person took in this bin just before it, and the one just after. */
  readonly after: string | undefined;
  before: string | undefined;
  /** The entry that said what came after it. */
  beforeId: string | undefined;
};

/** What a code stands for, as somebody said or proposed it. `factor`: units in one scan. */
export type CodeMeaning = {
  readonly id: string;
  readonly item: string;
  readonly lot: string | undefined;
  readonly factor: Quantity;
  readonly by: string;
  readonly at: string;
};

/**
 * A match that stands. `apart`: the line was posted already, so the difference is a line of this batch of its own. `kept`:
 * taken back after its line was posted; that line stays as it was posted, and a batch of its own takes the units off again.
 */
export type CodeMatch = CodeMeaning & {
  readonly apart: string | undefined;
  readonly kept: boolean;
  /** The code that was taught to the item with the match. */
  readonly taught: string | undefined;
};

/** A code nobody knew on one sheet: its scans that stand, oldest first, and what became of it. */
export type UnknownCode = {
  readonly code: string;
  quantity: Quantity;
  times: number;
  scans: readonly UnknownScan[];
  matches: readonly CodeMatch[];
  proposals: readonly CodeMeaning[];
};

/** What a person took last in a bin, newest last: few are kept, as only the last that still stands is asked for. */
export type Passed = { readonly id: string; readonly item: string };
