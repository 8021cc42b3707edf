import { binBook, bookLine, emptyBooks, move, type BinBook, type Books } from './balance.ts';
import { decideLines, postLines, submitBatch, type Batches } from './batch.ts';
import { catalogueFactKey, type CatalogueFact } from './catalogue-facts.ts';
import { correctFigures, readClock, type Clock } from './clock.ts';
import { applyCounting, tellLate, type CountingFact } from './counting.ts';
import type { EntryOf, FactKind, LedgerEntry } from './ledger-entry.ts';
import { logMovement } from './movement-log.ts';
import { noteCode, tellNoted, type NotedCode } from './noted-code.ts';
import { quantityOf, type Quantity } from './quantity.ts';
import { createStocktake, keepRepeat, type Stocktakes } from './stocktake.ts';

/** Where one device's chain has been folded to. `orderedAt` is the latest `at` met: a clock set back does not reorder a chain. */
export type Frontier = { seq: number; hash: string; orderedAt: string; clock: Clock };

export type CatalogueFile = {
  readonly sha256: string;
  readonly rows: number;
  readonly source: string;
  readonly at: string;
};

/** Everything that follows from the entries. May be thrown away and rebuilt at any time. */
export type LedgerState = {
  /** Entries of all chains up to their frontiers, also those that were told late and say nothing here. */
  entries: number;
  /** `orderedAt` of the entry folded last. */
  lastAt: string;
  lastDevice: string;
  readonly devices: Map<string, Frontier>;
  readonly books: Books;
  readonly stocktakes: Stocktakes;
  readonly batches: Batches;
  /** The newest snapshots of items and bins. */
  readonly catalogue: Map<'items' | 'bins', CatalogueFile>;
  /** Codes nobody knew, met where nothing is counted; oldest first. */
  readonly noted: NotedCode[];
  /** What people said about items and bins beside the files, by what it is about: the last word each, in the order said. */
  readonly said: Map<string, CatalogueFact>;
};

/** The state before anything happened. */
export function emptyLedgerState(): LedgerState {
  return {
    entries: 0,
    lastAt: '',
    lastDevice: '',
    devices: new Map(),
    books: emptyBooks(),
    stocktakes: new Map(),
    batches: new Map(),
    catalogue: new Map(),
    noted: [],
    said: new Map(),
  };
}

/** The latest time that an entry may stand at: what is later is no time of this app's. */
const LATEST = '9999-12-31T23:59:59.999Z';

function justAfter(instant: string): string {
  const ms = Date.parse(instant) + 1;
  return ms < Date.parse(LATEST) ? new Date(ms).toISOString() : LATEST;
}

/**
 * Where an entry stands in time: never before the entry before it in its chain (`before`), and once others were heard,
 * after everything that was heard.
 */
export function orderedAtOf(before: string | undefined, { at, fact }: Pick<LedgerEntry, 'at' | 'fact'>): string {
  const own = before !== undefined && before > at ? before : at;
  if (fact.kind !== 'heard') return own;
  const after = justAfter(fact.at);
  return after > own ? after : own;
}

/**
 * Folds one entry into the state, in place. Entries must come in ledger order (see `orderEntries`); an entry met before
 * changes nothing and gives `known`; one that belongs before the last folded entry gives `out_of_order` and changes
 * nothing: then the state has to be rebuilt.
 */
export function fold(state: LedgerState, entry: LedgerEntry): 'folded' | 'known' | 'out_of_order' {
  const frontier = state.devices.get(entry.device);
  if (frontier && entry.seq <= frontier.seq) return 'known';
  const orderedAt = orderedAtOf(frontier?.orderedAt, entry);
  if (orderedAt < state.lastAt || (orderedAt === state.lastAt && entry.device < state.lastDevice))
    return 'out_of_order';
  const { clock, correction } = readClock(frontier?.clock, entry);
  if (correction) correctFigures(state, correction);
  state.devices.set(entry.device, { seq: entry.seq, hash: entry.hash, orderedAt, clock });
  // Counted by sequence: what the host writes while it sends may come in after a later entry.
  state.entries += entry.seq - (frontier?.seq ?? 0);
  state.lastAt = orderedAt;
  state.lastDevice = entry.device;
  apply(state, entry);
  return 'folded';
}

function is<Kind extends FactKind>(entry: LedgerEntry, kind: Kind): entry is LedgerEntry & EntryOf<Kind> {
  return entry.fact.kind === kind;
}

function moveStock(
  state: LedgerState,
  where: { item: string; bin: string; lot?: string | undefined },
  delta: Quantity,
  happenedAt: string | undefined,
): void {
  const bin = binBook(state.books, where.bin);
  const line = bookLine(state.books, where);
  bin.order += 1;
  move(line, delta, happenedAt, bin.order);
  logMovement(bin, line, delta, happenedAt);
  if (happenedAt !== undefined) tellLate(state.stocktakes, line, delta, happenedAt);
}

/** Keeps that an entry says nothing; false when that was so already. */
function silence(bin: BinBook, entry: string): boolean {
  if (bin.voided?.has(entry)) return false;
  (bin.voided ??= new Set()).add(entry);
  return true;
}

