import type { DecimalMark } from './decimal-text.ts';

/** Damage of a code that has one likely original. */
export const RESTORABLE = [
  'lost_zeros',
  'decimal_point',
  'thousands_marks',
  'dashes',
  'label',
  'odd_dash',
  'letter_for_digit',
] as const;
export type Restorable = (typeof RESTORABLE)[number];

/** What the person decided in the preview. Everything is off until they do. */
export type ImportChoices = {
  /** Import the other rows although some are stopped. Otherwise it is all rows or none. */
  readonly leaveOutStopped: boolean;
  /** Damage that is put right as suggested. */
  readonly restore: readonly Restorable[];
  /** What the decimal mark is, where numbers such as "1.507" leave it open. */
  readonly decimalMark?: DecimalMark;
  /** What becomes of a code that another item had: it moves, or both have it. Undecided, its row is stopped. */
  readonly movedCodes?: 'move' | 'keep';
  /** Decimals of units that nothing is known of, by `unitKey`. Undecided, rows in such a unit are stopped. */
  readonly unitDecimals?: Readonly<Record<string, number>>;
  /** Buildings that nothing was known of, by `siteKey`: '' is another building, else the old name of this one. */
  readonly sites?: Readonly<Record<string, string>>;
  /** Take out of use what is not in the file. */
  readonly retireMissing?: boolean;
  /** Put back in use what is in the file and out of use. */
  readonly bringBack?: boolean;
};

export const NO_CHOICES: ImportChoices = { leaveOutStopped: false, restore: [] };
