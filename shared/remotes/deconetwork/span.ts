import { z } from 'zod';
import { err, ok, type Result } from '../../domain/result.ts';
import type { RemoteError } from '../../ports/remote-inventory.ts';
import { chainGaps } from './chain.ts';
import { cutByDate, turnPage } from './cut-span.ts';
import type { EventPage, InventoryEvent } from './events.ts';
import type { DecoSite } from './site.ts';
import { secondFrom } from './time.ts';
import { countRows, readPage, windowSchema, type Span } from './span-page.ts';

/** What is still to be read, how many rows have been taken, and how many there were at the first request. */
const cursorSchema = z.object({
  todo: z.array(windowSchema).min(1).max(50),
  read: z.number().int().min(0),
  all: z.number().int().min(0),
});

export type EventRun = { readonly events: readonly InventoryEvent[]; readonly cursor?: string };

/**
 * One page of the events made in [from, to), oldest first within it; `to` should lie two seconds or more in the past, so
 * that nothing more comes in. Reads without loss (contracts: inventory events 6): what does not fit on one page is cut by
 * date, so that rows are never shifted from page to page; only a single second, or rows in no order, are paged by offset.
 * `cursor_expired`: rows came or went while the span was read, and it must be read from its start.
 */
export async function readSpan(
  site: DecoSite,
  query: { from: string; to: string; cursor?: string },
): Promise<Result<EventRun, RemoteError>> {
  const whole: Span = { from: secondFrom(query.from), to: secondFrom(query.to) };
  const cursor = query.cursor === undefined ? undefined : parseCursor(query.cursor, whole);
  if (cursor === null) return moved('the cursor is not of this span');
  const [span, ...later] = cursor?.todo ?? [whole];
  if (span === undefined || span.from >= span.to) return ok({ events: [] });

  const page = await readPage(site, span);
  if (!page.ok) return page;
  const { total } = page.value;
  const left = cursor === undefined ? total : cursor.all - cursor.read;
  const isLast = later.length === 0 && span.offset === undefined;
  if (total - (span.offset ?? 0) > left || (isLast && total !== left)) return moved(`${total} rows instead of ${left}`);
  const step = span.offset === undefined ? await cutByDate(site, span, page.value) : turnPage(span, page.value);
  if (!step.ok) return step;
  // A level that does not follow from the one before may come of a row that was missed. Where it is there again, the site
  // has it so.
  if (chainGaps(step.value.events).length > 0) {
    const again = await readPage(site, span);
    if (!again.ok) return again;
    if (textOf(again.value) !== textOf(page.value)) return moved('another reading has other rows');
  }

  const todo = [...step.value.todo, ...later];
  const all = cursor?.all ?? total;
  const read = (cursor?.read ?? 0) + step.value.events.length;
  const events = oldestFirst(step.value.events);
  if (todo.length > 0) return ok({ events, cursor: JSON.stringify({ todo, read, all }) });
  if (read !== all) return moved(`${read} rows instead of ${all}`);
  if (cursor === undefined) return ok({ events });
  // Windows that were read first may have got rows meanwhile.
  const count = await countRows(site, whole);
  if (!count.ok) return count;
  return count.value === all ? ok({ events }) : moved(`${count.value} rows instead of ${all}`);
}

/** What two readings are compared by; the order of the rows plays no part. */
const textOf = ({ events, total }: EventPage) =>
  JSON.stringify([total, events.map((event) => JSON.stringify(event)).toSorted()]);

/** null: it is none of ours, or of another span. */
function parseCursor(text: string, whole: Span): z.infer<typeof cursorSchema> | null {
  const parsed = cursorSchema.safeParse(parseJson(text));
  if (!parsed.success) return null;
  return parsed.data.todo.every(({ from, to }) => from >= whole.from && to <= whole.to) ? parsed.data : null;
}

function moved(detail: string): { ok: false; error: RemoteError } {
  return err({ code: 'cursor_expired', detail });
}

/** Events of one second stay in the order of the site, turned round where it gives the newest first. */
function oldestFirst(events: readonly InventoryEvent[]): readonly InventoryEvent[] {
  const [first = '', last = ''] = [events[0]?.createdAt, events.at(-1)?.createdAt];
  const isFalling = first === last ? joints(events.toReversed()) > joints(events) : first > last;
  return (isFalling ? events.toReversed() : events).toSorted((one, other) => {
    if (one.createdAt === other.createdAt) return 0;
    return one.createdAt < other.createdAt ? -1 : 1;
  });
}

/** How many events begin at the level at which the one of their record before them has ended. */
function joints(events: readonly InventoryEvent[]): number {
  const levels = new Map<number, string>();
  let count = 0;
  for (const { inventoryId, before, after } of events) {
    if (levels.get(inventoryId) === before) count += 1;
    levels.set(inventoryId, after);
  }
  return count;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
