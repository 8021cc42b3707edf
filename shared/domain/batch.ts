import {
  amendCount,
  binBook,
  bookLine,
  postCount,
  postedIn,
  type BookLine,
  type Books,
  type PostedCount,
} from './balance.ts';
import { standingLine } from './count-line.ts';
import type { LineDecision, Saw } from './decision.ts';
import type { Decision, EntryOf, FactOf, PostedLine } from './ledger-entry.ts';
import { comparePlaces, isBefore, type Place } from './ledger-order.ts';
import { binOf, lineKey, type LineKey } from './line-key.ts';
import { quantityOf, ZERO } from './quantity.ts';
import { standingAt } from './statement.ts';
import {
  findSheet,
  sheetKey,
  stocktakeAt,
  type CountLine,
  type Sheet,
  type Stocktake,
  type Stocktakes,
} from './stocktake.ts';
import { keepUnfounded, type UnfoundedPostings } from './unfounded.ts';

/** What one press decided, and what stood before it: what is taken back together. */
export type Act = {
  readonly id: string;
  readonly by: string;
  decision: Decision;
  readonly place: Place;
  readonly lines: Map<LineKey, { readonly now: LineDecision | undefined; readonly before: LineDecision | undefined }>;
};

/** A label: who handed in which sheets together. What is decided, and posted, stands on the sheets. */
export type Batch = {
  readonly id: string;
  readonly stocktake: string;
  readonly pass: number;
  /** The bins it was handed in with, and of those the ones whose sheets it holds. */
  readonly named: readonly string[];
  bins: readonly string[];
  readonly by: string;
  readonly at: string;
  readonly place: Place;
  /** What a match changed after a line was posted: it has a sheet of its own, and nobody handed it in. */
  readonly apart?: true;
  /** The batch whose posted lines it takes back: it has no sheets, and nothing is decided in it. */
  readonly reverses?: string;
  /** What was decided in it, press by press, oldest first: each can be taken back. */
  readonly acts: Act[];
};

export type Batches = Map<string, Batch>;

type PostingState = {
  readonly batches: Batches;
  readonly stocktakes: Stocktakes;
  readonly books: Books;
  readonly unfounded: UnfoundedPostings;
};

type BatchBins = Pick<Batch, 'id' | 'stocktake' | 'pass' | 'bins' | 'apart' | 'reverses'>;

/**
 * Hands in the sheets of some bins. On one laptop a sheet is in one batch only, or the button pressed twice would make two:
 * bins that it handed in before are left out. A batch that names nothing else holds nothing; its name stays known, as what
 * was decided under it before an earlier count came in still stands. Two laptops that handed in the same bin before they
 * heard of each other have both done so: what they counted stands on one sheet and is decided once.
 */
export function submitBatch(
  { batches, stocktakes }: { readonly batches: Batches; readonly stocktakes: Stocktakes },
  entry: EntryOf<'batch_submitted'>,
  place: Place,
  isMeant: (bin: string) => boolean,
): void {
  const { batch: id, pass, bins: named } = entry.fact;
  const stocktake = stocktakeAt(stocktakes, entry.fact.stocktake, place);
  const known = batches.get(id);
  if (!stocktake || (known !== undefined && comparePlaces(known.place, place) !== 0)) return;
  const sheets = named.flatMap((bin) => (isMeant(bin) ? (findSheet(stocktake, pass, bin) ?? []) : []));
  const fresh = sheets.filter((sheet) => !sheet.batches.some((one) => batches.get(one)?.place.device === place.device));
  const { by, at } = entry;
  const batch = known ?? { id, stocktake: stocktake.id, pass, named, bins: [], by, at, place, acts: [] };
  for (const sheet of fresh) {
    sheet.state = 'submitted';
    sheet.batches = [...sheet.batches, id];
  }
  batches.set(id, batch);
  batch.bins = binsIn(stocktake, batch);
}

/** Whether a batch holds anything: sheets, or what somebody decided under its name. */
export function holdsAnything({ bins, acts }: Batch): boolean {
  return bins.length > 0 || acts.length > 0;
}

/** The bins of a batch, as their sheets spell them. */
export function binsIn(stocktake: Stocktake, { id, pass, named }: Pick<Batch, 'id' | 'pass' | 'named'>): string[] {
  return named.flatMap((bin) => {
    const sheet = findSheet(stocktake, pass, bin);
    return sheet?.batches.includes(id) === true ? [sheet.bin] : [];
  });
}

/** The sheets that a batch speaks of. */
export function sheetsOf(stocktakes: Stocktakes, batch: BatchBins): Sheet[] {
  const stocktake = stocktakes.get(batch.stocktake);
  if (!stocktake) return [];
  return batch.bins.flatMap((bin) => sheetIn(stocktake, batch, bin) ?? []);
}

/** What the sheet of a batch that stands apart is kept under in its stocktake. */
export function apartSheetKey(pass: number, bin: string, batch: string): string {
  return `${sheetKey(pass, bin)}|${batch}`;
}

