import type { Batch } from '../../shared/domain/batch.ts';
import type { Catalogue } from '../../shared/domain/catalogue.ts';
import type { Decision, EntryOf, Fact, LedgerEntry, StoppedLine } from '../../shared/domain/ledger-entry.ts';
import type { LedgerState } from '../../shared/domain/ledger-state.ts';
import type { Result } from '../../shared/domain/result.ts';
import type { ItemBarcode } from '../../shared/domain/item.ts';
import type { ReviewLine } from '../../shared/domain/variance.ts';
import type { Quantity } from '../../shared/domain/quantity.ts';
import type { CountLine, Sheet, Stocktake } from '../../shared/domain/stocktake.ts';
import type { HostError, JournalStatus } from '../../shared/ports/host.ts';
import type { PassView } from './pass-views.ts';
import type { ReviewView } from './review-views.ts';
import type { SendingState } from './sending-state.ts';

/** Why the page did not do it. Host refusals pass through unchanged. */
export type LedgerError =
  | HostError
  | { code: 'not_stored'; detail: string }
  | { code: 'unknown_stocktake'; stocktake: string }
  | { code: 'bin_submitted'; bin: string }
  | { code: 'unknown_bin'; bin: string }
  | { code: 'quantity_out_of_range'; text: string }
  | { code: 'same_bin'; bin: string }
  | { code: 'serial_seen'; serial: string; bin: string }
  | { code: 'nothing_to_undo' }
  | { code: 'nothing_to_submit' }
  /** The bins that would be handed in are not those on the screen any more. */
  | { code: 'bins_changed' }
  | { code: 'nothing_to_post' }
  | { code: 'nothing_to_reverse' }
  /** The remote's figures, or our book, are not what was on the screen any more. */
  | { code: 'figures_changed' }
  | { code: 'hidden'; reason: 'blind' }
  /** This laptop counts: it holds no figure of the book, whoever asks. */
  | { code: 'no_book' }
  /** The page holds records of several laptops, and this one's own cannot be told from them: nothing was touched. */
  | { code: 'own_rows_unknown' };

export type Outcome<Value> = Promise<Result<Value, LedgerError>>;

/** Where a person counts. */
export type Place = { stocktake: string; pass: number; bin: string };

/** What the status line says. */
export type SavedStatus = {
  entries: number;
  /** When the newest entry was in both copies, ISO; absent before the first. */
  savedAt?: string;
  /** Entries proposed and not yet in both copies. */
  pending: number;
  waitingToSend: number;
  pulledAt?: string;
  problem?: LedgerError;
};

/** How far healing has come; `total` entries are to be copied. */
export type HealProgress = (done: number, total: number) => void;

/** What opening the ledger found and mended: said to the person in plain words. */
export type Healing = {
  from: 'journal' | 'ledger';
  restored: number;
  note:
    | 'page_copy_lost'
    | 'page_copy_short'
    | 'page_copy_damaged'
    | 'journal_short'
    | 'journal_missing'
    | 'journal_damaged'
    /** Entries that only the page still has, and nothing vouches for: kept beside the journal, not believed. */
    | 'journal_unproven'
    /** Entries that only the page still had, taken back though nothing was left that could prove them. */
    | 'journal_on_trust'
    /** Journal and page are each whole, and say different things from `fromSeq` on: one of them was rewritten. */
    | 'history_differs';
  fromSeq?: number;
  /** Numbers of entries that neither copy holds any more. The damaged files lie beside the journal, in `set-aside`. */
  lost?: readonly { fromSeq: number; toSeq: number }[];
};

/** A fact with its label for a timeline. */
export type Evidence = { entry: LedgerEntry };

