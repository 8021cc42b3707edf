import type { FactKind } from '../../shared/domain/ledger-entry.ts';

/** Views that are kept from entry to entry: of a bin being counted, of the bins of a pass, of a batch under review. */
type View = 'sheet' | 'pass' | 'review';

const ALL: readonly View[] = ['sheet', 'pass', 'review'];
const NONE: readonly View[] = [];

/** The views that a fact may change. A new kind does not compile until it says which. */
const CHANGES: Readonly<Record<FactKind, readonly View[]>> = {
  person_changed: NONE,
  pin_set: NONE,
  person_key_added: NONE,
  sign_in_refused: NONE,
  tries_cleared: NONE,
  recovery_code_set: NONE,
  pin_lengths_set: NONE,
  checkpoint_kept: NONE,
  catalogue_imported: NONE,
  barcode_taught: NONE,
  barcode_retired: NONE,
  item_retired: NONE,
  bin_retired: NONE,
  bin_made: NONE,
  site_created: NONE,
  laptop_enrolled: NONE,
  laptop_named: NONE,
  laptop_revoked: ALL,
  heard: ['review'],
  stock_changed: ['sheet', 'review'],
  stock_moved: ['sheet', 'review'],
  stocktake_created: ALL,
  expected_named: ['sheet'],
  bin_opened: ALL,
  counted: ALL,
  serial_repeated: ['review'],
  unknown_scanned: ALL,
  unknown_noted: NONE,
  unknown_matched: ALL,
  unknown_proposed: ALL,
  match_withdrawn: ALL,
  count_voided: ALL,
  bin_confirmed_empty: ALL,
  bin_skipped: ALL,
  bin_finished: ALL,
  overlap_settled: ['review'],
  batch_submitted: ALL,
  lines_decided: ALL,
  lines_posted: ['sheet', 'review'],
  lines_reversed: ['sheet', 'review'],
  connection_saved: NONE,
  connection_held: NONE,
  mapping_set: NONE,
  send_frozen: NONE,
  send_attempted: NONE,
  send_settled: NONE,
  remote_observed: NONE,
  doubt_settled: NONE,
  drift_decided: NONE,
  remote_moved: NONE,
  file_job_started: NONE,
  veiled: NONE,
};

/** Whether a fact of this kind may change what a view shows. */
export function mayChange(view: View, kind: FactKind): boolean {
  return CHANGES[kind].includes(view);
}
