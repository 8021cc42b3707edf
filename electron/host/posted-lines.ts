import { skuKey } from '../../shared/domain/item.ts';
import type { LedgerEntry, PostedLine } from '../../shared/domain/ledger-entry.ts';
import { lineKey } from '../../shared/domain/line-key.ts';
import { binKey } from '../../shared/domain/location.ts';
import { parseQuantity, quantityOf } from '../../shared/domain/quantity.ts';
import { err, ok, type Result } from '../../shared/domain/result.ts';
import type { HostError, HostInput } from '../../shared/ports/host.ts';
import { lineRef } from '../../shared/sync/line-ref.ts';
import { foldSendMarks, NO_SEND_MARKS, openLines, type SendMarks } from '../../shared/sync/open-lines.ts';
import type { Journal } from './journal.ts';

const PAGE = 5_000;

/** One batch on one connection. */
type Sent = { readonly connection: string; readonly batch: string };
type PlannedLine = HostInput<'freezeRequests'>['lines'][number];

function isAbout({ fact }: LedgerEntry, { connection, batch }: Sent): boolean {
  if (fact.kind === 'lines_posted') return fact.batch === batch;
  if (fact.kind === 'send_frozen') return fact.batch === batch && fact.connection === connection;
  return fact.kind === 'send_settled' && fact.connection === connection;
}

/** What was posted in a batch and how far it was sent, folded from the journal. `from`: where its first posting stands. */
export async function readSendMarks(
  journal: Pick<Journal, 'read'>,
  from: number,
  sent: Sent,
): Promise<Result<SendMarks, HostError>> {
  let marks = NO_SEND_MARKS;
  let next: number | undefined = from;
  while (next !== undefined) {
    const page: Awaited<ReturnType<Journal['read']>> = await journal.read(next, PAGE);
    if (!page.ok) return page;
    for (const entry of page.value.entries) if (isAbout(entry, sent)) marks = foldSendMarks(marks, entry);
    next = page.value.nextSeq;
  }
  return ok(marks);
}

/** The open posted lines that a planned line names with its reference; those that were rejected may be sent anew. */
function namedLines(marks: SendMarks, sent: Sent, line: PlannedLine): readonly PostedLine[] | undefined {
  const bins = new Set(line.bins.map(binKey));
  for (const withRejected of [false, true]) {
    const open = openLines(marks, { ...sent, withRejected }).lines.filter(
      (one) => skuKey(one.item) === skuKey(line.item) && bins.has(binKey(one.bin)),
    );
    for (let count = open.length; count > 0; count -= 1) {
      const some = open.slice(0, count);
      if (lineRef(sent.connection, sent.batch, some) === line.ref) return some;
    }
  }
  return undefined;
}

/**
 * Refuses planned lines that are not just what was posted: each must name open lines of the batch by its reference, in
 * exactly its bins, and carry the sum of their variances (`adjust`) or of what was counted (`count`). No posted line may
 * be in two of them.
 */
export function judgePlan(marks: SendMarks, sent: Sent, lines: readonly PlannedLine[]): Result<null, HostError> {
  const taken = new Set<string>();
  for (const line of lines) {
    const { item, change } = line;
    const named = namedLines(marks, sent, line);
    const bins = new Set(named?.map((one) => binKey(one.bin)));
    const stray = line.bins.find((bin) => !bins.has(binKey(bin)));
    if (named === undefined || stray !== undefined)
      return err({ code: 'not_posted', item, bin: stray ?? line.bins[0] ?? '' });
    const figures = named.map((one) => quantityOf(change === 'count' ? one.counted : one.variance));
    const sum = figures.reduce((total, figure) => total + figure, 0n);
    const asked = parseQuantity(line.quantity);
    if (!asked.ok || asked.value !== sum) return err({ code: 'not_posted', item, bin: line.bins[0] ?? '' });
    for (const key of named.map(lineKey)) {
      if (taken.has(key)) return err({ code: 'bad_request', reason: 'a posted line is named twice' });
      taken.add(key);
    }
  }
  return ok(null);
}
