import type { SendLine } from '../../../../shared/domain/ledger-entry.ts';
import { formatQuantity, quantityOf } from '../../../../shared/domain/quantity.ts';
import type { OutboxRequest } from '../../../../shared/sync/outbox/outbox.ts';

/** A line in doubt, with the numbers that a person decides by. Null: the remote had no figure. */
export type DoubtRow = {
  readonly key: string;
  readonly request: OutboxRequest;
  readonly line: SendLine;
  readonly before: string | null;
  readonly now: string | null;
  /** What it would have held right after the line arrived, had nothing else happened. */
  readonly wouldBe: string;
};

/** Every line in doubt of these requests. */
export function doubtRows(requests: readonly OutboxRequest[]): readonly DoubtRow[] {
  return requests.flatMap((request) => {
    const lines = new Map(request.request.lines.map((line) => [line.ref, line]));
    return request.doubtful.flatMap(({ ref, before, now }) => {
      const line = lines.get(ref);
      return line ? [{ key: `${request.id} ${ref}`, request, line, before, now, wouldBe: wouldBe(line, before) }] : [];
    });
  });
}

function wouldBe({ change, quantity }: SendLine, before: string | null): string {
  if (change === 'count') return quantity;
  return formatQuantity(quantityOf(before ?? '0') + quantityOf(quantity));
}

/** What a person found out, one answer a request, as the ledger takes it. */
export function answersByRequest(
  rows: readonly DoubtRow[],
  answer: 'arrived' | 'missing',
): readonly {
  connection: string;
  request: string;
  found: { arrived: readonly string[]; missing: readonly string[] };
}[] {
  const byRequest = new Map<string, { connection: string; refs: string[] }>();
  for (const { request, line } of rows) {
    const known = byRequest.get(request.id);
    if (known) known.refs.push(line.ref);
    else byRequest.set(request.id, { connection: request.connection, refs: [line.ref] });
  }
  return [...byRequest].map(([request, { connection, refs }]) => ({
    connection,
    request,
    found: answer === 'arrived' ? { arrived: refs, missing: [] } : { arrived: [], missing: refs },
  }));
}
