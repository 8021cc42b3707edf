import { createHash } from 'node:crypto';
import {
  entryId,
  entryText,
  FIRST_PREV,
  LEDGER_VERSION,
  type Fact,
  type FactOf,
  type LedgerEntry,
} from '../../../shared/domain/ledger-entry.ts';
import { foldLedger, type LedgerState } from '../../../shared/domain/ledger-state.ts';
import { bookLine, bookNow } from '../../../shared/domain/balance.ts';
import { formatQuantity } from '../../../shared/domain/quantity.ts';
import { findSheet } from '../../../shared/domain/stocktake.ts';
import { reviewBatch, toPostedLine, type ReviewLine } from '../../../shared/domain/variance.ts';

const START = Date.parse('2026-11-20T08:00:00.000Z');

/** An instant `minutes` after eight in the morning. */
export function minute(minutes: number): string {
  return new Date(START + Math.round(minutes * 60_000)).toISOString();
}

/** Seals facts as the host does: per device, in sequence, each with the hash of the one before. */
export function createHistory() {
  const entries: LedgerEntry[] = [];
  const ends = new Map<string, { seq: number; hash: string }>();

  function say(
    at: number,
    fact: Fact,
    { device = 'd1', by = 'ana' }: { device?: string; by?: string } = {},
  ): LedgerEntry {
    const end = ends.get(device) ?? { seq: 0, hash: FIRST_PREV };
    const open = { device, seq: end.seq + 1, at: minute(at), by, v: LEDGER_VERSION, prev: end.hash, fact };
    const hash = createHash('sha256').update(entryText(open)).digest('hex');
    const entry = { ...open, id: entryId(device, open.seq), hash };
    ends.set(device, { seq: open.seq, hash });
    entries.push(entry);
    return entry;
  }

  return { entries, say, state: () => foldLedger(entries) };
}

/** The sheet of a bin. */
export function sheetOf(state: LedgerState, { bin = 'A-1', stocktake = 's1', pass = 1 }: Spot = {}) {
  const known = state.stocktakes.get(stocktake);
  return known && findSheet(known, pass, bin);
}

export type Spot = { item?: string; bin?: string; stocktake?: string; pass?: number };

export const created = (stocktake = 's1', bins: readonly string[] = ['A-1', 'A-2']): Fact => ({
  kind: 'stocktake_created',
  stocktake,
  name: stocktake,
  blind: true,
  bins: [...bins],
});
export const changed = (
  quantity: string,
  more: Spot & { happenedAt?: string; reason?: 'opening' | 'sale' | 'receipt' | 'issue' } = {},
): Fact => ({
  kind: 'stock_changed',
  item: more.item ?? 'TEA',
  bin: more.bin ?? 'A-1',
  quantity,
  reason: more.reason ?? 'sale',
  ...(more.happenedAt !== undefined && { happenedAt: more.happenedAt }),
});
export const place = ({ bin = 'A-1', stocktake = 's1', pass = 1 }: Spot = {}) => ({ stocktake, pass, bin });
export const counted = (
  quantity: string,
  more: Spot & { serial?: string; entered?: string } = {},
): FactOf<'counted'> => ({
  kind: 'counted',
  ...place(more),
  item: more.item ?? 'TEA',
  quantity,
  how: more.entered === undefined ? 'scan' : 'typed',
  ...(more.entered !== undefined && { entered: more.entered }),
  ...(more.serial !== undefined && { serial: more.serial }),
});
export const emptied = (more: Spot = {}): Fact => ({ kind: 'bin_confirmed_empty', ...place(more) });
export const submitted = (
  batch = 'b1',
  { bins = ['A-1', 'A-2'], ...more }: Spot & { bins?: readonly string[] } = {},
): Fact => {
  const { stocktake, pass } = place(more);
  return { kind: 'batch_submitted', batch, stocktake, pass, bins: [...bins] };
};
export const posted = (lines: readonly ReviewLine[], batch = 'b1'): Fact => ({
  kind: 'lines_posted',
  batch,
  lines: lines.map(toPostedLine),
});

/** The void of a statement. */
export function voidOf({ id, fact }: LedgerEntry): Fact {
  switch (fact.kind) {
    case 'counted': {
      const { stocktake, pass, bin, item, quantity, serial } = fact;
      return {
        kind: 'count_voided',
        stocktake,
        pass,
        bin,
        voids: id,
        was: { kind: 'counted', item, quantity, ...(serial !== undefined && { serial }) },
      };
    }
    case 'unknown_scanned':
      return {
        kind: 'count_voided',
        ...place(fact),
        voids: id,
        was: { kind: 'unknown_scanned', code: fact.code, quantity: fact.quantity },
      };
    case 'bin_confirmed_empty':
      return { kind: 'count_voided', ...place(fact), voids: id, was: { kind: 'bin_confirmed_empty' } };
    default:
      throw new Error(`${fact.kind} cannot be taken back`);
  }
}

/** The same statement said again after it was taken back; `isOld`: as an app wrote it that did not say which. */
export function againOf({ id, fact }: LedgerEntry, isOld = false): Fact {
  switch (fact.kind) {
    case 'counted':
      return { ...fact, how: 'redo', ...(!isOld && { again: id }) };
    case 'unknown_scanned':
    case 'bin_confirmed_empty':
      return { ...fact, ...(!isOld && { again: id }) };
    default:
      throw new Error(`${fact.kind} cannot be said again`);
  }
}

/** Review lines of a batch. */
export function review(state: LedgerState, batch = 'b1'): ReviewLine[] {
  const found = state.batches.get(batch);
  return found ? reviewBatch(found, state.stocktakes, state.books) : [];
}

/** What an approver reads in one line. */
export function figures(state: LedgerState, batch = 'b1') {
  return review(state, batch).map((line) => ({
    item: line.item,
    bin: line.bin,
    counted: formatQuantity(line.counted),
    atCount: formatQuantity(line.bookThen),
    since: formatQuantity(line.movedSince),
    variance: formatQuantity(line.variance),
    resulting: formatQuantity(line.resulting),
  }));
}

/** Book quantity as text. */
export function book(state: LedgerState, { item = 'TEA', bin = 'A-1' }: Spot = {}): string {
  return formatQuantity(bookNow(bookLine(state.books, { item, bin })));
}

/** Ten on the book at one minute past eight, and a stocktake. */
export function openedHistory(quantity = '10') {
  const history = createHistory();
  history.say(0, created());
  history.say(1, changed(quantity, { reason: 'opening' }));
  return history;
}
