import { sheetIn, standsUnder, type Batch } from '../../../shared/domain/batch.ts';
import type { Fact, FactOf, LedgerEntry, PostedLine } from '../../../shared/domain/ledger-entry.ts';
import { emptyLedgerState, fold, type LedgerState } from '../../../shared/domain/ledger-state.ts';
import { lineKey, type LineKey } from '../../../shared/domain/line-key.ts';
import { parseQuantity } from '../../../shared/domain/quantity.ts';
import { err, ok, type Result } from '../../../shared/domain/result.ts';
import { toReversedLine } from '../../../shared/domain/reversal.ts';
import { findSheet, type Sheet, type Stocktake } from '../../../shared/domain/stocktake.ts';
import { reviewLineAt, toPostedLine, type ReviewLine } from '../../../shared/domain/variance.ts';
import type { HostError } from '../../../shared/ports/host.ts';
import { emptyDesk, foldDesk, type DeskState } from '../../../shared/sync/desk/desk-state.ts';
import { foldSendMarksOf, NO_SEND_MARKS, type SendMarks } from '../../../shared/sync/outbox/open-lines.ts';
import { foldMappings, type Mappings } from '../../../shared/sync/seen/mapping.ts';
import type { Journal } from '../journal/journal.ts';
import { createTurns } from '../disk/turns.ts';
import { eachInOrder, NO_CHAINS, type ForeignChains } from './union.ts';

const PAGE = 5_000;

/** The host's own view of books and counts, folded from the journal when it is needed: nobody's word is taken for a figure. */
export type Figures = {
  /** Folds what the journal holds by now. What was folded before is not read again. */
  catchUp(): Promise<Result<null, HostError>>;
  /** Why facts cannot be as they say, by the figures of the last `catchUp`; null: they are. */
  judge(facts: readonly Fact[]): HostError | null;
  /** What was folded by the last `catchUp`. */
  known(): Known;
  /** Forgets what was folded: the journal was restored. */
  forget(): void;
};

/**
 * Books and counts, and what each connection calls our items and places. Where other laptops are heard also what all have
 * posted and sent (`marks`), and by laptop what it froze and has not brought to an end (`theirs`).
 */
export type Known = {
  readonly state: LedgerState;
  readonly mappings: Mappings;
  readonly marks: SendMarks;
  readonly theirs: ReadonlyMap<string, DeskState>;
};

/** Facts that name figures, or bins in a certain state. They stand beside nothing that would change those. */
const WEIGHED: ReadonlySet<Fact['kind']> = new Set(['lines_posted', 'lines_reversed', 'batch_submitted']);
const BESIDE: ReadonlySet<Fact['kind']> = new Set([...WEIGHED, 'lines_decided']);

/** Whether facts are judged by figures. */
export function needFigures(facts: readonly Fact[]): boolean {
  return facts.some(({ kind }) => WEIGHED.has(kind));
}

function isSame(left: PostedLine, right: PostedLine): boolean {
  return (
    left.counted === right.counted &&
    left.bookThen === right.bookThen &&
    left.variance === right.variance &&
    left.anchor === right.anchor &&
    left.countedAt === right.countedAt
  );
}

type DecidedLine = FactOf<'lines_decided'>['lines'][number] & Pick<FactOf<'lines_decided'>, 'decision'>;

/** What is decided in the same breath as lines are posted: the newest word about each line, by its sheet. */
type Beside = Map<Sheet, Map<LineKey, DecidedLine>>;

function noteDecision({ batches, stocktakes }: LedgerState, fact: FactOf<'lines_decided'>, beside: Beside): void {
  const batch = batches.get(fact.batch);
  const stocktake = batch && stocktakes.get(batch.stocktake);
  if (!batch || !stocktake) return;
  // What is given back stood for what was seen then, which this fact does not say: it is posted once it is folded.
  const decision = fact.undoes === undefined ? fact.decision : 'undecided';
  for (const line of fact.lines) {
    const sheet = sheetIn(stocktake, batch, line.bin);
    if (sheet === undefined) continue;
    const decided = beside.get(sheet) ?? new Map<LineKey, DecidedLine>();
    beside.set(sheet, decided.set(lineKey(line), { ...line, decision }));
  }
}

/** Whether somebody approved what a line says now: what was counted since, nobody has approved. */
function isApproved(row: ReviewLine, decided: DecidedLine | undefined): boolean {
  if (decided === undefined) return row.decision?.decision === 'approve';
  if (decided.decision !== 'approve') return false;
  const { saw } = decided;
  if (saw === undefined) return true;
  const counted = parseQuantity(saw.counted);
  return saw.anchor === row.anchor && counted.ok && counted.value === row.counted;
}

