import { binBook, bookLine, emptyBooks, move, type BinBook, type BookLine, type Books } from './balance.ts';
import { apartSheetKey, binsIn, decideLines, postLines, submitBatch, type Batches } from './batch.ts';
import { binsOf } from './bins-of.ts';
import { catalogueFactKey, type CatalogueFact } from './catalogue-facts.ts';
import { noteHearing, noteNear, type ClocksApart } from './clocks-apart.ts';
import { correctFigures, readClock, type Clock, type ClockCorrection } from './clock.ts';
import { applyCounting, tellLate, type CountingFact } from './counting.ts';
import type { EntryOf, FactKind, FactOf, LedgerEntry } from './ledger-entry.ts';
import {
  comparePlaces,
  FIRST_PLACE,
  isBefore,
  lift,
  orderEntries,
  placeIn,
  standsAt,
  type Lifted,
  type Place,
} from './ledger-order.ts';
import { binOf } from './line-key.ts';
import { binKey } from './location.ts';
import { isMovementTaken, logMovement } from './movement-log.ts';
import { noteCode, tellNoted, type NotedCode } from './noted-code.ts';
import { quantityOf, type Quantity } from './quantity.ts';
import {
  createStocktake,
  nameExpected,
  keepRepeat,
  settleOverlap,
  sheetKey,
  stocktakeAt,
  type Sheet,
  type Stocktakes,
} from './stocktake.ts';
import { reverseLines } from './reversal.ts';
import type { UnfoundedPostings } from './unfounded.ts';

/**
 * Where one device's chain has been folded to. `orderedAt`: the time at which its newest entry stands; `lifted`: which of
 * its entries stand later than they say.
 */
export type Frontier = {
  readonly seq: number;
  readonly hash: string;
  readonly orderedAt: string;
  readonly lifted: readonly Lifted[];
  readonly clock: Clock;
};

/** What somebody said about an item or a bin, and where: the last word stands, whenever it is heard. */
export type SaidOf = { readonly fact: CatalogueFact; readonly told: Place };

export type CatalogueFile = {
  readonly sha256: string;
  readonly rows: number;
  readonly source: string;
  readonly at: string;
  readonly told: Place;
};

/** Everything that follows from the entries. May be thrown away and rebuilt at any time. */
export type LedgerState = {
  /** Entries of all chains up to their frontiers, also those that were told late and say nothing here. */
  entries: number;
  /** Where the newest entry stands. */
  last: Place;
  /** Clocks that turned out to have been ahead, and the entry that showed it, in the order of the ledger. */
  readonly corrections: { readonly told: Place; readonly correction: ClockCorrection }[];
  readonly devices: Map<string, Frontier>;
  /** What laptops found out about each other's clocks. */
  readonly clocks: ClocksApart;
  readonly books: Books;
  readonly stocktakes: Stocktakes;
  readonly batches: Batches;
  /** The newest snapshots of items and bins. */
  readonly catalogue: Map<'items' | 'bins', CatalogueFile>;
  /** Codes nobody knew, met where nothing is counted; oldest first. */
  readonly noted: NotedCode[];
  /** What people said about items and bins beside the files, by what it is about: the last word each. */
  readonly said: Map<string, SaidOf>;
  /** Bins, by key, of which something was said in a stocktake that was not opened by then. */
  readonly unheard: Map<string, Set<string>>;
  /** Lines that were posted and stand on nothing that counts. */
  readonly unfounded: UnfoundedPostings;
};

/** The state before anything happened. */
export function emptyLedgerState(): LedgerState {
  return {
    entries: 0,
    last: FIRST_PLACE,
    corrections: [],
    devices: new Map(),
    clocks: new Map(),
    books: emptyBooks(),
    stocktakes: new Map(),
    batches: new Map(),
    catalogue: new Map(),
    noted: [],
    said: new Map(),
    unheard: new Map(),
    unfounded: new Map(),
  };
}

/** Which entries are shown and never count, because another laptop may not have said them. Nothing: none. */
export type IsRefused = (entry: LedgerEntry) => boolean;
const NONE_REFUSED: IsRefused = () => false;
const EVERY_BIN = (): boolean => true;