/** The sheet of one bin that a batch speaks of; nothing if it speaks of none there. */
export function sheetIn(stocktake: Stocktake, batch: BatchBins, bin: string): Sheet | undefined {
  if (batch.reverses !== undefined) return undefined;
  return batch.apart
    ? stocktake.sheets.get(apartSheetKey(batch.pass, bin, batch.id))
    : findSheet(stocktake, batch.pass, bin);
}

/**
 * Records decisions of the bins that are meant. A posted line is past deciding. `recount` puts the line on the next pass,
 * any other takes it off.
 */
export function decideLines(
  { batches, stocktakes }: { readonly batches: Batches; readonly stocktakes: Stocktakes },
  entry: EntryOf<'lines_decided'>,
  place: Place,
  isMeant: (bin: string) => boolean,
): void {
  const batch = batchAt(batches, entry.fact.batch, place);
  const stocktake = batch && stocktakes.get(batch.stocktake);
  if (!batch || !stocktake) {
    askAgain(stocktakes, entry.fact, place, isMeant);
    return;
  }
  const { decision, reason, undoes } = entry.fact;
  const recounts = recountsOf(stocktake, batch.pass + 1);
  const act = undoes === undefined ? actOf(batch, entry, place) : undefined;
  const undone = undoes === undefined ? undefined : batch.acts.findLast(({ id }) => id === undoes);
  for (const line of entry.fact.lines) {
    if (!isMeant(line.bin)) continue;
    const sheet = sheetIn(stocktake, batch, line.bin);
    const key = lineKey(line);
    const restored = undone?.lines.get(key)?.before;
    undone?.lines.delete(key);
    if (sheet === undefined || sheet.posted.has(key)) continue;
    const before = sheet.decisions.get(key);
    // What is given back is the decision that stood, of whoever made it: it may be taken back in its turn.
    const made: LineDecision =
      restored?.decision === decision
        ? restored
        : { decision, by: entry.by, at: entry.at, reason, batch: batch.id, saw: sawOf(line.saw) };
    const now = decision === 'undecided' ? undefined : made;
    if (now === undefined) sheet.decisions.delete(key);
    else sheet.decisions.set(key, now);
    // One press may say two things about a line: what it takes back is what stood before the first.
    const first = act?.lines.get(key);
    act?.lines.set(key, { now, before: first === undefined ? before : first.before });
    if (decision === 'recount') recounts.add(key);
    else recounts.delete(key);
  }
}

function recountsOf(stocktake: Stocktake, pass: number): Set<LineKey> {
  const recounts = stocktake.recounts.get(pass) ?? new Set<LineKey>();
  stocktake.recounts.set(pass, recounts);
  return recounts;
}

/** On a laptop that is not told what was handed in elsewhere: what is to be counted again, and nothing else. */
function askAgain(
  stocktakes: Stocktakes,
  { recount, decision, lines }: FactOf<'lines_decided'>,
  place: Place,
  isMeant: (bin: string) => boolean,
): void {
  const stocktake = recount && stocktakeAt(stocktakes, recount.stocktake, place);
  if (!recount || !stocktake) return;
  const recounts = recountsOf(stocktake, recount.pass + 1);
  for (const line of lines) {
    if (!isMeant(line.bin)) continue;
    if (decision === 'recount') recounts.add(lineKey(line));
    else recounts.delete(lineKey(line));
  }
}

/**
 * The decision about a line as it stands now. Something else was counted since it was approved or rejected: then nobody
 * has decided about that. A recount that was asked for, and a hold, stay.
 */
export function decisionOn(sheet: Sheet, line: CountLine): LineDecision | undefined {
  const decision = sheet.decisions.get(line.key);
  return decision && isOutdated(decision, standingLine(sheet, line)) ? undefined : decision;
}

/** Whether the line stands at something else since it was approved or rejected. */
export function isOutdated({ decision, saw }: LineDecision, { anchor, counted, amends }: CountLine): boolean {
  if (saw === undefined || amends !== undefined || (decision !== 'approve' && decision !== 'reject')) return false;
  return saw.anchor !== anchor.id || saw.counted !== counted;
}

function sawOf(saw: { anchor: string; counted: string } | undefined): Saw | undefined {
  return saw && { anchor: saw.anchor, counted: quantityOf(saw.counted) };
}

/** A batch that an entry at `place` speaks of; nothing when it was not handed in by then. */
export function batchAt(batches: Batches, id: string, place: Place): Batch | undefined {
  const batch = batches.get(id);
  return batch && isBefore(batch.place, place) ? batch : undefined;
}

function actOf(batch: Batch, { id, by, fact }: EntryOf<'lines_decided'>, place: Place): Act {
  const known = batch.acts.findLast((act) => act.id === (fact.act ?? id) && act.by === by);
  if (known) {
    known.decision = fact.decision;
    return known;
  }
  const act: Act = { id: fact.act ?? id, by, decision: fact.decision, place, lines: new Map() };
  const last = batch.acts.at(-1);
  batch.acts.push(act);
  // What was heard late belongs before what was folded.
  if (last && isBefore(place, last.place)) batch.acts.sort((one, other) => comparePlaces(one.place, other.place));
  return act;
}