function applyToSheet(state: LedgerState, bin: BinBook, entry: LedgerEntry & { fact: CountingFact }): void {
  const { stocktakes, books, batches } = state;
  bin.order += 1;
  applyCounting(stocktakes, books, batches, entry, bin.order);
}

/** One piece: a line or two for every kind of fact, completed by the compiler. */
function apply(state: LedgerState, entry: LedgerEntry): void {
  const { fact } = entry;
  switch (fact.kind) {
    case 'stock_changed':
      moveStock(state, fact, quantityOf(fact.quantity), fact.happenedAt);
      return;
    case 'stock_moved': {
      const quantity = quantityOf(fact.quantity);
      moveStock(state, { item: fact.item, bin: fact.from, lot: fact.lot }, -quantity, fact.happenedAt);
      moveStock(state, { item: fact.item, bin: fact.to, lot: fact.lot }, quantity, fact.happenedAt);
      tellNoted(state.noted, entry);
      return;
    }
    case 'count_voided':
    case 'match_withdrawn': {
      const bin = binBook(state.books, fact.bin);
      // A second void of the same entry is void itself.
      const silenced = fact.kind === 'count_voided' ? fact.voids : fact.withdraws;
      if (silence(bin, silenced)) applyToSheet(state, bin, { ...entry, fact });
      return;
    }
    case 'unknown_noted':
      if (is(entry, 'unknown_noted')) noteCode(state.noted, entry);
      return;
    case 'bin_opened':
    case 'counted':
    case 'unknown_scanned':
    case 'unknown_matched':
    case 'unknown_proposed':
    case 'bin_confirmed_empty':
    case 'bin_skipped':
    case 'bin_finished': {
      const bin = binBook(state.books, fact.bin);
      if (fact.kind === 'bin_opened') tellNoted(state.noted, entry);
      // Another laptop's clock may put what takes a statement back before it.
      else if (bin.voided?.has(entry.id)) return;
      // A statement about a stocktake that is not known is not heard, so it cannot be taken back either.
      if (!state.stocktakes.has(fact.stocktake)) silence(bin, entry.id);
      applyToSheet(state, bin, { ...entry, fact });
      return;
    }
    case 'serial_repeated':
      if (is(entry, 'serial_repeated')) keepRepeat(state.stocktakes, entry);
      return;
    case 'stocktake_created':
      if (is(entry, 'stocktake_created')) createStocktake(state.stocktakes, entry);
      return;
    case 'batch_submitted':
      if (is(entry, 'batch_submitted')) submitBatch(state.batches, state.stocktakes, entry);
      return;
    case 'lines_decided':
      if (is(entry, 'lines_decided')) decideLines(state.batches, state.stocktakes, entry);
      return;
    case 'lines_posted':
      if (is(entry, 'lines_posted')) postLines(state.batches, state.stocktakes, state.books, entry);
      return;
    case 'catalogue_imported':
      state.catalogue.set(fact.what, { sha256: fact.sha256, rows: fact.rows, source: fact.source, at: entry.at });
      return;
    case 'barcode_taught':
    case 'barcode_retired':
    case 'item_retired':
    case 'bin_retired':
    case 'bin_made': {
      const key = catalogueFactKey(fact);
      state.said.delete(key);
      state.said.set(key, fact);
      return;
    }
    case 'site_created':
    case 'laptop_enrolled':
    case 'laptop_named':
    case 'laptop_revoked':
    case 'heard':
    case 'overlap_settled':
    case 'person_changed':
    case 'pin_set':
    case 'sign_in_refused':
    case 'tries_cleared':
    case 'recovery_code_set':
    case 'pin_lengths_set':
    case 'checkpoint_kept':
    case 'connection_saved':
    case 'mapping_set':
    case 'send_frozen':
    case 'send_attempted':
    case 'send_settled':
    case 'remote_observed':
    case 'doubt_settled':
    case 'drift_decided':
    case 'remote_moved':
    case 'file_job_started':
      // The host keeps people; sending has a projection of its own in shared/sync.
      return;
  }
}

/**
 * The one order in which entries are folded: each device's chain in its own sequence, chains interleaved by time, where
 * a clock set back counts as the latest time that its chain has shown or heard of. Entries given twice are kept once.
 */
export function orderEntries(entries: readonly LedgerEntry[]): LedgerEntry[] {
  const bySequence = new Map(entries.map((entry) => [entry.id, entry]));
  const chains = [...bySequence.values()].toSorted((left, right) => left.seq - right.seq);
  const latest = new Map<string, string>();
  const keyed = chains.map((entry) => {
    const at = orderedAtOf(latest.get(entry.device), entry);
    latest.set(entry.device, at);
    return { entry, at };
  });
  return keyed
    .toSorted(
      (left, right) =>
        compareText(left.at, right.at) ||
        compareText(left.entry.device, right.entry.device) ||
        left.entry.seq - right.entry.seq,
    )
    .map(({ entry }) => entry);
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** The state of a set of entries, given in any order. */
export function foldLedger(entries: readonly LedgerEntry[]): LedgerState {
  const state = emptyLedgerState();
  for (const entry of orderEntries(entries)) fold(state, entry);
  return state;
}
