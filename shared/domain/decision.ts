import type { Decision } from './ledger-entry.ts';
import type { Quantity } from './quantity.ts';

/** What somebody looked at when they decided: the entry that the count stood at, and the count. */
export type Saw = { readonly anchor: string; readonly counted: Quantity };

/** What was decided about one line, the newest decision only; `batch`: the one under which it was looked at. */
export type LineDecision = {
  readonly decision: Decision;
  readonly by: string;
  readonly at: string;
  readonly reason: string | undefined;
  readonly batch: string;
  /** Absent in what older apps wrote. */
  readonly saw: Saw | undefined;
};

/** Whose count of a line stands where several people counted the same pile, and what each had counted when that was said. */
export type Settled = {
  readonly person: string;
  readonly by: string;
  readonly at: string;
  readonly saw: ReadonlyMap<string, Quantity>;
};

/**
 * How a line was posted, and what count. `batch`: the one under which it was. `lots`: how the line's lot was spelled where
 * it was posted; older journals hold one lot in two letter cases. `reversed`: it was taken back.
 */
export type Posted = {
  readonly by: string;
  readonly at: string;
  readonly batch: string;
  readonly counted: Quantity;
  readonly lots?: readonly string[];
  readonly reversed?: Reversed;
};

/** Who took a posted line back, when and why; `batch`: the one under which it was. */
export type Reversed = {
  readonly by: string;
  readonly at: string;
  readonly reason: string;
  readonly note?: string;
  readonly batch: string;
};
