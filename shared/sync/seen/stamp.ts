/** Where an entry stands in the ledger, and this laptop's clock then. */
export type Stamp = { readonly seq: number; readonly at: string };
/** Something that was read: the start of its request by this laptop's clock, and the entry that holds it. */
export type Reading = { readonly seenAt: string; readonly sealed: Stamp };

/**
 * Whether a reading was begun after an entry. The laptop's times say so, unless its clock was put back in between: what is
 * sealed later under an earlier time is later all the same.
 */
export function isReadAfter(reading: Reading, then: Stamp): boolean {
  if (reading.sealed.seq <= then.seq) return false;
  return reading.sealed.at < then.at || reading.seenAt > then.at;
}

/** Whether a reading is at least as new as one that was sealed before it. */
export function isReadSince(reading: Reading, kept: Reading): boolean {
  return reading.sealed.at < kept.sealed.at || reading.seenAt >= kept.seenAt;
}
