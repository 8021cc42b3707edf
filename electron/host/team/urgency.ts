import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { isCounting } from '../journal/heads.ts';
import type { Journal } from '../journal/journal.ts';
import { OF_ITSELF } from './taking.ts';

/** How soon others should hear what was said here: `none`: there is nothing; `now`: somebody waits for it. */
export type Urgency = 'none' | 'some day' | 'soon' | 'now';

const PAGE = 1_000;

/** While counting goes on nobody waits for each thing that is said at a shelf. */
function urgencyOf(entry: LedgerEntry): Urgency {
  const { kind } = entry.fact;
  if (OF_ITSELF.has(kind)) return 'some day';
  return isCounting(entry) || kind === 'stock_moved' ? 'soon' : 'now';
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
      for (const entry of page.value.entries) {
        const urgency = urgencyOf(entry);
        if (found === 'none' || urgency === 'now' || (urgency === 'soon' && found === 'some day')) found = urgency;
        next = entry.seq + 1;
      }
      if (page.value.entries.length === 0) break;
    }
    return found;
  };
}
