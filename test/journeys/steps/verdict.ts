import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { mustBe } from './check.ts';
import type { Case } from './findings.ts';
import { ofKind, readJournal } from './journal.ts';
import { lineOf, MOVED, postedFirst, UNKNOWN_CODE } from './plan.ts';
import { checkRemote, checkSending } from './verdict-remote.ts';

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
  const imported = ofKind(entries, 'catalogue_imported').map(({ fact }) => `${fact.what} ${fact.rows}`);
  mustBe(imported, [`items ${warehouse.names.size}`, `bins ${warehouse.bins.length}`], 'Rows imported');
  const opening = ofKind(entries, 'stock_changed').filter(({ fact }) => fact.reason === 'opening');
  mustBe(opening.length, warehouse.stock.length, 'Opening quantities');
  const pieces = opening.reduce((sum, { fact }) => sum + Number(fact.quantity), 0);
  mustBe(
    pieces,
    warehouse.stock.reduce((sum, row) => sum + row.quantity, 0),
    'Pieces of opening stock',
  );
  report.add(
    'Warehouse',
    `${warehouse.names.size} products, ${warehouse.bins.length} bins, ${opening.length} opening quantities, ${pieces} pieces`,
  );
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
  const said = [...seen.handedIn.matchAll(/(\d+) (counted|confirmed empty|skipped)/g)].map(
    ([, number, word]) => `${number} ${word}`,
  );
  mustBe(said, ['2 counted', '1 confirmed empty', '1 skipped'], 'The bins in the sentence before handing in');
  report.add(
    'Counting',
    `${counted.length} counts, ${voided.length} taken back, 1 unknown code kept, 1 move, 1 bin empty, 1 skipped`,
  );
  report.add('Crash at the shelf', `${seen.entriesAtCrash} entries before, ${seen.entriesAfterCrash} after`);
}

function checkPosting({ seen, report }: Case, entries: readonly LedgerEntry[]): void {
  const first = postedFirst(seen.lines).map(({ item, bin, counted, book }) =>
    [item, bin, String(counted), String(book)].join(' '),
  );
  const again = lineOf(seen.lines, 'recounted');
  const expected = [...first, [again.item, again.bin, String(again.book), String(again.book)].join(' ')];
  const posted = ofKind(entries, 'lines_posted').flatMap(({ fact }) => fact.lines);
  mustBe(
    posted.map((line) => [line.item, line.bin, line.counted, line.bookThen].join(' ')).toSorted(),
    expected.toSorted(),
    'Lines posted (item, bin, counted, book then)',
  );
  const variance = posted.reduce((sum, line) => sum + Number(line.variance), 0);
  report.add(
    'Review',
    `${seen.compared} differences shown as planned, ${posted.length} lines posted in 2 batches, net ${variance} pieces, 1 rejected, 1 held`,
  );
}
