import { amendCount, bookLine, postCount, postedIn, type Books } from './balance.ts';
import type { Decision, EntryOf } from './ledger-entry.ts';
import { lineKey, type LineKey } from './line-key.ts';
import { quantityOf } from './quantity.ts';
import { standingAt } from './statement.ts';
import { findSheet, sheetKey, type Sheet, type Stocktake, type Stocktakes } from './stocktake.ts';

/** What was decided about one line, the newest decision only. */
export type LineDecision = {
  readonly decision: Decision;
  readonly by: string;
  readonly at: string;
  readonly reason: string | undefined;
};

/** `lots`: how the line's lot was spelled where it was posted; older journals hold one lot in two letter cases. */
type Posted = { readonly by: string; readonly at: string; readonly lots?: readonly string[] };

/** What one press decided, and what stood before it: what is taken back together. */
export type Act = {
  readonly id: string;
  readonly by: string;
  readonly decision: Decision;
  readonly lines: Map<LineKey, { readonly now: LineDecision | undefined; readonly before: LineDecision | undefined }>;
};

/** So many acts of a batch can be taken back, the newest ones. */
const ACTS = 50;

/** Lines handed in together for a decision. */
export type Batch = {
  readonly id: string;
  readonly stocktake: string;
  readonly pass: number;
  readonly bins: readonly string[];
  readonly by: string;
  readonly at: string;
  /** What a match changed after a line was posted: it has a sheet of its own, and nobody handed it in. */
  readonly apart?: true;
  readonly decisions: Map<LineKey, LineDecision>;
  /** Acts that can be taken back, oldest first. */
  acts: readonly Act[];
  readonly posted: Map<LineKey, Posted>;
};

export type Batches = Map<string, Batch>;

type BatchBins = Pick<Batch, 'id' | 'stocktake' | 'pass' | 'bins' | 'apart'>;

/**
 * Hands in the sheets of some bins. A sheet is in one batch only, or its variances would be decided and sent twice: bins
 * handed in before are left out, and a batch that names nothing else is no batch (the button was pressed twice).
 */
export function submitBatch(batches: Batches, stocktakes: Stocktakes, entry: EntryOf<'batch_submitted'>): void {
  const { batch: id, stocktake, pass } = entry.fact;
  const sheets = sheetsOf(stocktakes, { id, stocktake, pass, bins: entry.fact.bins }).filter(
    (sheet) => sheet.batch === undefined,
  );
  if (batches.has(id) || sheets.length === 0) return;
  const bins = sheets.map((sheet) => sheet.bin);
  batches.set(id, {
    id,
    stocktake,
    pass,
    bins,
    by: entry.by,
    at: entry.at,
    decisions: new Map(),
    acts: [],
    posted: new Map(),
  });
  for (const sheet of sheets) {
    sheet.state = 'submitted';
    sheet.batch = id;
  }
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
  return batch.apart
    ? stocktake.sheets.get(apartSheetKey(batch.pass, bin, batch.id))
    : findSheet(stocktake, batch.pass, bin);
}

/** Records decisions. A posted line is past deciding. `recount` puts the line on the next pass, any other takes it off. */
export function decideLines(batches: Batches, stocktakes: Stocktakes, entry: EntryOf<'lines_decided'>): void {
  const batch = batches.get(entry.fact.batch);
  const stocktake = batch && stocktakes.get(batch.stocktake);
  if (!batch || !stocktake) return;
  const { decision, reason, undoes } = entry.fact;
  const nextPass = batch.pass + 1;
  const recounts = stocktake.recounts.get(nextPass) ?? new Set<LineKey>();
  stocktake.recounts.set(nextPass, recounts);
  const act = undoes === undefined ? actOf(batch, entry) : undefined;
  const undone = batch.acts.find(({ id }) => id === undoes);
  for (const line of entry.fact.lines) {
    const key = lineKey(line);
    if (batch.posted.has(key)) continue;
    const before = batch.decisions.get(key);
    const restored = undone?.lines.get(key)?.before;
    // What is given back is the decision that stood, of whoever made it: it may be taken back in its turn.
    const made = restored?.decision === decision ? restored : { decision, by: entry.by, at: entry.at, reason };
    const now = decision === 'undecided' ? undefined : made;
    if (now === undefined) batch.decisions.delete(key);
    else batch.decisions.set(key, now);
    act?.lines.set(key, { now, before });
    if (decision === 'recount') recounts.add(key);
    else recounts.delete(key);
  }
  for (const line of undoes === undefined ? [] : entry.fact.lines) undone?.lines.delete(lineKey(line));
}

function actOf(batch: Batch, { id, by, fact }: EntryOf<'lines_decided'>): Act {
  const known = batch.acts.find((act) => act.id === fact.act && act.by === by);
  if (known) return known;
  const act = { id: fact.act ?? id, by, decision: fact.decision, lines: new Map() };
  batch.acts = [...batch.acts, act].slice(-ACTS);
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
export function undoing(batch: Batch, person: string): Undoing | undefined {
  for (const act of batch.acts.toReversed()) {
    if (act.by !== person) continue;
    const lines = [...act.lines]
      .filter(([key, { now }]) => !batch.posted.has(key) && isSame(batch.decisions.get(key), now))
      .map(([key, { before }]) => ({ key, before }));
    if (lines.length > 0) return { act, lines, left: act.lines.size - lines.length };
  }
  return undefined;
}

function isSame(left: LineDecision | undefined, right: LineDecision | undefined): boolean {
  return left?.decision === right?.decision && left?.by === right?.by && left?.at === right?.at;
}

/**
 * Posts lines: from the anchor that the posting names, each line's book starts at what was counted there. Posting twice
 * changes nothing.
 */
export function postLines(
  batches: Batches,
  stocktakes: Stocktakes,
  books: Books,
  entry: EntryOf<'lines_posted'>,
): void {
  const batch = batches.get(entry.fact.batch);
  const stocktake = batch && stocktakes.get(batch.stocktake);
  if (!batch || !stocktake) return;
  for (const posted of entry.fact.lines) {
    const key = lineKey(posted);
    const sheet = sheetIn(stocktake, batch, posted.bin);
    const counted = sheet?.lines.get(key) ?? sheet?.quiet.get(key) ?? sheet?.withdrawn.get(key);
    const before = batch.posted.get(key);
    const { lot } = posted;
    if (!counted || (before && (lot === undefined || before.lots?.includes(lot)))) continue;
    const lots = lot === undefined ? undefined : [...(before?.lots ?? []), lot];
    batch.posted.set(key, { by: entry.by, at: entry.at, ...(lots && { lots }) });
    const book = bookLine(books, posted);
    if (counted.amends) {
      const { batch: amended, by } = counted.amends;
      counted.amends = { ...counted.amends, from: postedIn(book, amended)?.counted };
      amendCount(book, amended, by);
      continue;
    }
    if (before && postedIn(book, batch.id)) {
      // Two spellings were counted and posted as two lines: what lies there is both.
      amendCount(book, batch.id, quantityOf(posted.counted));
      continue;
    }
    postCount(book, {
      batch: batch.id,
      // An older app let what takes a statement back be an anchor: there the line's own stands in for it.
      ...(standingAt(counted, posted.anchor) ?? {
        anchor: counted.anchor,
        order: counted.order,
        movedBefore: counted.movedBefore,
        fastMs: 0,
      }),
      counted: quantityOf(posted.counted),
    });
  }
}
