import { z } from 'zod';
import { err, ok, type Result } from '../../domain/result.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import { findEvents, PAGE_ROWS, type EventPage, type InventoryEvent } from './events.ts';
import type { DecoSite } from './site.ts';
import { secondOf, siteTime } from './time.ts';

/** Seconds since 1970, [from, to). `offset` and `total`: it cannot be cut by date and is read page by page. */
export const windowSchema = z.object({
  from: z.number().int(),
  to: z.number().int(),
  offset: z.number().int().min(1).optional(),
  total: z.number().int().optional(),
});
export type Span = z.infer<typeof windowSchema>;

/** One page of a span, at its offset. All its rows must lie in the span: others would be filed under a wrong time. */
export async function readPage(site: DecoSite, span: Span): Promise<Result<EventPage, RemoteError>> {
  const page = await findEvents(site, {
    where: conditionsOf(span),
    limit: PAGE_ROWS,
    ...(span.offset === undefined ? {} : { offset: span.offset }),
    // Within one second the date puts nothing in order.
    sortBy: span.to - span.from > 1 ? 'created' : 'inventory',
  });
  if (!page.ok) return page;
  const isStrange = ({ createdAt }: InventoryEvent) =>
    secondOf(createdAt) < span.from || secondOf(createdAt) >= span.to;
  return page.value.events.some(isStrange)
    ? err({ code: 'bad_answer', detail: 'there are events outside the time that was asked for' })
    : page;
}

/** How many events a span has now. */
export async function countRows(site: DecoSite, span: Span): Promise<Result<number, RemoteError>> {
  const page = await findEvents(site, { where: conditionsOf(span), limit: 0 });
  return page.ok ? ok(page.value.total) : page;
}

function conditionsOf({ from, to }: Span) {
  return [
    { field: 'created', is: '>=', at: instant(from) },
    { field: 'created', is: '<', at: instant(to) },
  ] as const;
}

const instant = (second: number) => `${siteTime(second)}Z`;