/** Takes the entry into its chain's account; where it stands, and what it shows of its laptop's clock. */
function advance(
  state: LedgerState,
  entry: LedgerEntry,
): { readonly told: Place; readonly correction: ClockCorrection | undefined } {
  const { device, seq, hash } = entry;
  const frontier = state.devices.get(device);
  const told = { at: standsAt(frontier?.orderedAt ?? '', entry), device, seq };
  const { clock, correction } = readClock(frontier?.clock, entry);
  const lifted = lift(frontier?.lifted ?? [], entry.at, told);
  state.devices.set(device, { seq, hash, orderedAt: told.at, lifted, clock });
  // Counted by sequence: what the host writes while it sends may come in after a later entry.
  state.entries += seq - (frontier?.seq ?? 0);
  if (correction) {
    state.corrections.push({ told, correction });
    if (isBefore(told, state.last)) state.corrections.sort((one, other) => comparePlaces(one.told, other.told));
  }
  return { told, correction };
}

/**
 * Folds one entry into the state, in place. Entries must come in ledger order (see `orderEntries`); an entry met before
 * changes nothing and gives `known`; one that belongs before the last folded entry gives `out_of_order` and changes
 * nothing: then `foldLate` takes it.
 */
export function fold(
  state: LedgerState,
  entry: LedgerEntry,
  isRefused: IsRefused = NONE_REFUSED,
): 'folded' | 'known' | 'out_of_order' {
  const frontier = state.devices.get(entry.device);
  if (frontier && entry.seq <= frontier.seq) return 'known';
  const stands = { at: standsAt(frontier?.orderedAt ?? '', entry), device: entry.device, seq: entry.seq };
  if (isBefore(stands, state.last)) return 'out_of_order';
  const { told, correction } = advance(state, entry);
  if (correction) correctFigures(state.books.lines.values(), allSheets(state), correction);
  state.last = told;
  if (isRefused(entry)) return 'folded';
  applyToAll(state, entry, told);
  applyToBins(state, entry, told, EVERY_BIN);
  return 'folded';
}

/**
 * Folds entries that may belong before what was folded, such as another laptop's. Gives the bins, by key, that are to be
 * folded anew (see `refoldBins`): until then their figures are not right. Of each chain the entries must follow on what was
 * folded of it.
 */
export function foldLate(
  state: LedgerState,
  entries: readonly LedgerEntry[],
  isRefused: IsRefused = NONE_REFUSED,
): ReadonlySet<string> {
  const stale = new Set<string>();
  for (const entry of inOrderAfter(state, entries)) {
    if (fold(state, entry, isRefused) !== 'out_of_order') continue;
    const { told, correction } = advance(state, entry);
    if (correction) for (const bin of binsSaidBy(state, correction.device)) stale.add(bin);
    if (isRefused(entry)) continue;
    applyToAll(state, entry, told);
    for (const bin of binsOf(entry.fact)) stale.add(bin);
    if (entry.fact.kind === 'stocktake_created') {
      for (const bin of state.unheard.get(entry.fact.stocktake) ?? []) stale.add(bin);
      for (const { bin } of state.stocktakes.get(entry.fact.stocktake)?.sheets.values() ?? []) stale.add(binKey(bin));
    }
  }
  return stale;
}

/** Entries in ledger order, where those of a chain follow on what was folded of it. */
function inOrderAfter(state: LedgerState, entries: readonly LedgerEntry[]): LedgerEntry[] {
  const latest = new Map([...state.devices].map(([device, { orderedAt }]) => [device, orderedAt]));
  const fresh = entries.filter(({ device, seq }) => seq > (state.devices.get(device)?.seq ?? 0));
  const placed = fresh
    .toSorted((left, right) => left.seq - right.seq)
    .map((entry) => {
      const at = standsAt(latest.get(entry.device) ?? '', entry);
      latest.set(entry.device, at);
      return { entry, told: { at, device: entry.device, seq: entry.seq } };
    });
  return placed.toSorted((left, right) => comparePlaces(left.told, right.told)).map(({ entry }) => entry);
}

/**
 * Folds some bins anew, from all entries that name them: given in any order, each once, all of them folded before. Whatever
 * is said about a bin follows from those entries, the stocktakes and the clocks, and from nothing else.
 */
export function refoldBins(
  state: LedgerState,
  bins: ReadonlySet<string>,
  entries: readonly LedgerEntry[],
  isRefused: IsRefused = NONE_REFUSED,
): void {
  if (bins.size === 0) return;
  const held = clearBins(state, bins);
  const placed = entries
    .map((entry) => ({ entry, told: placeOf(state, entry) }))
    .toSorted((left, right) => comparePlaces(left.told, right.told));
  const isMeant = (bin: string): boolean => bins.has(binKey(bin));
  let corrected = 0;
  const correctUpTo = (told: Place | undefined): void => {
    for (let next = state.corrections[corrected]; next; next = state.corrections[corrected]) {
      if (told !== undefined && isBefore(told, next.told)) return;
      correctFigures(linesOfBins(state, bins), sheetsOfBins(state, bins), next.correction);
      corrected += 1;
    }
  };
  for (const { entry, told } of placed) {
    correctUpTo(told);
    if (!isRefused(entry)) applyToBins(state, entry, told, isMeant);
  }
  correctUpTo(undefined);
  noteBins(state, held);
}