/** The page's ledger: questions about what is known, commands that add facts. Every command resolves after both copies hold it. */
export type Ledger = {
  /** Called after every change, once for all that follows from it: in a task of its own, or at once by `tell`. */
  subscribe(listener: () => void): () => void;
  /** Tells now of what changed: for whoever draws something of their own with it, so that both are drawn together. */
  tell(): void;
  /** Grows with every change; for useSyncExternalStore. */
  version(): number;
  state(): LedgerState;
  catalogue(): Catalogue;
  catalogueReady(): boolean;
  /** Why the lists of items and bins cannot be read; nothing is looked up until they can. */
  catalogueProblem(): LedgerError | undefined;
  status(): SavedStatus;
  healing(): readonly Healing[];

  // questions
  stocktakes(): readonly Stocktake[];
  sheet(place: Place): Sheet | undefined;
  /** The bins of a pass and their states, counted when one changes; undefined: no such stocktake. */
  pass(stocktake: string, pass: number): PassView | undefined;
  /** The lines of a sheet, the one counted last first. Cheap for the sheet that was asked for last. */
  lines(place: Place): readonly CountLine[];
  /** Items the book expects in a bin and the sheet has not seen: names only, never a quantity. In a later pass: what was asked for. */
  /** Items that the book has met with this lot. */
  itemsOfLot(lot: string): readonly string[];
  notSeen(place: Place): readonly { item: string; lot: string | undefined }[];
  batches(): readonly Batch[];
  /** What there is to review of a batch; `hidden` when the person may not see expected figures of this stocktake. */
  review(batch: string): Result<ReviewView, LedgerError>;
  /** Book quantity of one item by bin; `hidden` for a person who may not see it. */
  bookOf(item: string): Result<readonly { bin: string; lot: string | undefined; book: Quantity }[], LedgerError>;
  /** Bins, by key, that the person is counting blind and has not handed in: nothing that tells what should be there is shown. */
  countedBlind(): ReadonlySet<string>;
  /** Everything that was said about an item, but for what was said about bins that the person is counting blind. */
  evidence(item: string): Promise<readonly Evidence[]>;
  /** What changed or moved stock of an item, in ledger order, wherever: to work with, not to be shown. */
  movementsOf(item: string): Promise<readonly EntryOf<'stock_changed' | 'stock_moved'>[]>;
  /**
   * What changed or moved stock after an entry, in ledger order: cheaper than the evidence of many items one by one. Of
   * other laptops than the entry's, everything: how much of it came before is not known without reading it.
   */
  movementsAfter(entry: string): Promise<readonly EntryOf<'stock_changed' | 'stock_moved'>[]>;
  /** Everything about sending that follows from the entries. */
  sending(): SendingState;

  // commands
  appendFacts(facts: readonly Fact[]): Outcome<readonly LedgerEntry[]>;
  /** Takes in entries that the host sealed itself (people, connections, sending). */
  takeIn(entries: readonly LedgerEntry[]): Outcome<null>;
  /**
   * Takes in what the host has sealed and this page has not heard of: a page that was loaded anew in the middle of a step
   * gets no answer to what the one before it had asked; and what it holds of other laptops. Answers how many entries there were.
   */
  catchUp(): Outcome<number>;
  /**
   * Takes in what the host took from another laptop: the chains that it lists now, and which of their entries do not count.
   * Answers how many entries there were. Done twice, the second finds none.
   */
  takeChains(journal: JournalStatus): Outcome<number>;
  reloadCatalogue(): Promise<void>;
  /** Tells laptops that hold no book what is expected in stocktakes of which they were not told yet. */
  nameExpected(): Outcome<null>;
  createStocktake(input: { name: string; blind: boolean; bins: readonly string[] }): Outcome<{ stocktake: string }>;
  openBin(place: Place): Outcome<Sheet>;
  recordCount(place: Place, count: CountInput): Outcome<{ line: CountedLine; entry: string }>;
  /** Sets a line's total to what was typed; kept as an observation of the difference. */
  setCount(
    place: Place,
    count: { item: string; lot?: string; quantity: Quantity; entered: string },
  ): Outcome<{ line: CountedLine; entry: string }>;
  recordUnknown(place: Place, code: string, quantity: Quantity): Outcome<{ entry: string }>;
  /** Keeps a code that nobody knows where nothing is counted. */
  noteUnknown(code: string, quantity: Quantity, where: NotedWhere): Outcome<null>;
  /** Says what codes of sheets are, all or none. A match that stands is taken back first; a code taught finds its item at once. */
  matchUnknown(matches: readonly CodeAnswer[]): Outcome<null>;
  /** The same from somebody who may only propose. */
  proposeUnknown(answers: readonly CodeAnswer[]): Outcome<null>;
  /** Takes back the matches of codes, or what was proposed for them. */
  withdrawMatch(codes: readonly CodeAt[], what: 'match' | 'proposals'): Outcome<null>;
  /** Takes back the newest statement of this person in this sheet that still stands. */
  undo(place: Place): Outcome<{ undone: LedgerEntry }>;
  redo(place: Place): Outcome<{ redone: LedgerEntry }>;
  confirmEmpty(place: Place): Outcome<null>;
  skipBin(place: Place, reason: 'blocked' | 'unsafe' | 'not_found' | 'out_of_scope'): Outcome<null>;
  finishBin(place: Place): Outcome<null>;
  moveStock(move: {
    item: string;
    from: string;
    to: string;
    lot?: string;
    quantity: Quantity;
    happenedAt?: string;
  }): Outcome<{ fromBookNegative: boolean; at: string }>;
  /** Hands in every finished, empty or skipped bin of a pass that is not handed in yet. */
  /** Hands in what is done of a pass: just these bins, where a person was shown them; refused when they are others by now. */
  submit(stocktake: string, pass: number, shown?: readonly string[]): Outcome<{ batch: string }>;
  /** Says that several people counted the same pile of a line, and whose count stands. */
  settleOverlap(batch: string, line: ReviewLine, person: string): Outcome<null>;
  decide(batch: string, lines: readonly ReviewLine[], decision: Decision, reason?: string): Outcome<null>;
  /**
   * Takes back what this person decided last on a batch, all lines of that press: each is again what it was before.
   * Lines posted since, or decided by somebody else, stay: `left`. Pressed again, it takes back the press before.
   */
  undoDecision(batch: string): Outcome<{ lines: readonly string[]; left: number }>;
  /** Posts every approved line that is not posted yet. */
  post(batch: string): Outcome<{ posted: number }>;
  /**
   * Takes posted lines back out of the books, all or none, under a batch of its own that is planned and sent like any. Of a
   * line that cannot be, `not_reversible` says why.
   */
  reverse(
    batch: string,
    lines: readonly Pick<ReviewLine, 'item' | 'bin' | 'lot'>[],
    why: { readonly reason: string; readonly note?: string | undefined },
  ): Outcome<{ reversed: number }>;
  close(): Promise<void>;
};

export type CountInput = {
  item: string;
  quantity: Quantity;
  how: 'scan' | 'typed' | 'redo';
  lot?: string;
  serial?: string;
  expiresOn?: string;
  code?: string;
  entered?: string;
};

/** A code that nobody knew, on one sheet. */
export type CodeAt = { readonly place: Place; readonly code: string };

/** What such a code is: `factor` units in one scan of it. `teaches`: it finds the item from now on. */
export type CodeAnswer = CodeAt & {
  readonly item: string;
  readonly lot?: string | undefined;
  readonly factor: Quantity;
  readonly teaches?: ItemBarcode | undefined;
};

/** Where a code was met that is in no count. */
export type NotedWhere =
  | { readonly where: 'no_bin'; readonly stocktake?: string | undefined }
  | { readonly where: 'move'; readonly from: string | undefined; readonly after: string | undefined };

/** A line after a count was taken: for the hero and the live region. */
export type CountedLine = { item: string; lot: string | undefined; added: Quantity; total: Quantity };

export type { StoppedLine };
