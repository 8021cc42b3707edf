import type { FactKind } from '../../../shared/domain/ledger-entry.ts';
import type { Journal } from '../journal/journal.ts';
import { OF_ITSELF } from './taking.ts';

/** How soon others should hear what was said here: `none`: there is nothing; `now`: somebody waits for it. */
export type Urgency = 'none' | 'some day' | 'soon' | 'now';

/** What is said at a shelf while counting goes on: nobody waits for each of it. */
const AT_A_SHELF: ReadonlySet<FactKind> = new Set([
  'stock_moved',
  'bin_opened',
  'counted',
  'serial_repeated',
  'unknown_scanned',
  'unknown_noted',
  'unknown_proposed',
  'count_voided',
  'bin_confirmed_empty',
  'bin_skipped',
  'bin_finished',
] as const);
const PAGE = 1_000;

function urgencyOf(kind: FactKind): Urgency {
  if (OF_ITSELF.has(kind)) return 'some day';
  return AT_A_SHELF.has(kind) ? 'soon' : 'now';
}

/** Says how urgent the own entries behind `covered` are; what was read before is not read again. */
export function createUrgency(journal: Pick<Journal, 'read' | 'status'>): (covered: number) => Promise<Urgency> {
  let from = 0;
  let next = 0;
  let found: Urgency = 'none';
  return async (covered) => {
    const { seq } = journal.status();
    if (covered !== from) [from, next, found] = [covered, covered + 1, 'none'];
    while (next <= seq && found !== 'now') {
      const page = await journal.read(next, PAGE);
      if (!page.ok) break;
      for (const { fact, seq: at } of page.value.entries) {
        const urgency = urgencyOf(fact.kind);
        if (found === 'none' || urgency === 'now' || (urgency === 'soon' && found === 'some day')) found = urgency;
        next = at + 1;
      }
      if (page.value.entries.length === 0) break;
    }
    return found;
  };
}