/** Entries that were folded, in the order of the ledger. */
export function inOrderOf(state: Pick<LedgerState, 'devices'>, entries: readonly LedgerEntry[]): LedgerEntry[] {
  return entries
    .map((entry) => ({ entry, told: placeOf(state, entry) }))
    .toSorted((left, right) => comparePlaces(left.told, right.told))
    .map(({ entry }) => entry);
}

/** What people said about items and bins beside the files, in the order of the ledger. */
export function saidOf({ said }: Pick<LedgerState, 'said'>): CatalogueFact[] {
  return [...said.values()].toSorted((left, right) => comparePlaces(left.told, right.told)).map(({ fact }) => fact);
}

/** Where an entry that was folded stands. */
export function placeOf(state: Pick<LedgerState, 'devices'>, entry: LedgerEntry): Place {
  return placeIn(state.devices.get(entry.device)?.lifted ?? [], entry);
}

function is<Kind extends FactKind>(entry: LedgerEntry, kind: Kind): entry is LedgerEntry & EntryOf<Kind> {
  return entry.fact.kind === kind;
}

function moveStock(
  state: LedgerState,
  where: { item: string; bin: string; lot?: string | undefined },
  delta: Quantity,
  entry: EntryOf<'stock_changed' | 'stock_moved'>,
): void {
  const { device, seq, at, fact } = entry;
  const { happenedAt } = fact;
  const bin = binBook(state.books, where.bin);
  const line = bookLine(state.books, where);
  bin.order += 1;
  move(line, delta, happenedAt, bin.order);
  logMovement(bin, line, delta, happenedAt);
  if (happenedAt !== undefined) tellLate(state.stocktakes, line, delta, happenedAt);
  // An opening is before everything, and what a remote tells bears the remote's own time.
  if (fact.kind === 'stock_changed' && (fact.reason === 'opening' || isMovementTaken(fact))) return;
  noteNear(line, { device, seq, ms: Date.parse(happenedAt ?? at), isLate: happenedAt !== undefined });
}

/** Keeps that an entry says nothing; false when that was so already. */
function silence(bin: BinBook, entry: string): boolean {
  if (bin.voided?.has(entry)) return false;
  (bin.voided ??= new Set()).add(entry);
  return true;
}

/**
 * Two laptops may have read one remote, and both have taken over what others did there: it happened once. Named alike by
 * both, it counts where the ledger has it first.
 */
function isFirstTold(state: LedgerState, fact: FactOf<'stock_changed'>): boolean {
  if (!isMovementTaken(fact)) return true;
  return silence(binBook(state.books, fact.bin), fact.reference);
}

/** Keeps that something was said of a bin in a stocktake that was not opened by then. */
function noteUnheard({ unheard }: LedgerState, stocktake: string, bin: string): void {
  const bins = unheard.get(stocktake);
  if (bins === undefined) unheard.set(stocktake, new Set([binKey(bin)]));
  else bins.add(binKey(bin));
}

function applyToSheet(
  state: LedgerState,
  bin: BinBook,
  entry: LedgerEntry & { fact: CountingFact },
  told: Place,
): void {
  bin.order += 1;
  applyCounting(state, entry, told, bin.order);
}

/**
 * What a fact says beside what it says about bins. The same whether it is heard in its turn or later. One piece: a line or
 * two for every kind of fact, completed by the compiler.
 */
