import { err, ok, type Result } from '../../domain/result.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import type { EventPage, InventoryEvent } from './events.ts';
import type { DecoSite } from './site.ts';
import { secondOf } from './time.ts';
import { countRows, type Span } from './span-page.ts';

/** Events that are taken, and the spans that are left of theirs. */
export type Step = { readonly events: readonly InventoryEvent[]; readonly todo: readonly Span[] };

/**
 * The part of a span's first page that is whole, and what is left. A page in the order of time, either way, holds every
 * event up to the second at which it was cut; that second is read again. How the site sorts is not documented, so it is
 * asked to count that part: where it counts otherwise, or the rows are in no order, the span is read by offset.
 */
export async function cutByDate(
  site: DecoSite,
  span: Span,
  { events, total }: EventPage,
): Promise<Result<Step, RemoteError>> {
  const { from, to } = span;
  if (events.length >= total) return ok({ events, todo: [] });
  const seconds = events.map((event) => secondOf(event.createdAt));
  const [first, last] = [seconds[0], seconds.at(-1)];
  if (first === undefined || last === undefined)
    return err({ code: 'bad_answer', detail: `${total} rows are announced and none is there` });
  const byOffset = ok({ events, todo: [{ from, to, offset: events.length, total }] });
  if (to - from === 1 || !isInOrder(seconds)) return byOffset;
  if (first === last) return openFullSecond(site, span, last);
  const [whole, rest] =
    first < last
      ? [
          { from, to: last },
          { from: last, to },
        ]
      : [
          { from: last + 1, to },
          { from, to: last + 1 },
        ];
  const taken = events.filter((event) => secondOf(event.createdAt) !== last);
  const count = await countRows(site, whole);
  if (!count.ok) return count;
  return count.value === taken.length ? ok({ events: taken, todo: [rest] }) : byOffset;
}

function isInOrder(seconds: readonly number[]): boolean {
  const goes = (by: 1 | -1) => seconds.every((second, at) => at === 0 || (second - (seconds[at - 1] ?? 0)) * by >= 0);
  return goes(1) || goes(-1);
}

/**
 * A page full of one second does not show which way the rows are sorted: that second, what is before it and what is after
 * it are read one by one. What is likely to be empty goes first, so that spans do not pile up.
 */
async function openFullSecond(site: DecoSite, { from, to }: Span, full: number): Promise<Result<Step, RemoteError>> {
  const [before, second, after] = [
    { from, to: full },
    { from: full, to: full + 1 },
    { from: full + 1, to },
  ];
  const count = before.from < before.to ? await countRows(site, before) : ok(0);
  if (!count.ok) return count;
  const todo = count.value === 0 ? [second, after] : [after, second, before];
  return ok({ events: [], todo: todo.filter((span) => span.from < span.to) });
}

/** The next page of a span that is read by offset. Rows that came or went have shifted the pages. */
export function turnPage(span: Span, { events, total }: EventPage): Result<Step, RemoteError> {
  const offset = (span.offset ?? 0) + events.length;
  if (total !== span.total || events.length === 0)
    return err({ code: 'cursor_expired', detail: `${total} rows instead of ${span.total ?? 0}` });
  return ok({ events, todo: offset >= total ? [] : [{ ...span, offset }] });
}