/** What taking back a person's newest act on a batch gives its lines, and what of it stays. */
export type Undoing = {
  readonly act: Act;
  readonly lines: readonly { readonly key: LineKey; readonly before: LineDecision | undefined }[];
  /** Lines that stay: posted since, or decided by somebody else. */
  readonly left: number;
};

/** The newest act of a person that still says something about a line; nothing when there is none. */
export function undoing(batch: Batch, stocktakes: Stocktakes, person: string): Undoing | undefined {
  const stocktake = stocktakes.get(batch.stocktake);
  if (!stocktake) return undefined;
  for (const act of batch.acts.toReversed()) {
    if (act.by !== person) continue;
    const lines = [...act.lines]
      .filter(([key, { now }]) => {
        const sheet = sheetIn(stocktake, batch, binOf(key));
        return sheet !== undefined && !sheet.posted.has(key) && isSame(sheet.decisions.get(key), now);
      })
      .map(([key, { before }]) => ({ key, before }));
    if (lines.length > 0) return { act, lines, left: act.lines.size - lines.length };
  }
  return undefined;
}

function isSame(left: LineDecision | undefined, right: LineDecision | undefined): boolean {
  return left?.decision === right?.decision && left?.by === right?.by && left?.at === right?.at;
}

/**
 * Where a posting stands when the statement that it names does not. An older app let what takes a statement back be an
 * anchor: there the line's own stands in for it. Where nothing of the line stands, it is as of what the book had heard.
 */
function standIn(
  book: BookLine,
  { anchor, order, movedBefore }: CountLine,
  posted: PostedLine,
  now: number,
): Omit<PostedCount, 'batch' | 'counted'> {
  if (anchor.id !== '') return { anchor, order, movedBefore, fastMs: 0 };
  return { anchor: { id: posted.anchor, at: posted.countedAt }, order: now, movedBefore: book.moved, fastMs: 0 };
}

/**
 * Posts lines of the bins that are meant: from the anchor that the posting names, each line's book starts at what was
 * counted there. Posting twice changes nothing. A line that nothing which counts was said about is kept apart.
 */
export function postLines(
  { batches, stocktakes, books, unfounded }: PostingState,
  entry: EntryOf<'lines_posted'> & { readonly id: string },
  place: Place,
  isMeant: (bin: string) => boolean,
): void {
  const batch = batchAt(batches, entry.fact.batch, place);
  const stocktake = batch && stocktakes.get(batch.stocktake);
  for (const posted of entry.fact.lines) {
    if (!isMeant(posted.bin)) continue;
    const key = lineKey(posted);
    const sheet = batch && stocktake && sheetIn(stocktake, batch, posted.bin);
    const counted = sheet?.lines.get(key) ?? sheet?.quiet.get(key) ?? sheet?.withdrawn.get(key);
    const before = sheet?.posted.get(key);
    const { lot } = posted;
    const quantity = quantityOf(posted.counted);
    const amended = counted?.amends && postedIn(bookLine(books, posted), counted.amends.batch);
    if (!batch || !sheet || !counted || (counted.amends && !before && !amended)) {
      const { item, bin } = posted;
      const { order } = binBook(books, bin);
      const { id, by, at } = entry;
      keepUnfounded(unfounded, { entry: id, item, bin, lot, counted: quantity, by, at, order });
      continue;
    }
    if (before?.reversed || (before && (lot === undefined || before.lots?.includes(lot)))) continue;
    const lots = lot === undefined ? undefined : [...(before?.lots ?? []), lot];
    const sum = (before?.counted ?? ZERO) + quantity;
    const under = before?.batch ?? batch.id;
    sheet.posted.set(key, { by: entry.by, at: entry.at, batch: under, counted: sum, ...(lots && { lots }) });
    const book = bookLine(books, posted);
    if (counted.amends) {
      const { batch: changed, by } = counted.amends;
      counted.amends = { ...counted.amends, from: amended?.counted };
      amendCount(book, changed, by);
      continue;
    }
    if (before && postedIn(book, under)) {
      // Two spellings were counted and posted as two lines: what lies there is both.
      amendCount(book, under, quantity);
      continue;
    }
    postCount(book, {
      batch: under,
      ...(standingAt(counted, posted.anchor) ?? standIn(book, counted, posted, binBook(books, posted.bin).order)),
      counted: quantity,
    });
  }
}

/**
 * The batch under which a posted line stands in the books: two laptops may have posted one line, or taken it back, each
 * under a batch of its own, before they heard of each other. Nothing where it stands on nothing that counts.
 */
export function standsUnder(
  { batches, stocktakes }: { readonly batches: Batches; readonly stocktakes: Stocktakes },
  id: string,
  line: PostedLine,
): string | undefined {
  const batch = batches.get(id);
  const reversed = batch?.reverses === undefined ? undefined : batches.get(batch.reverses);
  const about = reversed ?? batch;
  const stocktake = about && stocktakes.get(about.stocktake);
  const posted = stocktake && sheetIn(stocktake, about, line.bin)?.posted.get(lineKey(line));
  return reversed === undefined ? posted?.batch : posted?.reversed?.batch;
}