function applyToAll(state: LedgerState, entry: LedgerEntry, told: Place): void {
  const { fact } = entry;
  switch (fact.kind) {
    case 'stocktake_created':
      if (is(entry, 'stocktake_created')) createStocktake(state.stocktakes, entry, told);
      return;
    case 'expected_named':
      if (is(entry, 'expected_named')) nameExpected(state.stocktakes, entry, told);
      return;
    case 'unknown_noted':
      if (is(entry, 'unknown_noted')) noteCode(state.noted, entry, told);
      return;
    case 'heard':
      if (is(entry, 'heard')) noteHearing(state.clocks, entry);
      return;
    case 'stock_moved':
    case 'bin_opened':
      tellNoted(state.noted, entry);
      return;
    case 'catalogue_imported': {
      const { what, sha256, rows, source } = fact;
      const before = state.catalogue.get(what);
      if (before === undefined || isBefore(before.told, told))
        state.catalogue.set(what, { sha256, rows, source, at: entry.at, told });
      return;
    }
    case 'barcode_taught':
    case 'barcode_retired':
    case 'item_retired':
    case 'bin_retired':
    case 'bin_made': {
      const key = catalogueFactKey(fact);
      const before = state.said.get(key);
      if (before !== undefined && isBefore(told, before.told)) return;
      state.said.delete(key);
      state.said.set(key, { fact, told });
      return;
    }
    case 'stock_changed':
    case 'counted':
    case 'unknown_scanned':
    case 'unknown_matched':
    case 'unknown_proposed':
    case 'match_withdrawn':
    case 'count_voided':
    case 'bin_confirmed_empty':
    case 'bin_skipped':
    case 'bin_finished':
    case 'serial_repeated':
    case 'batch_submitted':
    case 'lines_decided':
    case 'lines_posted':
    case 'lines_reversed':
    case 'overlap_settled':
    case 'person_changed':
    case 'pin_set':
    case 'sign_in_refused':
    case 'tries_cleared':
    case 'recovery_code_set':
    case 'pin_lengths_set':
    case 'person_key_added':
    case 'checkpoint_kept':
    case 'site_created':
    case 'laptop_enrolled':
    case 'laptop_named':
    case 'laptop_revoked':
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
      // Of bins; or the host keeps it: people, laptops; or shared/sync has a projection of its own: sending.
      return;
  }
}

/** What a fact says about the bins that are meant. Kinds that name no bin say nothing here: see `binsOf`. */
function applyToBins(state: LedgerState, entry: LedgerEntry, told: Place, isMeant: (bin: string) => boolean): void {
  const { fact } = entry;
  switch (fact.kind) {
    case 'stock_changed':
      if (isMeant(fact.bin) && isFirstTold(state, fact))
        moveStock(state, fact, quantityOf(fact.quantity), { ...entry, fact });
      return;
    case 'stock_moved': {
      const { item, lot } = fact;
      const quantity = quantityOf(fact.quantity);
      if (isMeant(fact.from)) moveStock(state, { item, bin: fact.from, lot }, -quantity, { ...entry, fact });
      if (isMeant(fact.to)) moveStock(state, { item, bin: fact.to, lot }, quantity, { ...entry, fact });
      return;
    }
    case 'count_voided':
    case 'match_withdrawn': {
      if (!isMeant(fact.bin)) return;
      const bin = binBook(state.books, fact.bin);
      // A second void of the same entry is void itself.
      const silenced = fact.kind === 'count_voided' ? fact.voids : fact.withdraws;
      if (silence(bin, silenced)) applyToSheet(state, bin, { ...entry, fact }, told);
      return;
    }
    case 'bin_opened':
    case 'counted':
    case 'unknown_scanned':
    case 'unknown_matched':
    case 'unknown_proposed':
    case 'bin_confirmed_empty':
    case 'bin_skipped':
    case 'bin_finished': {
      if (!isMeant(fact.bin)) return;
      const bin = binBook(state.books, fact.bin);
      // Another laptop's clock may put what takes a statement back before it.
      if (fact.kind !== 'bin_opened' && bin.voided?.has(entry.id)) return;
      // A statement about a stocktake that is not known is not heard, so it cannot be taken back either.
      if (!stocktakeAt(state.stocktakes, fact.stocktake, told)) {
        silence(bin, entry.id);
        noteUnheard(state, fact.stocktake, fact.bin);
      }
      applyToSheet(state, bin, { ...entry, fact }, told);
      return;
    }
    case 'serial_repeated':
      if (is(entry, 'serial_repeated') && isMeant(fact.bin)) keepRepeat(state.stocktakes, entry, told);
      return;
    case 'overlap_settled':
      if (is(entry, 'overlap_settled') && isMeant(fact.bin)) settleOverlap(state.stocktakes, entry, told);
      return;
    case 'batch_submitted':
      if (!is(entry, 'batch_submitted')) return;
      if (stocktakeAt(state.stocktakes, fact.stocktake, told)) submitBatch(state, entry, told, isMeant);
      else for (const bin of fact.bins) if (isMeant(bin)) noteUnheard(state, fact.stocktake, bin);
      return;
    case 'lines_decided': {
      if (!is(entry, 'lines_decided')) return;
      const { recount } = entry.fact;
      if (recount !== undefined && !stocktakeAt(state.stocktakes, recount.stocktake, told))
        for (const { bin } of entry.fact.lines) if (isMeant(bin)) noteUnheard(state, recount.stocktake, bin);
      decideLines(state, entry, told, isMeant);
      return;
    }
    case 'lines_posted':
      if (is(entry, 'lines_posted')) postLines(state, entry, told, isMeant);
      return;
    case 'lines_reversed':
      if (is(entry, 'lines_reversed')) reverseLines(state, entry, told, isMeant);
      return;
    default:
  }
}

