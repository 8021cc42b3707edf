import type { Fact } from './ledger-entry.ts';
import { binKey } from './location.ts';

/**
 * The bins that a fact of stock, counting or deciding speaks of, as bin keys, each once: what has to be worked out again
 * when such a fact comes in late. A stocktake names its scope and not what happened there; codes noted where nothing is
 * counted, the list of bins and what is sent stand in no bin's figures. Completed by the compiler for every kind of fact.
 */
export function binsOf(fact: Fact): readonly string[] {
  switch (fact.kind) {
    case 'stock_changed':
    case 'bin_opened':
    case 'counted':
    case 'unknown_scanned':
    case 'unknown_matched':
    case 'unknown_proposed':
    case 'match_withdrawn':
    case 'count_voided':
    case 'bin_confirmed_empty':
    case 'bin_skipped':
    case 'bin_finished':
    case 'overlap_settled':
      return [binKey(fact.bin)];
    case 'stock_moved':
      return distinct([fact.from, fact.to]);
    case 'serial_repeated':
      return distinct([fact.bin, fact.countedIn]);
    case 'batch_submitted':
      return distinct(fact.bins);
    case 'lines_decided':
    case 'lines_posted':
    case 'lines_reversed':
      return distinct(fact.lines.map((line) => line.bin));
    case 'person_changed':
    case 'pin_set':
    case 'sign_in_refused':
    case 'tries_cleared':
    case 'recovery_code_set':
    case 'pin_lengths_set':
    case 'person_key_added':
    case 'checkpoint_kept':
    case 'catalogue_imported':
    case 'barcode_taught':
    case 'barcode_retired':
    case 'item_retired':
    case 'bin_retired':
    case 'bin_made':
    case 'site_created':
    case 'laptop_enrolled':
    case 'laptop_named':
    case 'laptop_revoked':
    case 'heard':
    case 'stocktake_created':
    case 'expected_named':
    case 'unknown_noted':
    case 'connection_saved':
    case 'connection_held':
    case 'mapping_set':
    case 'send_frozen':
    case 'send_attempted':
    case 'send_settled':
    case 'remote_observed':
    case 'doubt_settled':
    case 'drift_decided':
    case 'remote_moved':
    case 'file_job_started':
    case 'veiled':
      return [];
  }
}

function distinct(codes: readonly string[]): string[] {
  return [...new Set(codes.map(binKey))];
}
