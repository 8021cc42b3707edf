import type { Reversed } from '../../../shared/domain/decision.ts';
import type { FactOf, LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { lotKey } from '../../../shared/domain/line-key.ts';
import { binKey } from '../../../shared/domain/location.ts';
import { unitsOf } from '../../../shared/domain/match-code.ts';
import { quantityOf, ZERO, type Quantity } from '../../../shared/domain/quantity.ts';

/** One row of a line's timeline. `at` is when it happened; `learnedAt` when the ledger heard of it, if that was later. */
export type TimelineEvent = {
  readonly id: string;
  readonly at: string;
  readonly learnedAt: string | undefined;
  readonly by: string;
  readonly device: string;
  readonly what: TimelineWhat;
};

export type TimelineWhat =
  | {
      readonly kind: 'stock';
      readonly reason: FactOf<'stock_changed'>['reason'];
      readonly quantity: Quantity;
      readonly reference: string | undefined;
    }
  | { readonly kind: 'moved_in'; readonly quantity: Quantity; readonly bin: string }
  | { readonly kind: 'moved_out'; readonly quantity: Quantity; readonly bin: string }
  /** A run of scans of one person in one pass, told as one. */
  | {
      readonly kind: 'scanned';
      readonly quantity: Quantity;
      readonly scans: number;
      readonly until: string;
      readonly pass: number;
      readonly codes: readonly string[];
      readonly serials: readonly string[];
    }
  /** A piece that counts here was scanned in another bin as well, or the other way round. */
  | {
      readonly kind: 'serial_repeated';
      readonly quantity: Quantity;
      readonly serial: string;
      readonly bin: string;
      readonly pass: number;
    }
  | { readonly kind: 'typed'; readonly quantity: Quantity; readonly entered: string | undefined; readonly pass: number }
  | { readonly kind: 'taken_back'; readonly quantity: Quantity; readonly pass: number }
  /** Several people had counted the line: their counts are added, or one person's is right. */
  | {
      readonly kind: 'overlap_settled';
      readonly quantity: Quantity;
      readonly pass: number;
      readonly believed: string;
      readonly note: string | undefined;
    }
  /** The line was posted, and taken out of the books again. */
  | {
      readonly kind: 'reversed';
      readonly quantity: Quantity;
      readonly reason: string;
      readonly note: string | undefined;
    }
  /** A code that nobody knew was said to be this item, or was not any more. */
  | {
      readonly kind: 'matched' | 'unmatched';
      readonly quantity: Quantity;
      readonly pass: number;
      readonly code: string;
    };

/** That the posted line was taken back. `device`: the laptop on which it was. */
export type TimelineReversal = Reversed & { readonly device: string; readonly quantity: Quantity };

/** The line whose story is told. */
export type TimelineLine = { readonly bin: string; readonly lot: string | undefined };

/**
 * What happened to one item in one bin and lot, oldest first by when it happened. `entries` are all of that item's, in
 * ledger order; what concerns other bins or lots is left out, and so are scans of codes that were not matched to it for good.
 */
export function evidenceTimeline(
  entries: readonly LedgerEntry[],
  line: TimelineLine,
  reversal?: TimelineReversal,
): TimelineEvent[] {
  const events: TimelineEvent[] = [];
  const factors = matchedFactors(entries, line);
  for (const entry of entries) {
    const what = tell(entry, line) ?? tellUnknown(entry, line, factors);
    if (!what) continue;
    const last = events.at(-1);
    const joined = last && join(last, entry, what);
    if (joined) events[events.length - 1] = joined;
    else events.push(toEvent(entry, what));
  }
  if (reversal) {
    const { batch, by, at, device, quantity, reason, note } = reversal;
    events.push({
      id: batch,
      at,
      learnedAt: undefined,
      by,
      device,
      what: { kind: 'reversed', quantity, reason, note },
    });
  }
  // Stable: events of one moment keep the ledger's order.
  return events.toSorted((left, right) => (left.at === right.at ? 0 : left.at < right.at ? -1 : 1));
}

function toEvent(entry: LedgerEntry, what: TimelineWhat): TimelineEvent {
  const happenedAt = 'happenedAt' in entry.fact ? entry.fact.happenedAt : undefined;
  return {
    id: entry.id,
    at: happenedAt ?? entry.at,
    learnedAt: happenedAt === undefined ? undefined : entry.at,
    by: entry.by,
    device: entry.device,
    what,
  };
}

function tell(entry: LedgerEntry, line: TimelineLine): TimelineWhat | undefined {
  const { fact } = entry;
  const here = binKey(line.bin);
  const lot = lotKey(line.lot);
  if (fact.kind === 'stock_changed' && binKey(fact.bin) === here && lotKey(fact.lot) === lot) {
    return { kind: 'stock', reason: fact.reason, quantity: quantityOf(fact.quantity), reference: fact.reference };
  }
  if (fact.kind === 'stock_moved' && lotKey(fact.lot) === lot) {
    const quantity = quantityOf(fact.quantity);
    if (binKey(fact.to) === here) return { kind: 'moved_in', quantity, bin: fact.from };
    if (binKey(fact.from) === here) return { kind: 'moved_out', quantity: -quantity, bin: fact.to };
  }
  if (fact.kind === 'counted' && binKey(fact.bin) === here && lotKey(fact.lot) === lot) {
    const quantity = quantityOf(fact.quantity);
    if (fact.how !== 'scan') return { kind: 'typed', quantity, entered: fact.entered, pass: fact.pass };
    return {
      kind: 'scanned',
      quantity,
      scans: 1,
      until: entry.at,
      pass: fact.pass,
      codes: fact.code === undefined ? [] : [fact.code],
      serials: fact.serial === undefined ? [] : [fact.serial],
    };
  }
  if (fact.kind === 'serial_repeated' && (binKey(fact.countedIn) === here || binKey(fact.bin) === here)) {
    const { serial, bin, pass } = fact;
    return { kind: 'serial_repeated', quantity: ZERO, serial, bin, pass };
  }
  if (fact.kind === 'overlap_settled' && binKey(fact.bin) === here && lotKey(fact.lot) === lot) {
    const { person, pass, note } = fact;
    return { kind: 'overlap_settled', quantity: ZERO, pass, believed: person, note };
  }
  if (
    fact.kind === 'count_voided' &&
    fact.was.kind === 'counted' &&
    binKey(fact.bin) === here &&
    lotKey(fact.was.lot) === lot
  ) {
    return { kind: 'taken_back', quantity: -quantityOf(fact.was.quantity), pass: fact.pass };
  }
  return undefined;
}

/** What a scan of each code counts for this line, by the matches that stand: sheet and code as one key. */
function matchedFactors(entries: readonly LedgerEntry[], line: TimelineLine): ReadonlyMap<string, Quantity> {
  const withdrawn = new Set(entries.flatMap(({ fact }) => (fact.kind === 'match_withdrawn' ? [fact.withdraws] : [])));
  const factors = new Map<string, Quantity>();
  for (const { id, fact } of entries) {
    if (fact.kind !== 'unknown_matched' || withdrawn.has(id)) continue;
    if (binKey(fact.bin) === binKey(line.bin) && fact.lot === line.lot)
      factors.set(codeAt(fact, fact.code), quantityOf(fact.factor ?? '1'));
  }
  return factors;
}

function codeAt({ stocktake, pass, bin }: { stocktake: string; pass: number; bin: string }, code: string): string {
  return [stocktake, pass, binKey(bin), code].join('\u001F');
}

function tellUnknown(
  entry: LedgerEntry,
  line: TimelineLine,
  factors: ReadonlyMap<string, Quantity>,
): TimelineWhat | undefined {
  const { fact } = entry;
  if (fact.kind === 'unknown_matched' || fact.kind === 'match_withdrawn') {
    const { item: _, code, lot } = fact.kind === 'unknown_matched' ? fact : fact.was;
    if (binKey(fact.bin) !== binKey(line.bin) || lot !== line.lot) return undefined;
    return { kind: fact.kind === 'unknown_matched' ? 'matched' : 'unmatched', quantity: ZERO, pass: fact.pass, code };
  }
  if (fact.kind === 'unknown_scanned') {
    const factor = factors.get(codeAt(fact, fact.code));
    if (factor === undefined) return undefined;
    const quantity = unitsOf(quantityOf(fact.quantity), factor);
    return { kind: 'scanned', quantity, scans: 1, until: entry.at, pass: fact.pass, codes: [fact.code], serials: [] };
  }
  if (fact.kind === 'count_voided' && fact.was.kind === 'unknown_scanned') {
    const factor = factors.get(codeAt(fact, fact.was.code));
    if (factor === undefined) return undefined;
    return { kind: 'taken_back', quantity: -unitsOf(quantityOf(fact.was.quantity), factor), pass: fact.pass };
  }
  return undefined;
}

function join(last: TimelineEvent, entry: LedgerEntry, what: TimelineWhat): TimelineEvent | undefined {
  if (last.what.kind !== 'scanned' || what.kind !== 'scanned') return undefined;
  if (last.by !== entry.by || last.device !== entry.device || last.what.pass !== what.pass) return undefined;
  const codes = [...new Set([...last.what.codes, ...what.codes])];
  return {
    ...last,
    what: {
      ...last.what,
      quantity: last.what.quantity + what.quantity,
      scans: last.what.scans + 1,
      until: entry.at,
      codes,
      serials: [...last.what.serials, ...what.serials],
    },
  };
}

/** Whole seconds between two instants, never negative. */
export function secondsBetween(from: string, until: string): number {
  return Math.max(0, Math.round((Date.parse(until) - Date.parse(from)) / 1000));
}