/** Sheets of every stocktake. */
function* allSheets({ stocktakes }: LedgerState): Iterable<Sheet> {
  for (const { sheets } of stocktakes.values()) yield* sheets.values();
}

function* sheetsOfBins(state: LedgerState, bins: ReadonlySet<string>): Iterable<Sheet> {
  for (const sheet of allSheets(state)) if (bins.has(binKey(sheet.bin))) yield sheet;
}

function* linesOfBins({ books }: LedgerState, bins: ReadonlySet<string>): Iterable<BookLine> {
  for (const bin of bins) {
    for (const key of books.bins.get(bin)?.lines ?? []) {
      const line = books.lines.get(key);
      if (line) yield line;
    }
  }
}

/** Bins in which a device said something that stands at a time of its clock. */
function binsSaidBy(state: LedgerState, device: string): ReadonlySet<string> {
  const bins = new Set<string>();
  const isTheirs = ({ device: of }: { readonly device: string }): boolean => of === device;
  for (const line of state.books.lines.values()) {
    const isSaid =
      line.watchers.some(({ runs, takenBack }) => runs.some(isTheirs) || takenBack.some(isTheirs)) ||
      line.counts.some(({ anchor }) => anchor.id.startsWith(`${device}-`));
    if (isSaid) bins.add(binKey(line.bin));
  }
  for (const sheet of allSheets(state)) {
    if ([...sheet.empties, ...sheet.emptiesTakenBack].some(({ standsAt: at }) => at.device === device))
      bins.add(binKey(sheet.bin));
  }
  return bins;
}

/** A bin is counted in so many passes at the most. */
const PASSES = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/**
 * Forgets all that was said about some bins; what is said of others, stocktakes and labels of batches stay. Gives the
 * batches that held them: without a walk over a warehouse of sheets, as this is done for every entry that comes late.
 */
function clearBins(state: LedgerState, bins: ReadonlySet<string>): Set<string> {
  const { books, stocktakes, batches } = state;
  const held = new Set<string>();
  for (const bin of bins) {
    for (const key of books.bins.get(bin)?.lines ?? []) books.lines.delete(key);
    books.bins.delete(bin);
  }
  for (const batch of batches.values()) {
    for (const { lines } of batch.acts) for (const key of lines.keys()) if (bins.has(binOf(key))) lines.delete(key);
    const [bin = ''] = batch.apart ? batch.bins : [];
    // A reversal of what was handed in is a label that stays; of a change that stands apart it goes with that change.
    const reversed = batch.reverses === undefined ? undefined : batches.get(batch.reverses);
    const isLabel = reversed !== undefined && !reversed.apart;
    if (!batch.apart || !bins.has(binKey(bin)) || isLabel) continue;
    batches.delete(batch.id);
    stocktakes.get(batch.stocktake)?.sheets.delete(apartSheetKey(batch.pass, bin, batch.id));
  }
  for (const stocktake of stocktakes.values()) {
    for (const bin of bins) {
      for (const pass of PASSES) {
        const key = sheetKey(pass, bin);
        for (const batch of stocktake.sheets.get(key)?.batches ?? []) held.add(batch);
        stocktake.sheets.delete(key);
      }
    }
    stocktake.repeats = stocktake.repeats.filter(({ bin }) => !bins.has(binKey(bin)));
    for (const lines of stocktake.recounts.values())
      for (const key of lines) if (bins.has(binOf(key))) lines.delete(key);
  }
  for (const [posting, { bin }] of state.unfounded) if (bins.has(binKey(bin))) state.unfounded.delete(posting);
  for (const [stocktake, waiting] of state.unheard) {
    for (const bin of bins) waiting.delete(bin);
    if (waiting.size === 0) state.unheard.delete(stocktake);
  }
  return held;
}

/** Works out anew which bins these batches hold. */
function noteBins({ batches, stocktakes }: LedgerState, held: ReadonlySet<string>): void {
  for (const id of held) {
    const batch = batches.get(id);
    const stocktake = batch && stocktakes.get(batch.stocktake);
    if (batch !== undefined && !batch.apart && stocktake !== undefined) batch.bins = binsIn(stocktake, batch);
  }
}

/** The state of a set of entries, given in any order. */
export function foldLedger(entries: readonly LedgerEntry[], isRefused: IsRefused = NONE_REFUSED): LedgerState {
  const state = emptyLedgerState();
  for (const entry of orderEntries(entries)) fold(state, entry, isRefused);
  return state;
}
