import type { Fact, FactKind, LaptopRole } from '../domain/ledger-entry.ts';
import { isTrustFact } from './trust.ts';

/**
 * What a laptop that counts has to know of others: who is one of the site, what is counted, what is on the shelves and what
 * codes stand for. No figure of the book is in any of it, and none that somebody else counted.
 */
const OPEN: ReadonlySet<FactKind> = new Set([
  'pin_lengths_set',
  'catalogue_imported',
  'barcode_taught',
  'barcode_retired',
  'item_retired',
  'bin_retired',
  'bin_made',
  'stocktake_created',
  'expected_named',
  'unknown_matched',
  'match_withdrawn',
  'veiled',
] as const);

/** Whether everybody of the site may know a fact. A recount that is asked for says where, and no figure. */
export function isOpen(fact: Fact): boolean {
  if (fact.kind === 'lines_decided')
    return fact.recount !== undefined && fact.lines.every(({ saw }) => saw === undefined);
  return OPEN.has(fact.kind) || isTrustFact(fact);
}

/** Whether a laptop says a fact openly. What a counting laptop says, supervisors alone are given: it needs no veil. */
export function isToldAs(role: LaptopRole | undefined): (fact: Fact) => boolean {
  return role === 'counting' ? () => true : isOpen;
}
