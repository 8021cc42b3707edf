/** The reason under which the sum of two people's tallies is approved. */
export const TWO_PILES = 'two_piles';

/** Reasons a person may give for a decision, by their key, 1 to 9. */
export const REASONS = [
  'damaged',
  'expired',
  'found',
  'missing',
  'misplaced',
  'issue_not_recorded',
  'receipt_not_recorded',
  'data_entry_error',
  'other',
] as const;

/** Every reason that a decided line may bear, as a remote may have its own word for it. */
export const EVERY_REASON = [...REASONS, TWO_PILES] as const;
