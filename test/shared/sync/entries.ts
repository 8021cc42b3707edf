import {
  FIRST_PREV,
  LEDGER_VERSION,
  entryId,
  type Fact,
  type LedgerEntry,
  type PostedLine,
} from '../../../shared/domain/ledger-entry.ts';

export const T0 = '2026-03-02T10:00:00.000Z';

/** An instant so many ms after T0. */
export function at(ms: number): string {
  return new Date(Date.parse(T0) + ms).toISOString();
}

/** A chain of entries of one laptop; hashes play no part in these tests. */
export function createChain(): { add(fact: Fact, when?: string): LedgerEntry; readonly entries: LedgerEntry[] } {
  const entries: LedgerEntry[] = [];
  return {
    entries,
    add(fact, when = T0) {
      const seq = entries.length + 1;
      const entry = {
        id: entryId('d1', seq),
        device: 'd1',
        seq,
        at: when,
        by: 'p1',
        v: LEDGER_VERSION,
        prev: FIRST_PREV,
        hash: FIRST_PREV,
        fact,
      };
      entries.push(entry);
      return entry;
    },
  };
}

export function posted(
  item: string,
  bin: string,
  counted: string,
  variance: string,
  more: Partial<PostedLine> = {},
): PostedLine {
  const bookThen = String(Number(counted) - Number(variance));
  return { item, bin, counted, variance, bookThen, anchor: `d1-${item}-${bin}`, countedAt: T0, ...more };
}
