import type { LedgerEntry } from '../../shared/domain/ledger-entry.ts';
import { inOrderOf, type LedgerState } from '../../shared/domain/ledger-state.ts';
import { placeKey } from './collections.ts';
import type { Copy } from './copy.ts';

/**
 * Everything that was said about an item, in ledger order: also the scans of codes that turned out to be it, which do not
 * name it themselves.
 */
export async function evidenceOf(
  copy: Pick<Copy, 'bySubject' | 'byPlace'>,
  item: string,
  state: Pick<LedgerState, 'devices'>,
): Promise<readonly LedgerEntry[]> {
  const named = await copy.bySubject(item);
  const codes = new Map<string, Set<string>>();
  for (const { fact } of named) {
    if (fact.kind !== 'unknown_matched') continue;
    const place = placeKey(fact);
    codes.set(place, new Set([...(codes.get(place) ?? []), fact.code]));
  }
  if (codes.size === 0) return inOrderOf(state, named);
  const scans: LedgerEntry[] = [];
  for (const [place, wanted] of codes) {
    for (const entry of await copy.byPlace(place)) {
      const said = entry.fact.kind === 'count_voided' ? entry.fact.was : entry.fact;
      if (said.kind === 'unknown_scanned' && wanted.has(said.code)) scans.push(entry);
    }
  }
  return inOrderOf(state, [...named, ...scans]);
}
