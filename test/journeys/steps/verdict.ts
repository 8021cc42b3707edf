import { must, mustBe } from './check.ts';
import { ofKind, readJournal } from './journal.ts';
import { expectedChanges, lineOf, MOVED, postedFirst, SOLD, UNKNOWN_CODE, type ExpectedChange, type PlannedLine } from './plan.ts';
import { SQUARE_LOCATION, squareBefore, variationOf } from './square-world.ts';
import type { Stage } from './stage.ts';
import { openingOf, type Warehouse } from './warehouse.ts';
import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';

/** Takes down one finding of the report. */
export type Report = { add(what: string, figures: string): void };

/** What only the screen said. */
export type Seen = {
  readonly lines: readonly PlannedLine[];
  readonly handedIn: string;
  readonly compared: number;
  readonly entriesAtCrash: number;
  readonly entriesAfterCrash: number;
  readonly matched: string;
  readonly plan: readonly string[];
  readonly driftBefore: string;
  readonly driftAfter: string;
};

export type Case = { stage: Stage; warehouse: Warehouse; seen: Seen; report: Report };

/** Compares the journal on the disk, the remote, and what the screens said with what the plan of the counts comes to. */
export function checkEverything(found: Case): void {
  const entries = readJournal(found.stage.profile);
  checkStock(found, entries);
  checkCounting(found, entries);
  checkPosting(found, entries);
  checkSending(found, entries);
  checkRemote(found);
  found.report.add('Journal', `${entries.length} entries, ${new Set(entries.map(({ by }) => by)).size} writers`);
}

function checkStock({ warehouse, report }: Case, entries: readonly LedgerEntry[]): void {
  const imported = ofKind(entries, 'catalogue_imported').map(({ fact }) => [fact.what, fact.rows]);
  mustBe(imported.toSorted(), [['bins', warehouse.bins.length], ['items', warehouse.names.size]], 'Rows imported');
  const opening = ofKind(entries, 'stock_changed').filter(({ fact }) => fact.reason === 'opening');
  mustBe(opening.length, warehouse.stock.length, 'Opening quantities');
  const pieces = opening.reduce((sum, { fact }) => sum + Number(fact.quantity), 0);
  mustBe(pieces, warehouse.stock.reduce((sum, row) => sum + row.quantity, 0), 'Pieces of opening stock');
  report.add('Warehouse', `${warehouse.names.size} products, ${warehouse.bins.length} bins, ${opening.length} opening quantities, ${pieces} pieces`);
}

function checkCounting({ seen, report }: Case, entries: readonly LedgerEntry[]): void {
  mustBe(seen.entriesAfterCrash, seen.entriesAtCrash, 'Entries after the crash in the middle of a shelf');
  const counted = ofKind(entries, 'counted');
  const voided = ofKind(entries, 'count_voided');
  mustBe(voided.length, 1, 'Counts taken back');
  const unknown = ofKind(entries, 'unknown_scanned').map(({ fact }) => [fact.code, fact.quantity]);
  mustBe(unknown, [[UNKNOWN_CODE, '3']], 'Unknown codes kept');
  const moves = ofKind(entries, 'stock_moved').map(({ fact }) => [fact.item, fact.quantity]);
  mustBe(moves, [[lineOf(seen.lines, 'moved').item, String(MOVED)]], 'Moves');
  const said = [...seen.handedIn.matchAll(/(\d+) (counted|confirmed empty|skipped)/g)].map(([, number, word]) => `${number} ${word}`);
  mustBe(said, ['2 counted', '1 confirmed empty', '1 skipped'], 'The bins in the sentence before handing in');
  report.add('Counting', `${counted.length} counts, ${voided.length} taken back, 1 unknown code kept, 1 move, 1 bin empty, 1 skipped`);
  report.add('Crash at the shelf', `${seen.entriesAtCrash} entries before, ${seen.entriesAfterCrash} after`);
}

function checkPosting({ seen, report }: Case, entries: readonly LedgerEntry[]): void {
  const first = postedFirst(seen.lines).map(({ item, bin, counted, book }) => [item, bin, String(counted), String(book)].join(' '));
  const again = lineOf(seen.lines, 'recounted');
  const expected = [...first, [again.item, again.bin, String(again.book), String(again.book)].join(' ')];
  const posted = ofKind(entries, 'lines_posted').flatMap(({ fact }) => fact.lines);
  mustBe(posted.map((line) => [line.item, line.bin, line.counted, line.bookThen].join(' ')).toSorted(), expected.toSorted(), 'Lines posted (item, bin, counted, book then)');
  const variance = posted.reduce((sum, line) => sum + Number(line.variance), 0);
  report.add('Review', `${seen.compared} differences shown as planned, ${posted.length} lines posted in 2 batches, net ${variance} pieces, 1 rejected, 1 held`);
}

