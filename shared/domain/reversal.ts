import {
  amendCount,
  bookAt,
  bookLine,
  postedIn,
  takeOutCount,
  type BookLine,
  type Books,
  type PostedCount,
} from './balance.ts';
import { batchAt, sheetIn, type Batch, type Batches } from './batch.ts';
import type { Posted } from './decision.ts';
import type { EntryOf, PostedLine } from './ledger-entry.ts';
import type { Place } from './ledger-order.ts';
import { lineKey } from './line-key.ts';
import { formatQuantity, type Quantity } from './quantity.ts';
import { err, ok, type Result } from './result.ts';
import type { CountLine, Sheet, Stocktakes } from './stocktake.ts';

/** What a posted line is about. */
type About = { readonly item: string; readonly bin: string; readonly lot?: string | undefined };
type Known = { readonly batches: Batches; readonly stocktakes: Stocktakes; readonly books: Books };

/**
 * Why a posted line cannot be taken back. `counted_since`: a later count of it was posted, and today's book stands on that
 * one. `matched_since`: a code that was matched since changed it; that change, a batch of its own, goes first.
 */
export type NotReversible = 'not_posted' | 'reversed' | 'counted_since' | 'matched_since';

type Standing = {
  readonly sheet: Sheet;
  readonly posted: Posted;
  readonly line: CountLine;
  readonly book: BookLine;
  readonly count: PostedCount;
  /** What the book would say at that count without the line. */
  readonly without: Quantity;
};

/** A posted line as it stands in the book, if it may be taken back. */
function standing({ stocktakes, books }: Known, batch: Batch, about: About): Result<Standing, NotReversible> {
  const stocktake = stocktakes.get(batch.stocktake);
  const sheet = stocktake && sheetIn(stocktake, batch, about.bin);
  const key = lineKey(about);
  const posted = sheet?.posted.get(key);
  const line = sheet?.lines.get(key) ?? sheet?.quiet.get(key) ?? sheet?.withdrawn.get(key);
  if (!sheet || !posted || !line) return err('not_posted');
  if (posted.reversed) return err('reversed');
  const book = bookLine(books, line);
  const count = postedIn(book, line.amends?.batch ?? posted.batch);
  // What it had changed was taken back itself.
  if (!count) return err('reversed');
  if (book.counts.some(({ order }) => order > count.order)) return err('counted_since');
  const part = { sheet, posted, line, book, count };
  if (line.amends) return ok({ ...part, without: count.counted - line.amends.by });
  if (count.counted !== posted.counted) return err('matched_since');
  return ok({ ...part, without: bookAt(book, count, count.order) });
}

/** A posted line as it goes into its reversal, figures frozen; or why it cannot be taken back. */
export function toReversedLine(known: Known, id: string, about: About): Result<PostedLine, NotReversible> {
  const batch = known.batches.get(id);
  const found = batch ? standing(known, batch, about) : err('not_posted' as const);
  if (!found.ok) return found;
  const { line, count, without } = found.value;
  return ok({
    item: line.item,
    bin: line.bin,
    ...(line.lot !== undefined && { lot: line.lot }),
    counted: formatQuantity(without),
    bookThen: formatQuantity(count.counted),
    variance: formatQuantity(without - count.counted),
    anchor: count.anchor.id,
    countedAt: count.anchor.at,
  });
}

/** Makes the label of a reversal, or adds to it: one of many lines takes several entries. False: it is another batch's. */
function noteReversal(
  batches: Batches,
  { stocktake, pass }: Batch,
  { fact: { batch: id, reverses, lines }, by, at }: Pick<EntryOf<'lines_reversed'>, 'fact' | 'by' | 'at'>,
  place: Place,
): boolean {
  const known = batches.get(id);
  if (known !== undefined && (known.reverses !== reverses || known.place.device !== place.device)) return false;
  const bins = [...new Set([...(known?.named ?? []), ...lines.map(({ bin }) => bin)])];
  const label = known ?? { id, stocktake, pass, by, at, place, apart: true, reverses, acts: [] };
  batches.set(id, { ...label, named: bins, bins });
  return true;
}

/**
 * Takes posted lines of the bins that are meant back: the book goes on as if they had not been posted, and what moved, or
 * was counted later, keeps its place. A line is taken back once; one that a later count has overtaken stays as it is.
 */
export function reverseLines(
  state: Known,
  { fact, by, at }: EntryOf<'lines_reversed'>,
  place: Place,
  isMeant: (bin: string) => boolean,
): void {
  const { batch: id, reverses, reason, note } = fact;
  const reversed = batchAt(state.batches, reverses, place);
  if (!reversed || !noteReversal(state.batches, reversed, { fact, by, at }, place)) return;
  for (const about of fact.lines) {
    if (!isMeant(about.bin)) continue;
    const found = standing(state, reversed, about);
    if (!found.ok) continue;
    const { sheet, posted, line, book } = found.value;
    if (line.amends) amendCount(book, line.amends.batch, -line.amends.by);
    else takeOutCount(book, posted.batch);
    sheet.posted.set(line.key, {
      ...posted,
      reversed: { by, at, reason, ...(note !== undefined && { note }), batch: id },
    });
  }
}
