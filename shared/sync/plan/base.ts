import { quantityOf, type Quantity } from '../../domain/quantity.ts';

/** What is known of the remote's figure at one place, beside the figure itself. */
export type BaseFacts = {
  /** A change of ours has arrived there: it stood on a figure that was known then. */
  readonly arrived: boolean;
  /** A person has taken their figure there into our book. */
  readonly taken: boolean;
  /** What it held before, as far as it was read: newest first. */
  readonly earlier: readonly string[];
};

/** Only a figure that agrees now makes a difference mean there what it means here. */
export const NOTHING_KNOWN: BaseFacts = { arrived: false, taken: false, earlier: [] };

/**
 * Whether a remote's figure and our book ever were one: only then does a difference of ours mean there what it means here.
 * `theirs` is their figure (null: no record, which counts as nothing; undefined: never seen), `before` our book as the
 * remote should have it, without what has still to arrive. They are one when they agree now or agreed at an earlier reading
 * (what others did since stands beside our difference), when a change of ours has arrived there, when their figure was
 * taken, or when what others did explains the whole difference (`others`; undefined where the remote does not tell).
 */
export function isBaseKnown(
  { theirs, before, others }: { theirs: string | null | undefined; before: Quantity; others: Quantity | undefined },
  facts: BaseFacts,
): boolean {
  if (facts.arrived || facts.taken) return true;
  if (theirs === undefined) return false;
  if (facts.earlier.some((one) => quantityOf(one) === before)) return true;
  const held = quantityOf(theirs ?? '0');
  return held === before || (others !== undefined && held - others === before);
}
