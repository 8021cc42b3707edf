import type { LedgerEntry } from '../../../shared/domain/ledger-entry.ts';
import { must, mustBe } from './check.ts';
import type { Case, Seen } from './findings.ts';
import { ofKind } from './journal.ts';
import { expectedChanges, lineOf, postedFirst, SOLD, type ExpectedChange, type PlannedLine } from './plan.ts';
import { SQUARE_LOCATION, squareBefore, variationOf } from './square-world.ts';
import { openingOf, type Warehouse } from './warehouse.ts';

/** What the requests in the journal say, against what was worked out by hand. */
export function checkSending({ warehouse, seen, report, stage }: Case, entries: readonly LedgerEntry[]): void {
  const frozen = ofKind(entries, 'send_frozen').map(({ fact }) => fact.requests.flatMap(({ lines }) => lines));
  const asChange = ({ item, change, quantity }: { item: string; change: string; quantity: string }) => ({
    item,
    change,
    quantity: Number(quantity),
  });
  const [first, second] = expectedRounds(warehouse, seen);
  const byItem = (left: ExpectedChange, right: ExpectedChange) => (left.item < right.item ? -1 : 1);
  mustBe(
    (frozen[0] ?? []).map(asChange).toSorted((left, right) => (left.item < right.item ? -1 : 1)),
    first.toSorted(byItem),
    'Changes of the first batch',
  );
  mustBe((frozen[1] ?? []).map(asChange), second, 'Changes of the second batch');
  const settled = ofKind(entries, 'send_settled').map(({ fact }) => fact.outcome.state);
  // Reading back may have to be asked more than once.
  const outcomes = settled.filter((state, at) => state !== 'unknown' || settled[at - 1] !== 'unknown');
  mustBe(outcomes, ['unknown', 'confirmed', 'confirmed'], 'How the attempts ended');
  const requests = stage.square.log().filter(({ path }) => path === '/v2/inventory/changes/batch-create');
  mustBe(
    requests.map(({ status }) => status),
    ['drop', 'hang'],
    'Requests that changed Square',
  );
  const counts = first.filter(({ change }) => change === 'count').length;
  report.add('Plan', seen.plan.join('; ').toLowerCase());
  report.add(
    'Sending',
    `${requests.length} requests with ${counts} counts and ${first.length - counts} adjustments, then ${second.length} count; one answer lost, one crash; none sent twice`,
  );
}

function expectedRounds(
  warehouse: Warehouse,
  { lines }: Seen,
): readonly [readonly ExpectedChange[], readonly ExpectedChange[]] {
  const again = lineOf(lines, 'recounted');
  return [
    expectedChanges(warehouse, postedFirst(lines)),
    expectedChanges(warehouse, [{ ...again, counted: again.book }]),
  ];
}

/** Square's figures to the last piece: the opening stock, what the counts have changed, and what the till sold. */
export function checkRemote({ warehouse, seen, report, stage }: Case): void {
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
  mustBe(
    new Set(written.map(({ referenceId }) => referenceId)).size,
    written.length,
    'Different references among the changes at Square',
  );
  const sum = (figures: readonly (string | undefined)[]) =>
    figures.reduce((total, figure) => total + Number(figure ?? 0), 0);
  const after = sum(all.map((item) => stage.square.quantity(variationOf(item), SQUARE_LOCATION)));
  must(plainNumber(seen.matched) === warehouse.names.size, `Matching says "${seen.matched}"`);
  const unsold = warehouse.names.size - all.length;
  const notYet = all.filter((item) => varianceOf(posted, item) !== 0).length;
  // Before the sending a posted difference either shows as one or as waiting; either way it is not reconciled.
  mustBe(
    readDrift(seen.driftBefore),
    { reconciled: all.length - notYet, unsettled: notYet, notSeen: unsold },
    'Before sending, ours and theirs',
  );
  mustBe(
    readDrift(seen.driftAfter),
    { reconciled: all.length - 1, unsettled: 1, notSeen: unsold },
    'At the end, ours and theirs',
  );
  report.add('Square before', `${all.length} figures, ${sum(Object.values(before))} pieces`);
  report.add(
    'Square after',
    `${changed} figures changed, ${after} pieces, ${written.length} changes, each reference once`,
  );
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
  const [reconciled = Number.NaN, differs = Number.NaN, notSeen = Number.NaN, waiting = Number.NaN] = text
    .split(' · ')
    .map(plainNumber);
  return { reconciled, unsettled: differs + waiting, notSeen };
}