/** Whether somebody counted a line in the pass of a batch or in one before. */
function hasCounted(
  stocktake: Stocktake,
  { batch, key, line, approver }: { batch: Batch; key: LineKey; line: PostedLine; approver: string },
): boolean {
  for (let pass = 1; pass <= batch.pass; pass += 1)
    if (findSheet(stocktake, pass, line.bin)?.lines.get(key)?.by.has(approver) === true) return true;
  return false;
}

/**
 * Every line says what the journal says it is, to the last digit, that is what was approved, and no later count of it was
 * posted before.
 */
function judgePosting(
  { batches, stocktakes, books }: LedgerState,
  fact: FactOf<'lines_posted'>,
  beside: Beside,
  posted: Map<Sheet, Set<LineKey>>,
): HostError | null {
  const batch = batches.get(fact.batch);
  if (batch === undefined) return { code: 'not_found', what: 'batch' };
  const stocktake = stocktakes.get(batch.stocktake);
  for (const line of fact.lines) {
    const key = lineKey(line);
    const row = reviewLineAt(batch, stocktakes, books, { key, bin: line.bin });
    const sheet = stocktake && sheetIn(stocktake, batch, line.bin);
    const decided = sheet && beside.get(sheet)?.get(key);
    // Two laptops may have handed in one sheet: what was posted under either batch is posted.
    const isPosted = row?.posted === true || (sheet !== undefined && posted.get(sheet)?.has(key) === true);
    if (isPosted) return { code: 'bad_request', reason: 'a line is posted already' };
    if (sheet !== undefined) posted.set(sheet, (posted.get(sheet) ?? new Set<LineKey>()).add(key));
    const isAsCounted = row !== undefined && !row.flags.includes('superseded') && isSame(toPostedLine(row), line);
    if (!isAsCounted || !isApproved(row, decided)) return { code: 'not_as_counted', item: line.item, bin: line.bin };
    // Whoever said whose count stands has counted it as well, on a laptop that let them.
    const { settled, people } = row;
    // An approval that was given back is still its maker's, who may have counted the line on another laptop.
    const approver = decided === undefined ? row.decision?.by : undefined;
    if (approver !== undefined && stocktake && hasCounted(stocktake, { batch, key, line, approver }))
      return { code: 'own_count', item: line.item, bin: line.bin };
    if (settled && people.some(({ person }) => person === settled.by))
      return { code: 'own_count', item: line.item, bin: line.bin };
  }
  return null;
}

/** Every line is posted and stands in the book, and the reversal says just what that changes. */
function judgeReversal(state: LedgerState, fact: FactOf<'lines_reversed'>, taken: Set<string>): HostError | null {
  for (const line of fact.lines) {
    const { item, bin } = line;
    const found = toReversedLine(state, fact.reverses, line);
    if (!found.ok) return { code: 'not_reversible', why: found.error, item, bin };
    if (!isSame(found.value, line)) return { code: 'not_as_counted', item, bin };
    // It is named under the batch that it was posted in: what was sent is found by that.
    if (standsUnder(state, fact.reverses, line) !== fact.reverses)
      return { code: 'not_reversible', why: 'not_posted', item, bin };
    const key = lineKey(line);
    if (taken.has(key)) return { code: 'not_reversible', why: 'reversed', item, bin };
    taken.add(key);
  }
  return null;
}

/** Every bin was visited in this pass, is done, and was not handed in yet. */
function judgeHandIn({ stocktakes }: LedgerState, fact: FactOf<'batch_submitted'>): HostError | null {
  const stocktake = stocktakes.get(fact.stocktake);
  if (stocktake === undefined) return { code: 'not_found', what: 'stocktake' };
  for (const bin of fact.bins) {
    const state = findSheet(stocktake, fact.pass, bin)?.state;
    if (state === undefined || state === 'open') return { code: 'bin_not_done', bin };
    if (state === 'submitted') return { code: 'bin_handed_in', bin };
  }
  return null;
}

/**
 * Figures over `journal` and the chains of other laptops, without what does not count. The first question folds all of it,
 * in pages; later ones only what came since. The state is the one that the page folds, by the same functions, so both work
 * out the same figures.
 */