/** What the requests in the journal say, against what was worked out by hand. */
function checkSending({ warehouse, seen, report, stage }: Case, entries: readonly LedgerEntry[]): void {
  const frozen = ofKind(entries, 'send_frozen').map(({ fact }) => fact.requests.flatMap(({ lines }) => lines));
  const asChange = ({ item, change, quantity }: { item: string; change: string; quantity: string }) => ({ item, change, quantity: Number(quantity) });
  const [first, second] = expectedRounds(warehouse, seen);
  const byItem = (left: ExpectedChange, right: ExpectedChange) => (left.item < right.item ? -1 : 1);
  mustBe((frozen[0] ?? []).map(asChange).toSorted((left, right) => (left.item < right.item ? -1 : 1)), first.toSorted(byItem), 'Changes of the first batch');
  mustBe((frozen[1] ?? []).map(asChange), second, 'Changes of the second batch');
  const settled = ofKind(entries, 'send_settled').map(({ fact }) => fact.outcome.state);
  // Reading back may have to be asked more than once.
  const outcomes = settled.filter((state, at) => state !== 'unknown' || settled[at - 1] !== 'unknown');
  mustBe(outcomes, ['unknown', 'confirmed', 'confirmed'], 'How the attempts ended');
  const requests = stage.square.log().filter(({ path }) => path === '/v2/inventory/changes/batch-create');
  mustBe(requests.map(({ outcome }) => outcome), ['drop', 'hang'], 'Requests that changed Square');
  const counts = first.filter(({ change }) => change === 'count').length;
  report.add('Plan', seen.plan.join('; ').toLowerCase());
  report.add('Sending', `${requests.length} requests with ${counts} counts and ${first.length - counts} adjustments, then ${second.length} count; one answer lost, one crash; none sent twice`);
}

function expectedRounds(warehouse: Warehouse, { lines }: Seen): readonly [readonly ExpectedChange[], readonly ExpectedChange[]] {
  const again = lineOf(lines, 'recounted');
  return [expectedChanges(warehouse, postedFirst(lines)), expectedChanges(warehouse, [{ ...again, counted: again.book }])];
}

/** Square's figures to the last piece: the opening stock, what the counts have changed, and what the till sold. */
function checkRemote({ warehouse, seen, report, stage }: Case): void {
  const all = [...new Set(warehouse.stock.map(({ item }) => item))];
  const before = squareBefore(warehouse, all);
  const posted = postedFirst(seen.lines);
  const sold = lineOf(seen.lines, 'sum').item;
  let changed = 0;
  for (const item of all) {
    const expected = openingOf(warehouse, item) + varianceOf(posted, item) - (item === sold ? SOLD : 0);
    const now = stage.square.quantity(variationOf(item), SQUARE_LOCATION);
    mustBe(now, String(expected), `Pieces of ${warehouse.names.get(item) ?? item} at Square`);
    if (now !== before[item]) changed += 1;
  }
  const written = stage.square.changes().filter(({ referenceId }) => referenceId !== undefined);
  mustBe(new Set(written.map(({ referenceId }) => referenceId)).size, written.length, 'Different references among the changes at Square');
  const sum = (figures: readonly (string | undefined)[]) => figures.reduce((total, figure) => total + Number(figure ?? 0), 0);
  const after = sum(all.map((item) => stage.square.quantity(variationOf(item), SQUARE_LOCATION)));
  must(plainNumber(seen.matched) === warehouse.names.size, `Matching says "${seen.matched}"`);
  const unsold = warehouse.names.size - all.length;
  const notYet = all.filter((item) => varianceOf(posted, item) !== 0).length;
  // Before the sending a posted difference either shows as one or as waiting; either way it is not reconciled.
  mustBe(readDrift(seen.driftBefore), { reconciled: all.length - notYet, unsettled: notYet, notSeen: unsold }, 'Before sending, ours and theirs');
  mustBe(readDrift(seen.driftAfter), { reconciled: all.length - 1, unsettled: 1, notSeen: unsold }, 'At the end, ours and theirs');
  report.add('Square before', `${all.length} figures, ${sum(Object.values(before))} pieces`);
  report.add('Square after', `${changed} figures changed, ${after} pieces, ${written.length} changes, each reference once`);
  report.add('Ours and theirs', seen.driftAfter);
}

/** The number that a sentence begins with, however its thousands are written. */
function plainNumber(text: string): number {
  return Number(/^[\d,]+/.exec(text)?.[0].replaceAll(',', ''));
}

function varianceOf(posted: readonly PlannedLine[], item: string): number {
  return posted.filter((line) => line.item === item).reduce((sum, line) => sum + (line.counted ?? 0) - line.book, 0);
}

/** The figures of "6,560 reconciled · 1 differ · 0 not seen · 0 waiting to send". */
function readDrift(text: string): { reconciled: number; unsettled: number; notSeen: number } {
  const [reconciled = Number.NaN, differs = Number.NaN, notSeen = Number.NaN, waiting = Number.NaN] = text.split(' · ').map(plainNumber);
  return { reconciled, unsettled: differs + waiting, notSeen };
}
