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
export type Window = z.infer<typeof windowSchema>;

/** One page of a window, at its offset. All its rows must lie in the window: others would be filed under a wrong time. */
export async function readPage(site: DecoSite, window: Window): Promise<Result<EventPage, RemoteError>> {
  const page = await findEvents(site, {
    where: conditionsOf(window),
    limit: PAGE_ROWS,
    ...(window.offset === undefined ? {} : { offset: window.offset }),
    // Within one second the date puts nothing in order.
    sortBy: window.to - window.from > 1 ? 'created' : 'inventory',
  });
  if (!page.ok) return page;
  const isStrange = ({ createdAt }: InventoryEvent) =>
    secondOf(createdAt) < window.from || secondOf(createdAt) >= window.to;
  return page.value.events.some(isStrange)
    ? err({ code: 'bad_answer', detail: 'there are events outside the time that was asked for' })
    : page;
}

/** How many events a window has now. */
export async function countRows(site: DecoSite, window: Window): Promise<Result<number, RemoteError>> {
  const page = await findEvents(site, { where: conditionsOf(window), limit: 0 });
  return page.ok ? ok(page.value.total) : page;
}

function conditionsOf({ from, to }: Window) {
  return [
    { field: 'created', is: '>=', at: instant(from) },
    { field: 'created', is: '<', at: instant(to) },
  ] as const;
}

const instant = (second: number) => `${siteTime(second)}Z`;