export function createFigures(
  journal: Pick<Journal, 'read'>,
  chains: ForeignChains = NO_CHAINS,
  counts: (entry: LedgerEntry) => boolean = () => true,
): Figures {
  let state = emptyLedgerState();
  let mappings: Mappings = new Map();
  let marks = NO_SEND_MARKS;
  let theirs = new Map<string, DeskState>();
  let next = 1;
  /** How often everything was forgotten: what was begun before that is not gone on with. */
  let forgotten = 0;
  const inTurn = createTurns();

  function take(entry: LedgerEntry, isForeign = false): void {
    const isCounted = counts(entry);
    // What does not count still moves its chain on: where the next entry stands follows from it.
    fold(state, entry, () => !isCounted);
    if (!isCounted) return;
    mappings = foldMappings(mappings, entry);
    if (chains.heads().length > 0) takeSent(entry, isForeign);
  }

  /** What was sent from where: a laptop alone needs none of it here, and keeps it in its own way. */
  function takeSent(entry: LedgerEntry, isForeign: boolean): void {
    const { device, fact } = entry;
    marks = foldSendMarksOf(marks, entry, (batch, line) => standsUnder(state, batch, line));
    if (!('connection' in fact)) return;
    // What is frozen by another one, too, was taken over by it.
    const taken = fact.kind === 'send_frozen' ? fact.requests : [];
    for (const [other, desk] of theirs)
      for (const { id } of other === device ? [] : taken) {
        desk.open.delete(id);
        desk.left.delete(id);
      }
    if (!isForeign) return;
    const desk = theirs.get(device) ?? emptyDesk();
    theirs.set(device, desk);
    foldDesk(desk, fact, { at: entry.at, seq: entry.seq });
  }

  /** All chains at once; later only the own journal grows, and what it says comes after all that was heard. */
  async function foldAll(): Promise<HostError | null> {
    const foreign = new Set(chains.heads().map(({ device }) => device));
    for (;;) {
      const begun = forgotten;
      const refused = await eachInOrder(journal, chains, (entry) => {
        if (begun !== forgotten) return;
        take(entry, foreign.has(entry.device));
        if (!foreign.has(entry.device)) next = entry.seq + 1;
      });
      if (begun === forgotten) return refused;
    }
  }

  async function catchUp(): Promise<Result<null, HostError>> {
    if (next === 1 && chains.heads().length > 0) {
      const refused = await foldAll();
      if (refused !== null) return err(refused);
    }
    for (;;) {
      const page = await journal.read(next, PAGE);
      if (!page.ok) return page;
      for (const entry of page.value.entries) {
        take(entry);
        next = entry.seq + 1;
      }
      if (page.value.nextSeq === undefined) return ok(null);
      next = page.value.nextSeq;
    }
  }

  return {
    catchUp: () => inTurn(catchUp),
    judge(facts) {
      if (!needFigures(facts)) return null;
      const stray = facts.find(({ kind }) => !BESIDE.has(kind));
      if (stray !== undefined)
        return { code: 'bad_request', reason: `${stray.kind} beside figures that it may change` };
      const isReversal = facts.some(({ kind }) => kind === 'lines_reversed');
      if (isReversal && !facts.every(({ kind }) => kind === 'lines_reversed'))
        return { code: 'bad_request', reason: 'lines_reversed beside figures that it changes' };
      const taken = new Set<string>();
      const beside: Beside = new Map();
      const posted = new Map<Sheet, Set<LineKey>>();
      for (const fact of facts) {
        if (fact.kind === 'lines_decided') noteDecision(state, fact, beside);
        const refused =
          fact.kind === 'lines_posted'
            ? judgePosting(state, fact, beside, posted)
            : fact.kind === 'lines_reversed'
              ? judgeReversal(state, fact, taken)
              : fact.kind === 'batch_submitted'
                ? judgeHandIn(state, fact)
                : null;
        if (refused !== null) return refused;
      }
      return null;
    },
    known: () => ({ state, mappings, marks, theirs }),
    forget() {
      forgotten += 1;
      state = emptyLedgerState();
      mappings = new Map();
      marks = NO_SEND_MARKS;
      theirs = new Map();
      next = 1;
    },
  };
}

/**
 * Folds until nothing was sealed meanwhile; answers a refusal when the journal cannot be read. A journal may end with numbers
 * that hold no entry, so it is its head that says whether all was read, and not the newest entry.
 */
export async function figuresOfNow(
  figures: Figures,
  journal: Pick<Journal, 'idle' | 'head' | 'sealedSeq'>,
): Promise<Result<null, HostError>> {
  for (;;) {
    await journal.idle();
    const { seq } = journal.head();
    const folded = await figures.catchUp();
    if (!folded.ok) return err(folded.error);
    if (journal.sealedSeq() === seq) return ok(null);
  }
}
